"""Evidence of which each subject is read once, however many sentences ask for it."""

from __future__ import annotations

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.sources.source import Source
from plumbline.values.unknown import Missing, ReadError, Undetermined


def outcome(evidence: Source, subject: Subject) -> Kind | Exception:
    """Return what the evidence has of a subject, or why there is nothing to have."""
    try:
        return evidence.read(subject)
    except (Missing, ReadError, Undetermined) as reason:
        return reason


class Once:
    """A source that reads each subject once, and gives every sentence a model of its own of what was read.

    What a model was asked for the sake of one sentence, its card tells, and no other one's.
    """

    def __init__(self, evidence: Source) -> None:
        self._evidence = evidence
        self._read: dict[Subject, Kind | Exception] = {}

    def read(self, subject: Subject) -> Kind:
        """Return the subject as the evidence has it. Raises what reading it raised."""
        if subject not in self._read:
            self._read[subject] = outcome(self._evidence, subject)
        found = self._read[subject]
        if isinstance(found, Exception):
            raise found.with_traceback(None)
        return found.model_copy()
