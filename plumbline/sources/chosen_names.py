"""Names that AWS chose in an environment, made such as tell nothing of which environment it is.

Two environments have keys, groups and subnets with ids of their own, whatever else is the same: what a key is
called by is its alias, where the stack names it by that, and a security group is called by its name. Of any
other nobody knows whether it stands for the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.sources.differences import Reading
from plumbline.values.put_back import mapped
from plumbline.values.unknown import Identity, Placeholder, Undetermined

Readings = Mapping[Subject, Reading]
_IN_A_VPC = re.compile(r"\b(?:igw|nat|rtb|sg|subnet|vpc)-[0-9a-f]{8,17}\b")
"""Source: Amazon EC2 User Guide, "Resource IDs"."""
_CHOSEN = re.compile(rf"arn:[\w-]+:kms:[\w-]+:\d{{12}}:key/[\w-]+|{_IN_A_VPC.pattern}")
_WHICH = "AWS chose the ids: a key or a security group that the stack names is compared by that name"


class _Unnamed(Identity):
    """Stands for what AWS called so in one environment, and the stack does not name."""

    __slots__ = ()

    def __init__(self, environment: str, arn: str) -> None:
        super().__init__(environment, arn, "arn")
        self.origin = arn

    def elsewhere(self, text: Callable[[str], str]) -> Identity:
        """Return itself: its name says nothing of what it is for."""
        return self

    def refuse(self, *_: object) -> NoReturn:
        """Raise `Undetermined`: whatever it is compared with may be for the same."""
        raise Undetermined(_WHICH)

    def __eq__(self, other: object) -> bool:
        """Raise `Undetermined`, as `refuse` does."""
        return self.refuse(other)

    __hash__ = Placeholder.__hash__


def calling(own: Readings, others: Readings, environment: str) -> Callable[[Any], Any]:
    """Return what calls keys and groups of an environment in a value as the stack calls them.

    One that it does not name is known by its environment alone, unless both environments have it.
    """
    names = dict(_named(own))
    in_both = {*_keys(own.values())} & {*_keys(others.values())}

    def called(text: str) -> Any:
        if _CHOSEN.fullmatch(text) and text not in names and text not in in_both:
            return _Unnamed(environment, text)
        return _CHOSEN.sub(lambda found: names.get(found[0], found[0]), text)

    return lambda value: mapped(value, called)


def _named(readings: Readings) -> Iterator[tuple[str, str]]:
    """Yield the ARN of each key that the stack names, and the ARN with that name in it; a group by its id."""
    for subject, gave in readings.items():
        if not isinstance(gave, Kind):
            continue
        own, arn = (getattr(gave, name, None) for name in ("id", "arn"))
        if isinstance(own, str) and _IN_A_VPC.fullmatch(own):
            yield own, f"{gave.noun} {subject.name}"
        if isinstance(arn, str) and gave.called_by:
            yield arn, f"{arn.rpartition(':')[0]}:{subject.name}"


def _keys(readings: Iterable[Reading]) -> set[str]:
    """Return what AWS chose anywhere in what was read."""
    found: set[str] = set()

    def note(text: str) -> str:
        found.update(_CHOSEN.findall(text))
        return text

    for it in readings:
        mapped(it, note)
    return found
