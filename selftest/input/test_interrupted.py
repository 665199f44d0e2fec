"""A run that did not end is never a success, in no report and by no exit code."""

import json
import re
import signal
from pathlib import Path

import pytest

from selftest.front_door import SuiteRun
from selftest.input.tree import DYNAMODB, Tree

STOPS = """
import os
import signal

import pytest

@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item):
    if item.name.startswith("{at}"):
        {how}
"""
IN_THE_MIDDLE, FIRST = "test_point_in_time_recovery_is_enabled", ""
"""At which test a run is stopped."""
HOW = {
    "interrupted": "raise KeyboardInterrupt",
    "ended": "pytest.exit('as the proof wants it')",
    "killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "a lost worker": "os.kill(os.getpid(), signal.SIGKILL) if 'PYTEST_XDIST_WORKER' in os.environ else None",
}
TESTS = ("--env=sit", "--source=hcl", "tests/dynamodb")


def stopped(tree: Tree, how: str, at: str, *arguments: str) -> SuiteRun:
    (tree.path / "tests" / "dynamodb" / "conftest.py").write_text(STOPS.format(how=HOW[how], at=at))
    files = [f"--{name}={tree.path / name}" for name in ("html", "sarif", "incident", "health-check")]
    return tree.run(*TESTS, *files, f"--alluredir={tree.path / 'allure'}", *arguments)


@pytest.mark.parametrize(
    ("how", "at", "arguments"),
    [
        ("interrupted", IN_THE_MIDDLE, []),
        ("interrupted", FIRST, []),
        ("ended", IN_THE_MIDDLE, []),
        ("a lost worker", IN_THE_MIDDLE, ["-n", "2", "--max-worker-restart=0"]),
        ("a lost worker", FIRST, ["-n", "2", "--max-worker-restart=0"]),
    ],
    ids=["interrupted", "interrupted at the first", "ended", "a lost worker", "no worker left"],
)
def test_no_report_of_it_is_a_tick(tree: Tree, how: str, at: str, arguments: list[str]) -> None:
    run = stopped(tree, how, at, *arguments)
    assert run.exit_code not in (0, 5), run.output
    assert not run.verdict.startswith("✓"), run.output
    assert "interrupted: " in run.verdict
    for name in ("html", "incident", "health-check"):
        text = (tree.path / name).read_text()
        assert "✓ Pre-deployment" not in text
        assert "interrupted: " in text
    assert "All systems healthy" not in (tree.path / "health-check").read_text()
    [log] = json.loads((tree.path / "sarif").read_text())["runs"]
    assert log["invocations"][0]["executionSuccessful"] is False
    cases = [it for it in run.outcomes.values() if it.test.startswith("plumbline.py::")]
    assert [it.verdict for it in cases] == ["error"]
    assert cases[0].message == run.verdict
    if how == "a lost worker":
        assert "of something else failed" not in run.output
        assert re.search(r"finding   worker '\w+' crashed while running 'tests/dynamodb/test_", run.printed)
        assert re.search(r"again     pytest --env (bbws/)?sit 'tests/dynamodb/test_", run.printed)
    results = (json.loads(it.read_text()) for it in (tree.path / "allure").glob("*-result.json"))
    assert run.verdict in [it["statusDetails"]["message"] for it in results if it["status"] == "broken"]


def test_a_killed_run_leaves_no_report_of_an_earlier_one(tree: Tree) -> None:
    for name in REPORTS:
        (tree.path / name).write_text("✓ Pre-deployment of another day")
    run = stopped(tree, "killed", IN_THE_MIDDLE)
    assert run.exit_code == -signal.SIGKILL
    assert [(tree.path / name).read_text() for name in REPORTS] == [""] * len(REPORTS)


def test_what_a_run_is_held_against_may_be_written_anew(tree: Tree) -> None:
    results = tree.path / "results.json"
    assert tree.run(*TESTS, f"--results={results}").exit_code == 0
    run = tree.run(*TESTS, f"--baseline={results}", f"--results={results}", "-n", "2")
    assert run.exit_code == 0, run.output
    assert json.loads(results.read_text())["results"]


@pytest.mark.parametrize("option", ["-x", "--maxfail=1"])
def test_one_that_stops_at_the_first_failure_says_how_far_it_came(tree: Tree, option: str) -> None:
    tree.edit(f"{DYNAMODB}/main.tf", "enabled = true", "enabled = false")
    run = tree.run(*TESTS, option)
    assert run.exit_code == 1
    assert run.verdict.startswith("✗")
    assert "interrupted: " in run.verdict


def test_a_whole_run_says_nothing_of_it(tree: Tree, tmp_path: Path) -> None:
    for arguments in ([], ["-n", "2"], ["-k", "tenants"]):
        run = tree.run(*TESTS, *arguments)
        assert run.exit_code == 0
        assert "interrupted" not in run.printed


@pytest.mark.parametrize("option", ["--collect-only", "--setup-plan"])
def test_what_runs_no_test_reports_none(tree: Tree, option: str) -> None:
    (tree.path / "sarif").write_text("of an earlier run")
    run = tree.run(*TESTS, option, f"--sarif={tree.path / 'sarif'}")
    assert run.exit_code == 0
    assert "Pre-deployment tests" not in run.printed
    assert (tree.path / "sarif").read_text() == "of an earlier run"


HOOKS = {
    "an error in a summary": "def pytest_terminal_summary():\n    raise RuntimeError('boom')",
    "Ctrl-C in a summary": "def pytest_terminal_summary():\n    raise KeyboardInterrupt",
    "an error at the end": "def pytest_sessionfinish():\n    raise RuntimeError('boom')",
    "Ctrl-C at the end": "def pytest_sessionfinish():\n    raise KeyboardInterrupt",
    "an exit at the end": "def pytest_sessionfinish():\n    pytest.exit('enough', returncode=0)",
    "a reader that is gone": "def pytest_terminal_summary():\n    raise BrokenPipeError(32, 'Broken pipe')",
}
REPORTS = ("html", "sarif", "incident", "health-check")


@pytest.mark.parametrize("hook", HOOKS.values(), ids=HOOKS)
def test_no_report_of_a_run_that_broke_off_at_its_end_is_a_tick(tree: Tree, hook: str) -> None:
    (tree.path / "tests" / "dynamodb" / "conftest.py").write_text(f"import pytest\n\n{hook}\n")
    for name in REPORTS:
        (tree.path / name).write_text("✓ Pre-deployment of another day")
    run = tree.run(*TESTS, *(f"--{name}={tree.path / name}" for name in REPORTS))
    assert run.exit_code != 0, run.output
    assert not run.verdict.startswith("✓"), run.output
    for name in REPORTS:
        assert "✓ Pre-deployment" not in (tree.path / name).read_text(), name
    assert "All systems healthy" not in (tree.path / "health-check").read_text()
    [log] = json.loads((tree.path / "sarif").read_text())["runs"]
    is_told = "a report cannot be written" in run.verdict
    assert log["invocations"][0]["executionSuccessful"] is is_told


def test_what_a_hook_refuses_before_a_test_is_given_anything_is_broken(tree: Tree) -> None:
    hook = "def pytest_runtest_setup(item):\n    assert not item.name.startswith('test_point'), 'no token'\n"
    (tree.path / "tests" / "dynamodb" / "conftest.py").write_text(hook)
    run = tree.run(*TESTS)
    assert run.exit_code == 1, run.output
    assert "INTERNALERROR" not in run.output
    assert "finding   AssertionError: no token" in run.printed
    assert re.search(r"✗ .* failed .*: \d+ broken$", run.verdict)


def test_a_run_that_is_ended_before_it_knows_its_tests_is_no_success(tree: Tree) -> None:
    (tree.path / "tests" / "dynamodb" / "conftest.py").write_text(
        "import pytest\n\ndef pytest_collection_modifyitems():\n    pytest.exit('enough', returncode=0)\n"
    )
    run = tree.run(*TESTS, f"--health-check={tree.path / 'told'}")
    assert run.exit_code != 0, run.output
    assert run.verdict.startswith("!"), run.output
    assert "interrupted: 0 of " in (tree.path / "told").read_text()


RERUNS = """
import pytest
from _pytest.runner import runtestprotocol

attempts = {}

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    attempts[item.nodeid] = attempts.get(item.nodeid, 0) + 1
    if %r in item.nodeid and attempts[item.nodeid] == 1:
        raise RuntimeError("at times")

def pytest_runtest_protocol(item, nextitem):
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for attempt in range(3):
        for report in runtestprotocol(item, nextitem=nextitem, log=False):
            again = report.failed and attempt < 2
            report.outcome = "rerun" if again else report.outcome
            item.ihook.pytest_runtest_logreport(report=report)
            if again:
                item._initrequest()
                break
        else:
            break
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
"""
"""Runs what fails once more, as pytest-rerunfailures does: with a report of the outcome `rerun`."""


def test_of_tests_that_are_run_again_the_last_attempt_counts(tree: Tree) -> None:
    (tree.path / "tests" / "dynamodb" / "conftest.py").write_text(RERUNS % "dynamodb")
    run = tree.run(*TESTS)
    assert run.exit_code == 0, run.output
    assert run.verdict.startswith("✓ Pre-deployment tests passed (")
    assert re.search(r"\d+ rerun in ", run.printed)


def test_what_is_run_again_hides_no_failure_of_something_else(tree: Tree) -> None:
    folder = tree.path / "tests" / "dynamodb"
    (folder / "conftest.py").write_text(RERUNS % "nothing")
    (folder / "test_theirs.py").write_text("def test_of_somebody_else():\n    assert False\n")
    tree.edit(f"{DYNAMODB}/main.tf", "enabled = true", "enabled = false")
    run = tree.run(*TESTS, "--fail-on=P1")
    assert run.exit_code == 1, run.output
    assert run.verdict.startswith("✗"), run.output
    assert "1 test of something else failed" in run.verdict
    [told] = re.findall(r"(\d+) failed, ", run.verdict)
    assert int(told) == len(run.those("failed")) - 1
