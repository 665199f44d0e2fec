"""Which of several that fit is meant: the one that best bears out what is asked of what the stack looks for.

"An alarm fires when a backup fails" holds where one does, whatever others there are; and all that is asked of
that alarm must hold of the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from _pytest.outcomes import OutcomeException

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.kinds.selection import Several
from plumbline.suite.record import RECORD, Record
from plumbline.suite.statement import failed, refuse_unknown
from plumbline.suite.subjects import Examination

_Rank = tuple[int, int]
"""How many sentences do not hold of one, and of how many that is not known."""


@dataclass(frozen=True)
class Meant:
    """What is taken for the one that is looked for."""

    model: Kind
    alone: bool
    """Whether none of the others bears out as much."""


class Choice:
    """Chooses among several that fit, as the sentences of a run tell them apart."""

    def __init__(
        self,
        config: pytest.Config,
        examinations: Sequence[Examination],
        read: Callable[[str, Subject], Kind],
    ) -> None:
        """Take the sentences that are chosen, and what reads the other resources that they speak of."""
        self._config, self._examinations, self._read = config, examinations, read
        self._meant: dict[tuple[str, Subject], Meant | Several] = {}

    def among(self, several: Several, source: str, subject: Subject) -> Meant:
        """Return what is meant of several; the first of those that bear out as much.

        Raises `Several` where none of them can be read, and while it is being chosen.
        """
        if (source, subject) not in self._meant:
            self._meant[source, subject] = several
            self._meant[source, subject] = self._best(several, source, subject)
        meant = self._meant[source, subject]
        if isinstance(meant, Several):
            raise meant
        return meant

    def _best(self, several: Several, source: str, subject: Subject) -> Meant | Several:
        models = [it for it in several.each if isinstance(it, Kind)]
        if not models:
            return several
        ranks = [self._rank(it, source, subject) for it in models]
        best = min(ranks)
        return Meant(models[ranks.index(best)], ranks.count(best) == 1 and len(models) == len(several.each))

    def _rank(self, model: Kind, source: str, subject: Subject) -> _Rank:
        held = [self._holds(it, subject, model) for it in self._about(source, subject)]
        return held.count(False), held.count(None)

    def _about(self, source: str, subject: Subject) -> Iterator[Examination]:
        for it in self._examinations:
            if it.source == source and not it.probes and subject in it.arguments.values():
                yield it

    def _holds(self, examination: Examination, subject: Subject, model: Kind) -> bool | None:
        """Return whether a sentence holds of what may be meant; None where that is not known."""
        before = self._config.stash.get(RECORD, None)
        record = self._config.stash[RECORD] = Record(examination)
        try:
            for argument, other in examination.arguments.items():
                is_it = other == subject
                record.models[argument] = model if is_it else self._read(examination.source, other)
            return _is_held(record)
        except (Exception, OutcomeException):  # who is asked by its test tells it
            return None
        finally:
            if before is not None:
                self._config.stash[RECORD] = before


def _is_held(record: Record) -> bool:
    try:
        with record.hearing():
            record.examination.function(**record.arguments())
    except AssertionError as difference:
        refuse_unknown(record, failed(difference))
        return False
    record.settle()
    return True
