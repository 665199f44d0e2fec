"""What the AWS provider declares of itself, and of each resource type and data source: names, types, nesting.

Terraform converts every argument to its declared type before a provider sees it, so that `"1"` and `1` can be
the same. The archive is recorded from the provider by `selftest.terraform.record_schemas`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from plumbline.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)

ARCHIVE = Path(__file__).parent / "schemas" / "aws.zip"

Mode: TypeAlias = Literal["resource", "data", "provider"]
Nesting: TypeAlias = Literal["single", "group", "list", "set", "map"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An argument or a computed attribute."""

    type: Type
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False

    @property
    def is_block_like(self) -> bool:
        """Whether Terraform lets it be written as blocks too: lists and sets of objects."""
        return isinstance(self.type, (ListType, SetType)) and isinstance(self.type.element, ObjectType)


@dataclass(frozen=True, slots=True)
class Nested:
    """A block type inside a block; `most` 0 means any number."""

    nesting: Nesting
    least: int
    most: int
    schema: Schema


class Schema:
    """What a block may hold, read as far as it is asked for: some types nest a thousand blocks."""

    def __init__(self, recorded: dict[str, Any]) -> None:
        self._recorded = recorded
        self._attributes: dict[str, Attribute] = {}
        self._blocks: dict[str, Nested] = {}

    @property
    def attributes(self) -> Iterable[str]:
        """The names of the attributes."""
        return list(self._recorded["a"])

    @property
    def blocks(self) -> Iterable[str]:
        """The names of the block types."""
        return list(self._recorded["b"])

    def attribute(self, name: str) -> Attribute | None:
        """An attribute, or None where there is none of this name."""
        if name not in self._attributes and name in self._recorded["a"]:
            flags, kind = self._recorded["a"][name]
            self._attributes[name] = Attribute(read_type(kind), *(it in flags for it in "rocs"))
        return self._attributes.get(name)

    def block(self, name: str) -> Nested | None:
        """A block type, or None where there is none of this name."""
        if name not in self._blocks and name in self._recorded["b"]:
            nesting, least, most, inner = self._recorded["b"][name]
            self._blocks[name] = Nested(nesting, least, most, Schema(inner))
        return self._blocks.get(name)


def find(mode: Mode, type: str) -> Schema | None:
    """The schema of a resource type, a data source or a provider, or None where it is not recorded."""
    if mode == "provider":
        return _provider(type)
    if type == "terraform_data":
        return _TERRAFORM_DATA if mode == "resource" else None
    if not type.startswith("aws_"):
        return None
    return _schema(mode, type)


@cache
def _schema(mode: Mode, type: str) -> Schema | None:
    recorded = _service(service(type)).get(f"{mode}.{type}")
    return None if recorded is None else Schema(recorded)


@cache
def _provider(name: str) -> Schema | None:
    recorded = _service("provider").get(f"provider.{name}")
    return None if recorded is None else Schema(recorded)


def service(type: str) -> str:
    """The service that a type's second word names."""
    return type.split("_", 2)[1]


def resources(near: str) -> list[str]:
    """The resource types of the service that a type's second word names, or of all where there is none."""
    if not near.startswith("aws_"):
        return []
    own = _service(service(near)) or {it for file in _archive().namelist() for it in _types_in(file)}
    return [it.removeprefix("resource.") for it in own if it.startswith("resource.")]


def _types_in(file: str) -> Iterable[str]:
    return _service(file.removesuffix(".json")) if file.endswith(".json") else ()


@cache
def _service(name: str) -> dict[str, Any]:
    try:
        text = _archive().read(f"{name}.json")
    except KeyError:
        return {}
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def _archive() -> Any:
    """Return the archive, from memory: of an open file forked processes would all move one place."""
    from io import BytesIO
    from zipfile import ZipFile

    return ZipFile(BytesIO(ARCHIVE.read_bytes()))


def version() -> str:
    """The version of the AWS provider that the schemas are from."""
    return str(_archive().read("version").decode())


_PRIMITIVES: dict[str, Type] = {"string": STRING, "number": NUMBER, "bool": BOOL, "dynamic": ANY}


def read_type(kind: Any) -> Type:
    """A type as Terraform writes types in JSON; attributes of objects may be missing."""
    if isinstance(kind, str):
        return _PRIMITIVES[kind]
    name, inner = kind
    if name == "object":
        return ObjectType({key: read_type(part) for key, part in inner.items()}, frozenset(inner))
    if name == "tuple":
        return TupleType(tuple(map(read_type, inner)))
    return {"list": ListType, "set": SetType, "map": MapType}[name](read_type(inner))


_TERRAFORM_DATA = Schema(
    {
        "a": {
            "input": ["o", "dynamic"],
            "triggers_replace": ["o", "dynamic"],
            "output": ["c", "dynamic"],
            "id": ["c", "string"],
        },
        "b": {},
    }
)
