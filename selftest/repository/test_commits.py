"""What a run says of the commit of a checkout, and of what is not committed; nothing of it is run."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from selftest.front_door import run_suite
from selftest.wheel import repository

MAIN = "infra/terraform/data/main.tf"
Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Git in a checkout of somebody else, all of which is committed."""

    def run(*words: str) -> str:
        identity = ("-c", "user.name=Somebody", "-c", "user.email=somebody@shop.example")
        command = ["git", *identity, *words]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    repository.write(tmp_path)
    (tmp_path / ".gitignore").write_text("ignored.tf\n__pycache__/\n")
    run("init", "-q")
    run("add", ".")
    run("commit", "-qm", "all of it")
    return run


def examined(folder: Path) -> set[str]:
    """Return how the folders of a run are told, without their commit."""
    run = run_suite(f"--stacks={folder / repository.STACKS}", "--env=test", "--source=hcl", tree=folder)
    assert "✓ Pre-deployment tests passed" in run.printed, run.output
    found = re.findall(r"Terraform in infra/terraform at [0-9a-f]{8}(.*?): data", run.printed)
    assert len(found) == 2, run.printed  # in the header, and below
    return {*found}


def test_a_checkout_as_it_was_committed_is_its_commit(tmp_path: Path, git: Git) -> None:
    (tmp_path / "report.html").touch()
    fetched = tmp_path / "infra/terraform/data/.terraform/modules/vpc/ignored.tf"
    fetched.parent.mkdir(parents=True)
    fetched.touch()
    os.utime(tmp_path / MAIN)
    assert examined(tmp_path) == {""}
    git("gc", "-q")
    assert examined(tmp_path) == {""}


@pytest.mark.parametrize("bit", ["assume-unchanged", "skip-worktree"])
def test_what_git_is_told_to_pass_over_is_looked_at(tmp_path: Path, git: Git, bit: str) -> None:
    git("update-index", f"--{bit}", MAIN)
    assert examined(tmp_path) == {""}
    (tmp_path / MAIN).write_text(f"{(tmp_path / MAIN).read_text()}# more\n")
    assert examined(tmp_path) == {" with uncommitted changes"}
    assert git("ls-files", "-v", MAIN)[0] != "H"  # the checkout's own index is as it was


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("update-index", "--skip-worktree", ".gitignore"), " with uncommitted changes"),
        (("sparse-checkout", "set", "--no-cone", "/*", "!/.gitignore"), ""),
    ],
    ids=["hidden", "a sparse checkout"],
)
def test_what_a_sparse_checkout_leaves_out_is_no_change(
    tmp_path: Path, git: Git, command: tuple[str, ...], told: str
) -> None:
    git(*command)
    (tmp_path / ".gitignore").unlink(missing_ok=True)
    assert examined(tmp_path) == {told}


@pytest.mark.parametrize("staged", [False, True], ids=["left", "staged"])
@pytest.mark.parametrize(
    "change",
    [
        lambda main: main.write_text(f"{main.read_text()}# more\n"),
        lambda main: main.rename(main.with_name("tables.tf")),
        lambda main: main.with_name("more.tf").touch(),
    ],
    ids=["changed", "moved", "new"],
)
def test_what_is_not_committed_is_told(
    tmp_path: Path, git: Git, change: Callable[[Path], object], staged: bool
) -> None:
    change(tmp_path / MAIN)
    if staged:
        git("add", ".")
    assert examined(tmp_path) == {" with uncommitted changes"}
    git("add", ".")
    git("commit", "-qm", "that too")
    assert examined(tmp_path) == {""}


ASKED = """\
repository_files:
  runbook: {name: docs/runbook.md, expect: {format: text}}
  check: {name: scripts/check.sh, expect: {format: text}}
"""
SENTENCE = """\
  shop-03:
    test: repository.exists
    section: '1'
    statement: The runbook and its check are there.
    severity: P3
    evidence: [repo]
  shop-04:
    test: repository.format
    section: '1'
    statement: Both are text.
    severity: P3
    evidence: [repo]
"""


def test_terraform_that_git_ignores_is_in_no_commit(tmp_path: Path, git: Git) -> None:
    (tmp_path / "infra/terraform/data/ignored.tf").touch()
    assert examined(tmp_path) == {" with uncommitted changes"}
    (tmp_path / "infra/terraform/data/ignored.tf").unlink()
    (tmp_path / ".gitignore").write_text("infra/\n")
    git("rm", "-rq", "--cached", "infra")
    git("add", ".")
    git("commit", "-qm", "without its Terraform")
    assert examined(tmp_path) == {" with uncommitted changes"}


@pytest.mark.parametrize("file", [".github/workflows/deploy.yml", "docs/runbook.md", "scripts/check.sh"])
def test_a_file_that_is_asked_about_and_not_committed_is_told(tmp_path: Path, git: Git, file: str) -> None:
    """A workflow that no commit holds passed, and the run said that it was that commit's."""
    for name, more in (("stacks", ASKED), ("runbooks", SENTENCE)):
        data = tmp_path / repository.STACKS / name / "shop.yaml"
        data.write_text(data.read_text() + more)
    git("add", ".")
    git("commit", "-qm", "ask about files")
    (tmp_path / "report.md").touch()
    assert examined(tmp_path) == {""}
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).touch()
    assert examined(tmp_path) == {" with uncommitted changes"}


def test_where_git_cannot_tell_that_is_said(tmp_path: Path, git: Git) -> None:
    (tmp_path / ".git/index").write_bytes(b"DIRC of another day")
    assert examined(tmp_path) == {" or changed since"}


def test_an_index_that_is_no_file_is_not_copied(tmp_path: Path, git: Git) -> None:
    """A link to a device, of which some have no end, would be read until the disk is full."""
    (tmp_path / ".git/index").unlink()
    (tmp_path / ".git/index").symlink_to(os.devnull)
    assert examined(tmp_path) == {" or changed since"}


def test_nothing_that_a_checkout_configures_is_run(tmp_path: Path, git: Git) -> None:
    ran = tmp_path / "it-ran"
    script = tmp_path / "script.sh"
    script.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    script.chmod(0o755)
    (tmp_path / ".gitattributes").write_text("*.tf filter=theirs\n")
    hook = tmp_path / ".git/hooks/post-index-change"
    hook.write_text(script.read_text())
    hook.chmod(0o755)
    for key in ("core.fsmonitor", "filter.theirs.clean", "filter.theirs.process"):
        git("config", key, str(script))
    (tmp_path / MAIN).write_text((tmp_path / MAIN).read_text())
    assert examined(tmp_path)
    assert not ran.exists()
    subprocess.run(["git", "status"], cwd=tmp_path, check=False, capture_output=True)
    assert ran.exists(), "it would run where Git reads what the checkout configures"
