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
from plumbline.github.lost_files import CALLING_ANEW, is_lost, worst
from plumbline.github.programs import may_plan
from plumbline.github.reach import plans_of
from plumbline.github.runs import Happening, Run
from plumbline.github.scripts import Scripts
from plumbline.github.shell.path import Command, Status
from plumbline.github.starts import started, starts
from plumbline.github.workflows import WorkflowFile
from plumbline.values.some_of import doubted
from plumbline.values.unknown import Undetermined

_UPLOAD = "actions/upload-artifact"


def artifacts(files: Files, scripts: Scripts) -> Found:
    """Return the names of the files in each artifact that is uploaded whatever starts a workflow."""
    kept = [(file, it) for file in started(files) for it in _surely(file, scripts)]
    named: dict[str, tuple[list[str], list[str]]] = {}
    for file, it in kept:
        given, lost = actions.inputs_of(it.command), _lost(file, scripts, it.where)
        names, doubts = named.setdefault(given.get("name", "artifact"), ([], []))
        for line, path in _taken(given.get("path", "")):
            if (gone := lost.get(line, False)) is False:
                names.append(path.rpartition("/")[2])
            elif gone is None:
                doubts.append(f"whether {path} is there when {it.where} uploads it cannot be read")
    told = {name: doubted(names, doubts) for name, (names, doubts) in named.items()}
    return told, next((it.where for _, it in kept), files[0].where("jobs"))


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
    if words and posixpath.basename(words[0]) in CALLING_ANEW:
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


def _lost(file: WorkflowFile, scripts: Scripts, where: str) -> dict[int, Status]:
    """Return of each line of an upload's path whether what it names is gone by then, for some start."""
    lost: dict[int, Status] = {}
    for start in starts(file, scripts):
        for job, position, it in happy(file, scripts, start).happened():
            if it.where == where and _is_upload(it):
                before, after = job.happened[:position], job.happened[position + 1 :]
                for line, path in _taken(actions.inputs_of(it.command).get("path", "")):
                    lost[line] = worst((lost.get(line, False), is_lost(path, before, after)))
    return lost


def _uploads(run: Run) -> Iterator[Happening]:
    yield from (it for _, _, it in run.happened() if _is_upload(it))


def _is_upload(it: Happening) -> bool:
    return it.command.words[:1] == ("uses:",) and actions.name_of(it.command) == _UPLOAD


def _taken(path: str) -> list[tuple[int, str]]:
    """Return the lines of a path that take files, each with its number."""
    taken: list[tuple[int, str]] = []
    for number, line in enumerate(map(str.strip, path.splitlines())):
        if line.startswith("!"):
            left_out = line[1:].strip().rstrip("/")
            taken = [it for it in taken if not _is_below(it[1], left_out)]
        elif line:
            taken.append((number, line))
    return taken


def _is_below(path: str, pattern: str) -> bool:
    return fnmatchcase(path, pattern) or fnmatchcase(path, f"{pattern}/*")
