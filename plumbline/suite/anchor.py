"""Where in a file stands what is wrong with a resource of which an account was asked, and no file read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.suite.finding import Finding
from plumbline.suite.run import Run

_ANCHORED = ("failed", "error", "broken", "waived", "known")
_BY_DECLARATION = ("moto", "live", "state")
"""The sources that show what came of a declaration."""


def anchored(
    finding: Finding, subject: Subject, run: Run, declared: Callable[[Subject], Kind | None]
) -> Finding:
    """Return a finding with the lines that declare what is wrong, and those of the stack that expect it.

    `declared` gives the subject as Terraform source declares it, where that is at hand.
    """
    if finding.what.outcome not in _ANCHORED:
        return finding
    model = declared(subject) if finding.about.source in _BY_DECLARATION else None
    fields = list(dict.fromkeys(_fields(finding, subject)))
    lines = [
        *(model.where(field) for field in (fields or [""]) if model),
        run.stacks[subject.stack].place_of(subject, fields[0] if fields else ""),
    ]
    return replace(finding, about=replace(finding.about, declared=[it for it in lines if it]))


def _fields(finding: Finding, subject: Subject) -> Iterator[str]:
    """Yield the fields of the resource that differ: `tags` of the difference `tags.Owner`."""
    for it in finding.what.differences:
        yield from (name for name in re.split(r"[.(]", it.field) if name in subject.kind.model_fields)
