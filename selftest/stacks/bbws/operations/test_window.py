"""Operations are examined when asked, in the window that was asked for, by one clock."""

import re
from datetime import datetime

import pytest

from selftest.front_door import SuiteRun, run_suite
from selftest.mutations import history
from selftest.stacks.bbws.operations.account import Served

TABLE = "bbws-tenants-dev"
IN_GITHUB = {"bbws-ci-20"}
"""How the workflows ran, which is no account's to say."""
OPERATIONS = re.compile(r"operations: (?:\S+ )?(\d\d:\d\d) to (?:\S+ )?(\d\d:\d\d) UTC")


def assert_all_pass(run: SuiteRun) -> None:
    """All pass that an account can tell; of the others it is said where the answer lies."""
    assert not run.those("failed", "error")
    left = [it for it in run.those("skipped") if it.properties["outcome"] != "waived"]
    assert {it.invariant for it in left} == IN_GITHUB
    assert all("it lies in GitHub's settings: give --github" in it.message for it in left)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--window", "1h"], "add --live"),
        (["-m", "operations"], "add --live"),
        (["--live", "--window=soon"], "give a number of minutes, hours or days"),
        (["--live", "--window=1h,2h"], "give a number of minutes, hours or days"),
        (["--live", "--window=-1h"], "give a number of minutes, hours or days"),
        (["--live", "--window=0m"], "give at least 5m"),
        (["--live", "--window=16d"], "give at most 15d"),
        (["--live", "--window=99999999999d"], "give at most 15d"),
    ],
)
def test_a_window_that_cannot_be_used_is_refused(arguments: list[str], told: str) -> None:
    run = run_suite(*arguments)
    assert run.exit_code == 4, run.output
    assert told in run.complained


def test_a_live_run_says_that_operations_were_not_examined_and_what_does(dev: Served) -> None:
    run = dev.run()
    assert run.exit_code == 0, run.output
    assert "operations: not examined" in run.printed
    assert "--window 1h" in run.printed
    assert not [test for test in run.outcomes if "/operations/" in test]


def test_a_window_adds_them_and_a_healthy_account_passes(prod: Served) -> None:
    prod.live_through()
    run = prod.run("--window", "15m")
    assert run.exit_code == 0, run.output
    assert_all_pass(run)
    assert {"bbws-ddb-22", "bbws-ddb-24", "bbws-rep-10", "bbws-tf-05"} <= run.invariants("passed")
    start, end = OPERATIONS.findall(run.printed)[0]
    length = datetime.strptime(end, "%H:%M") - datetime.strptime(start, "%H:%M")
    assert length.seconds == 15 * 60


def test_the_marker_asks_for_them_alone_and_for_the_last_hour(dev: Served) -> None:
    dev.live_through()
    run = dev.run("-m", "operations")
    assert run.exit_code == 0, run.output
    assert run.invariants("passed") >= {"bbws-ddb-23", "bbws-log-02"}
    assert "bbws-ddb-15" not in run.invariants("passed")


def test_what_happened_before_the_window_does_not_count(dev: Served) -> None:
    dev.live_through()
    history.line(dev.aws, "/aws/lambda/bbws-order-lambda-dev", "[ERROR] too late", minutes=40)
    run = dev.run("--window", "15m", "-k", "error-lines")
    assert run.invariants("passed") == {"bbws-log-02"}, run.output
    run = dev.run("--window", "1h", "-k", "error-lines")
    assert run.invariants("failed") == {"bbws-log-02"}, run.output


def test_all_processes_of_a_run_look_back_from_the_same_moment(dev: Served) -> None:
    dev.live_through()
    run = dev.run("-m", "operations", "-n", "2")
    assert run.exit_code == 0, run.output
    assert_all_pass(run)
