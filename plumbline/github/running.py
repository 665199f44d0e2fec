"""What workflows run: on which runner, how long, one at a time, with which inputs and results.

Each function returns a value with file and line where it stands. Raises `Undetermined` where the files do
not say, such as for a runner that an expression chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plumbline.github.cron import days_between
from plumbline.github.expressions import normal
from plumbline.github.jobs import (
    Files,
    Found,
    InFile,
    each_once,
    every_job,
    every_step,
    place_of,
    runs,
    said,
    subcommands,
)
from plumbline.github.workflows import Job, WorkflowFile, commands, mapping, text, texts
from plumbline.values.unknown import ReadError, Undetermined

_MINUTES_UNLESS_SAID = 360
"""GitHub's own limit of a job. Source: "Workflow syntax", `timeout-minutes`."""
_LOCKING = frozenset({"apply", "destroy", "force-unlock", "import", "plan", "refresh", "state", "taint"})
"""The subcommands of Terraform that take the state lock."""
_BACKUPS = re.compile(r"\baws\s+backup\b|\bpytest\b(?=.*--live)(?!.*\btests/(?!backup))")


def runners(files: Files) -> Found:
    """Return the labels that jobs run on, each once, and where the last one appears."""
    found: dict[str, str] = {}
    for file, job in every_job(files):
        if not job.calls:
            label = job.data.get("runs-on")
            shown = text(label) or ", ".join(texts(label)) or ", ".join(map(text, mapping(label).values()))
            where = file.where("jobs", job.name, "runs-on")
            found.setdefault(said(shown or "nothing", f"job {job.name} runs on", where), where)
    return list(found), [*found.values()][-1] if found else files[0].where()


def terraform_minutes(files: Files) -> Found:
    """Return the longest time limit of a job that runs Terraform."""
    limits = [_minutes(file, job) for file, job in _own_jobs(files) if any(map(subcommands, job.steps))]
    if not limits:
        raise Undetermined(f"no job of {files[0].shown} runs Terraform")
    return max(limits)


def concurrency_groups(files: Files) -> Found:
    """Return the groups of the jobs that take the state lock, each once; empty for a job without one."""
    return each_once(_locking(files), lambda file, job: normal(_concurrency(file, job)[0]), "concurrency")


def cancels_runs(files: Files) -> Found:
    """Return whether a job that takes the state lock may be cancelled by a later run."""
    cancelling = [(file, job) for file, job in _locking(files) if _concurrency(file, job)[1]]
    file, job = next(iter(cancelling), _locking(files)[0])
    return bool(cancelling), place_of(file, job, "concurrency")


def artifacts(files: Files) -> Found:
    """Return the names of the files in each artifact that is uploaded."""
    steps = [step for step in every_step(files) if step.uses.startswith("actions/upload-artifact@")]
    named = {
        step.given.get("name", "artifact"): [
            line.strip().rpartition("/")[2] for line in step.given.get("path", "").splitlines()
        ]
        for step in steps
    }
    return named, next((step.where for step in steps), files[0].where("jobs"))


def scheduled_checks(files: Files) -> Found:
    """Return the workflows that check backups by a schedule, each with the most days between two checks."""
    found: dict[str, int] = {}
    place = files[0].where()
    for file in files:
        schedule = file.triggers.get("schedule")
        crons = [text(mapping(it).get("cron")) for it in (schedule if isinstance(schedule, list) else ())]
        if crons and runs(file.jobs, _BACKUPS):
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
    lines = (line for step in every_step(files) for line in commands(step.script))
    return "\n".join(lines), files[0].where("jobs")


def _own_jobs(files: Files) -> Iterator[InFile]:
    """Yield the jobs with steps of their own: those of a called workflow instead of the one that calls."""
    for file, job in every_job(files):
        called = file.called(job.calls)
        yield from _own_jobs([called]) if called else [(file, job)]


def _minutes(file: WorkflowFile, job: Job) -> tuple[int, str]:
    where = place_of(file, job, "timeout-minutes")
    minutes = said(text(job.data.get("timeout-minutes", _MINUTES_UNLESS_SAID)), "the time limit is", where)
    try:
        return int(float(minutes)), where
    except (ValueError, OverflowError):
        raise ReadError(f"{where}: timeout-minutes is {minutes!r}, which is no number", cause=where) from None


def _locking(files: Files) -> list[InFile]:
    """Return the jobs that take Terraform's state lock. Raises `Undetermined` where there is none."""
    found = [it for it in _own_jobs(files) if any(subcommands(step) & _LOCKING for step in it[1].steps)]
    if not found:
        raise Undetermined(f"no job of {files[0].shown} takes Terraform's state lock")
    return found


def _concurrency(file: WorkflowFile, job: Job) -> tuple[str, bool]:
    """Return the group of a job and whether a run of it may be cancelled: its own group or its file's."""
    given = job.data.get("concurrency", file.data.get("concurrency"))
    where = place_of(file, job, "concurrency")
    cancels = said(text(mapping(given).get("cancel-in-progress", False)), "cancel-in-progress is", where)
    return text(given) or text(mapping(given).get("group")), cancels == "true"


def _days(crons: list[str], where: str) -> int:
    try:
        return days_between(crons)
    except ValueError as error:
        raise ReadError(f"{where}: {error}", cause=where, advice="see crontab(5)") from None
