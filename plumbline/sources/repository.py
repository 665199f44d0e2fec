"""Checkouts of repositories as evidence."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.kinds.runbook_record import RunbookData, RunbookRecord
from plumbline.values.unknown import Missing, ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.github.checkout import Checkout


class Repository:
    """The files of checkouts, GitHub's settings of the first one, and what runbooks say of themselves.

    Each is read once.
    """

    def __init__(
        self,
        checkouts: Mapping[str, Sequence[Checkout]],
        runbooks: Mapping[str, RunbookData] | None = None,
    ) -> None:
        """Take the checkouts, and the data of the runbook, of each stack."""
        self._checkouts = checkouts
        self._runbooks = runbooks or {}
        self._outcome = functools.cache(self._read)

    def read(self, subject: Subject) -> Kind:
        """Return the subject as the checkouts of its stack say it is.

        What one of them lacks another one may have; a thing that several have is not guessed.
        """
        asked = subject if subject.question is not None else None
        outcome = self._outcome(subject.stack, subject.kind, subject.name, asked)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _read(self, stack: str, kind: type[Kind], name: str, asked: Subject | None) -> Kind | Exception:
        if issubclass(kind, RunbookRecord):
            return _or_why(lambda: kind.from_runbook(self._runbooks.get(stack), name))
        checkouts = self._checkouts.get(stack, ())
        if not checkouts:
            return Undetermined("the repository is not given: --repository DIR")
        question = asked.question if asked else None
        outcomes = [
            _or_why(functools.partial(kind.asked_of_repository, checkout, name, question))
            for checkout in checkouts
        ]
        there = [it for it in outcomes if not isinstance(it, Missing | Undetermined)]
        if len(there) > 1:
            places = [it.where() if isinstance(it, Kind) else str(it) for it in there]
            return Undetermined(f"{name} may be any of {', '.join(places)}")
        return next(iter(there), outcomes[0])


def _or_why(read: Callable[[], Kind]) -> Kind | Exception:
    """Return what is read, or why it is not."""
    try:
        return read()
    except (Missing, ReadError, Undetermined) as reason:
        return reason
