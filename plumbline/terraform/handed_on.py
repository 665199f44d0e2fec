"""Where an unknown value of a plan comes from, by way of what the resources in between were given.

Companions are chained one to the next: `for_each = aws_x.block` and `bucket = each.value.bucket` name what
each `aws_x.block` has for its bucket, and the plan's configuration says what it was given for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plumbline.terraform.values import OneOf
from plumbline.values.unknown import Identity, Unknown

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from plumbline.terraform.model import Configuration, Resource

_DEEPEST = 50
"""How many resources a way leads through at most: an edited plan can lead in a circle."""
_ITS_OWN = frozenset({"name", "id", "arn"})
"""Attributes that name the resource itself, whatever they are made from."""


class Givers:
    """What the resources of a plan were given of one another."""

    def __init__(self, configuration: Configuration, names: Container[str]) -> None:
        """Take the resources; `names` are the arguments, as `type.argument`, that name a resource itself."""
        self._configuration, self._names = configuration, names
        self._resources: Mapping[str, Resource] = {it.address: it for it in configuration.resources}

    def origin_of(self, value: Unknown) -> Unknown:
        """Return what a value leads to in the end; itself where nobody was given it."""
        at = value
        for _ in range(_DEEPEST):
            given = self._given(at)
            if given is None:
                return at
            at = given
        return value

    def _given(self, value: Unknown) -> Unknown | None:
        """Return what was given for the attribute that a value is, where that leads to one more resource."""
        address, _, attribute = value.origin.rpartition(".")
        if isinstance(value, OneOf):
            address, attribute = value.own, value.attribute
        maker = self._resources.get(address)
        if isinstance(value, Identity) or maker is None or self._is_its_own(maker, attribute):
            return None
        given = maker.values.get(attribute)
        if not isinstance(given, Unknown) or given.origin == value.origin or not self._leads(given):
            return None
        return given if not isinstance(value, OneOf) or _agree(given, self._among(value, attribute)) else None

    def _is_its_own(self, maker: Resource, attribute: str) -> bool:
        return attribute in _ITS_OWN or f"{maker.type}.{attribute}" in self._names

    def _leads(self, given: Unknown) -> bool:
        """Whether a value is an attribute of a resource of the plan, and not only made of one."""
        if isinstance(given, Identity):
            return True
        address = given.own if isinstance(given, OneOf) else given.origin.rpartition(".")[0]
        return address in self._resources

    def _among(self, value: OneOf, attribute: str) -> Sequence[object]:
        """Return what each of the instances was given, of one of which a value is an attribute."""
        alike = self._configuration.of_type(self._resources[value.own].type)
        return [it.values.get(attribute) for it in alike if value.may_be(it.address)]


def _agree(given: Unknown, others: Sequence[object]) -> bool:
    """Whether all were given the same, or one each of the same instances."""
    if isinstance(given, OneOf):
        return all(isinstance(it, OneOf) and it.among == given.among for it in others)
    return all(type(it) is type(given) and repr(it) == repr(given) for it in others)
