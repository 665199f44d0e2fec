"""Terraform's types, as written in `type = list(object({...}))`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plumbline.terraform.values import Value


class Type:
    """A type constraint."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Primitive(Type):
    """string, number, bool, or `any`, which takes every value as it is."""

    name: str

    def __str__(self) -> str:
        return self.name


STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
ANY = Primitive("any")


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """A list whose elements all have one type."""

    element: Type

    def __str__(self) -> str:
        return f"list({self.element})"


@dataclass(frozen=True, slots=True)
class SetType(Type):
    """An unordered collection of unique values of one type."""

    element: Type

    def __str__(self) -> str:
        return f"set({self.element})"


@dataclass(frozen=True, slots=True)
class MapType(Type):
    """A map from strings to values of one type."""

    element: Type

    def __str__(self) -> str:
        return f"map({self.element})"


@dataclass(frozen=True, slots=True)
class TupleType(Type):
    """A sequence in which each element has its own type."""

    elements: tuple[Type, ...]

    def __str__(self) -> str:
        return f"tuple([{', '.join(map(str, self.elements))}])"


@dataclass(frozen=True, slots=True)
class ObjectType(Type):
    """Named attributes, each with its own type; missing `optional` ones take their default."""

    attributes: Mapping[str, Type]
    optional: frozenset[str] = frozenset()
    defaults: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"object({{{', '.join(f'{name}={kind}' for name, kind in sorted(self.attributes.items()))}}})"
