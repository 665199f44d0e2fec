"""The arguments of Terraform's resources that no kind reads: nobody hears that they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from plumbline.kinds.registry import kinds, own_types
from plumbline.terraform.model import Configuration, Resource
from plumbline.terraform.schema import Schema, find
from plumbline.values.unknown import Placeholder, ReadError, Undetermined

NO_SETTINGS = frozenset({"name", "arn", "id", "timeouts"})
"""What says which resource it is, and how long Terraform waits for it."""


class _Noted(dict[str, Any]):
    """The arguments of a resource, or of a block of it, and which of them were read."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__({name: _noted(value) for name, value in values.items()})
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """Return an argument, or what stands for it."""
        self.read.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self.read.update(super().__iter__())
        return super().__iter__()

    def items(self) -> Any:
        """Return all arguments, which are read by that."""
        self.read.update(super().__iter__())
        return super().items()

    def values(self) -> Any:
        """Return the values of all arguments, which are read by that."""
        self.read.update(super().__iter__())
        return super().values()


def _noted(value: Any) -> Any:
    return [_Noted(it) if isinstance(it, dict) else it for it in value] if isinstance(value, list) else value


def unread_arguments(configurations: Sequence[Configuration]) -> list[list[tuple[Resource, str]]]:
    """Return of each root of an environment what is set there and not read, with the resource that has it.

    Of what belongs to another resource only that is told of which something is read.
    """
    watched: list[Configuration] = []
    for it in configurations:
        resources = tuple(replace(its, values=_Noted(its.values)) for its in it.resources)
        watched.append(replace(it, resources=resources, others=partial(_others, watched, len(watched))))
    for root in watched:
        for kind in kinds().values():
            for resource in kind.declared_in(root):
                with suppress(Undetermined, ReadError):  # what it did not come to read is told
                    kind.named(resource, root)
                    kind.from_terraform(resource, root)
    return [[(it, path) for it in root.resources for path in _unread_of(it)] for root in watched]


def _unread_of(resource: Resource) -> Iterator[str]:
    noted = resource.values
    assert isinstance(noted, _Noted)
    if noted.read or resource.type in own_types(kinds().values()):
        yield from _unread(noted, find("resource", resource.type))


def _others(roots: Sequence[Configuration], number: int) -> tuple[Configuration, ...]:
    return tuple(it for at, it in enumerate(roots) if at != number)


def _unread(noted: _Noted, schema: Schema | None) -> Iterator[str]:
    """Yield the arguments that were not read, and the parts of blocks of which another part was."""
    read = noted.read | ({"tags"} if "tags_all" in noted.read else set())  # which has the provider's, too
    for name, value in dict.items(noted):
        if name in NO_SETTINGS or not is_setting(value) or not _is_settable(schema, name):
            continue
        if name not in read:
            yield name
            continue
        nested = schema.block(name) if schema else None
        for block in value if isinstance(value, list) else ():
            if isinstance(block, _Noted) and block.read:
                yield from (f"{name}.{path}" for path in _unread(block, nested.schema if nested else None))


def _is_settable(schema: Schema | None, name: str) -> bool:
    """Return whether somebody can set an argument; a plan and a state hold what AWS chose, too."""
    attribute = schema.attribute(name) if schema else None
    return attribute is None or attribute.optional or attribute.required


def is_setting(value: Any) -> bool:
    """Return whether a value sets anything; a state holds empty blocks for what is not configured."""
    if isinstance(value, dict):
        return any(map(is_setting, dict.values(value)))
    if isinstance(value, list):
        return any(map(is_setting, value))
    return isinstance(value, Placeholder) or bool(value)
