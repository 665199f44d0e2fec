"""What fails a run: --fail-on chooses by severity, and makes what is not known fail too."""

import pytest

from selftest.front_door import SuiteRun
from selftest.input.tree import BUCKETS, DYNAMODB, TABLE_NOT_FOUND, Tree, assert_refused

MAIN = f"{DYNAMODB}/main.tf"
RECOVERY = "enabled = true"


@pytest.fixture
def recovery_is_off(tree: Tree) -> Tree:
    """A tree in whose production one sentence of P2 fails."""
    tree.edit(MAIN, RECOVERY, "enabled = false")
    return tree


@pytest.fixture
def recovery_is_not_known(tree: Tree) -> Tree:
    """A tree in which one sentence cannot be determined."""
    tree.edit(MAIN, RECOVERY, "enabled = data.aws_ssm_parameter.recovery.value")
    tree.edit(MAIN, "locals {", 'data "aws_ssm_parameter" "recovery" {\n  name = "/recovery"\n}\n\nlocals {')
    return tree


def run(tree: Tree, *arguments: str) -> SuiteRun:
    return tree.run("--env=prod", "--source=hcl", "tests/dynamodb", *arguments)


@pytest.mark.parametrize("chosen", [[], ["P2"], ["P3"], ["P4"], ["P1", "P2"], ["P1,P4"], ["undetermined,P2"]])
def test_a_failure_as_bad_as_chosen_fails_the_run(recovery_is_off: Tree, chosen: list[str]) -> None:
    ended = run(recovery_is_off, *(f"--fail-on={it}" for it in chosen))
    assert ended.exit_code == 1
    assert "✗ Pre-deployment tests failed" in ended.printed


def test_a_lesser_failure_is_shown_and_fails_nothing(recovery_is_off: Tree) -> None:
    ended = run(recovery_is_off, "--fail-on=P1")
    assert ended.exit_code == 0
    assert ended.invariants("failed") == {"bbws-ddb-15"}
    assert "✗ P2  bbws-ddb-15" in ended.printed
    assert ended.verdict.endswith("1 failed, 1 of them let pass by --fail-on P1")
    assert "✓ Pre-deployment tests passed" in ended.printed


def test_a_run_that_was_broken_off_is_never_let_pass(recovery_is_off: Tree) -> None:
    assert run(recovery_is_off, "--fail-on=P1", "-x").exit_code == 1


def test_a_failing_test_of_something_else_still_fails_the_run(recovery_is_off: Tree) -> None:
    (recovery_is_off.path / "tests/dynamodb/test_other.py").write_text(
        "def test_other():\n    assert 1 == 2\n"
    )
    assert run(recovery_is_off, "--fail-on=P1").exit_code == 1


def test_several_processes_end_as_one_does(recovery_is_off: Tree) -> None:
    assert run(recovery_is_off, "--fail-on=P1", "-n", "2").exit_code == 0
    assert run(recovery_is_off, "--fail-on=P2", "-n", "2").exit_code == 1


def test_what_is_not_known_fails_where_that_is_asked_for(recovery_is_not_known: Tree) -> None:
    assert run(recovery_is_not_known).exit_code == 0
    ended = run(recovery_is_not_known, "--fail-on=undetermined")
    assert ended.exit_code == 1
    assert ended.verdict.startswith("✗ Pre-deployment tests failed")
    assert "1 undetermined (which fails the run)" in ended.printed
    assert run(recovery_is_not_known, "--fail-on=undetermined,P1").exit_code == 1


def test_what_is_not_known_and_as_bad_as_chosen_is_told_where_it_fails_nothing(
    recovery_is_not_known: Tree,
) -> None:
    said = "--fail-on P2 does not fail what is undetermined: 1 of such severity"
    ended = run(recovery_is_not_known, "--fail-on=P2")
    assert (ended.exit_code, said in ended.printed) == (0, True), ended.printed
    assert "does not fail" not in run(recovery_is_not_known, "--fail-on=P1").printed
    assert "does not fail" not in run(recovery_is_not_known, "--fail-on=P2,undetermined").printed


@pytest.mark.parametrize("environment", ["prod", "sit"])
def test_what_was_not_read_at_all_fails_however_bad_it_would_be(tree: Tree, environment: str) -> None:
    tree.edit(f"{BUCKETS}/main.tf", "resource", "resource {{")
    unread = tree.run(f"--env={environment}", "--source=hcl", "tests/s3", "--fail-on=P1,undetermined")
    assert unread.exit_code == 1, unread.output
    assert unread.verdict.startswith("✗")


def test_an_unknown_choice_is_refused(tree: Tree) -> None:
    assert_refused(run(tree, "--fail-on=P5"), "unknown --fail-on 'P5'", "valid: P1, P2, P3, P4, undetermined")
    assert_refused(run(tree, "--fail-on=undetermind"), "did you mean undetermined?")


def test_who_speaks_for_others_is_as_bad_as_the_worst_of_them(tree: Tree) -> None:
    """A sentence of P4 tells that the table is missing; what it silences is P1."""
    tree.edit(TABLE_NOT_FOUND, "severity: P1", "severity: P4")
    tree.edit(MAIN, '"bbws-products-${var.environment}"', '"others-${var.environment}"')
    ended = run(tree, "--fail-on=P2")
    [failed] = [it for it in ended.those("failed") if it.resource == "bbws-products-prod"]
    assert failed.invariant == "bbws-ddb-01"
    assert ended.exit_code == 1, ended.output


def test_a_run_in_which_everything_is_let_pass_determined_something(recovery_is_off: Tree) -> None:
    ended = run(recovery_is_off, "--fail-on=P1", "-k", "recovery_is_enabled and tenants")
    assert (ended.exit_code, ended.verdict[:1]) == (0, "✓"), ended.output


def test_an_environment_in_which_nothing_is_that_bad_is_named(tree: Tree) -> None:
    tree.edit(MAIN, "enabled = true", "enabled = false")
    ended = tree.run("--env=sit", "--source=hcl", "tests/dynamodb", "--fail-on=P2")
    assert ended.exit_code == 0
    said = "--fail-on P2 lets every failure of bbws/sit pass: its runbook calls none there worse than P3"
    assert said in ended.printed
    assert "lets every failure" not in tree.run("--env=prod", "--source=hcl", "--fail-on=P2").printed
