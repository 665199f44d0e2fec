"""What stands around an apply: its confirmation, its approval, what comes before it and after it.

Each function returns a value with file and line where it stands. Raises `Undetermined` where no job applies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plumbline.github.expressions import comparisons, condition, normal
from plumbline.github.jobs import (
    Files,
    Found,
    InFile,
    each_once,
    environment,
    every_job,
    place_of,
    runs,
    said,
    subcommands,
)
from plumbline.github.workflows import Job, Step, WorkflowFile, commands, text
from plumbline.values.unknown import Undetermined

_CHECKING = re.compile(r"\bterraform\b.*\s(?:plan|validate)\b|\bpytest\b")
_TESTING = re.compile(r"\bpytest\b|\bhealth-check[\w-]*\.sh\b")
_CONFIRMATION = "inputs.confirmation"
_COMPARED = re.compile(
    r"(?:\[\[?|\btest)\s+[\"']?(.+?)[\"']?\s+(==?|!=)\s+[\"']?(.+?)[\"']?(?=\s*(?:\]|$|[;|&]))"
)
_REGARDLESS = re.compile(r"\b(?:always|cancelled|failure)\s*\(")
"""Conditions that let a job start although a job that it waits for failed."""
_ENDS_WRONG = re.compile(r"\bexit\s+[1-9]|\bfalse\b")


def apply_environments(files: Files) -> Found:
    """Return the GitHub environments of the jobs that apply, each once; empty for a job without one."""
    return each_once(_applying(files), lambda _, job: normal(environment(job)), "environment")


def checked_before_apply(files: Files) -> Found:
    """Return whether every job that applies waits for one that plans, validates or tests."""
    unchecked = [(file, job) for file, job in _applying(files) if not runs(_waits_for(file, job), _CHECKING)]
    file, job = next(iter(unchecked), _applying(files)[0])
    return not unchecked, place_of(file, job, "needs")


def tested_after_apply(files: Files) -> Found:
    """Return whether tests run after every apply: later in its job, or in a job that waits for it."""
    untested = [(file, job) for file, job in _applying(files) if not _is_tested(file, job)]
    _, job = next(iter(untested), _applying(files)[0])
    return not untested, job.where


def notified_channels(files: Files) -> Found:
    """Return the Slack channels that are told by jobs which wait for no approval themselves."""
    found = {
        said(channel, "the channel is", step.where): step.where
        for _, job in every_job(files)
        if not environment(job)
        for step in job.steps
        for channel in _channels(step)
    }
    return list(found), next(iter(found.values()), files[0].where("jobs"))


def confirmation(files: Files) -> Found:
    """Return what the input `confirmation` must equal before anything is applied; None for a way around it.

    Raises `Undetermined` where it is used in a way that is not understood.
    """
    asked = [_confirmed(file, job) for file, job in _applying(files)]
    return next((it for it in asked if it[0] is None), asked[0])


def _confirmed(file: WorkflowFile, applying: Job) -> Found:
    guards = [*_waits_for(file, applying), applying]
    found = [pair for job in guards for pair in _confirmations(file, job)]
    steps = (step for job in guards for step in _until_apply(job) if not step.may_fail)
    used = [step.where for step in steps if _CONFIRMATION in f"{step.script}{step.condition}"]
    if used and not found:
        raise Undetermined(f"how {_CONFIRMATION} is compared is not understood: {used[0]}")
    return found[0] if found else (None, applying.where)


def _applying(files: Files) -> list[InFile]:
    """Return the jobs that apply. Raises `Undetermined` where there is none."""
    found = [it for it in every_job(files) if any("apply" in subcommands(step) for step in it[1].steps)]
    if not found:
        raise Undetermined(f"no job of {files[0].shown} runs terraform apply")
    return found


def _waits_for(file: WorkflowFile, job: Job) -> list[Job]:
    """Return the jobs that must succeed before this one starts."""
    return [] if _REGARDLESS.search(text(job.data.get("if"))) else file.needed_by(job)


def _is_tested(file: WorkflowFile, job: Job) -> bool:
    applied = [position for position, step in enumerate(job.steps) if "apply" in subcommands(step)][-1]
    later = [line for step in job.steps[applied + 1 :] for line in commands(step.script)]
    waiting = [it for it in file.jobs if job in file.needed_by(it)]
    return any(map(_TESTING.search, later)) or runs(waiting, _TESTING)


def _channels(step: Step) -> list[str]:
    """Return the channels that a step tells; version 1 of the action and the later ones are given them."""
    if not step.uses.startswith("slackapi/slack-github-action@"):
        return []
    own = [part.strip() for part in step.given.get("channel-id", "").split(",")]
    in_payload = re.findall(r"[\"']?channel[\"']?\s*:\s*[\"']?([^\"',\n]+)", step.given.get("payload", ""))
    return [channel.strip() for channel in (*own, *in_payload) if channel.strip()]


def _until_apply(job: Job) -> Iterator[Step]:
    """Yield the steps of a job up to the one that applies, and that one."""
    for step in job.steps:
        yield step
        if "apply" in subcommands(step):
            return


def _confirmations(file: WorkflowFile, job: Job) -> Iterator[tuple[str, str]]:
    """Yield each text that the confirmation must equal for a job to go on."""
    where = file.where("jobs", job.name, "if")
    for operator, other in comparisons(condition(text(job.data.get("if"))), _CONFIRMATION):
        if operator == "==":
            yield other, where
    for step in _until_apply(job):
        if "apply" in subcommands(step):
            compared = comparisons(condition(step.condition), _CONFIRMATION)
            yield from ((other, step.where) for operator, other in compared if operator == "==")
        yield from ((other, step.where) for other in _refusing(step))


def _refusing(step: Step) -> Iterator[str]:
    """Yield what the confirmation must equal for a step not to end wrong."""
    if step.may_fail:
        return
    ends_wrong = bool(_ENDS_WRONG.search(step.run))
    for operator, other in comparisons(condition(step.condition), _CONFIRMATION):
        if operator == "!=" and ends_wrong:
            yield other
    for line in commands(step.script):
        for left, operator, right in _COMPARED.findall(line):
            sides = [left, right]
            reference = f"${{{{ {_CONFIRMATION} }}}}"
            if reference in sides and (ends_wrong or (operator != "!=" and not line.startswith("if"))):
                yield sides[1 - sides.index(reference)]
