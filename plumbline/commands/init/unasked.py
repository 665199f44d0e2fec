"""What is set on what was found, and no sentence asks about: nobody would hear that it changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from pydantic.fields import FieldInfo

from plumbline.kinds.kind import Kind, with_what_they_read
from plumbline.terraform.model import Configuration, Resource
from plumbline.terraform.schema import find
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Placeholder, ReadError, Undetermined, Unexamined, Unreadable

_NO_SETTINGS = frozenset({"name", "arn", "id", "timeouts"})
"""What says which resource it is, and how long Terraform waits for it."""


class _Noted(dict[str, Any]):
    """The arguments of a resource, and which of them were read."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
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


def arguments_unread(kind: type[Kind], resource: Resource, configuration: Configuration) -> list[str]:
    """Return the arguments that are set on a resource, and that its kind does not read."""
    noted = _Noted(resource.values)
    watched = replace(resource, values=noted)
    with suppress(Undetermined, ReadError):
        kind.named(watched, configuration)
        kind.from_terraform(watched, configuration)
    if "tags_all" in noted.read:  # which holds them, with those of the provider
        noted.read.add("tags")
    unread = resource.values.keys() - noted.read - _NO_SETTINGS
    return sorted(it for it in unread if _is_settable(resource.type, it) and _says(resource.values[it]))


def _is_settable(type_: str, name: str) -> bool:
    """Return whether somebody can set an argument; a plan and a state hold what AWS chose, too."""
    schema = find("resource", type_)
    attribute = schema.attribute(name) if schema else None
    return attribute is None or attribute.optional or attribute.required


def _says(value: Any) -> bool:
    """Return whether a value sets anything; a state holds empty blocks for what is not configured."""
    if isinstance(value, Mapping):
        return any(map(_says, value.values()))
    if isinstance(value, list):
        return any(map(_says, value))
    return isinstance(value, Placeholder) or bool(value)


def fields_unasked(model: Kind, asked: Collection[str]) -> Iterator[str]:
    """Yield the fields that are otherwise than by themselves, and that nothing asks, itself or by methods."""
    read = with_what_they_read(type(model), frozenset(asked))
    for name, about in type(model).model_fields.items():
        value = getattr(model, name)
        is_given = not isinstance(value, Unexamined | Unreadable)
        if name not in read and name not in _NO_SETTINGS and is_given and _differs(value, about):
            yield name


def _differs(value: Any, about: FieldInfo) -> bool:
    default = about.get_default(call_default_factory=True)
    if isinstance(value, Placeholder | SomeOf):
        return True
    return bool(value != default) and (isinstance(default, bool) or _says(value))
