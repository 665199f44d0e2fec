"""What is set on what was found, and no sentence asks about: nobody would hear that it changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from pydantic.fields import FieldInfo

from plumbline.kinds.kind import Kind, with_what_they_read
from plumbline.kinds.unread_arguments import NO_SETTINGS, is_setting
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Placeholder, Unexamined, Unreadable


def fields_unasked(model: Kind, asked: Collection[str]) -> Iterator[str]:
    """Yield the fields that are otherwise than by themselves, and that nothing asks, itself or by methods."""
    read = with_what_they_read(type(model), frozenset(asked))
    for name, about in type(model).model_fields.items():
        value = getattr(model, name)
        is_given = not isinstance(value, Unexamined | Unreadable)
        if name not in read and name not in NO_SETTINGS and is_given and _differs(value, about):
            yield name


def _differs(value: Any, about: FieldInfo) -> bool:
    default = about.get_default(call_default_factory=True)
    if isinstance(value, Placeholder | SomeOf):
        return True
    return bool(value != default) and (isinstance(default, bool) or is_setting(value))
