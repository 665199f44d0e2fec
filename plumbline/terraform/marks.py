"""Values with Terraform's mark that they are sensitive: it goes along to what is made of them.

A mark stands on texts and numbers, the parts of a collection each for itself. On bools and null there is
none: they say too little to be a secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from plumbline.terraform.values import Instance, TfList, TfMap, TfSet, Value
from plumbline.values.sensitive import are_there_any, mark
from plumbline.values.unknown import Unknown

_LEAST_MADE = 5
"""How many characters something has that is made of such values, and not shown wherever it turns up."""


class Marked:
    """What has the mark."""

    __slots__ = ()


class SensitiveText(Marked, str):
    """A text that is sensitive."""

    __slots__ = ()


class _Integer(Marked, int):
    __slots__ = ()


class _Decimal(Marked, Decimal):
    __slots__ = ()


def marked(value: Value) -> Value:
    """Return a value that is sensitive, in all of its parts."""
    match value:
        case Marked() | bool() | None | Unknown():
            return value
        case str():
            return SensitiveText(value)
        case int():
            return _Integer(value)
        case Decimal():
            return _Decimal(value)
        case TfSet() | TfList():
            return type(value)(map(marked, value), value.element)
        case TfMap():
            return TfMap(((SensitiveText(name), marked(it)) for name, it in value.items()), value.element)
        case Instance():
            return Instance(value.address, {name: marked(it) for name, it in value.items()})
        case dict():
            return {SensitiveText(name): marked(it) for name, it in value.items()}
    return [marked(it) for it in value]


def sensitive(value: Value) -> Value:
    """Return a value with the mark, and let it not be shown from now on."""
    mark(value)
    return marked(value)


def is_marked(value: Value) -> bool:
    """Return whether a value is sensitive, or has a part that is."""
    waiting: list[Any] = [value]
    while waiting:
        it = waiting.pop()
        if isinstance(it, Marked):
            return True
        if isinstance(it, dict):
            waiting += (*it, *it.values())
        elif isinstance(it, list):
            waiting += it
    return False


def made_of(result: Value, parts: Iterable[Value]) -> Value:
    """Return what was made of some parts: sensitive where one of them is."""
    if not are_there_any() or not any(map(is_marked, parts)):
        return result
    mark(result, least=_LEAST_MADE)
    return marked(result)


def mark_all(value: Value) -> None:
    """Let nothing in a value be shown that is sensitive, however short."""
    if not are_there_any():
        return
    waiting: list[Any] = [value]
    while waiting:
        it = waiting.pop()
        if isinstance(it, Marked):
            mark(it, least=1)
        elif isinstance(it, dict):
            waiting += (*it, *it.values())
        elif isinstance(it, list):
            waiting += it
