"""A file that cannot be written is one message; a run that is ended leaves nothing of an account behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from selftest.applied.server import MotoServer, moto_server
from selftest.front_door import (
    NOT_A_USERS,
    REPOSITORY,
    neutral_variables,
    run_cold,
    run_suite,
    variables_of_server,
)
from selftest.live.endpoint import Answer, Request, endpoint, silence
from selftest.stacks.bbws import BBWS

ONE = ("--env=bbws/dev", "--source=hcl", "-k", "pitr")
FORMATS = ("html", "sarif", "incident", "health-check", "save-evidence")
PATIENCE_SECONDS = 60


@pytest.mark.parametrize("option", FORMATS)
def test_a_full_disk_is_one_message_and_no_success(tmp_path: Path, option: str) -> None:
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    other = "sarif" if option == "html" else "html"
    run = run_suite(*ONE, f"--{option}={full}", f"--{other}={tmp_path / other}")
    assert run.exit_code == 1, run.output
    assert "No space left on device" in run.printed
    assert run.printed.count("ERROR: ") == 1
    assert run.verdict.startswith("! Pre-deployment tests are not all reported")
    assert f"{full} cannot be written" in run.verdict
    assert other == "sarif" or f"{full} cannot be written" in (tmp_path / other).read_text()
    assert "Traceback" not in run.output
    assert "INTERNALERROR" not in run.output
    assert Path("/dev/full").is_char_device()
    assert (tmp_path / other).is_file()


@pytest.mark.parametrize("option", FORMATS)
@pytest.mark.parametrize(("name", "told"), [("folder", "it is a folder"), ("a/b", "there is no folder")])
def test_a_place_for_no_file_is_refused_before_anything_runs(
    tmp_path: Path, option: str, name: str, told: str
) -> None:
    (tmp_path / "folder").mkdir()
    run = run_suite(*ONE, f"--{option}={tmp_path / name}")
    assert run.exit_code == 4, run.output
    assert f"{tmp_path / name} cannot be written: {told}" in run.complained
    assert not run.outcomes


def test_so_is_a_folder_of_allure_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "allure").write_text("")
    run = run_suite(*ONE, f"--alluredir={tmp_path / 'allure'}")
    assert run.exit_code == 4, run.output
    assert f"{tmp_path / 'allure'} cannot be written: it is no folder" in run.complained


@pytest.mark.parametrize("there", ["full", "gone/summary"])
def test_so_is_the_summary_of_a_job(tmp_path: Path, there: str) -> None:
    (tmp_path / "full").symlink_to("/dev/full")
    page, summary = tmp_path / "page.html", tmp_path / there
    given = neutral_variables() | {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    run = run_suite(*ONE, f"--html={page}", variables=given)
    assert run.exit_code == 1, run.output
    assert run.printed.count("ERROR: ") == 1
    assert run.verdict.startswith("! Pre-deployment tests are not all reported")
    assert f"{summary} cannot be written" in run.verdict
    assert f"{summary} cannot be written" in page.read_text()


@pytest.mark.parametrize("option", ["--fixtures", "--fixtures-per-test", "--collect-only", "--setup-plan"])
def test_a_run_that_only_lists_says_nothing_of_what_holds(tmp_path: Path, option: str) -> None:
    page = tmp_path / "page.html"
    run = run_suite(*ONE, option, f"--html={page}")
    assert run.exit_code == 0, run.output
    assert "deployment tests" not in run.output
    assert not page.exists()


def test_a_page_leaves_no_folder_beside_it(tmp_path: Path) -> None:
    assert run_suite(*ONE, f"--html={tmp_path / 'page.html'}").exit_code == 0
    assert [it.name for it in tmp_path.iterdir()] == ["page.html"]


def test_so_is_a_file_that_pytest_itself_writes() -> None:
    words = [*ONE, "--junitxml=/dev/full", *NOT_A_USERS]
    run = run_cold(words, REPOSITORY, neutral_variables())
    assert run.returncode == 1, run.stdout
    assert "\nERROR: a report cannot be written: No space left on device\n" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_a_file_that_the_system_refuses_late_is_told_too() -> None:
    run = run_suite(*ONE, "--html=/proc/page.html")
    assert run.exit_code == 1, run.output
    assert "ERROR: /proc/page.html cannot be written: " in run.printed
    assert "Traceback" not in run.output


@pytest.fixture(scope="module")
def server() -> Iterator[MotoServer]:
    with moto_server(BBWS.accounts["dev"]) as account:
        yield account


@pytest.mark.heavy
@pytest.mark.parametrize(("ended_by", "processes"), [("SIGTERM", "0"), ("SIGHUP", "2")])
def test_what_was_answered_is_gone_when_a_run_is_ended(
    server: MotoServer, tmp_path: Path, ended_by: str, processes: str
) -> None:
    """Some calls are answered, and one never is: the run is ended while it waits for that one."""
    waiting: list[Request] = []

    def never(handler: BaseHTTPRequestHandler, request: Request) -> None:
        waiting.append(request)
        silence(handler, request)

    def last(request: Request) -> Answer | None:
        return never if request.asks("DescribeContinuousBackups") else None

    with endpoint(server.endpoint, last) as stands:
        given = neutral_variables() | variables_of_server(stands.url) | {"TMPDIR": str(tmp_path)}
        words = ["--env=bbws/dev", "--live", "-n", processes, "tests/dynamodb"]
        run = subprocess.Popen(
            [sys.executable, "-m", "pytest", *NOT_A_USERS, *words],
            cwd=REPOSITORY,
            env=given | {"AWS_MAX_ATTEMPTS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # nohup may lie above
        )
        try:
            until(lambda: bool(waiting))
            assert kept(tmp_path)
            run.send_signal(getattr(signal, ended_by))
            until(lambda: not kept(tmp_path))
            printed, _ = run.communicate(timeout=PATIENCE_SECONDS)
        finally:
            run.kill()
    assert run.returncode == 2, printed
    assert f"ended by {ended_by}" in printed


def kept(folder: Path) -> list[str]:
    """The folders of runs among temporary files."""
    return [name for name in os.listdir(folder) if name.startswith("plumbline-")]


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(PATIENCE_SECONDS * 10):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it has not come to that")


@pytest.mark.parametrize("level", ["1", "2"])
@pytest.mark.parametrize("words", [(), ("--assert=plain",)])
def test_python_without_assertions_is_refused(level: str, words: tuple[str, ...]) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", *ONE[:2], *words],
        cwd=REPOSITORY,
        env=neutral_variables() | {"PYTHONOPTIMIZE": level},
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 4
    assert "PYTHONOPTIMIZE" in finished.stderr
    assert "Traceback" not in finished.stdout + finished.stderr
