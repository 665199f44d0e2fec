"""Mistakes in a runbook's YAML, and runbooks that contradict their stack or name no test."""

import pytest

from selftest.input.tree import RUNBOOK, STACK, Tree, assert_refused


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("severity: P1", "sevrity: P1", "unknown key 'sevrity' in invariants.bbws-ddb-01: did you mean"),
        ("severity: P1", "severity: P9", "severity is 'P9': input should be 'P1', 'P2', 'P3' or 'P4'"),
        ("evidence: [aws]", "evidence: [awz]", "evidence.0 is 'awz': input should be 'hcl', 'source',"),
        ("of: [tenants]", "of: tenants", "of is 'tenants': input should be a valid list"),
        ("of: [tenants]", "of: [tenant]", "bbws-ddb-05 speaks of 'tenant', which fixtures/stacks/bbws.yaml"),
        ("environments: [prod]", "environments: [live]", "unknown environment 'live'"),
        ("list-tables --region {region}", "list-tables {regoin}", "unknown placeholder {regoin}; valid: "),
        ("#table?name={name}", "#table?name={nmae}", "unknown placeholder {nmae}; valid: "),
    ],
)
def test_a_mistake_is_named_with_file_and_line(tree: Tree, old: str, new: str, said: str) -> None:
    tree.edit(RUNBOOK, old, new)
    assert_refused(tree.run(), f"{RUNBOOK}:{tree.line(RUNBOOK, new)}:", said)


def test_a_missing_key_is_named(tree: Tree) -> None:
    tree.edit(RUNBOOK, "    section: '3.1.1'\n", "")
    place = f"{RUNBOOK}:{tree.line(RUNBOOK, 'bbws-ddb-01:')}"
    assert_refused(tree.run(), f"{place}: invariants.bbws-ddb-01.section is missing")


def test_an_invariant_that_is_written_twice_is_refused(tree: Tree) -> None:
    tree.edit(RUNBOOK, "  bbws-ddb-02:", "  bbws-ddb-01:")
    place = f"{RUNBOOK}:{tree.line(RUNBOOK, 'test: dynamodb.status') - 1}"
    assert_refused(tree.run(), f"{place}: 'bbws-ddb-01' is written twice")


def test_what_is_not_yaml_is_refused_with_its_place(tree: Tree) -> None:
    tree.edit(RUNBOOK, "causes:", "causes: {")
    assert_refused(tree.run(), f"{RUNBOOK}:", "did not find expected")


def test_a_missing_runbook_is_named(tree: Tree) -> None:
    (tree.path / RUNBOOK).unlink()
    assert_refused(tree.run(), f"{RUNBOOK}: cannot be read")


@pytest.mark.parametrize("arguments", [[], ["tests/s3"], ["-k", "bucket"], ["-n", "2"]], ids=" ".join)
def test_a_test_that_nobody_asserts_is_refused_whatever_is_selected(tree: Tree, arguments: list[str]) -> None:
    tree.edit(RUNBOOK, "test: dynamodb.exists", "test: dynamodb.exits")
    place = f"{RUNBOOK}:{tree.line(RUNBOOK, 'dynamodb.exits')}"
    said = "no test asserts 'dynamodb.exits' of bbws-ddb-01 (did you mean dynamodb.exists?)"
    assert_refused(tree.run(*arguments), f"{place}: {said}")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            STACK,
            "      hash_key: PK\n",
            "",
            "the stack expects nothing of its hash_key (dynamodb.key-schema)",
        ),
        (STACK, "{replica: templates-dr, ", "{", "the stack does not say which replica is related to it"),
        (RUNBOOK, "of: [tenants]", "of: [templates]", "is about a table, and templates is a bucket"),
    ],
)
def test_a_runbook_that_asks_what_the_stack_does_not_give_ends_the_collection(
    tree: Tree, file: str, old: str, new: str, said: str
) -> None:
    tree.edit(file, old, new)
    run = tree.run("--env=prod")
    assert run.exit_code == 2, run.output
    assert said in run.printed
    assert "Traceback" not in run.output
    assert "plumbline/suite/subjects.py" not in run.output
    assert not run.those("passed", "failed", "skipped")
