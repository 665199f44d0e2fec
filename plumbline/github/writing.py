"""How workflow files are written: blanks, names that nothing declares, debugging that was left on.

Each function returns what it found, with file and line of the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from plumbline.github.expressions import condition, expressions, references
from plumbline.github.workflows import LocalAction, WorkflowFile, commands, mapping, text
from plumbline.values.data import Place
from plumbline.values.wildcards import compiled

Found = tuple[list[str], str]
Files = Sequence[WorkflowFile]

_DEBUGGING = re.compile(r"\bTF_LOG(?:_CORE|_PROVIDER)?\b")
_HANDED_ON = re.compile(rf"\b(?:echo|printf)\s+[\"']?{_DEBUGGING.pattern}=(?!\$)")
_SET_LATER = r"([A-Za-z_]\w*)(?:=|<<)[^\n]*>>\s*[\"']?\$\{?GITHUB_ENV"


def tabs(files: Files) -> Found:
    """Return the lines with a tab character."""
    return _found(files, (place for place, line in _lines(files) if "\t" in line))


def trailing_blanks(files: Files) -> Found:
    """Return the lines that end in blanks."""
    return _found(files, (place for place, line in _lines(files) if line != line.rstrip()))


def debug_logging(files: Files) -> Found:
    """Return the lines that switch Terraform's log on: in `env`, in a script, or for later steps."""
    return _found(files, (place for file in files for place in _debugging(file)))


def undeclared(files: Files) -> Found:
    """Return the inputs, job outputs and variables that an expression uses and nothing declares.

    Those of the actions of the same checkout that a workflow uses, too: there as well they are empty.
    """
    told = {name: place for file in files for name, place in _undeclared(file)}
    return list(told), next(iter(told.values()), files[0].where())


def _lines(files: Files) -> Iterator[tuple[str, str]]:
    for file in files:
        for number, line in enumerate(file.text.splitlines(), start=1):
            yield f"{file.shown}:{number}", line


def _found(files: Files, places: Iterable[str]) -> Found:
    listed = list(dict.fromkeys(places))
    return listed, next(iter(listed), files[0].where())


def _debugging(file: WorkflowFile) -> Iterator[str]:
    for place, variables in _variables(file):
        yield from (file.where(*place, name) for name in variables if _DEBUGGING.fullmatch(text(name)))
    for job in file.jobs:
        yield from (step.where for step in job.steps if _switches_on(step.run))


def _switches_on(run: str) -> bool:
    """Return whether a script sets the variable, or prints it as what later steps are given."""
    if "GITHUB_ENV" in run and _HANDED_ON.search(run):
        return True
    return any(re.search(rf"{_DEBUGGING.pattern}\s*=", line) for line in commands(run))


def _variables(file: WorkflowFile) -> Iterator[tuple[Place, Mapping[Any, Any]]]:
    """Yield every `env` of a file with its place."""
    yield ("env",), mapping(file.data.get("env"))
    for name, job in mapping(file.data.get("jobs")).items():
        yield ("jobs", name, "env"), mapping(mapping(job).get("env"))
        steps = mapping(job).get("steps")
        for position, step in enumerate(steps if isinstance(steps, list) else ()):
            yield ("jobs", name, "steps", position, "env"), mapping(mapping(step).get("env"))


def _undeclared(file: WorkflowFile) -> Iterator[tuple[str, str]]:
    declared = _declared(file)
    for place, name in _used(file.strings()):
        if not _is_declared(name, place, declared, file):
            yield f"{name} at {file.where(*place)}", file.where(*place)
    around = {it for _, it in declared if it.startswith("env.")}
    for action in file.actions():
        given = around | _declared_by(action)
        for place, name in _used(action.written.strings()):
            if place[0] in _EVALUATED and not name.startswith("needs.") and name.casefold() not in given:
                where = f"{action.shown}:{action.written.line(place)}"
                yield f"{name} at {where}", where


def _used(strings: Iterable[tuple[Place, str]]) -> Iterator[tuple[Place, str]]:
    """Yield the names that the expressions of a file use and that must be declared, each with its place."""
    for place, written in strings:
        used = [condition(written)] if place[-1] == "if" else expressions(written)
        names = (_name(steps) for expression in used for steps in references(expression))
        yield from ((place, name) for name in names if name)


_EVALUATED = ("runs", "outputs")
"""Where an action has expressions in which inputs and variables are known. Source: GitHub's documentation,
"Metadata syntax"."""


def _declared_by(action: LocalAction) -> set[str]:
    """Return the inputs that an action declares, and the variables that its steps set, in small letters.

    An action knows the variables of the job that uses it, too.
    """
    runs = mapping(action.data.get("runs"))
    steps = runs.get("steps")
    every = [runs, *(map(mapping, steps) if isinstance(steps, list) else ())]
    later = (it for step in every for it in compiled(_SET_LATER).findall(text(step.get("run"))))
    variables = (*(text(it) for step in every for it in mapping(step.get("env"))), *later)
    inputs = (text(it) for it in mapping(action.data.get("inputs")))
    return {it.casefold() for it in (*(f"inputs.{it}" for it in inputs), *(f"env.{it}" for it in variables))}


def _declared(file: WorkflowFile) -> frozenset[tuple[Place, str]]:
    """Return the inputs and variables of a file, and the outputs of its jobs, in small letters.

    Each with the place below which it is known: a variable of a job or a step is known there alone. Source:
    GitHub's documentation, "Contexts reference", "env context".
    """
    inputs = (name for event in ("workflow_dispatch", "workflow_call") for name in file.inputs(event))
    given = ((place[:-1], text(name)) for place, variables in _variables(file) for name in variables)
    set_later = compiled(_SET_LATER)
    later = (
        (("jobs", job.name), name)
        for job in file.jobs
        for step in job.steps
        for name in set_later.findall(step.run)
    )
    outputs = (
        f"needs.{job.name}.outputs.{text(name)}"
        for job in file.jobs
        for name in mapping(job.data.get("outputs"))
    )
    everywhere = (*(f"inputs.{it}" for it in inputs), *outputs)
    variables = ((place, f"env.{name}") for place, name in (*given, *later))
    return frozenset((place, it.casefold()) for place, it in (*(((), it) for it in everywhere), *variables))


def _name(reference: Sequence[str]) -> str:
    """Return a reference as far as it must be declared in the file; empty for what is declared elsewhere."""
    match list(reference):
        case ["inputs" | "env" as context, name, *_] if name != "*":
            return f"{context}.{name}"
        case ["needs", job, "outputs", name, *_] if "*" not in (job, name):
            return f"needs.{job}.outputs.{name}"
        case ["needs", job, *_] if job != "*":
            return f"needs.{job}"
    return ""


def _is_declared(name: str, place: Place, declared: frozenset[tuple[Place, str]], file: WorkflowFile) -> bool:
    context, *steps = name.split(".")
    known = {it for below, it in declared if place[: len(below)] == below}
    if context != "needs":
        return name.casefold() in known
    user = next((job for job in file.jobs if place[:2] == ("jobs", job.name)), None)
    needed = next(
        (job for job in file.jobs if user and job.name == steps[0] and job.name in user.needs), None
    )
    return needed is not None and (len(steps) == 1 or bool(needed.calls) or name.casefold() in known)
