"""Two environments of a stack, held against each other on one source: what differs, and what is meant to."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from plumbline.expectations.stack import Subject
from plumbline.kinds.inventory import Inventory, OfWhat
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Existing
from plumbline.sources.called_alike import called_alike
from plumbline.sources.chosen_names import calling
from plumbline.sources.differences import (
    Comparison,
    Difference,
    NotCompared,
    Pair,
    Reading,
    compared,
    shown,
    shown_name,
    value_shown,
    what_of,
)
from plumbline.sources.listed import Lists, WhyNot, apart, in_an_account, lists_all
from plumbline.values.filling import fill
from plumbline.values.put_back import putting_back
from plumbline.values.some_of import SomeOf, members
from plumbline.values.unknown import Missing, Placeholder, Undetermined
from plumbline.values.unlike import Open, Part, Unlike, is_unlike, unlike

_NOT_THERE = Missing("", "")
_TOGETHER = re.compile(r"\{([a-z_]+(?:\|[a-z_]+)+)\}")
"""Placeholders that were put back as one."""
_NOTHING = object()
"""Stands for a value of which the stack expects nothing."""


@dataclass(frozen=True)
class Environment:
    """What one environment has: its resources by their key in the stack, and what a source gives of each."""

    name: str
    subjects: Mapping[str, Subject]
    readings: Mapping[Subject, Reading]
    placeholders: Mapping[str, str]
    is_account: bool = False
    """Whether an account is read, which lists what its inventories ask for alone."""


class _Side:
    """An environment with the placeholders put back that texts of it hold."""

    def __init__(self, of: Environment, beside: Environment) -> None:
        self.of, self._beside = of, beside
        self._called = calling(of.readings, beside.readings, of.name)
        own, others = of.placeholders, beside.placeholders
        words = putting_back(own, others), putting_back(others, own)
        self.back = putting_back(own, others, called_alike(of.subjects, beside.subjects, words))
        self.reading = functools.cache(self._reading)
        """Gives what the source gives of a resource, by its key."""

    @property
    def home(self) -> str:
        """The region of the environment."""
        region: str = self.back(self.of.placeholders["region"])
        return region

    def _reading(self, key: str) -> Reading:
        """Return what the source gives of a resource; one that the environment is not to have is missing."""
        gave = self.of.readings[self.of.subjects[key]] if key in self.of.subjects else _NOT_THERE
        if isinstance(gave, Inventory) and not isinstance(gave.found, Placeholder):
            return gave.model_copy(update={"found": self._listed(gave.found)})
        if not isinstance(gave, Kind) or self._is_shared(key):
            return gave
        read: Kind = self.back(self._called(gave))
        return read.model_copy(update={it: self._written(key, it, gave, read) for it in gave.as_written})

    def _written(self, key: str, field: str, gave: Kind, read: Kind) -> Any:
        """Return what code says by name: as it is written where both environments have the same there."""
        other = self._beside.readings[self._beside.subjects[key]] if key in self._beside.subjects else None
        own, back = getattr(gave, field), getattr(read, field)
        theirs = getattr(other, field) if isinstance(other, Kind) else None
        if not (isinstance(own, dict) and isinstance(theirs, dict)):
            return back
        return {name: it if repr(it) == repr(theirs.get(name)) else back[name] for name, it in own.items()}

    def _is_shared(self, key: str) -> bool:
        """Whether a resource is a file that both environments have: what it says is the same for both."""
        both = [it.subjects[key] for it in (self.of, self._beside) if key in it.subjects]
        return both[0].kind.lies_in_repository and len({it.name for it in both}) == 1

    def _listed(self, found: list[Existing] | SomeOf) -> list[Existing] | SomeOf:
        """Return what is listed, by the names that are compared."""
        listed = [
            it.model_copy(update={"name": self.back(it.name), "region": self.back(it.region)})
            for it in members(found)
        ]
        return SomeOf(listed, found.reason) if isinstance(found, SomeOf) else listed

    def wanted(self, key: str, field: str) -> Any:
        """Return what the stack expects of a field here: its value, or what bounds it."""
        expected = self.of.subjects[key].expected
        if field in expected:
            return expected[field]
        bound = self._read(key).bound(field, expected)
        return _NOTHING if bound is None else bound

    def meets(self, key: str, field: str) -> bool:
        """Return whether a field is known to be as the stack expects it here, if it expects anything."""
        return not [*self._unmet(key, field)]

    def misses(self, key: str, field: str) -> bool:
        """Return whether a field is known not to be as the stack expects it here."""
        return any(isinstance(it, Unlike) for it in self._unmet(key, field))

    def _unmet(self, key: str, field: str) -> Iterator[Part]:
        """Yield where a field is not as the stack expects it here, and where nobody knows."""
        read, expected = self._read(key), self.of.subjects[key].expected
        if field in expected:
            yield from unlike(getattr(read, field), expected[field], (field,))
        elif read.bound(field, expected) is not None:
            try:
                if not read.keeps_to(expected):
                    yield Unlike((field,), getattr(read, field), read.bound(field, expected))
            except Undetermined as reason:
                yield Open((field,), reason.reason)

    def _read(self, key: str) -> Kind:
        """Return a resource as it was read."""
        read = self.of.readings[self.of.subjects[key]]
        assert isinstance(read, Kind)
        return read

    def why_not(self, key: str) -> WhyNot:
        """Return what tells why an inventory would not list here what the other environment lists."""
        if not self.of.is_account:
            return lists_all
        here = in_an_account(self.of.subjects[key])
        return lambda it: min(map(here, self._here(it)), key=bool)

    def _here(self, existing: Existing) -> Iterator[Existing]:
        """Yield what the other environment lists as it may be called here, and where it lies."""
        region = _filled(existing.region, self.of.placeholders)
        for name in _filled_each(existing.name, self.of.placeholders):
            yield existing.model_copy(update={"name": name, "region": region})

    def called(self, key: str) -> str:
        """Return which resource a key means, with the placeholders put back."""
        it = self.of.subjects[key]
        home = {"region": self.home}
        subject = replace(it, name=self.back(it.name), region=self.back(it.region), placeholders=home)
        return what_of(subject, self.reading(key))


def _filled(text: str, placeholders: Mapping[str, str]) -> str:
    """Return a text with placeholders filled in; braces may be part of a name."""
    try:
        return str(fill(text, placeholders))
    except KeyError:
        return text


def _filled_each(name: str, placeholders: Mapping[str, str]) -> list[str]:
    """Return what a name may be: with each of the placeholders that were put back as one."""
    together = _TOGETHER.search(name)
    if together is None:
        return [_filled(name, placeholders)]
    each = (name.replace(together[0], f"{{{it}}}") for it in together[1].split("|"))
    return [filled for it in each for filled in _filled_each(it, placeholders)]


def parity(one: Environment, other: Environment) -> tuple[Comparison, Comparison]:
    """Return what differs between two environments, and what of that the stack says must differ.

    Texts are compared with the placeholders of their environment put back. A resource that the stack has in
    one of them only is meant to be there only.
    """
    sides = _Side(one, other), _Side(other, one)
    keys = dict.fromkeys([*one.subjects, *other.subjects])
    named = {key: _called(key, sides) for key in keys if not _is_listing(key, sides)}
    lists = list(_lists(keys, sides))
    of_one = _of_one(named, sides)
    found, meant = Comparison(), Comparison()
    for key, resource in named.items():
        mine, others = (_without(it.reading(key), of_one) for it in sides)
        result = compared([Pair(resource, mine, others)])
        if all(key in it.of.subjects for it in sides):
            differs, as_said = _as_said(result, key, sides)
        else:
            differs, as_said = _of_one_only(result, lists)
        found, meant = found + differs, meant + as_said
    told = {it.called(key) for key in named for it in sides if key in it.of.subjects}
    return found + apart(lists, told), meant


def _of_one(keys: Iterable[str], sides: tuple[_Side, _Side]) -> dict[str, set[str]]:
    """Return the names of what the stack has in one environment only, by the noun of its kind."""
    found: dict[str, set[str]] = {}
    for key in keys:
        own = [(it.of.subjects[key], it.back) for it in sides if key in it.of.subjects]
        if len(own) == 1:
            [(subject, back)] = own
            found.setdefault(subject.kind.noun, set()).add(back(subject.name))
    return found


def _without(reading: Reading, of_one: Mapping[str, set[str]]) -> Reading:
    """Return a reading without what it shows of resources that one environment alone is meant to have."""
    if not isinstance(reading, Kind):
        return reading
    return reading.without({name for noun in reading.shows for name in of_one.get(noun, ())})


def _is_listing(key: str, sides: tuple[_Side, _Side]) -> bool:
    return any(issubclass(it.of.subjects[key].kind, Inventory) for it in sides if key in it.of.subjects)


def _called(key: str, sides: tuple[_Side, _Side]) -> str:
    return next(it.called(key) for it in sides if key in it.of.subjects)


def _lists(keys: Mapping[str, None], sides: tuple[_Side, _Side]) -> Iterator[Lists]:
    """Yield what both environments list of each kind."""
    for key in keys:
        if all(key in it.of.subjects for it in sides):
            asked = sides[0].of.subjects[key].question
            if isinstance(asked, OfWhat):
                one, other = sides
                why_not = one.why_not(key), other.why_not(key)
                yield Lists(asked.kind, one.reading(key), other.reading(key), one.home, why_not)


def _of_one_only(result: Comparison, lists: list[Lists]) -> tuple[Comparison, Comparison]:
    """Return what is known of a resource that the stack has in one environment: it is meant to be there only.

    Where the other one has it all the same, that is told.
    """
    found, meant = replace(result, alone=()), Comparison()
    for it in result.alone:
        if any(listed.has(1 - it.side, it.what) for listed in lists):
            reason = "the stack names it in one of the environments, and both have it"
            found += Comparison(open=(NotCompared(it.what, "", reason),))
        else:
            meant += Comparison(alone=(it,))
    return found, meant


def _as_said(result: Comparison, key: str, sides: tuple[_Side, _Side]) -> tuple[Comparison, Comparison]:
    """Return what differs of a resource, and apart from it what the stack says of both environments."""
    said = {it for it in {_field(one) for one in result.differences} if _is_said(it, key, sides)}
    differing = tuple(it for it in result.differences if _field(it) not in said)
    as_said = tuple(it for it in result.differences if _field(it) in said)
    alike = tuple(_alike(result, key, sides))
    return replace(result, differences=differing + alike), Comparison(differences=as_said)


def _alike(result: Comparison, key: str, sides: tuple[_Side, _Side]) -> Iterator[Difference]:
    """Yield the fields that are alike, and not what the stack expects of one environment alone."""
    one, other = (it.reading(key) for it in sides)
    if not isinstance(one, Kind) or not isinstance(other, Kind):
        return
    known = type(one).model_fields.keys() - {*map(_field, result.differences), *map(_field, result.open)}
    for field in [it for it in type(one).model_fields if it in known]:
        wanted = [it.back(it.wanted(key, field)) for it in sides]
        missed = any(it.misses(key, field) for it in sides)
        if missed and (_NOTHING in wanted or is_unlike(*wanted)):
            told = f"{field}, the same where the stack expects two values"
            values = (value_shown((field,), getattr(it, field)) for it in (one, other))
            where = shown(one.where(field)), shown(other.where(field))
            yield Difference(shown_name(_called(key, sides)), told, (next(values), next(values)), where)


def _field(part: Difference | NotCompared) -> str:
    return part.field.partition(".")[0].removesuffix("[]")


def _is_said(field: str, key: str, sides: tuple[_Side, _Side]) -> bool:
    """Return whether the stack expects different values of a field, and these are what was read.

    Where it expects a value in one of the environments alone, whatever the other has is let be.
    """
    wanted = [it.wanted(key, field) for it in sides]
    return wanted[0] != wanted[1] and all(it.meets(key, field) for it in sides)
