"""A number that was not counted to its end."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NoReturn, Self

from pydantic import WrapValidator

from plumbline.values.unknown import NoData, Undetermined

_COUNTED = "there are more than were looked at: {}; raise `counted_up_to`"


class AtLeast(int):
    """A number that may be greater: only so many things were looked at, and there are more.

    A comparison that this decides already has an answer; every other one raises `Undetermined`, and so does
    whatever would make another number of it.
    """

    reason: str
    """Why it may be greater; the number stands for `{}` in it."""
    most: float = math.inf
    """The greatest that it can be."""

    def __new__(cls, number: int, reason: str = _COUNTED) -> Self:
        """Return at least this number."""
        made = super().__new__(cls, number)
        made.reason = reason
        return made

    @property
    def number(self) -> int:
        """The number that it is at least."""
        return int(self)

    def told(self) -> str:
        """Return why it may be greater, with the number."""
        return self.reason.replace("{}", str(self))

    def can_be(self, other: float) -> bool:
        """Return whether it may be the same as a number, which may be one that was not counted either."""
        return self.number <= _most(other) and _least(other) <= self.most

    def _undecided(self, *_: object) -> NoReturn:
        raise Undetermined(self.told())

    if not TYPE_CHECKING:  # to the types it is a number
        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __neg__ = __abs__ = _undecided
        __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _undecided
        __pow__ = __rpow__ = __divmod__ = __rdivmod__ = __round__ = __float__ = _undecided

    def __lt__(self, other: float) -> bool:
        return self.most < _least(other) or (self.number < _most(other) and self._undecided())

    def __le__(self, other: float) -> bool:
        return self.most <= _least(other) or (self.number <= _most(other) and self._undecided())

    def __gt__(self, other: float) -> bool:
        return self.number > _most(other) or (self.most > _least(other) and self._undecided())

    def __ge__(self, other: float) -> bool:
        return self.number >= _most(other) or (self.most >= _least(other) and self._undecided())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int | float) and self.can_be(other) and self._undecided()

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __bool__(self) -> bool:
        return int(self) > 0 or self._undecided()

    __hash__ = int.__hash__

    def __str__(self) -> str:
        return f"at least {int(self)}"

    __repr__ = __str__


class Between(AtLeast):
    """A number that is at least so many and at most so many."""

    def __new__(cls, number: int, most: int, reason: str) -> Self:
        """Return a number between two, these included."""
        made = super().__new__(cls, number, reason)
        made.most = most
        return made


class InPart(float):
    """What was measured of a part of something: the whole may be greater, or else it may be less.

    A comparison that this decides already has an answer; every other one raises `NoData`, and so does
    whatever would make another number of it.
    """

    number: float
    """What was measured."""
    reason: str
    """What was not measured."""
    greater: bool
    """Whether the whole may be greater; else it may be less."""

    def __new__(cls, number: float, reason: str, *, greater: bool) -> Self:
        """Return what was measured, and in which direction the whole may differ."""
        made = super().__new__(cls, number)
        made.number, made.reason, made.greater = number, reason, greater
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[float, str], dict[str, bool]]:
        """Return what a copy is made of."""
        return (self.number, self.reason), {"greater": self.greater}

    def _undecided(self, *_: object) -> NoReturn:
        raise NoData(self.reason)

    if not TYPE_CHECKING:  # to the types it is a number
        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __neg__ = __abs__ = _undecided
        __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _undecided
        __eq__ = __ne__ = __bool__ = __round__ = __int__ = _undecided
        __hash__ = float.__hash__

    def _decided(self, *, is_below: bool) -> bool:
        """Return whether the whole is below a bound that what was measured is, or is not, below."""
        return is_below if is_below is not self.greater else self._undecided()

    def __lt__(self, other: float) -> bool:
        return self._decided(is_below=self.number < other)

    def __le__(self, other: float) -> bool:
        return self._decided(is_below=self.number <= other)

    def __gt__(self, other: float) -> bool:
        return not self <= other

    def __ge__(self, other: float) -> bool:
        return not self < other

    def __str__(self) -> str:
        return f"at {'least' if self.greater else 'most'} {self.number}"

    __repr__ = __str__


def _least(number: float) -> float:
    return number.number if isinstance(number, AtLeast) else number


def _most(number: float) -> float:
    return number.most if isinstance(number, AtLeast) else number


def _keep(value: object, validate: Callable[[object], object]) -> object:
    return value if isinstance(value, AtLeast | InPart) else validate(value)


Counted = Annotated[int, WrapValidator(_keep)]
"""A number of things, which may be an `AtLeast`."""
Value = Annotated[float, WrapValidator(_keep)]
"""What was measured, which may be an `InPart`."""
