"""What values of Python code are, as far as its syntax tree tells: constants, what is empty, what is open."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import TypeAlias

from plumbline.kinds.python_code import Function


@dataclass(frozen=True)
class Known:
    value: object


class Hangs(IntEnum):
    """On what a value hangs that nothing tells."""

    ON_NOTHING = 0
    ON_A_SETTING = 1
    """On the environment of the process."""
    ON_THE_REFUSAL = 2


@dataclass(frozen=True)
class Open:
    """A value that nothing tells."""

    hangs: Hangs = Hangs.ON_NOTHING


@dataclass(frozen=True)
class Many:
    """A collection of what is like this; there is `some`, or perhaps none. Without anything it is empty."""

    each: Value | None
    some: bool = False


@dataclass(frozen=True)
class Row:
    each: tuple[Value, ...]

    @cached_property
    def size(self) -> int:
        """How many values it is made of; one that stands in it twice is looked at twice."""
        return sum(map(_size, self.each))


@dataclass(frozen=True)
class Code:
    """A function that is a value."""

    node: Function | ast.Lambda
    given: dict[str, Value] = field(hash=False, compare=False)


_MOST_IN_A_ROW = 1_000
Value: TypeAlias = Known | Open | Many | Row | Code
Names: TypeAlias = dict[str, Value]
EMPTY, NONE = Many(None), Known(None)
SOMETHING = Many(Open(Hangs.ON_THE_REFUSAL), some=True)
"""What is true, and tells of the refusal whatever else it is."""


def row(*each: Value) -> Value:
    """Return values in their order; of very many only on what they hang."""
    made = Row(each)
    return made if made.size <= _MOST_IN_A_ROW else Open(hanging(*each))


def _size(value: Value) -> int:
    match value:
        case Row():
            return 1 + value.size
        case Many(each=each) if each is not None:
            return 1 + _size(each)
    return 1


def truth_of(value: Value) -> bool | None:
    """Return whether a condition of this value holds; None where that is not told."""
    match value:
        case Known(value=known):
            return bool(known)
        case Many(each=None):
            return False
        case Many(some=some):
            return some or None
        case Open():
            return None
    return True


def hanging(*values: Value) -> Hangs:
    """Return on what values hang, the most of all."""
    return max(map(_hangs, values), default=Hangs.ON_NOTHING)


def _hangs(value: Value) -> Hangs:
    match value:
        case Open(hangs=hangs):
            return hangs
        case Many(each=each) if each is not None:
            return hanging(each)
        case Row(each=several):
            return hanging(*several)
    return Hangs.ON_NOTHING


def one_of(value: Value) -> Value:
    """Return what one of a collection is."""
    if isinstance(value, Many) and value.each is not None:
        return value.each
    return Open(hanging(value))


def like_all(values: list[Value]) -> Value:
    return values[0] if len(values) == 1 else Open(hanging(*values))


def compared(left: Value, op: ast.cmpop, right: Value) -> Value:
    if isinstance(left, Known) and isinstance(right, Known):
        match op:
            case ast.Is() | ast.Eq():
                return Known(left.value == right.value)
            case ast.IsNot() | ast.NotEq():
                return Known(left.value != right.value)
            case ast.Gt() if isinstance(left.value, int) and isinstance(right.value, int):
                return Known(left.value > right.value)
    is_open = isinstance(left, Open) or isinstance(right, Open)
    if NONE in (left, right) and isinstance(op, ast.Is | ast.IsNot) and not is_open:
        return Known(isinstance(op, ast.IsNot))
    if right == EMPTY and isinstance(op, ast.In | ast.NotIn):
        return Known(isinstance(op, ast.NotIn))
    return Open(hanging(left, right))
