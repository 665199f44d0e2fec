"""A list of which some members are known, and not whether those are all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

from plumbline.values.unknown import Undetermined

T = TypeVar("T")

MOST_DOUBTS = 3
"""How many of several doubts are told."""


def doubted(members: list[Any], doubts: Iterable[str]) -> list[Any] | SomeOf:
    """Return the members of a list; where something makes it doubtful that these are all, at least these."""
    reasons = list(dict.fromkeys(doubts))
    further = len(reasons) - MOST_DOUBTS
    told = [*reasons[:MOST_DOUBTS], *([f"and {further} more"] if further > 0 else [])]
    return SomeOf(members, "; ".join(told)) if reasons else members


def members(items: Iterable[T]) -> list[T]:
    """Return the members of a list that are known, whether or not those are all."""
    return items.members if isinstance(items, SomeOf) else [*items]


def listed(value: Any) -> list[Any]:
    """Return the members known of what may be one thing or a list of them."""
    return members(value) if isinstance(value, list | SomeOf) else [value]


def one_is(items: Iterable[T], so: Callable[[T], bool]) -> bool:
    """Return whether one of several things is so, whatever is not known of the others.

    Raises `Undetermined` where none is and one may be.
    """
    doubts: list[Undetermined] = []
    for it in members(items):
        try:
            if so(it):
                return True
        except Undetermined as doubt:
            doubts.append(doubt)
    if doubts:
        raise doubts[0]
    return isinstance(items, SomeOf) and items.refuse()


def each_told(items: Iterable[T], tell: Callable[[T], Iterable[str]]) -> list[str]:
    """Return what is wrong with some things. Raises `Undetermined` where nothing is for certain."""
    told: list[str] = []
    doubts: list[Undetermined] = []
    for it in items:
        try:
            told += tell(it)
        except Undetermined as doubt:
            doubts.append(doubt)
    if doubts and not told:
        raise doubts[0]
    return told


class SomeOf:
    """Members of a list to which others may belong: what these decide is decided, and nothing else.

    Whoever looks for one of them finds it; whoever asks whether there is another, or how many there are, is
    refused. A list that lacks one of them is another list.
    """

    __slots__ = ("members", "reason")

    def __init__(self, members: Sequence[Any], reason: str) -> None:
        self.members, self.reason = list(members), reason

    def refuse(self) -> NoReturn:
        """Raise `Undetermined` with the reason for which there may be others."""
        raise Undetermined(self.reason)

    def __iter__(self) -> Iterator[Any]:
        yield from self.members
        self.refuse()

    def __contains__(self, member: object) -> bool:
        return member in self.members or self.refuse()

    def __bool__(self) -> bool:
        return bool(self.members) or self.refuse()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, list) and any(member not in other for member in self.members):
            return False
        return self.refuse()

    def __len__(self) -> int:
        self.refuse()

    def __getitem__(self, position: object) -> Any:
        self.refuse()

    def __add__(self, other: object) -> Any:
        self.refuse()

    __radd__ = __add__

    __hash__ = None  # type: ignore[assignment]  # as of a list

    def __repr__(self) -> str:
        """Return what it is, for people; heard of as a refusal is, since a text of it lacks the others."""
        with suppress(Undetermined):
            self.refuse()
        return f"{self.members!r} and perhaps others"
