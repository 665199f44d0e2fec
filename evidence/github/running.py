"""What workflows run, on what and in which order: the jobs with Terraform, their gates, what comes after.

Each function returns a value with file and line where it stands. Raises `Undetermined` where the files do
not say, such as for a runner that an expression chooses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from evidence.github.cron import days_between
from evidence.github.expressions import comparisons, condition, normal
from evidence.github.workflows import Job, Step, WorkflowFile, commands, mapping, text, texts
from evidence.unknown import ReadError, Undetermined

Found = tuple[Any, str]
Files = Sequence[WorkflowFile]
InFile = tuple[WorkflowFile, Job]

_MINUTES_UNLESS_SAID = 360
"""GitHub's own limit of a job. Source: "Workflow syntax", `timeout-minutes`."""
_TERRAFORM = re.compile(r"\bterraform\b(?:\s+[\"']?-\S+)*\s+([a-z][a-z-]*)")
_LOCKING = frozenset({"apply", "destroy", "force-unlock", "import", "plan", "refresh", "state", "taint"})
"""The subcommands of Terraform that take the state lock."""
_CHECKING = re.compile(r"\bterraform\b.*\s(?:plan|validate)\b|\bpytest\b")
_TESTING = re.compile(r"\bpytest\b|\bhealth-check[\w-]*\.sh\b")
_BACKUPS = re.compile(r"\baws\s+backup\b|\bpytest\b(?=.*--live)(?!.*\btests/(?!backup))")
_CONFIRMATION = "inputs.confirmation"
_COMPARED = re.compile(
    r"(?:\[\[?|\btest)\s+[\"']?(.+?)[\"']?\s+(==?|!=)\s+[\"']?(.+?)[\"']?(?=\s*(?:\]|$|[;|&]))"
)
_REGARDLESS = re.compile(r"\b(?:always|cancelled|failure)\s*\(")
"""Conditions that let a job start although a job that it waits for failed."""
_ENDS_WRONG = re.compile(r"\bexit\s+[1-9]|\bfalse\b")


def runners(files: Files) -> Found:
    """Return the labels that jobs run on, each once, and where the last one appears."""
    found: dict[str, str] = {}
    for file, job in _jobs(files):
        if not job.calls:
            label = job.data.get("runs-on")
            shown = text(label) or ", ".join(texts(label)) or ", ".join(map(text, mapping(label).values()))
            where = file.where("jobs", job.name, "runs-on")
            found.setdefault(_said(shown or "nothing", f"job {job.name} runs on", where), where)
    return list(found), [*found.values()][-1] if found else files[0].where()


def terraform_minutes(files: Files) -> Found:
    """Return the longest time limit of a job that runs Terraform."""
    limits = [_minutes(file, job) for file, job in _own_jobs(files) if any(map(_subcommands, job.steps))]
    if not limits:
        raise Undetermined(f"no job of {files[0].shown} runs Terraform")
    return max(limits)


def concurrency_groups(files: Files) -> Found:
    """Return the groups of the jobs that take the state lock, each once; empty for a job without one."""
    return _each_once(
        files, _locking(files), lambda file, job: normal(_concurrency(file, job)[0]), "concurrency"
    )


def cancels_runs(files: Files) -> Found:
    """Return whether a job that takes the state lock may be cancelled by a later run."""
    cancelling = [(file, job) for file, job in _locking(files) if _concurrency(file, job)[1]]
    file, job = next(iter(cancelling), _locking(files)[0])
    return bool(cancelling), _place_of(file, job, "concurrency")


def apply_environments(files: Files) -> Found:
    """Return the GitHub environments of the jobs that apply, each once; empty for a job without one."""
    return _each_once(files, _applying(files), lambda _, job: normal(_environment(job)), "environment")


def checked_before_apply(files: Files) -> Found:
    """Return whether every job that applies waits for one that plans, validates or tests."""
    unchecked = [(file, job) for file, job in _applying(files) if not _run(file.needed_by(job), _CHECKING)]
    file, job = next(iter(unchecked), _applying(files)[0])
    return not unchecked, _place_of(file, job, "needs")


def tested_after_apply(files: Files) -> Found:
    """Return whether tests run after every apply: later in its job, or in a job that waits for it."""
    untested = [(file, job) for file, job in _applying(files) if not _is_tested(file, job)]
    _, job = next(iter(untested), _applying(files)[0])
    return not untested, job.where


def notified_channels(files: Files) -> Found:
    """Return the Slack channels that are told by jobs which wait for no approval themselves."""
    found = {
        _said(channel, "the channel is", step.where): step.where
        for _, job in _jobs(files)
        if not _environment(job)
        for step in job.steps
        for channel in _channels(step)
    }
    return list(found), next(iter(found.values()), files[0].where("jobs"))


def artifacts(files: Files) -> Found:
    """Return the names of the files in each artifact that is uploaded."""
    steps = [step for step in _steps(files) if step.uses.startswith("actions/upload-artifact@")]
    named = {
        step.given.get("name", "artifact"): [
            line.strip().rpartition("/")[2] for line in step.given.get("path", "").splitlines()
        ]
        for step in steps
    }
    return named, next((step.where for step in steps), files[0].where("jobs"))


def confirmation(files: Files) -> Found:
    """Return what the input `confirmation` must equal before anything is applied; None for a way around it.

    Raises `Undetermined` where it is used in a way that is not understood.
    """
    asked = [_confirmed(file, job) for file, job in _applying(files)]
    return next((it for it in asked if it[0] is None), asked[0])


def _confirmed(file: WorkflowFile, applying: Job) -> Found:
    needed = [] if _REGARDLESS.search(text(applying.data.get("if"))) else file.needed_by(applying)
    guards = [*needed, applying]
    found = [pair for job in guards for pair in _confirmations(file, job)]
    steps = (step for job in guards for step in _until_apply(job))
    used = [step.where for step in steps if _CONFIRMATION in f"{step.script}{step.condition}"]
    if used and not found:
        raise Undetermined(f"how {_CONFIRMATION} is compared is not understood: {used[0]}")
    return found[0] if found else (None, applying.where)


def scheduled_checks(files: Files) -> Found:
    """Return the workflows that check backups by a schedule, each with the most days between two checks."""
    found: dict[str, int] = {}
    place = files[0].where()
    for file in files:
        schedule = file.triggers.get("schedule")
        crons = [text(mapping(it).get("cron")) for it in (schedule if isinstance(schedule, list) else ())]
        if crons and _run(file.jobs, _BACKUPS):
            place = file.of_trigger("schedule")
            found[file.shown] = _days(crons, place)
    return found, place


def required_inputs(files: Files) -> Found:
    """Return the inputs of a manual start, and whether each must be given."""
    inputs = {name: it for file in files for name, it in file.inputs("workflow_dispatch").items()}
    required = {name: it.get("required") is True for name, it in inputs.items()}
    return required, files[0].of_trigger("workflow_dispatch", "inputs")


def command_lines(files: Files) -> Found:
    """Return the command lines of all steps, in their order."""
    lines = (line for step in _steps(files) for line in commands(step.script))
    return "\n".join(lines), files[0].where("jobs")


def _steps(files: Files) -> Iterator[Step]:
    for _, job in _jobs(files):
        yield from job.steps


def _jobs(files: Files) -> list[InFile]:
    return [(file, job) for file in files for job in file.jobs]


def _own_jobs(files: Files) -> Iterator[InFile]:
    """Yield the jobs with steps of their own: those of a called workflow instead of the one that calls."""
    for file, job in _jobs(files):
        called = file.called(job.calls)
        yield from _own_jobs([called]) if called else [(file, job)]


def _said(value: str, what: str, where: str) -> str:
    """Return a value that the file says itself. Raises `Undetermined` for one that an expression gives."""
    if "${{" in value:
        raise Undetermined(f"{what} {normal(value)}, at {where}")
    return value


def _each_once(
    files: Files, jobs: Iterable[InFile], read: Callable[[WorkflowFile, Job], str], key: str
) -> Found:
    found: dict[str, str] = {}
    for file, job in jobs:
        found.setdefault(read(file, job), _place_of(file, job, key))
    return list(found), [*found.values()][-1]


def _place_of(file: WorkflowFile, job: Job, key: str) -> str:
    """Return where a job, or its file for all jobs, says something."""
    return file.where(key) if key in file.data and key not in job.data else file.where("jobs", job.name, key)


def _run(jobs: Iterable[Job], pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(line) for job in jobs for step in job.steps for line in commands(step.script))


def _subcommands(step: Step) -> set[str]:
    """Return the subcommands of Terraform that a step runs."""
    return {found for line in commands(step.script) for found in _TERRAFORM.findall(line)}


def _minutes(file: WorkflowFile, job: Job) -> tuple[int, str]:
    where = _place_of(file, job, "timeout-minutes")
    said = _said(text(job.data.get("timeout-minutes", _MINUTES_UNLESS_SAID)), "the time limit is", where)
    try:
        return int(float(said)), where
    except ValueError:
        raise ReadError(f"{where}: timeout-minutes is {said!r}, which is no number", cause=where) from None


def _locking(files: Files) -> list[InFile]:
    """Return the jobs that take Terraform's state lock. Raises `Undetermined` where there is none."""
    found = [it for it in _own_jobs(files) if any(_subcommands(step) & _LOCKING for step in it[1].steps)]
    if not found:
        raise Undetermined(f"no job of {files[0].shown} takes Terraform's state lock")
    return found


def _applying(files: Files) -> list[InFile]:
    """Return the jobs that apply. Raises `Undetermined` where there is none."""
    found = [it for it in _jobs(files) if any("apply" in _subcommands(step) for step in it[1].steps)]
    if not found:
        raise Undetermined(f"no job of {files[0].shown} runs terraform apply")
    return found


def _concurrency(file: WorkflowFile, job: Job) -> tuple[str, bool]:
    """Return the group of a job and whether a run of it may be cancelled: its own group or its file's."""
    given = job.data.get("concurrency", file.data.get("concurrency"))
    where = _place_of(file, job, "concurrency")
    cancels = _said(text(mapping(given).get("cancel-in-progress", False)), "cancel-in-progress is", where)
    return text(given) or text(mapping(given).get("group")), cancels == "true"


def _environment(job: Job) -> str:
    given = job.data.get("environment")
    return text(given) or text(mapping(given).get("name"))


def _is_tested(file: WorkflowFile, job: Job) -> bool:
    applied = [position for position, step in enumerate(job.steps) if "apply" in _subcommands(step)][-1]
    later = [line for step in job.steps[applied + 1 :] for line in commands(step.script)]
    waiting = [it for it in file.jobs if job in file.needed_by(it)]
    return any(map(_TESTING.search, later)) or _run(waiting, _TESTING)


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
        if "apply" in _subcommands(step):
            return


def _confirmations(file: WorkflowFile, job: Job) -> Iterator[tuple[str, str]]:
    """Yield each text that the confirmation must equal for a job to go on."""
    where = file.where("jobs", job.name, "if")
    for operator, other in comparisons(condition(text(job.data.get("if"))), _CONFIRMATION):
        if operator == "==":
            yield other, where
    for step in _until_apply(job):
        if "apply" in _subcommands(step):
            compared = comparisons(condition(step.condition), _CONFIRMATION)
            yield from ((other, step.where) for operator, other in compared if operator == "==")
        yield from ((other, step.where) for other in _refusing(step))


def _refusing(step: Step) -> Iterator[str]:
    """Yield what the confirmation must equal for a step not to end wrong."""
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


def _days(crons: list[str], where: str) -> int:
    try:
        return days_between(crons)
    except ValueError as error:
        raise ReadError(f"{where}: {error}", cause=where, advice="see crontab(5)") from None
