"""Compares what the evaluator gives with what Terraform recorded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from plumbline.terraform.conversion import type_of
from plumbline.terraform.types import (
    ANY,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)
from plumbline.terraform.values import Value
from plumbline.values.unknown import Unknown

_COLLECTIONS: dict[type[Type], str] = {ListType: "list", SetType: "set", MapType: "map"}


def json_type(value: Value) -> Any:
    """A value's type as Terraform writes types in JSON."""
    return _json_type(type_of(value))


def _json_type(kind: Type) -> Any:
    if isinstance(kind, Primitive):
        return "dynamic" if kind is ANY else kind.name
    if isinstance(kind, TupleType):
        return ["tuple", [_json_type(element) for element in kind.elements]]
    if isinstance(kind, ObjectType):
        return ["object", {name: _json_type(part) for name, part in kind.attributes.items()}]
    assert isinstance(kind, (ListType, SetType, MapType))
    return [_COLLECTIONS[type(kind)], _json_type(kind.element)]


def same_type(ours: Any, theirs: Any) -> bool:
    """Whether two types agree; null and empty collections carry no type here, so that `dynamic` fits any."""
    if ours == "dynamic" or ours == theirs:
        return True
    if not isinstance(ours, list) or not isinstance(theirs, list) or ours[0] != theirs[0]:
        return False
    if ours[0] == "tuple":
        pairs = list(zip(ours[1], theirs[1], strict=False))
        return len(ours[1]) == len(theirs[1]) and all(same_type(a, b) for a, b in pairs)
    if ours[0] == "object":
        return ours[1].keys() == theirs[1].keys() and all(
            same_type(ours[1][k], theirs[1][k]) for k in ours[1]
        )
    return same_type(ours[1], theirs[1])


def plain(value: Value) -> Any:
    """A known value as `json.loads` would give it with `number` for numbers."""
    if isinstance(value, Unknown):
        return f"<unknown {value.origin}>"
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return number(str(value))
    return value


def number(text: str) -> float:
    """A number to the digits that Terraform prints in JSON."""
    return float(f"{float(text):.15g}")
