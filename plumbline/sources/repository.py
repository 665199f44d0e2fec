"""A checkout of a repository as evidence."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.values.unknown import Missing, ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.github.checkout import Checkout


class Repository:
    """The files of a checkout, and GitHub's settings of it; each is read once."""

    def __init__(self, checkout: Checkout | None) -> None:
        """Take the checkout; None where it was not given."""
        self._checkout = checkout
        self._outcome = functools.cache(self._read)

    def read(self, subject: Subject) -> Kind:
        """Return the subject as the checkout says it is."""
        outcome = self._outcome(subject.kind, subject.name)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _read(self, kind: type[Kind], name: str) -> Kind | Exception:
        if self._checkout is None:
            return Undetermined("the repository is not given: --repository DIR")
        try:
            return kind.from_repository(self._checkout, name)
        except (Missing, ReadError, Undetermined) as reason:
            return reason
