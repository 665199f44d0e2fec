"""What a waiver covers does not fail, is counted and shown; one that is over or covers nothing fails."""

import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from plumbline.expectations.waivers import Waiver
from selftest.front_door import SuiteRun
from selftest.input.tree import DYNAMODB, Tree, assert_refused

WAIVERS = "fixtures/waivers/bbws.yaml"
MAIN = f"{DYNAMODB}/main.tf"
GRANTED = """\
format: 2
stack: bbws
waivers:
  - invariant: bbws-ddb-15
    resource: bbws-*-sit
    environments: [sit]
    owner: Tech Lead
    reason: the table is filled again each night
    until: 2999-12-31
"""
TESTS = ("--env=sit", "--source=hcl", "tests/dynamodb")


@pytest.fixture
def waived(tree: Tree) -> Tree:
    """A tree in which recovery is off and need not be on."""
    tree.edit(MAIN, "enabled = true", "enabled = false")
    return granted(tree)


def granted(tree: Tree, old: str = "", new: str = "") -> Tree:
    path = tree.path / WAIVERS
    path.parent.mkdir(exist_ok=True)
    assert old in GRANTED
    path.write_text(GRANTED.replace(old, new) if old else GRANTED)
    return tree


def unwrapped(run: SuiteRun) -> str:
    """Return what was printed with the lines that were too long in one."""
    return run.printed.replace("\n    ", " ")


def test_what_is_waived_is_counted_and_shown_and_fails_nothing(waived: Tree) -> None:
    run = waived.run(*TESTS)
    assert run.exit_code == 0
    assert not run.those("failed")
    assert run.verdict.startswith("✓")
    assert "1 waived" in run.verdict
    told = "waived until 2999-12-31 by Tech Lead: the table is filled again each night"
    assert (
        f"~ 1 x bbws-ddb-15 bbws-tenants-sit: point_in_time_recovery is false, not true ({told})"
        in unwrapped(run)
    )
    assert {it.invariant for it in run.those("skipped") if told in it.message} == {"bbws-ddb-15"}


def test_every_report_shows_it(waived: Tree, tmp_path: Path) -> None:
    files = {
        name: tmp_path / f"out.{name}" for name in ("html", "sarif", "health-check", "incident", "junitxml")
    }
    waived.run(
        *TESTS,
        "tests/s3",
        *(f"--{name}={path}" for name, path in files.items()),
        f"--alluredir={tmp_path}/allure",
    )
    for name in ("html", "health-check", "incident"):
        assert "waived until 2999-12-31 by Tech Lead" in files[name].read_text()
    summed_up = files["health-check"].read_text().partition("Health Check Summary")[2]
    assert summed_up.count("All systems healthy, apart from") == 1
    assert "    - DynamoDB: 1 waived\n" in summed_up
    suppressed = [
        it["suppressions"][0] for it in json.loads(files["sarif"].read_text())["runs"][0]["results"]
    ]
    assert [(it["kind"], it["status"]) for it in suppressed] == [("external", "accepted")]
    results = [json.loads(path.read_text()) for path in (tmp_path / "allure").glob("*-result.json")]
    details = [it["statusDetails"]["message"] for it in results if "statusDetails" in it]
    assert sum(it.startswith("waived: ") for it in details) == 1
    cases = ElementTree.parse(files["junitxml"]).iter("skipped")
    assert sum(it.get("message", "").startswith("waived: ") for it in cases) == 1


def test_several_processes_end_as_one_does(waived: Tree) -> None:
    run = waived.run(*TESTS, "-n", "2")
    assert run.exit_code == 0
    assert "1 waived" in run.verdict


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("bbws-*-sit", "bbws-*-dev"),
        ("[sit]", "[dev]"),
        ("bbws-ddb-15", "bbws-ddb-06"),
        ("bbws-*-sit", "bbws-products-sit"),
        ("bbws-*-sit", "bbws-[a-z]*-sit"),
    ],
)
def test_it_covers_what_it_says_and_nothing_else(waived: Tree, old: str, new: str) -> None:
    run = granted(waived, old, new).run(*TESTS)
    assert run.exit_code == 1
    assert "bbws-ddb-15" in run.invariants("failed")


def test_one_that_is_over_fails_until_somebody_decides(tree: Tree) -> None:
    run = granted(tree, "2999-12-31", "2020-01-31").run(*TESTS)
    assert run.exit_code == 1
    [failed] = run.those("failed")
    assert "the waiver of bbws-ddb-15 for bbws-*-sit ended on 2020-01-31" in failed.message
    assert f"where     {WAIVERS}:4" in failed.message
    assert "let Tech Lead decide again" in failed.message
    about = {"invariant": "bbws-ddb-15", "environment": "sit", "resource": "bbws-*-sit", "source": "hcl"}
    assert about.items() <= failed.properties.items()
    assert run.verdict.startswith("✗")


def test_one_that_is_over_is_as_bad_as_what_it_is_of(tree: Tree) -> None:
    every = ("--env=bbws/sit", "--env=bbws/prod", "--source=hcl", "--fail-on=P2", "tests/dynamodb")
    granted(tree, "bbws-*-sit\n    environments: [sit]", "bbws-*-prod")
    ended = (tree.path / WAIVERS).read_text().replace("2999-12-31", "2020-01-31")
    (tree.path / WAIVERS).write_text(ended)
    run = tree.run(*every)
    [failed] = run.those("failed")
    assert (run.exit_code, run.verdict[:1]) == (1, "✗"), run.output
    assert "--env bbws/prod" in failed.message or "--env prod" in failed.message
    assert "✗ P1  bbws-ddb-15" in run.printed or "✗ P2  bbws-ddb-15" in run.printed
    assert tree.run("--env=bbws/sit", *every[2:]).exit_code == 0


def test_its_card_is_tried_again_on_the_same_evidence(tree: Tree) -> None:
    granted(tree, "2999-12-31", "2020-01-31")
    run = tree.run(*TESTS, "--terraform=terraform/bbws", "--allow-outside-files")
    [failed] = run.those("failed")
    options = "--env sit --terraform=terraform/bbws --allow-outside-files"
    assert f"pytest {options} -k bbws-ddb-15" in failed.message


def test_which_inventory_is_said_of_inventories_alone(tree: Tree) -> None:
    run = granted(tree, "    environments:", "    of: buckets\n    environments:").run(*TESTS)
    assert run.exit_code == 1
    assert "bbws-ddb-15 speaks of no inventory, and of: buckets says which one" in unwrapped(run)


def test_what_is_called_as_a_pattern_is_waived_by_its_name() -> None:
    every = dict.fromkeys(("place", "stack", "invariant", "owner", "reason"), "")
    waiver = Waiver(**every, resource="errors [5m]", of=None, environments=None, until=date.max)
    assert waiver.is_called("errors [5m]")
    assert not waiver.is_called("errors 5")


def test_what_is_over_waives_nothing(waived: Tree) -> None:
    run = granted(waived, "2999-12-31", "2020-01-31").run(*TESTS)
    assert len(run.those("failed")) == 2


def test_one_that_covers_nothing_fails(tree: Tree) -> None:
    run = granted(tree, "bbws-*-sit", "bbws-orders-sit").run(*TESTS)
    assert run.exit_code == 1
    assert "bbws has no bbws-orders-sit: the waiver of bbws-ddb-15 covers nothing" in run.printed


def test_a_run_of_other_things_says_nothing_of_it(tree: Tree) -> None:
    granted(tree, "2999-12-31", "2020-01-31")
    assert tree.run("--env=sit", "--source=hcl", "tests/s3").exit_code == 0
    assert tree.run("--env=dev", "--source=hcl", "tests/dynamodb").exit_code == 0


def test_one_that_is_not_needed_says_so(tree: Tree) -> None:
    run = granted(tree).run(*TESTS)
    assert run.exit_code == 0
    told = "bbws-ddb-15 holds of bbws-*-sit in the code; whether the account needs the waiver, this run does"
    assert f"Waivers: {WAIVERS}:4: {told} not say" in unwrapped(run)


def test_one_that_holds_here_may_be_needed_where_nothing_was_asked(tree: Tree) -> None:
    """Whoever removes it for that has prod red, or the table that `-k` left out."""
    granted(tree, "bbws-*-sit\n    environments: [sit]", "bbws-*\n    environments: [sit, prod]")
    told = f"Waivers: {WAIVERS}:4: bbws-ddb-15 holds of bbws-* in the code; whether the account"
    last = " needs the waiver, this run does not say"
    assert f"{told} or prod{last}" in unwrapped(tree.run(*TESTS))
    few = tree.run(*TESTS, "--env=prod", "-k", "not (tenants and sit)", "-n2")
    assert f"{told} or bbws-tenants-sit{last}" in unwrapped(few)
    assert f"{told}{last}" in unwrapped(tree.run(*TESTS, "--env=prod"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "bbws-ddb-15",
            "bbws-ddb-155",
            "no invariant 'bbws-ddb-155' in fixtures/runbooks/bbws/runbook.yaml (did",
        ),
        ("bbws-ddb-15", "bbws-tf-08", "bbws-tf-08 is only advised: there is nothing to waive"),
        ("bbws-ddb-15", "bbws-rep-13", "bbws-rep-13 is asked in prod, not in sit: there is nothing to waive"),
        ("[sit]", "[sti]", "unknown environment 'sti' of bbws (did you mean sit?)"),
        ("    owner: Tech Lead\n", "", "waivers.0.owner is missing"),
        (
            "    reason: the table is filled again each night\n",
            "    reason: ''\n",
            "waivers.0.reason is ''",
        ),
        ("owner: Tech Lead", "owner: ' '", "waivers.0.owner is ' '"),
        ("until: 2999-12-31", "until: soon", "waivers.0.until is 'soon'"),
        ("    until: 2999-12-31\n", "", "waivers.0.until is missing"),
        ("resource:", "resuorce:", "unknown key 'resuorce' in waivers.0: did you mean 'resource'?"),
        ("stack: bbws", "stack: shop", "stack is 'shop', and the file is named after bbws"),
        ("format: 2\n", "", "this is a waivers file of format 1"),
        ("format: 2\n", "format: 2\nwaivers: [\n", "expected"),
    ],
)
def test_a_mistake_is_refused_with_file_and_line(tree: Tree, old: str, new: str, said: str) -> None:
    assert_refused(granted(tree, old, new).run(*TESTS), f"{WAIVERS}:", said)


def test_nobody_waives_a_sentence_of_what_is_not_there(waived: Tree) -> None:
    waived.edit(MAIN, '"bbws-tenants-${var.environment}"', '"others-${var.environment}"')
    run = granted(waived, "bbws-ddb-15", "bbws-ddb-01").run(*TESTS)
    assert run.exit_code == 1
    assert "bbws-ddb-01" in run.invariants("failed")


def test_a_run_in_which_all_is_waived_determined_something(waived: Tree) -> None:
    run = waived.run(*TESTS, "-k", "recovery_is_enabled and tenants")
    assert (run.exit_code, run.verdict[:1]) == (0, "✓"), run.output


def test_a_name_of_another_kind_covers_nothing(tree: Tree) -> None:
    run = granted(tree, "bbws-*-sit", "bbws-templates-sit").run(*TESTS)
    assert run.exit_code == 1
    assert "covers nothing" in run.printed


def test_a_file_of_no_stack_is_refused(tree: Tree) -> None:
    granted(tree)
    (tree.path / WAIVERS).rename(tree.path / "fixtures/waivers/bwbs.yaml")
    assert_refused(tree.run(*TESTS), "bwbs.yaml is of no stack (did you mean bbws?)")


def test_a_waiver_of_another_environment_is_no_fault_here(tree: Tree) -> None:
    tree.edit(MAIN, "enabled = true", "enabled = false")
    granted(tree, "bbws-*-sit\n    environments: [sit]", "bbws-*-prod")
    ended = tree.run("--env=dev", "--source=hcl", "tests/dynamodb")
    assert {it.invariant for it in ended.those("failed")} == {"bbws-ddb-15"}
    assert "covers nothing" not in ended.output


def test_a_day_that_there_is_not_is_told_with_its_line(tree: Tree) -> None:
    granted(tree, "2999-12-31", "2999-13-31")
    line = tree.line(WAIVERS, "    until")
    assert_refused(tree.run(*TESTS), f"{WAIVERS}:{line}: '2999-13-31' is no value: month must be in 1..12")
