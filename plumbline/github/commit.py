"""The commit that a checkout stands at, read from Git's own files: nothing of the checkout is run.

Source: Git's documentation, gitrepository-layout(5).
"""

from __future__ import annotations

import re
from pathlib import Path

from plumbline.values.files import checkouts_around, content

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def commit_of(folder: Path) -> str:
    """Return the commit, in hexadecimal, of the checkout that a folder lies in; empty where not known."""
    try:
        found = git_folder(folder)
        return "" if found is None else _head(found[1])
    except (OSError, UnicodeDecodeError):
        return ""


def git_folder(folder: Path) -> tuple[Path, Path] | None:
    """Return the root of the checkout that a folder lies in, and where Git keeps what it knows of it.

    None where it lies in none. Raises `OSError` and `UnicodeDecodeError` for what cannot be read.
    """
    root = next(checkouts_around(folder), None)
    if root is None:
        return None
    marked = root / ".git"
    return root, marked if marked.is_dir() else _elsewhere(marked)


def shared_folder(git: Path) -> Path:
    """Return where Git keeps what all worktrees share. Raises as `git_folder`."""
    shared = git / "commondir"
    return git / _text(shared) if shared.is_file() else git


def _elsewhere(file: Path) -> Path:
    """Return the folder that the `.git` file of a worktree or a submodule names."""
    return file.parent / _text(file).removeprefix("gitdir: ")


def _head(git: Path) -> str:
    head = _text(git / "HEAD")
    if not head.startswith("ref: "):
        return head if _COMMIT.fullmatch(head) else ""
    name = head.removeprefix("ref: ")
    common = shared_folder(git)
    found = _text(common / name) if (common / name).is_file() else _packed(common / "packed-refs", name)
    return found if _COMMIT.fullmatch(found) else ""


def _packed(packed: Path, name: str) -> str:
    lines = _text(packed).splitlines() if packed.is_file() else []
    return next((line.split(" ")[0] for line in lines if line.endswith(f" {name}")), "")


def _text(file: Path) -> str:
    return content(file).decode("utf-8").strip()
