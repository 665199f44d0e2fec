"""The places inside a field's value, and other values of the same types to put there."""

from __future__ import annotations

import random
import string
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from plumbline.values.counting import AtLeast
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Placeholder

Put = Callable[[Any], Any]


@dataclass(frozen=True)
class Leaf:
    """A single value inside the value of a field."""

    label: str
    """How the place is called: `[email-index].hash_key`."""
    annotation: Any
    value: Any
    put: Put
    """Gives the field's value with another value at this place."""


@dataclass(frozen=True)
class Flip:
    """A field's value with one thing in it changed."""

    label: str
    value: Any


def leaves(annotation: Any, value: Any, put: Put = lambda value: value, label: str = "") -> Iterator[Leaf]:
    """Yield every single value of a field; the evidence gives no value where there is a placeholder."""
    if isinstance(value, Placeholder):
        return
    if isinstance(value, SomeOf):
        yield from leaves(annotation, value.members, _in_some_of(value, put), label)
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            inner = getattr(value, name)
            yield from leaves(info.annotation, inner, _in_model(value, name, put), f"{label}.{name}")
    elif isinstance(value, list | dict) and value:
        for key in value if isinstance(value, dict) else range(len(value)):
            place = f"{label}[{_called(value, key)}]"
            yield from leaves(_entry(annotation), value[key], _in_entries(value, key, put), place)
    elif not isinstance(value, list | dict):
        yield Leaf(label, annotation, value, put)


def flips(annotation: Any, value: Any, chance: random.Random) -> Iterator[Flip]:
    """Yield the field's value with one thing changed: each single value, an entry more, an entry less."""
    for leaf in leaves(annotation, value):
        yield Flip(leaf.label, leaf.put(another(leaf, chance)))
    if isinstance(value, list):
        yield Flip(": one more", [*value, made(_entry(annotation), chance)])
        for at in range(len(value)):
            yield Flip(f": no [{_called(value, at)}]", value[:at] + value[at + 1 :])
    if isinstance(value, dict):
        yield Flip(": one more", {**value, made(str, chance): made(_entry(annotation), chance)})
        for key in value:
            yield Flip(f": no [{key}]", {name: entry for name, entry in value.items() if name != key})


def another(leaf: Leaf, chance: random.Random) -> Any:
    """Return another value of the leaf's type."""
    while True:
        value = made(leaf.annotation, chance)
        if isinstance(leaf.value, AtLeast) or value != leaf.value:
            return value


def made(annotation: Any, chance: random.Random) -> Any:
    """Return a value of a type."""
    annotation = _plain(annotation)
    if get_origin(annotation) is Literal:
        return chance.choice(get_args(annotation))
    if get_origin(annotation) in (dict, list):
        return get_origin(annotation)()
    if annotation is bool:
        return chance.random() < 0.5
    if annotation in (int, float):
        return annotation(chance.randint(1, 10_000))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields.items()
        return annotation(**{name: made(it.annotation, chance) for name, it in fields if it.is_required()})
    return "".join(chance.choices(string.ascii_lowercase, k=8))


def _plain(annotation: Any) -> Any:
    """Return a type without its annotations and without None."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _plain(next(part for part in get_args(annotation) if part is not type(None)))
    return annotation


def _entry(annotation: Any) -> Any:
    """Return the type of the entries of a list or mapping; `Any` where it does not say."""
    return next(reversed(get_args(_plain(annotation))), Any)


def _called(entries: Any, key: Any) -> str:
    """Return how an entry is called: by its key, or a text by itself."""
    if isinstance(entries, dict):
        return str(key)
    return entries[key] if isinstance(entries[key], str) else ""


def _in_model(model: BaseModel, name: str, put: Put) -> Put:
    return lambda value: put(model.model_copy(update={name: value}))


def _in_some_of(some: SomeOf, put: Put) -> Put:
    return lambda members: put(SomeOf(members, some.reason))


def _in_entries(entries: Any, key: Any, put: Put) -> Put:
    def put_entry(value: Any) -> Any:
        changed = entries.copy()
        changed[key] = value
        return put(changed)

    return put_entry
