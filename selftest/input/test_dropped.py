"""What a stack says and no sentence asks is refused: it would only look like a check."""

import pytest

from selftest.input.test_small_stacks import RUNBOOK, STACK, small
from selftest.input.tree import STACK as BBWS
from selftest.input.tree import Tree, assert_refused

__all__ = ["small"]
ORDERS = """\
  orders:
    name: bbws-orders-{env}
    root: dynamodb
    related: *of_a_table
    expect: *application_table
"""


def test_a_table_that_only_some_sentences_speak_of_is_refused(tree: Tree) -> None:
    tree.edit(BBWS, "  terraform-locks:\n    name:", f"{ORDERS}  terraform-locks:\n    name:")
    run = tree.run("--env=sit")
    assert_refused(run, f"{BBWS}:{tree.line(BBWS, '    status: ACTIVE')}: no sentence asks status of orders")
    assert (
        "no sentence asks billing_mode of orders; those of its kind that name what they speak of: "
        in run.output
    )


def test_in_the_group_it_is_asked_everything(tree: Tree) -> None:
    grouped = ORDERS.replace("    related:", "    groups: [application-tables]\n    related:")
    tree.edit(BBWS, "  terraform-locks:\n    name:", f"{grouped}  terraform-locks:\n    name:")
    run = tree.run("--env=sit", "--source=hcl", "tests/dynamodb")
    assert run.exit_code == 1
    [failed] = {it.invariant for it in run.those("failed") if it.resource == "bbws-orders-sit"}
    assert failed == "bbws-ddb-01"
    asked = {it.invariant for it in run.outcomes.values() if it.resource == "bbws-orders-sit"}
    assert asked == {it.invariant for it in run.outcomes.values() if it.resource == "bbws-products-sit"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "{point_in_time_recovery: true}",
            "{point_in_time_recovery: true, hash_key: nonsense}",
            "8: no sentence asks hash_key of orders",
        ),
        (
            "{point_in_time_recovery: true}",
            "{point_in_time_recovery: true, name: shop-other}",
            "8: unknown key 'name' in tables.orders.expect",
        ),
        (
            "expect: {point",
            "expect_in: {test: {billing_mode: PROVISIONED}}, expect: {point",
            "8: no sentence asks billing_mode of orders",
        ),
        (
            "tables:\n",
            "buckets:\n  assets: {name: assets, root: data, expect: {versioning: Enabled}}\ntables:\n",
            "8: no sentence asks anything of assets",
        ),
    ],
)
def test_an_expectation_that_nobody_asks_is_refused_at_its_line(
    small: Tree, old: str, new: str, said: str
) -> None:
    small.edit(STACK, old, new)
    assert_refused(small.run("--stack=small"), f"{STACK}:{said}")
    assert_refused(small.run("--stack=small", "-n", "2", "tests/s3"), f"{STACK}:{said}")


@pytest.mark.parametrize("more", ["of: []", "environments: []", "test: s3.versioning"])
def test_an_invariant_that_is_asked_of_nothing_is_refused(small: Tree, more: str) -> None:
    runbook = "fixtures/runbooks/small.yaml"
    text = (small.path / runbook).read_text()
    asked = text[text.index("  small-01:") :].replace("small-01", "small-09")
    added = (
        asked.replace("dynamodb.point-in-time-recovery", "s3.versioning")
        if more.startswith("test")
        else asked.replace("    section: '1'", f"    {more}\n    section: '1'")
    )
    (small.path / runbook).write_text(text + added)
    line = small.line(runbook, "  small-09:")
    assert_refused(small.run("--stack=small"), f"{runbook}:{line}: it is asked of nothing")


def test_what_is_expected_where_nobody_asks_it_is_refused(small: Tree) -> None:
    small.edit(STACK, "environments: {test: {}}", "environments: {test: {}, next: {}}")
    small.edit(
        "fixtures/runbooks/small.yaml", "    section: '1'", "    environments: [next]\n    section: '1'"
    )
    said = "no sentence asks anything of orders, in test"
    assert_refused(small.run("--stack=small", "--env=next"), said)


def test_a_group_that_nobody_is_in_is_refused(small: Tree) -> None:
    small.edit(STACK, "root: data,", "root: data, groups: [order-tables],")
    small.edit("fixtures/runbooks/small.yaml", "    section: '1'", "    of: [order-table]\n    section: '1'")
    assert_refused(
        small.run("--stack=small"), "small-01 speaks of 'order-table'", "did you mean order-tables?"
    )


def test_a_group_is_no_resource(small: Tree) -> None:
    small.edit(STACK, "root: data,", "root: data, groups: [orders],")
    assert_refused(small.run("--stack=small"), f"{STACK}:8: group 'orders' is the key of a resource too")


def test_what_contradicts_itself_in_an_environment_that_is_not_examined_is_refused(small: Tree) -> None:
    small.edit(STACK, "environments: {test: {}}", "environments: {test: {}, prod: {}}")
    small.edit(STACK, "expect: {point", "expect_in: {test: {point")
    small.edit(STACK, "true}}", "true}}}")
    small.edit(RUNBOOK, "    test: dynamodb", "    of: [orders]\n    test: dynamodb")
    said = (
        f"{RUNBOOK}:{small.line(RUNBOOK, '  small-01')}: small-01 (dynamodb.point-in-time-recovery) speaks "
        "of orders in prod, but the stack expects nothing of its point_in_time_recovery: "
        f"{STACK}:{small.line(STACK, '  orders')}"
    )
    assert_refused(small.run("--stack=small", "--env=test", "--source=hcl"), said)
    collected = small.run("--stack=small", "--source=hcl")
    assert collected.exit_code == 2
    assert said in collected.output
