"""Where two values differ, part by part; what is not known of one of them is not compared."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from plumbline.values.arns import is_alias_beside_key, is_alias_of_aws
from plumbline.values.counting import AtLeast
from plumbline.values.encoding import encoded
from plumbline.values.plain import plain
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Identity, NotRead, Placeholder, ReadError, Undetermined, Unreadable

Steps = tuple[str, ...]
"""Where a part stands: a field, and the keys and positions below it."""
_PAIRS = ({"Key", "Value"}, {"key", "value"}, {"Name", "Value"}, {"name", "value"})
"""Entries whose one part says what the other is: they are shown together."""
WHICH_KEY = "one side names an alias, the other a key, and only KMS knows whether the alias names that"
"""Some of AWS answers with the key where an alias was given. Source: DynamoDB API, SSEDescription."""
_MOST_MATCHED = 60
"""How many members of a list, unlike all others as they are written, are compared with each other."""


@dataclass(frozen=True)
class Unlike:
    """A part that is one thing here and another there."""

    steps: Steps
    one: Any
    other: Any
    alike: int = 0
    """How many more members of a list both have."""


@dataclass(frozen=True)
class Open:
    """A part that cannot be compared."""

    steps: Steps
    reason: str
    unread: bool = False
    """Whether it could not be read."""


Part = Unlike | Open


def unlike(one: Any, other: Any, steps: Steps = ()) -> Iterator[Part]:
    """Yield where two values differ, and what of them is not compared; nothing where they are the same.

    The order of a list says nothing: AWS keeps such lists as sets, and Terraform most of them.
    """
    if isinstance(one, Placeholder) or isinstance(other, Placeholder):
        yield from _of_unknown(one, other, steps)
    elif isinstance(one, list | tuple | SomeOf) and isinstance(other, list | tuple | SomeOf):
        yield from _of_lists(one, other, steps)
    elif isinstance(one, SomeOf) or isinstance(other, SomeOf):  # beside none at all
        yield from _of_lists([] if one is None else one, [] if other is None else other, steps)
    elif isinstance(one, Mapping | BaseModel) and isinstance(other, Mapping | BaseModel):
        yield from _of_mappings(one, other, steps)
    elif isinstance(one, str) and isinstance(other, str) and is_alias_beside_key(one, other):
        yield Open(steps, WHICH_KEY)
    elif (counted := _not_counted(one, other)) is not None:
        yield Open(steps, counted.told())
    elif not _is_same(one, other):
        yield Unlike(steps, one, other)


def is_unlike(one: Any, other: Any) -> bool:
    """Return whether two values differ, whatever is not known of them."""
    return any(isinstance(it, Unlike) for it in unlike(one, other))


def _is_same(one: Any, other: Any) -> bool:
    """Return whether two values are equal; no number is to be taken for a truth value."""
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _not_counted(one: Any, other: Any) -> AtLeast | None:
    """Return a number that was not counted to its end, and may be the other one, where one is."""
    for counted, beside in ((one, other), (other, one)):
        if isinstance(counted, AtLeast) and isinstance(beside, int | float) and counted.can_be(beside):
            return counted
    return None


def _of_unknown(one: Any, other: Any, steps: Steps) -> Iterator[Part]:
    """Yield why a placeholder is not compared; names that AWS will choose are known by their address."""
    if isinstance(one, Identity) and isinstance(other, Identity):
        try:
            if one != other:
                yield Unlike(steps, one.origin, other.origin)
        except Undetermined as reason:
            yield Open(steps, str(reason))
        return
    if isinstance(one, Identity) and _is_never_chosen(other):
        yield Unlike(steps, one.origin, other)
        return
    if isinstance(other, Identity) and _is_never_chosen(one):
        yield Unlike(steps, one, other.origin)
        return
    for value in (one, other):
        if isinstance(value, Placeholder):
            yield _open(value, steps)
            return


def _is_never_chosen(value: Any) -> bool:
    """Return whether a value is none that AWS chooses for somebody's resource: nothing, or its own key."""
    if isinstance(value, Placeholder | SomeOf):
        return False
    return value in (None, "", [], {}) or (isinstance(value, str) and is_alias_of_aws(value))


def _open(value: Placeholder, steps: Steps) -> Open:
    try:
        value.refuse()
    except (Undetermined, ReadError, NotRead) as reason:
        return Open(steps, str(reason), isinstance(value, Unreadable))


def _of_mappings(one: Any, other: Any, steps: Steps) -> Iterator[Part]:
    one, other = plain(one), plain(other)
    keys = dict.fromkeys([*one, *other])
    found = [it for key in keys for it in unlike(one.get(key), other.get(key), (*steps, str(key)))]
    if {*keys} in _PAIRS and any(isinstance(it, Unlike) for it in found):
        yield Unlike(steps, one, other)
    else:
        yield from found


def _of_lists(one: Any, other: Any, steps: Steps) -> Iterator[Part]:
    doubts = _Doubts(one, other)
    members = [it.members if isinstance(it, SomeOf) else [*it] for it in (one, other)]
    mine, others = _without_written_alike(*members)
    if max(len(mine), len(others)) > _MOST_MATCHED:
        known = not doubts.reason and not any(map(_holds_unknown, (*mine, *others)))
        alike = len(members[0]) - len(mine)
        yield Unlike(steps, mine, others, alike) if known else Open(steps, "it is too long to be matched")
        return
    mine, others = _without_alike(mine, others)
    alike = len(members[0]) - len(mine)
    yield from _of_rest(mine, others, alike, doubts, steps)


@dataclass(frozen=True)
class _Doubts:
    """Two lists of which one, or both, may hold more than is known."""

    one: Any
    other: Any

    @property
    def reason(self) -> str:
        """Why there may be more; empty where there is no more."""
        return next((it.reason for it in (self.one, self.other) if isinstance(it, SomeOf)), "")

    def decide(self, mine: list[Any], others: list[Any]) -> bool:
        """Return whether what is left of each list tells them apart, whatever else they hold."""
        if isinstance(self.one, SomeOf) or isinstance(self.other, SomeOf):
            sure = [] if isinstance(self.other, SomeOf) else _sure(mine, others)
            more = [] if isinstance(self.one, SomeOf) else _sure(others, mine)
            return bool(sure or more)
        counted = not any(_may_be_several(it) for it in (*mine, *others))
        as_many = len(mine) == len(others) or not counted
        return not as_many or bool(_sure(mine, others) or _sure(others, mine))


def _may_be_several(member: Any) -> bool:
    """Return whether nobody knows what a member of a list is; a name that AWS will choose is one thing."""
    return isinstance(member, Placeholder) and not isinstance(member, Identity)


def _of_rest(mine: list[Any], others: list[Any], alike: int, doubts: _Doubts, steps: Steps) -> Iterator[Part]:
    """Yield what two lists come to of which these members have no like in the other one."""
    if len(mine) == len(others) == 1 and not doubts.reason and _have_parts(mine[0], others[0]):
        yield from unlike(mine[0], others[0], (*steps, "[]"))
        return
    if doubts.decide(mine, others):
        yield Unlike(steps, mine, others, alike)
    if doubts.reason:
        yield Open(steps, doubts.reason)
    elif (mine or others) and not doubts.decide(mine, others):
        yield Open(steps, _reason(mine, others))


def _reason(mine: list[Any], others: list[Any]) -> str:
    """Return why it is not known whether the members of two lists are the same."""
    pairs = itertools.product(mine or [None], others or [None])
    return next(it.reason for pair in pairs for it in unlike(*pair) if isinstance(it, Open))


def _have_parts(*values: Any) -> bool:
    return all(isinstance(it, Mapping | BaseModel) for it in values)


def _sure(mine: Iterable[Any], others: list[Any]) -> list[Any]:
    """Return the members that are none of the others, whatever is not known of those."""
    known = (it for it in mine if not isinstance(it, Placeholder))
    return [it for it in known if all(is_unlike(it, other) for other in others)]


def _without_alike(mine: list[Any], others: list[Any]) -> tuple[list[Any], list[Any]]:
    """Return what is left of two lists without the members that both have."""
    rest: list[Any] = []
    for it in mine:
        same = next((n for n, other in enumerate(others) if not [*unlike(it, other)]), None)
        if same is None:
            rest.append(it)
        else:
            others = [*others[:same], *others[same + 1 :]]
    return rest, others


def _without_written_alike(mine: list[Any], others: list[Any]) -> tuple[list[Any], list[Any]]:
    """Return what is left of two lists without the members that are written alike: it takes linear time."""
    written = [[_written(it) for it in them] for them in (mine, others)]
    common = Counter(filter(None, written[0])) & Counter(filter(None, written[1]))
    return _less(mine, written[0], common), _less(others, written[1], common)


def _less(members: list[Any], written: list[str], common: Counter[str]) -> list[Any]:
    left, rest = Counter(common), []
    for it, text in zip(members, written, strict=True):
        if left[text] > 0:
            left[text] -= 1
        else:
            rest.append(it)
    return rest


def _written(value: Any) -> str:
    """Return a value as JSON; nothing for one of which a part is not known."""
    return "" if _holds_unknown(value) else json.dumps(encoded(value), sort_keys=True)


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, Placeholder | SomeOf | AtLeast):
        return True
    if isinstance(value, Mapping | BaseModel):
        return any(map(_holds_unknown, plain(value).values()))
    return isinstance(value, list | tuple) and any(map(_holds_unknown, value))
