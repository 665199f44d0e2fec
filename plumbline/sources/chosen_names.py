"""Names that AWS chose in an environment, made such as tell nothing of which environment it is.

Two environments have keys, APIs, user pools and subnets with ids of their own, whatever else is the same:
each that the stack names is called by that name wherever something refers to it. Of another key or user pool,
and of another thing in a VPC, nobody knows whether it stands for the same.
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
_USER_POOL = r"(?:arn:[\w-]+:cognito-idp:[\w-]+:\d{12}:userpool/)?\b[a-z]{2}(?:-[a-z]+)+-\d_[0-9A-Za-z]+"
"""Source: Amazon Cognito user pools API, UserPoolIdType."""
_CHOSEN = re.compile(rf"arn:[\w-]+:kms:[\w-]+:\d{{12}}:key/[\w-]+|{_USER_POOL}|{_IN_A_VPC.pattern}")
_SHORTEST = 6
"""How many signs the ids have at least that are looked for in texts: those of usage plans."""
_WHICH = "AWS chose the ids: what the stack names is compared by that name, and these it does not name"


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


def calling(own: Readings, others: Readings, environment: str) -> Callable[[Kind], Kind]:
    """Return what calls all that an environment names, and AWS chose a name for, as the stack calls it.

    A key that it does not name is known by its environment alone, unless both environments have it.
    """
    names = dict(_named(own))
    in_both = {*_keys(own.values())} & {*_keys(others.values())}
    longest_first = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    named = re.compile(rf"(?<![A-Za-z0-9])(?:{longest_first})(?![A-Za-z0-9])") if names else None

    def called(text: str) -> Any:
        if _CHOSEN.fullmatch(text) and text not in names and text not in in_both:
            return _Unnamed(environment, text)
        return named.sub(lambda found: names[found[0]], text) if named else text

    return lambda reading: mapped(reading, called)


def _named(readings: Readings) -> Iterator[tuple[str, str]]:
    """Yield what AWS chose for each resource that the stack names, and what that is called here.

    An ARN keeps what it says of where the resource lies and whose it is.
    """
    each = ((subject, gave) for subject, gave in readings.items() if isinstance(gave, Kind))
    for subject, gave in each:
        for field, value in _chosen(gave):
            if value.startswith("arn:"):
                yield value, f"{value.rpartition(':')[0]}:{subject.name}"
            elif len(value) >= _SHORTEST:
                which = "" if field == "id" else f" {field}"
                yield value, f"{gave.noun.replace('_', ' ')} {subject.name}{which}"


def _chosen(reading: Kind) -> Iterator[tuple[str, str]]:
    """Yield the fields of a resource that AWS chose, and their values."""
    for field in [it for it in dict.fromkeys(("id", *reading.chosen)) if it in type(reading).model_fields]:
        value = getattr(reading, field)
        if isinstance(value, str) and value and (field in reading.chosen or _IN_A_VPC.fullmatch(value)):
            yield field, value


def _keys(readings: Iterable[Reading]) -> set[str]:
    """Return what AWS chose anywhere in what was read."""
    found: set[str] = set()

    def note(text: str) -> str:
        found.update(_CHOSEN.findall(text))
        return text

    for it in readings:
        mapped(it, note)
    return found
