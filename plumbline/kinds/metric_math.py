"""Metric math of CloudWatch, as far as it says what an alarm sees.

Source: CloudWatch user guide, "Using math expressions with CloudWatch metrics".
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from plumbline.values.unknown import Undetermined

Points: TypeAlias = list[float | None]
"""A time series: a value for each period, oldest first; None where there is none."""
Value: TypeAlias = float | Points | list[Points] | str
"""What an expression gives: a number, a time series, several of them, or a text."""
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?P<name>[A-Za-z]\w*)"
    r"|(?P<text>\"[^\"]*\"|'[^']*')|(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/^<>()\[\],]))"
)
_LEVELS: tuple[dict[str, Callable[[float, float], float]], ...] = (
    {"||": lambda a, b: float(bool(a) or bool(b)), "OR": lambda a, b: float(bool(a) or bool(b))},
    {"&&": lambda a, b: float(bool(a) and bool(b)), "AND": lambda a, b: float(bool(a) and bool(b))},
    {
        "==": lambda a, b: float(a == b),
        "!=": lambda a, b: float(a != b),
        "<=": lambda a, b: float(a <= b),
        ">=": lambda a, b: float(a >= b),
        "<": lambda a, b: float(a < b),
        ">": lambda a, b: float(a > b),
    },
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": operator.truediv},
)
"""The operators, those that bind least first."""
_EACH: dict[str, Callable[[float], float]] = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}
_OF_SEVERAL: dict[str, Callable[[Sequence[float]], float]] = {
    "SUM": sum,
    "MIN": min,
    "MAX": max,
    "AVG": lambda values: sum(values) / len(values),
}
_DEEPEST = 50


@dataclass(frozen=True)
class Known:
    """What an expression can name."""

    metrics: Mapping[str, Points]
    """The metrics of the alarm by id, for METRICS()."""
    expressions: Mapping[str, str]
    """Other expressions of the alarm by id."""
    depth: int = 0


def evaluated(expression: str, known: Known) -> Points:
    """Return the time series of an expression. Raises `Undetermined` for what is not evaluated here."""
    if known.depth > _DEEPEST:
        raise Undetermined(f"the expression {expression} refers to itself")
    try:
        value = _Reader(expression, known).whole()
    except (ValueError, TypeError, IndexError, OverflowError, RecursionError):
        raise Undetermined(f"the expression {expression} is not evaluated here") from None
    if isinstance(value, list) and not any(isinstance(it, list) for it in value):
        return [it for it in value if not isinstance(it, list)]
    raise Undetermined(f"the expression {expression} gives no single time series")


class _Reader:
    """Evaluates an expression while it reads it."""

    def __init__(self, expression: str, known: Known) -> None:
        self.known = known
        self.tokens = _tokens(expression)
        self.at = 0

    def whole(self) -> Value:
        value = self._operation(0)
        if self.at < len(self.tokens):
            raise ValueError("more than an expression")
        return value

    def _next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def _takes(self, *signs: str) -> str:
        """Return the sign that stands next, if it is one of these, and go past it."""
        if self.at < len(self.tokens) and self.tokens[self.at] in signs:
            return self._next()
        return ""

    def _wants(self, sign: str) -> None:
        if not self._takes(sign):
            raise ValueError(f"{sign} is missing")

    def _operation(self, level: int) -> Value:
        if level == len(_LEVELS):
            return self._signed()
        value = self._operation(level + 1)
        while sign := self._takes(*_LEVELS[level]):
            value = _together(_LEVELS[level][sign], value, self._operation(level + 1))
        return value

    def _signed(self) -> Value:
        if self._takes("-"):
            return _together(operator.sub, 0.0, self._signed())
        self._takes("+")
        base = self._single()
        return _together(_power, base, self._signed()) if self._takes("^") else base

    def _single(self) -> Value:
        token = self._next()
        if token == "(":
            value = self._operation(0)
            self._wants(")")
            return value
        if token == "[":
            return [_series(it) for it in self._listed("]")]
        if token[0] in "\"'":
            return token[1:-1]
        if token[0].isdigit() or token[0] == ".":
            return float(token)
        if self._takes("("):
            return self._called(token.upper())
        return self._named(token)

    def _listed(self, end: str) -> list[Value]:
        found: list[Value] = []
        if self._takes(end):
            return found
        found.append(self._operation(0))
        while self._takes(","):
            found.append(self._operation(0))
        self._wants(end)
        return found

    def _named(self, name: str) -> Value:
        if name in self.known.metrics:
            return self.known.metrics[name]
        if name in self.known.expressions:
            further = Known(self.known.metrics, self.known.expressions, self.known.depth + 1)
            return evaluated(self.known.expressions[name], further)
        if name in ("REPEAT", "LINEAR"):
            return name
        raise ValueError(name)

    def _called(self, function: str) -> Value:
        given = self._listed(")")
        if function in _EACH:
            [value] = given
            return _together(lambda one, _: float(_EACH[function](one)), value, 0.0)
        if function in _OF_SEVERAL:
            [value] = given
            return _over(_OF_SEVERAL[function], value)
        match function, given:
            case "METRICS", []:
                return list(self.known.metrics.values())
            case "METRICS", [str(part)]:
                return [points for name, points in self.known.metrics.items() if part in name]
            case "METRIC_COUNT", [list(several)]:
                return float(len(several))
            case "FILL", [value, filling]:
                return _filled(_series(value), filling)
            case "IF", [condition, then]:
                return _chosen(condition, then, None)
            case "IF", [condition, then, otherwise]:
                return _chosen(condition, then, otherwise)
        raise Undetermined(f"{function} of metric math is not evaluated here")


def _tokens(expression: str) -> list[str]:
    found: list[str] = []
    at, text = 0, expression.rstrip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise ValueError(text[at:])
        word = token[0].strip()
        found.append(word.upper() if word.upper() in ("AND", "OR") else word)
        at = token.end()
    return found


def _series(value: Value) -> Points:
    if isinstance(value, list) and not any(isinstance(it, list) for it in value):
        return [it for it in value if not isinstance(it, list)]
    raise ValueError("no time series")


def _together(calculate: Callable[[float, float], float], one: Value, other: Value) -> Value:
    """Return what an operator makes of two values; where a series lacks a point, so does the result."""
    if isinstance(one, str) or isinstance(other, str):
        raise ValueError("a text")
    if isinstance(one, float) and isinstance(other, float):
        return calculate(one, other)
    several = next(
        (it for it in (one, other) if isinstance(it, list) and any(isinstance(p, list) for p in it)), None
    )
    if several is not None:
        raise ValueError("several time series")
    length = next(len(it) for it in (one, other) if isinstance(it, list))
    pairs = zip(_spread(one, length), _spread(other, length), strict=True)
    return [_calculated(calculate, left, right) for left, right in pairs]


def _calculated(
    calculate: Callable[[float, float], float], left: float | None, right: float | None
) -> float | None:
    if left is None or right is None:
        return None
    try:
        return float(calculate(left, right))
    except ZeroDivisionError:
        return None


def _power(base: float, exponent: float) -> float:
    return math.pow(base, exponent)


def _spread(value: Value | None, length: int) -> Points:
    """Return a value as a time series: a number is the same in every period."""
    if value is None or isinstance(value, float):
        return [value] * length
    return _series(value)


def _over(calculate: Callable[[Sequence[float]], float], value: Value) -> Value:
    """Return what is made of several series period by period, or of one as a whole."""
    if not isinstance(value, list):
        raise ValueError("no time series")
    several = [it for it in value if isinstance(it, list)]
    if not several:
        raise Undetermined("what metric math makes of a whole series hangs on how much of it is retrieved")
    if len(several) != len(value):
        raise ValueError("no time series")
    periods = ([point for point in points if point is not None] for points in zip(*several, strict=True))
    return [float(calculate(points)) if points else None for points in periods]


def _filled(points: Points, filling: Value) -> Points:
    match filling:
        case "REPEAT":
            return [_last(points[: position + 1]) for position in range(len(points))]
        case float():
            return [filling if point is None else point for point in points]
        case list():
            others = _series(filling)
            return [other if point is None else point for point, other in zip(points, others, strict=True)]
    raise Undetermined("FILL with LINEAR is not evaluated here")


def _last(points: Points) -> float | None:
    return next((point for point in reversed(points) if point is not None), None)


def _chosen(condition: Value, then: Value, otherwise: Value | None) -> Value:
    listed = [len(it) for it in (condition, then, otherwise) if isinstance(it, list)]
    if not listed:
        if not isinstance(condition, float) or otherwise is None:
            raise ValueError("no condition")
        return then if condition else otherwise
    rows = zip(*(_spread(it, listed[0]) for it in (condition, then, otherwise)), strict=True)
    return [None if held is None else one if held else other for held, one, other in rows]
