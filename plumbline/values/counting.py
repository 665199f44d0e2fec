"""A number that was not counted to its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, NoReturn, Self

from pydantic import WrapValidator

from plumbline.values.unknown import Undetermined

_COUNTED = "there are more than were looked at: {}; raise `counted_up_to`"


class AtLeast(int):
    """A number that may be greater: only so many things were looked at, and there are more.

    A comparison that this decides already has an answer; every other one raises `Undetermined`.
    """

    reason: str
    """Why it may be greater; the number stands for `{}` in it."""

    def __new__(cls, number: int, reason: str = _COUNTED) -> Self:
        """Return at least this number."""
        made = super().__new__(cls, number)
        made.reason = reason
        return made

    @property
    def number(self) -> int:
        """The number that it is at least."""
        return int(self)

    def _undecided(self) -> NoReturn:
        raise Undetermined(self.reason.replace("{}", str(self)))

    def __lt__(self, other: int) -> bool:
        return False if int(self) >= other else self._undecided()

    def __le__(self, other: int) -> bool:
        return False if int(self) > other else self._undecided()

    def __gt__(self, other: int) -> bool:
        return int(self) > other or self._undecided()

    def __ge__(self, other: int) -> bool:
        return int(self) >= other or self._undecided()

    def __eq__(self, other: object) -> bool:
        return False if isinstance(other, int) and int(self) > int(other) else self._undecided()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __bool__(self) -> bool:
        return int(self) > 0 or self._undecided()

    __hash__ = int.__hash__

    def __str__(self) -> str:
        return f"at least {int(self)}"

    __repr__ = __str__


class Between(AtLeast):
    """A number that is at least so many and at most so many; `most` is the greatest that it can be."""

    most: int

    def __new__(cls, number: int, most: int, reason: str) -> Self:
        """Return a number between two, these included."""
        made = super().__new__(cls, number, reason)
        made.most = most
        return made

    def __lt__(self, other: int) -> bool:
        return self.most < other or super().__lt__(other)

    def __le__(self, other: int) -> bool:
        return self.most <= other or super().__le__(other)

    def __gt__(self, other: int) -> bool:
        return self.most > other and super().__gt__(other)

    def __ge__(self, other: int) -> bool:
        return self.most >= other and super().__ge__(other)

    def __eq__(self, other: object) -> bool:
        return False if isinstance(other, int) and int(other) > self.most else super().__eq__(other)

    __hash__ = int.__hash__


def _keep(value: object, validate: Callable[[object], object]) -> object:
    return value if isinstance(value, AtLeast) else validate(value)


Counted = Annotated[int, WrapValidator(_keep)]
"""A number of things, which may be an `AtLeast`."""
