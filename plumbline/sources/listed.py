"""What only one of two sides has, of kinds that are listed whole: there, and declared nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from plumbline.expectations.stack import Subject
from plumbline.kinds.inventory import Inventory, OfWhat
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Existing
from plumbline.sources.differences import (
    Alone,
    Comparison,
    NotCompared,
    Reading,
    Side,
    reason_shown,
    shown,
    shown_name,
    what,
)
from plumbline.values.some_of import SomeOf, members
from plumbline.values.unknown import Placeholder, ReadError, Undetermined

WhyNot: TypeAlias = Callable[[Existing], str]
"""Tells why a side would not list something, did it have that; an empty text where it would."""

_NAMES_ALL = "python -m plumbline coverage --not-asked listed"
_MOST = 3
"""How many kinds are named that are not listed."""
_UNNAMED = "both sides have it, and nothing else of it is compared: the stack does not name it"


def lists_all(_: Existing) -> str:
    """Tell that a side lists whatever it has, as code does."""
    return ""


@dataclass(frozen=True)
class Lists:
    """What two sides list of one kind."""

    of: type[Kind]
    one: Reading
    other: Reading
    home: str = ""
    """The region in which things are just called by their name."""
    why_not: tuple[WhyNot, WhyNot] = (lists_all, lists_all)
    """Why each side would not list something: an account lists some regions and prefixes."""
    of_others: frozenset[str] = frozenset()
    """What the other side has for environments that share its account: `orders in eu-west-1`."""

    def what(self, existing: Existing) -> str:
        """Return which one it is, to people: `table orders`, `table orders in eu-west-1`."""
        return what(self.of, existing.name, existing.region if existing.region != self.home else "")

    def has(self, side: int, told: str) -> bool:
        """Return whether one of the sides is known to have something, as it is called to people."""
        reading = (self.one, self.other)[side]
        found = reading.found if isinstance(reading, Inventory) else []
        known = [] if isinstance(found, Placeholder) else members(found)
        return any(is_called(shown_name(self.what(it)), [told]) for it in known)


def is_called(what: str, told: Iterable[str]) -> bool:
    """Return whether something is among what is told of; of what says no region that may name any."""
    return any(it == what or it.startswith(f"{what} in ") for it in told)


def in_an_account(subject: Subject) -> WhyNot:
    """Return what tells why an inventory would not list something that lies in an account."""
    asked = subject.question
    assert isinstance(asked, OfWhat)
    regions = subject.regions

    def why_not(it: Existing) -> str:
        if not asked.holds(it.name):
            return f"only what begins with {', '.join(asked.prefixes)} is listed there"
        return f"only {', '.join(regions)} is listed there" if it.region and it.region not in regions else ""

    return why_not


def code_and_account(subject: Subject, code: Reading, account: Reading) -> Lists:
    """Return what the code of an environment and its account list for an inventory.

    What the stack names is told of by itself where it is this environment's, and otherwise another one's.
    """
    asked = subject.question
    assert isinstance(asked, OfWhat)
    named = frozenset(subject.expected.get("named", ()))
    where = (lists_all, in_an_account(subject))
    return Lists(asked.kind, code, account, subject.region, where, of_others=named)


def unlisted(subjects: Iterable[Subject], known: Iterable[type[Kind]]) -> list[str]:
    """Return the kinds that can be listed and that no inventory among some subjects lists.

    Those come first of which there is one among the subjects.
    """
    subjects = [*subjects]
    listed = {it.question.kind for it in subjects if isinstance(it.question, OfWhat)}
    lacking = [kind for kind in known if kind.listing and kind not in listed]
    lacking.sort(key=lambda kind: all(it.kind is not kind for it in subjects))
    return [kind.plural.replace("_", " ") for kind in lacking]


def not_listed(lacking: list[str], of: str, options: str) -> str:
    """Return that kinds are not listed, the first of them by name, and the command that names them all."""
    rest = len(lacking) - _MOST
    told = ", ".join(lacking if rest < 2 else [*lacking[:_MOST], f"and {rest} more kinds"])
    return f"Not listed: {told}{of}; an inventory finds what no YAML names. All: {_NAMES_ALL}{options}"


def apart(lists: Iterable[Lists], told: Iterable[str] = ()) -> Comparison:
    """Return what only one side lists, each once, but for what is `told` of already, as `what` calls it.

    Of anything else that both list only that is known.
    """
    known = {name for it in told for name in (it, it.rpartition(" in ")[0])}
    found: dict[str, Alone | NotCompared] = {}
    every = list(lists)
    for it in every:
        if unread := _unread(it):
            found[unread.what] = unread
            continue
        for side, existing, rest in _only_on_one(it):
            if side == 1 and existing.told in it.of_others:
                continue
            if it.what(existing) not in known and not _is_told_by_another(it, side, existing, every):
                found.setdefault(it.what(existing), _of(it, side, existing, rest))
        for existing in _on_both(it):
            if it.what(existing) not in known:
                found.setdefault(it.what(existing), NotCompared(shown_name(it.what(existing)), "", _UNNAMED))
    return Comparison(
        alone=tuple(it for it in found.values() if isinstance(it, Alone)),
        open=tuple(it for it in found.values() if isinstance(it, NotCompared)),
    )


def _is_told_by_another(lists: Lists, side: Side, existing: Existing, every: list[Lists]) -> bool:
    """Return whether the other side would list something by another inventory, and not by this one."""
    return bool(lists.why_not[1 - side](existing)) and any(
        not it.why_not[1 - side](existing) for it in every if it.of is lists.of
    )


def _unread(lists: Lists) -> NotCompared | None:
    """Return why two lists cannot be compared at all, if they cannot."""
    what = f"all {lists.of.plural.replace('_', ' ')}"
    for side in (lists.one, lists.other):
        if not isinstance(side, Inventory):
            unread = isinstance(side, ReadError)
            return NotCompared(what, "", reason_shown(str(side)), unread)
        if isinstance(side.found, Placeholder):
            try:
                side.found.refuse()
            except (Undetermined, ReadError) as reason:
                return NotCompared(what, "", reason_shown(str(reason)), isinstance(reason, ReadError))
    return None


def _only_on_one(lists: Lists) -> Iterator[tuple[Side, Existing, list[Existing] | SomeOf]]:
    """Yield what one side has and nothing of the same name of the other is, with what that has."""
    assert isinstance(lists.one, Inventory)
    assert isinstance(lists.other, Inventory)
    yield from ((0, it, lists.other.found) for it in _beyond(lists.one.found, lists.other.found))
    yield from ((1, it, lists.one.found) for it in _beyond(lists.other.found, lists.one.found))


def _on_both(lists: Lists) -> Iterator[Existing]:
    """Yield what both sides have."""
    assert isinstance(lists.one, Inventory)
    assert isinstance(lists.other, Inventory)
    beyond = [*_beyond(lists.one.found, lists.other.found)]
    yield from (it for it in members(lists.one.found) if it not in beyond)


def _beyond(own: list[Existing] | SomeOf, others: list[Existing] | SomeOf) -> Iterator[Existing]:
    """Yield what is in one list, and under no name and in no place that it may be the same in the other."""
    there: dict[str, set[str]] = {}
    for it in members(others):
        there.setdefault(it.name, set()).add(it.region)
    for it in members(own):
        regions = there.get(it.name, set())
        anywhere = regions and (not it.region or "" in regions)
        if not anywhere and it.region not in regions:
            yield it


def _of(lists: Lists, side: Side, existing: Existing, rest: list[Existing] | SomeOf) -> Alone | NotCompared:
    what = shown_name(lists.what(existing))
    if why_not := lists.why_not[1 - side](existing):
        return NotCompared(what, "", reason_shown(f"the other side may have it: {why_not}"))
    if isinstance(rest, SomeOf):
        return NotCompared(what, "", reason_shown(f"the other side may have it: {rest.reason}"))
    return Alone(what, side, shown(existing.where))
