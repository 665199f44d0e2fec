"""A script of an examined checkout runs only where that is asked for, and reaches nothing from there."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from plumbline.github import sandbox
from plumbline.values.unknown import Undetermined
from selftest.front_door import REPOSITORY, run_suite
from selftest.hostile.sandbox import needs_sandbox
from selftest.input.tree import Tree, assert_refused

SCRIPT = "scripts/health-check-s3.sh"


def found(folder: Path, text: str) -> list[str]:
    """Return what a script wrote to the only file outside that it can write to."""
    checkout, notes = folder / "checkout", folder / "notes"
    checkout.mkdir()
    (checkout / "check.sh").write_text(text)
    notes.touch()
    for it in (folder, checkout, *checkout.iterdir()):
        it.chmod(0o755)
    notes.chmod(0o777)
    sandbox.run("/checkout/check.sh", checkout, {"PATH": "/usr/bin:/bin"}, notes)
    return notes.read_text().splitlines()[1:]


@needs_sandbox
def test_it_sees_no_environment_no_home_and_no_other_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "planted-in-the-environment")
    (folder / "secret").write_text("planted-in-a-file")
    seen = found(
        folder,
        "env >>/notes; cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n' >>/notes\n"
        "ls / /root /home /etc >>/notes\n"
        f"cat {folder}/secret >>/notes; cat /etc/passwd >>/notes; ls /proc | grep '^[0-9]' | wc -l >>/notes",
    )
    assert not any("planted" in it or it.startswith("root:") for it in seen), seen
    assert {"checkout", "notes", "usr", "tmp"} <= {*seen}
    assert not {"root", "home", "etc", "checkout:"} & {*seen}
    assert int(seen[-1]) < 8


@needs_sandbox
def test_it_reaches_no_network(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        seen = found(
            folder, f"(exec 3<>/dev/tcp/127.0.0.1/{port}) && echo reached >>/notes; echo done >>/notes"
        )
    assert seen == ["done"]


@needs_sandbox
def test_it_changes_nothing_that_is_examined(folder: Path) -> None:
    seen = found(
        folder,
        f"for it in /checkout/check.sh /checkout/new {folder}/x; do echo >$it; done; echo done >>/notes",
    )
    assert seen == ["done"]
    assert [it.name for it in (folder / "checkout").iterdir()] == ["check.sh"]
    assert not (folder / "x").exists()


LONG = f"sleep 6{os.getpid()}"
"""What is found again among all processes; another worker's is another."""


def assert_none_is_left() -> None:
    """Assert that nothing that a script started runs any more."""
    left = subprocess.run(["pgrep", "-f", LONG], capture_output=True, text=True, check=False)
    assert left.stdout == ""


@needs_sandbox
@pytest.mark.parametrize(
    "text",
    [
        f"{LONG} & setsid nohup {LONG} & {LONG}",
        "cat /dev/zero",
        f"yes | tee /tmp/full >/dev/null; {LONG}",
        f"b() {{ b | b & }}; b; {LONG}",
        f'x=x; while :; do x="$x$x"; done; {LONG}',
        f"trap '' TERM HUP INT; while :; do {LONG}; done",
    ],
    ids=["hangs", "prints", "writes", "forks", "grows", "ignores signals"],
)
def test_what_does_not_end_is_ended_with_all_that_it_started(
    folder: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "OF_A_SCRIPT", sandbox.Room(patience_seconds=2))
    with pytest.raises(Undetermined, match="does not end within 2 s"):
        found(folder, text)
    assert_none_is_left()


@needs_sandbox
def test_it_writes_where_that_is_limited_alone(folder: Path) -> None:
    places = "/x /dev/x /dev/shm/x /usr/x /checkout/x /proc/x"
    seen = found(
        folder,
        f"for it in {places}; do (echo x >$it) 2>/dev/null && echo $it >>/notes; done\n"
        "head -c 20000000 /dev/zero >/tmp/x; [ $(stat -c %s /tmp/x) -le 16777216 ] && echo limited >>/notes",
    )
    assert seen == ["limited"]


@needs_sandbox
def test_all_of_it_together_takes_no_more_memory_than_one_may(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "OF_A_SCRIPT", sandbox.Room(most_memory_bytes=100 * 1024**2))
    many = (
        f"for it in 1 2 3 4 5 6 7 8; do (x=$(head -c 30000000 /dev/zero | tr '\\0' x); {LONG}) & done; wait"
    )
    with pytest.raises(Undetermined, match="takes more than 100 MiB of memory"):
        found(folder, many)
    assert_none_is_left()


OF_THE_KERNEL = """
import ctypes, os, socket
libc = ctypes.CDLL(None)
print("shm" if libc.shmget(0, 4096, 0o1600) >= 0 else "no")
print("queue" if libc.msgget(0, 0o1600) >= 0 else "no")
for what in (lambda: os.memfd_create("x"), lambda: socket.socketpair()):
    try:
        print("made", what())
    except PermissionError:
        print("no")
print(os.system("unshare -Urm --propagation unchanged mount -t tmpfs x /tmp") == 0)
"""
"""What asks for memory that no process has."""


@needs_sandbox
def test_it_gets_no_memory_that_no_process_has(folder: Path) -> None:
    seen = found(folder, f"python3 -c '{OF_THE_KERNEL}' >>/notes")
    if not seen:
        pytest.skip("there is no Python in /usr here")
    assert seen == ["no", "no", "no", "no", "False"]


@needs_sandbox
def test_what_ends_leaves_nothing_behind(folder: Path) -> None:
    assert found(folder, f"setsid nohup {LONG} & {LONG} & echo done >>/notes") == ["done"]
    assert_none_is_left()


@needs_sandbox
def test_a_sandbox_that_cannot_be_made_is_undetermined(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_walls", lambda: iter(["--no-such-wall"]))
    with pytest.raises(Undetermined, match="the sandbox cannot be made here: bwrap: Unknown option"):
        found(folder, "true")


def hostile(tree: Tree) -> Path:
    """Put a script into a tree that leaves a trace where it runs, and return where."""
    trace = tree.path / "RAN"
    script = tree.path / SCRIPT
    script.write_text(f"#!/bin/bash\ntouch {trace}\naws s3api head-object --bucket x --key y\ntrue\n")
    return trace


def test_nothing_of_a_checkout_is_run_unless_that_is_asked_for(tree: Tree) -> None:
    trace = hostile(tree)
    run = tree.run("--env=dev", "--source=repository")
    assert not trace.exists()
    assert "health-check-s3.sh would have to be run, and nothing is without --run-scripts" in re.sub(
        r"\s+", " ", run.output
    )
    assert {it.verdict for it in run.outcomes.values() if "health_check" in it.test} == {"skipped"}


@needs_sandbox
def test_where_it_is_asked_for_it_runs_where_it_reaches_nothing(tree: Tree) -> None:
    trace = hostile(tree)
    run = tree.run("--env=dev", "--source=repository", "--run-scripts")
    assert not trace.exists()
    [failed] = [it for it in run.those("failed") if "health_check" in it.test]
    assert "a missing template" in failed.message
    assert "--run-scripts" in failed.message


def test_without_bubblewrap_it_is_refused(tmp_path: Path) -> None:
    variables = {"PATH": str(tmp_path)}
    run = run_suite(
        "--env=bbws/dev", "--source=repository", "--run-scripts", variables=variables, tree=REPOSITORY
    )
    assert_refused(run, "--run-scripts needs a sandbox, and there is no bwrap here: install bubblewrap")
