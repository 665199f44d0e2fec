"""The jobs of workflow files: their steps, what they run of Terraform, and where they say something."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from plumbline.github.expressions import normal
from plumbline.github.workflows import Job, Step, WorkflowFile, commands, mapping, text
from plumbline.values.unknown import Undetermined

Found = tuple[Any, str]
"""A value, and file and line where it stands."""
Files = Sequence[WorkflowFile]
InFile = tuple[WorkflowFile, Job]

_TERRAFORM = re.compile(r"\bterraform\b(?:\s+[\"']?-\S+)*\s+([a-z][a-z-]*)")


def every_job(files: Files) -> list[InFile]:
    """Return the jobs of all files, each with its file."""
    return [(file, job) for file in files for job in file.jobs]


def every_step(files: Files) -> Iterator[Step]:
    """Yield the steps of all jobs in their order."""
    for _, job in every_job(files):
        yield from job.steps


def said(value: str, what: str, where: str) -> str:
    """Return a value that the file says itself. Raises `Undetermined` for one that an expression gives."""
    if "${{" in value:
        raise Undetermined(f"{what} {normal(value)}, at {where}")
    return value


def each_once(jobs: Iterable[InFile], read: Callable[[WorkflowFile, Job], str], key: str) -> Found:
    """Return what the jobs say under a key, each value once, and where the last one first stands."""
    found: dict[str, str] = {}
    for file, job in jobs:
        found.setdefault(read(file, job), place_of(file, job, key))
    return list(found), [*found.values()][-1]


def place_of(file: WorkflowFile, job: Job, key: str) -> str:
    """Return where a job, or its file for all jobs, says something."""
    return file.where(key) if key in file.data and key not in job.data else file.where("jobs", job.name, key)


def runs(jobs: Iterable[Job], pattern: re.Pattern[str]) -> bool:
    """Return whether a command line of these jobs matches."""
    return any(pattern.search(line) for job in jobs for step in job.steps for line in commands(step.script))


def subcommands(step: Step) -> set[str]:
    """Return the subcommands of Terraform that a step runs."""
    return {found for line in commands(step.script) for found in _TERRAFORM.findall(line)}


def environment(job: Job) -> str:
    """Return the GitHub environment that a job deploys to; empty where it names none."""
    given = job.data.get("environment")
    return text(given) or text(mapping(given).get("name"))
