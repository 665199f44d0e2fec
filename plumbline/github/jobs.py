"""The jobs and steps of workflow files as they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plumbline.github.expressions import normal
from plumbline.github.workflows import Job, Step, WorkflowFile
from plumbline.values.unknown import Undetermined

Found = tuple[Any, str]
"""A value, and file and line where it stands."""
Files = Sequence[WorkflowFile]
InFile = tuple[WorkflowFile, Job]


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


def only(files: Files) -> WorkflowFile:
    """Return the file of what is asked of one workflow. Raises `Undetermined` for a folder of several."""
    if len(files) > 1:
        raise Undetermined("this is asked of one workflow")
    return files[0]
