"""What workflows run: on which runner, how long, one at a time, with which inputs and results.

Each function returns a value with file and line where it stands. Raises `Undetermined` where the files do
not say, such as for a runner that an expression chooses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil
from typing import Any

from plumbline.github.applying import possible
from plumbline.github.conditions import resolved
from plumbline.github.jobs import Files, Found, every_job, said
from plumbline.github.programs import applies, terraform_calls
from plumbline.github.runs import JobRun, lookup
from plumbline.github.scripts import Scripts
from plumbline.github.shell.path import Command
from plumbline.github.starts import started
from plumbline.github.workflows import mapping, text, texts
from plumbline.values.unknown import ReadError, Undetermined

_MINUTES_UNLESS_SAID = 360
"""GitHub's own limit of a job. Source: "Workflow syntax", `timeout-minutes`."""
_LOCKING = frozenset(
    {"apply", "destroy", "force-unlock", "import", "plan", "refresh", "taint", "untaint"}
    | {"state mv", "state rm", "state push", "state replace-provider", "apply-all", "plan-all", "destroy-all"}
)
"""The subcommands of Terraform that take the state lock."""


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


def terraform_minutes(files: Files, scripts: Scripts) -> Found:
    """Return the longest time limit of a job that runs Terraform."""
    jobs = _jobs(files, scripts, lambda it: any(terraform_calls(it)) or applies(it) is True)
    if not jobs:
        unread = _jobs(files, scripts, lambda it: applies(it) is None)
        told = f": whether {unread[0].name} applies cannot be read" if unread else ""
        raise Undetermined(f"no job of {files[0].shown} runs Terraform{told}")
    return max(_minutes(job) for job in jobs)


def concurrency_groups(files: Files, scripts: Scripts) -> Found:
    """Return the groups of the jobs that take the state lock, each once; empty for a job without one."""
    found: dict[str, str] = {}
    for job in _locking(files, scripts):
        group, where = _group(job)
        found.setdefault(group, where)
    return list(found), [*found.values()][-1]


def cancels_runs(files: Files, scripts: Scripts) -> Found:
    """Return whether a job that takes the state lock may be cancelled by a later run."""
    told = [(place, _cancels(it, place)) for job in _locking(files, scripts) for it, place in _settings(job)]
    cancelling = [place for place, cancels in told if cancels]
    return bool(cancelling), next(iter(cancelling), told[0][0] if told else files[0].where("jobs"))


def required_inputs(files: Files) -> Found:
    """Return the inputs of a manual start, and whether each must be given."""
    inputs = {name: it for file in files for name, it in file.inputs("workflow_dispatch").items()}
    required = {name: it.get("required") is True for name, it in inputs.items()}
    return required, files[0].of_trigger("workflow_dispatch", "inputs")


def _jobs(files: Files, scripts: Scripts, does: Callable[[Command], bool]) -> list[JobRun]:
    """Return the jobs that any start may come to and in which some command does something."""
    runs = [possible(file, scripts) for file in started(files)]
    return [job for run in runs for job in run.every if any(does(it.command) for it in job.happened)]


def _minutes(job: JobRun) -> tuple[int, str]:
    where = _place(job, "timeout-minutes")
    given = resolved(text(job.data.get("timeout-minutes", _MINUTES_UNLESS_SAID)), lookup(job.values))
    minutes = said(given, "the time limit is", where)
    try:
        return ceil(float(minutes)), where
    except (ValueError, OverflowError):
        raise ReadError(f"{where}: timeout-minutes is {minutes!r}, which is no number", cause=where) from None


def _locking(files: Files, scripts: Scripts) -> list[JobRun]:
    """Return the jobs that take Terraform's state lock. Raises `Undetermined` where there is none."""
    found = _jobs(files, scripts, _locks)
    if not found:
        raise Undetermined(f"no job of {files[0].shown} takes Terraform's state lock")
    return found


def _locks(command: Command) -> bool:
    calls = [call.subcommand for call in terraform_calls(command)]
    return applies(command) is True or any(it in _LOCKING for it in calls)


def _group(job: JobRun) -> tuple[str, str]:
    """Return the group that holds a job back: of those around it the one that hangs on inputs alone."""
    found = [
        (resolved(text(it) or text(mapping(it).get("group")), lookup(job.values)), place)
        for it, place in _settings(job)
    ]
    return (
        min(found, key=lambda it: it[0].count("${{ github.")) if found else ("", _place(job, "concurrency"))
    )


def _settings(job: JobRun) -> Iterator[tuple[Any, str]]:
    """Yield each `concurrency` that a job stands under: its own, its file's, and those of what calls it."""
    at: JobRun | None = job
    while at is not None:
        own, of_file = at.data.get("concurrency"), at.file.data.get("concurrency")
        yield from [(own, _place(at, "concurrency"))] if own else []
        yield from [(of_file, at.file.where("concurrency"))] if of_file else []
        at = at.around


def _cancels(given: Any, where: str) -> bool:
    written = text(mapping(given).get("cancel-in-progress", False))
    return said(resolved(written, lookup({})), "cancel-in-progress is", where) == "true"


def _place(job: JobRun, key: str) -> str:
    """Return where a job, or its file for all jobs, says something."""
    own = job.name.rpartition(" / ")[2]
    return (
        job.file.where(key)
        if key in job.file.data and key not in job.data
        else job.file.where("jobs", own, key)
    )
