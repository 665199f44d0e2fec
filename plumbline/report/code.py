"""Where findings stand in files, as code scanning finds them: from the root of their repository.

Where a checkout is given, that is its repository alone: a file of ours that expects something of it, such as
the YAML of a stack, is no file of that repository.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from plumbline.suite.finding import Finding
from plumbline.suite.run import Run
from plumbline.values.files import checkouts_around, content

MOST_OF_A_LINE = 500
"""How long a line may be to be shown, in characters."""


class Code:
    """The files that a run has examined, or read its expectations from."""

    def __init__(self, run: Run) -> None:
        """Take the folders that a run has examined, and those that it was told to examine."""
        checkouts = [it for several in run.checkouts.values() for it in several]
        self._given = checkouts if run.given.get("repository") else []
        own = (
            [it.folder for it in checkouts] if self._given else [Path.cwd(), *(it.folder for it in checkouts)]
        )
        homes = [] if self._given else [stack.path.parent for stack in run.stacks.values()]
        beside = [*run.terraform.values(), *homes]
        within = own if self._given else [*own, *beside]
        around = (next(checkouts_around(it.resolve()), None) for it in within)
        self._roots = list(dict.fromkeys(it for it in around if it))
        self._without = list(dict.fromkeys(it.resolve() for it in own))
        self._beside = list(dict.fromkeys(it.resolve() for it in beside))
        self._lines = functools.cache(_lines)

    def place(self, finding: Finding) -> dict[str, Any] | None:
        """Return the first of a finding's places that there is, as SARIF has it; None where there is none.

        Of a checkout that was given something is always the place: code scanning takes no result without.
        """
        return next(self._there(finding), None) or self._somewhere

    def holds(self, file: str) -> bool:
        """Return whether a file belongs to what is examined."""
        path = _resolved(file)
        return path is not None and self._is_ours(path)

    @functools.cached_property
    def _somewhere(self) -> dict[str, Any] | None:
        """The beginning of a checkout that was given: of its first Terraform, or else of any file."""
        held = [(folder.folder.resolve() / it) for folder in self._given for it in folder.files]
        readable = (it for it in sorted(held, key=_as_beginning) if _resolved(str(it)) == it)
        path = next(readable, None)
        lines = self._lines(path) if path else []
        if not path or not lines:
            return None
        return {"artifactLocation": self._artifact(path), "region": _region(lines[0], 1)}

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


def _as_beginning(path: Path) -> tuple[bool, int, Path]:
    """Return what goes first where something of a checkout must be named: Terraform, what is less deep."""
    return not path.name.endswith(".tf"), len(path.parts), path


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
