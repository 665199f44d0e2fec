"""What becomes of an edit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from plumbline.expectations.stack import Subject
from plumbline.sources.source import ReadSets, Source
from plumbline.suite.finding import WRONG
from plumbline.suite.subjects import Examination
from selftest.mutations.suite import Suite

Fate = Literal["refused", "red", "open", "equivalent", "survives"]
"""Refused before a test is asked; red; not known to some test, which a run counts; the same to Terraform; or
green, and something else all the same."""


@dataclass(frozen=True)
class Outcome:
    """What becomes of an edit, and by whose word."""

    fate: Fate
    told: str = ""
    """The test that is red, or cannot tell, and where."""


def read_sets(examinations: Iterable[Examination]) -> ReadSets:
    """Return what tests read of each subject, as a run has it."""
    wanted: dict[Subject, set[str]] = {}
    for examination in examinations:
        for argument, subject in examination.arguments.items():
            wanted.setdefault(subject, set()).update(examination.reads[argument])
    reads = {subject: frozenset(names) for subject, names in wanted.items()}
    return reads.get


def held(suite: Suite, tests: Iterable[str], evidence: Source) -> Outcome:
    """Return whether a test falls on this evidence; the first one that does ends it."""
    unknown = ""
    for test, end in suite.each(tests, evidence):
        if end.outcome in WRONG:
            return Outcome("red", test)
        if end.outcome in ("undetermined", "no data") and not unknown:
            unknown = f"{test}: {end.reason}"
    return Outcome("open", unknown) if unknown else Outcome("survives")
