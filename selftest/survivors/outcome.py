"""What becomes of an edit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.sources.source import ReadSets, Source
from plumbline.suite.finding import WRONG
from plumbline.suite.subjects import Examination
from plumbline.values.unknown import Missing, ReadError, Undetermined
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


class Once:
    """Evidence of which each subject is read once, however many tests ask for it."""

    def __init__(self, evidence: Source) -> None:
        self._evidence = evidence
        self._read: dict[Subject, Kind | Exception] = {}

    def read(self, subject: Subject) -> Kind:
        """Return the subject as the evidence has it."""
        if subject not in self._read:
            try:
                self._read[subject] = self._evidence.read(subject)
            except (Missing, ReadError, Undetermined) as reason:
                self._read[subject] = reason
        found = self._read[subject]
        if isinstance(found, Exception):
            raise found
        return found


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
