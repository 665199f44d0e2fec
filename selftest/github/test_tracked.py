"""Which files Git tracks is read from its index as Git itself reads it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from plumbline.github.tracked import is_tracked, tracked_below
from plumbline.values.unknown import Undetermined


def git(folder: Path, *words: str) -> None:
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *words], cwd=folder, env=environment, check=True, capture_output=True)


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
@pytest.mark.parametrize("version", [2, 3, 4])
def test_what_git_adds_is_tracked_in_every_layout_of_its_index(tmp_path: Path, version: int) -> None:
    names = [
        "a.html",
        "mail/a.html",
        "mail/ab.html",
        "mail/später.html",
        "mail/" + "x" * 90 + ".html",
        "new.html",
    ]
    for name in (*names, "ignored.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<p>")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", *names[:-1])
    git(tmp_path, "add", "-N", names[-1])
    git(tmp_path, "update-index", "--index-version", str(version))
    assert [name for name in (*names, "ignored.html") if is_tracked(tmp_path / name)] == names


@pytest.mark.parametrize("index", [b"", b"DIRC", b"DIRC\0\0\0\x02\0\0\0\x09" + bytes(80), b"\xff" * 200])
def test_an_index_that_is_none_is_undetermined(tmp_path: Path, index: bytes) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(index)
    with pytest.raises(Undetermined, match="what is tracked is not known"):
        is_tracked(tmp_path / "a.html")


def test_a_folder_without_git_is_undetermined(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match=r"in no checkout of Git"):
        is_tracked(tmp_path / "a.html")


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")
def test_what_is_tracked_below_a_folder_is_what_the_index_lists(tmp_path: Path) -> None:
    names = ["live/dev/terraform.tfvars", "live/main.tf", "other/terraform.tfstate", "top.tf"]
    for name in (*names, "live/new.tf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", *names)
    (tmp_path / "live/dev/terraform.tfvars").unlink()
    assert [*map(str, tracked_below(tmp_path))] == names
    assert [*map(str, tracked_below(tmp_path / "live"))] == ["dev/terraform.tfvars", "main.tf"]


def test_below_a_folder_that_is_not_checked_out_nothing_is_known(tmp_path: Path) -> None:
    entry = bytes(60) + len(b"live/").to_bytes(2, "big") + b"live/"
    index = b"DIRC" + (2).to_bytes(4, "big") + (1).to_bytes(4, "big") + entry + bytes(8 - len(entry) % 8)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(index)
    with pytest.raises(Undetermined, match="live/ is not checked out"):
        tracked_below(tmp_path)
