"""How jobs log in to AWS: as which role, by a token of GitHub's, or with keys that somebody keeps.

Each function returns what it found, with file and line of the first. Source: GitHub's documentation,
"Configuring OpenID Connect in Amazon Web Services" and "Workflow syntax for GitHub Actions", `permissions`;
action.yml of aws-actions/configure-aws-credentials.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from plumbline.github.expressions import expressions, references, substituted
from plumbline.github.jobs import Files, Found, every_job, every_step
from plumbline.github.starts import started
from plumbline.github.workflows import Step, mapping, text

_LOGIN = "aws-actions/configure-aws-credentials"
_KEY = re.compile(r"aws[-_](?:access[-_]key[-_]id|secret[-_]access[-_]key)", re.IGNORECASE)
"""A variable, or an input of an action, that holds a key."""
_WRITTEN_OUT = re.compile(r"\bAKIA[0-9A-Z]{16}\b")
_SET = re.compile(
    rf"\b{_KEY.pattern}=(?P<value>[^\s;&|]*)|\baws\s+configure\s+set\s+{_KEY.pattern}\s+(?P<told>\S+)",
    re.IGNORECASE,
)
_OF_A_STEP = ("steps", "needs", "inputs", "env")
"""The contexts that hand on what something else in the run has made, or is looked at where it is given."""


def assumed_roles(files: Files) -> Found:
    """Return the roles that logins name, each once; empty for a login that names none."""
    told = {step.given.get("role-to-assume", ""): step.where for step in _logins(files)}
    return sorted(told), next(iter(told.values()), files[0].where("jobs"))


def logins_without_token(files: Files) -> Found:
    """Return the steps that log in as a role in a job that may not ask GitHub for a token."""
    found = [
        step.where
        for steps, granted in _jobs(files)
        for step in steps
        if _logs_in(step) and step.given.get("role-to-assume") and not _may_ask(granted)
    ]
    return list(dict.fromkeys(found)), next(iter(found), files[0].where("jobs"))


def static_keys(files: Files) -> Found:
    """Return where a key of AWS is used that no step of the run has made."""
    found = list(dict.fromkeys([*_in_files(files), *_in_actions(files)]))
    return found, next(iter(found), files[0].where())


def _logins(files: Files) -> Iterator[Step]:
    yield from filter(_logs_in, every_step(files))


def _logs_in(step: Step) -> bool:
    return step.uses.partition("@")[0].lower() == _LOGIN


_Granted = list[Any]
"""What `permissions` say that a job stands under, its caller's first; None where one says nothing."""


def _jobs(files: Files) -> Iterator[tuple[tuple[Step, ...], _Granted]]:
    """Yield the steps of each job with what it is permitted; those of called workflows with their callers."""
    for file, job in every_job(started(files)):
        called = file.called(job.calls) if job.calls else None
        said = job.data.get("permissions", file.data.get("permissions"))
        if called is None:
            yield job.steps, [said]
        else:
            yield from ((steps, [said, *granted]) for steps, granted in _jobs([called]))


def _may_ask(granted: _Granted) -> bool:
    """Return whether a job may ask for a token: whoever calls it must be permitted that, too.

    A called job that says nothing is permitted what its caller is; where nobody says anything, GitHub gives
    no such permission.
    """
    first, *inner = granted
    return all(
        it == "write-all" or text(mapping(it).get("id-token")) == "write"
        for it in (first, *(it for it in inner if it is not None))
    )


def _in_files(files: Files) -> Iterator[str]:
    for file in files:
        for place, written in file.strings():
            if _holds_key(str(place[-1]), written):
                yield file.where(*place)


def _in_actions(files: Files) -> Iterator[str]:
    """Yield the steps of actions of this checkout that use one."""
    shown = tuple(f"{file.shown}:" for file in files)
    for step in every_step(files):
        named: Mapping[str, str] = {**step.given, **step.variables, "run": step.run}
        if not step.where.startswith(shown) and any(_holds_key(*it) for it in named.items()):
            yield step.where


def _holds_key(name: str, value: str) -> bool:
    if _WRITTEN_OUT.search(value) or _is_kept(value):
        return True
    if _KEY.fullmatch(name):
        return bool(value.strip()) and not _is_made(value)
    script = substituted(value, _as_shell_sees)
    return any(_is_static(it["value"] or it["told"] or "") for it in _SET.finditer(script))


def _is_kept(value: str) -> bool:
    """Return whether an expression refers to a key that GitHub keeps."""
    return any(
        steps[0] in ("secrets", "vars") and _KEY.search("_".join(steps[1:]))
        for expression in expressions(value)
        for steps in references(expression)
    )


def _is_made(value: str) -> bool:
    """Return whether a value is nothing but what something else in the run hands on."""
    told = [steps for it in expressions(value) for steps in references(it)]
    return bool(told) and all(steps[0] in _OF_A_STEP for steps in told)


def _as_shell_sees(inside: str) -> str:
    """Return a word in the place of an expression: a variable where something else has made what it says."""
    return "$made" if _is_made(f"${{{{{inside}}}}}") else "kept"


def _is_static(value: str) -> bool:
    """Return whether a script gives a key a text that is none of the shell's own making."""
    plain = value.strip("\"'")
    return bool(plain) and not plain.startswith("$")
