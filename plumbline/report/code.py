"""Where findings stand in files, as code scanning finds them: from the root of their repository."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from plumbline.suite.finding import Finding
from plumbline.suite.run import Run
from plumbline.values.files import content

MOST_OF_A_LINE = 500
"""How long a line may be to be shown, in characters."""


class Code:
    """The files that a run has examined, or read its expectations from."""

    def __init__(self, run: Run) -> None:
        checkouts = [it.folder for checkouts in run.checkouts.values() for it in checkouts]
        homes = [stack.path.parent for stack in run.stacks.values()]
        folders = [Path.cwd(), *checkouts, *run.terraform.values(), *homes]
        self._roots = list(dict.fromkeys(root for it in folders if (root := _root(it.resolve()))))
        self._without = list(dict.fromkeys(it.resolve() for it in (*checkouts, Path.cwd())))
        self._beside = list(dict.fromkeys(it.resolve() for it in (*run.terraform.values(), *homes)))
        self._lines = functools.cache(_lines)

    def place(self, finding: Finding) -> dict[str, Any] | None:
        """Return the first of a finding's places that there is, as SARIF has it; None where there is none."""
        return next(self._there(finding), None)

    def _there(self, finding: Finding) -> Iterator[dict[str, Any]]:
        for file, line in finding.locations:
            path = _resolved(file)
            lines = self._lines(path) if path and self._is_ours(path) else []
            if path and 1 <= line <= len(lines):
                yield {"artifactLocation": self._artifact(path), "region": _region(lines[line - 1], line)}

    def _is_ours(self, path: Path) -> bool:
        """Return whether a file belongs to what is examined: a text that was read may name any other one."""
        return any(path.is_relative_to(it) for it in (*self._roots, *self._without, *self._beside))

    def _artifact(self, path: Path) -> dict[str, str]:
        for root in (*self._roots, *self._without):
            if path.is_relative_to(root):
                return {"uri": quote(path.relative_to(root).as_posix()), "uriBaseId": "%SRCROOT%"}
        return {"uri": path.as_uri()}


def _root(folder: Path) -> Path | None:
    """Return the root of the repository that a folder lies in; None for one that lies in none."""
    return next((it for it in (folder, *folder.parents) if (it / ".git").exists()), None)


def _resolved(file: str) -> Path | None:
    """Return a file without links: code scanning follows none. None for what cannot be one."""
    try:
        path = Path(file).resolve()
        return path if path.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _lines(path: Path) -> list[str]:
    try:
        return content(path).decode("utf-8", "replace").split("\n")
    except OSError:
        return []


def _region(text: str, line: int) -> dict[str, Any]:
    """Return a line without its indentation; columns count from 1."""
    text = text.rstrip("\r")
    indentation = len(text) - len(text.lstrip())
    columns = {"startColumn": indentation + 1, "endColumn": len(text.rstrip()) + 1}
    if not text.strip():
        columns = {"startColumn": 1, "endColumn": len(text) + 1}
    shown = {"snippet": {"text": text.strip()}} if 0 < len(text.strip()) <= MOST_OF_A_LINE else {}
    return {"startLine": line, "endLine": line, **columns, **shown}
