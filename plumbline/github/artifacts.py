"""The artifacts that every run of a workflow keeps in which nothing fails, and the plans that a run saves.

Source: the documentation of actions/upload-artifact: a line with `!` leaves out what those before it take.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatchcase

from plumbline.github import actions
from plumbline.github.applying import happy, possible
from plumbline.github.jobs import Files, Found
from plumbline.github.programs import may_plan
from plumbline.github.reach import plans_of
from plumbline.github.runs import Happening, Run
from plumbline.github.scripts import Scripts
from plumbline.github.shell.path import Command
from plumbline.github.starts import started, starts
from plumbline.github.workflows import WorkflowFile
from plumbline.values.some_of import doubted
from plumbline.values.unknown import Undetermined

_UPLOAD = "actions/upload-artifact"
_CALL_ANEW = frozenset({"mv", "cp", "ln", "install"})
"""What gives a file another name."""


def artifacts(files: Files, scripts: Scripts) -> Found:
    """Return the names of the files in each artifact that is uploaded whatever starts a workflow."""
    kept = [it for file in started(files) for it in _surely(file, scripts)]
    named: dict[str, list[str]] = {}
    for it in kept:
        given = actions.inputs_of(it.command)
        named.setdefault(given.get("name", "artifact"), []).extend(_taken(given.get("path", "")))
    return named, next((it.where for it in kept), files[0].where("jobs"))


def saved_plans(files: Files, scripts: Scripts) -> Found:
    """Return the names of the files in which a run saves plans, or which it calls so later.

    An upload takes of the files that its path names those that are there, and misses none of the others.
    """
    happened = [it for file in started(files) for _, _, it in possible(file, scripts).happened()]
    saved = {name for _, name in plans_of(it.command for it in happened)}
    called = {name for it in happened for name in _called_anew(it.command)}
    unread = [it for it in happened if may_plan(it.command)]
    doubts = (f"whether {it.command.line[:120]!r} at {it.where} saves a plan cannot be read" for it in unread)
    where = next((it.where for it in happened if plans_of([it.command])), files[0].where("jobs"))
    return doubted(sorted(saved | called), doubts), where


def _called_anew(command: Command) -> Iterator[str]:
    words = command.words
    if words and posixpath.basename(words[0]) in _CALL_ANEW:
        yield posixpath.basename(words[-1])


def _surely(file: WorkflowFile, scripts: Scripts) -> Iterator[Happening]:
    """Yield the uploads that each start comes to, as they stand in the file.

    Raises `Undetermined` for one that some come to by what the run computes, whatever somebody chooses.
    """
    sure: list[set[str]] = []
    met: dict[tuple[tuple[str, str], ...], set[str]] = {}
    for start in starts(file, scripts):
        uploads = list(_uploads(happy(file, scripts, start)))
        sure.append({it.where for it in uploads if it.sure})
        met.setdefault(start.chosen, set()).update(it.where for it in uploads)
    for it in _uploads(possible(file, scripts)):
        if all(it.where in places for places in sure):
            yield it
        elif all(it.where in places for places in met.values()):
            raise Undetermined(f"whether this is uploaded hangs on what the run computes: {it.where}")


def _uploads(run: Run) -> Iterator[Happening]:
    for _, _, it in run.happened():
        if it.command.words[:1] == ("uses:",) and actions.name_of(it.command) == _UPLOAD:
            yield it


def _taken(path: str) -> list[str]:
    """Return the names of the files that the lines of a path take."""
    taken: list[str] = []
    for line in map(str.strip, path.splitlines()):
        if line.startswith("!"):
            left_out = line[1:].strip().rstrip("/")
            taken = [it for it in taken if not _is_below(it, left_out)]
        elif line:
            taken.append(line)
    return [it.rpartition("/")[2] for it in taken]


def _is_below(path: str, pattern: str) -> bool:
    return fnmatchcase(path, pattern) or fnmatchcase(path, f"{pattern}/*")
