"""Checkouts of repositories as evidence."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.values.unknown import Missing, ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.github.checkout import Checkout


class Repository:
    """The files of checkouts, and GitHub's settings of the first one; each is read once."""

    def __init__(self, checkouts: Mapping[str, Sequence[Checkout]]) -> None:
        """Take the checkouts of each stack."""
        self._checkouts = checkouts
        self._outcome = functools.cache(self._read)

    def read(self, subject: Subject) -> Kind:
        """Return the subject as the checkouts of its stack say it is.

        What one of them lacks another one may have; a thing that several have is not guessed.
        """
        outcome = self._outcome(subject.stack, subject.kind, subject.name)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _read(self, stack: str, kind: type[Kind], name: str) -> Kind | Exception:
        checkouts = self._checkouts.get(stack, ())
        if not checkouts:
            return Undetermined("the repository is not given: --repository DIR")
        outcomes = [_read_in(checkout, kind, name) for checkout in checkouts]
        there = [it for it in outcomes if not isinstance(it, Missing | Undetermined)]
        if len(there) > 1:
            places = [it.where() if isinstance(it, Kind) else str(it) for it in there]
            return Undetermined(f"{name} may be any of {', '.join(places)}")
        return next(iter(there), outcomes[0])


def _read_in(checkout: Checkout, kind: type[Kind], name: str) -> Kind | Exception:
    try:
        return kind.from_repository(checkout, name)
    except (Missing, ReadError, Undetermined) as reason:
        return reason
