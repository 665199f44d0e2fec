"""What an expression of GitHub Actions comes to, as far as its values are known.

Source: GitHub's documentation, "Evaluate expressions in workflows and actions": literals, operators,
functions and status check functions; strings are compared without regard to case, other types as numbers.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from plumbline.github.expressions import normal, plain, substituted
from plumbline.github.replacing import joined

Value = Any
"""A text, a number, a boolean, None, a list, a mapping, or `OPEN`."""
Lookup = Callable[[str], Value]
States = Mapping[str, bool | None]
"""What `success()` and the others are; None where that is open."""


class _Open:
    """A value that only a run would tell; whether it is true may be known, and how it is written."""

    def __init__(self, truth: bool | None = None, written: str = "") -> None:
        self.truth, self.written = truth, written

    def __repr__(self) -> str:
        return "open"


class Given(str):
    """How a reference is written that stands for a text which is never empty."""


OPEN: Final = _Open()

_TOKENS = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?))"
    r"|(?P<name>[A-Za-z_][\w-]*(?:\.(?:[A-Za-z_][\w-]*|\*))*)|(?P<operator>&&|\|\||==|!=|<=|>=|[!<>()\[\],.]))"
)
_WHOLE = re.compile(r"\s*\$\{\{((?:(?!\}\}).)*)\}\}\s*", re.DOTALL)
_STATUS = re.compile(r"\b(?:success|failure|always|cancelled)\s*\(", re.IGNORECASE)
_MOST_TOKENS = 500


def holds(condition: str, lookup: Lookup, status: States) -> bool | None:
    """Return whether an `if` lets its step or job start; None where that is open.

    `status` has what `success()` and the others are; `success()` stands before a condition that names none.
    Text around `${{ }}` makes the whole a text, which is true.
    """
    given = condition.strip()
    if not given:
        return status["success"]
    if "${{" in given and not _WHOLE.fullmatch(given):
        return status["success"] if not _STATUS.search(given) else True
    inside = plain(matched[1] if (matched := _WHOLE.fullmatch(given)) else given)
    found = _truth(_evaluated(inside, lookup, status))
    if _STATUS.search(re.sub(r"'(?:[^']|'')*'", "''", inside)):
        return found
    if False in (found, status["success"]):
        return False
    return found and status["success"]


def evaluated(expression: str, lookup: Lookup, status: States | None = None) -> Value:
    """Return what an expression comes to; `OPEN` for one that is not understood, too."""
    value = _evaluated(expression, lookup, status)
    return OPEN if isinstance(value, _Open) else value


def _evaluated(expression: str, lookup: Lookup, status: States | None = None) -> Value:
    try:
        return _Parser(expression, lookup, status or {}).whole()
    except (ValueError, RecursionError):
        return OPEN


def resolved(text: str, lookup: Lookup) -> str:
    """Return a text with what its expressions come to; what is open stays as it is, written in one way."""

    def one(written: str) -> str:
        inside = plain(written)
        found = lookup(inside.casefold()) if re.fullmatch(r"[\w.-]+", inside) else OPEN
        value = _evaluated(inside, lookup) if found is OPEN else found
        return (value.written or normal(f"${{{{{written}}}}}")) if isinstance(value, _Open) else shown(value)

    return substituted(text, one)


def shown(value: Value) -> str:
    """Return a value as GitHub writes it into a text."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case list() | dict():
            return json.dumps(value)
    return str(value)


def _true(value: Value) -> bool:
    return not (value is None or value is False or value == "" or value == 0 or value != value)


def _truth(value: Value) -> bool | None:
    return value.truth if isinstance(value, _Open) else _true(value)


class _Parser:
    """A recursive descent through the operators, the weakest first."""

    def __init__(self, expression: str, lookup: Lookup, status: States) -> None:
        self._tokens = list(_tokens(expression))
        if len(self._tokens) > _MOST_TOKENS:
            raise ValueError("too long")
        self._lookup, self._status, self._at = lookup, status, 0

    def whole(self) -> Value:
        value = self._or()
        if self._at != len(self._tokens):
            raise ValueError("not an expression")
        return value

    def _next(self, *operators: str) -> str:
        if self._at < len(self._tokens) and self._tokens[self._at] in [("operator", it) for it in operators]:
            self._at += 1
            found: str = self._tokens[self._at - 1][1]
            return found
        return ""

    def _or(self) -> Value:
        value = self._and()
        while self._next("||"):
            other = self._and()
            value = _first(value, other, wanted=True)
        return value

    def _and(self) -> Value:
        value = self._compared()
        while self._next("&&"):
            other = self._compared()
            value = _first(value, other, wanted=False)
        return value

    def _compared(self) -> Value:
        value = self._unary()
        while operator := self._next("==", "!=", "<=", ">=", "<", ">"):
            value = _comparison(value, operator, self._unary())
        return value

    def _unary(self) -> Value:
        if self._next("!"):
            value = self._unary()
            truth = _truth(value)
            return OPEN if truth is None else not truth
        return self._indexed(self._primary())

    def _indexed(self, value: Value) -> Value:
        while self._next("["):
            self._or()
            if not self._next("]"):
                raise ValueError("no ]")
            value = OPEN
        while self._next("."):
            self._at += 1
            value = OPEN
        return value

    def _primary(self) -> Value:
        if self._next("("):
            value = self._or()
            if not self._next(")"):
                raise ValueError("no )")
            return value
        if self._at >= len(self._tokens):
            raise ValueError("nothing")
        sort, token = self._tokens[self._at]
        self._at += 1
        match sort:
            case "text":
                return token[1:-1].replace("''", "'")
            case "number":
                return float(int(token, 16)) if "x" in token.lower() else float(token)
            case "name" if self._next("("):
                return self._called(token.casefold())
            case "name":
                return self._named(token)
        raise ValueError(token)

    def _named(self, name: str) -> Value:
        constants = {"true": True, "false": False, "null": None}
        if name in constants:
            return constants[name]
        value = self._lookup(name.casefold())
        if isinstance(value, str) and "${{" in value:
            return _Open(True, value) if isinstance(value, Given) else OPEN
        return value

    def _called(self, name: str) -> Value:
        arguments: list[Value] = []
        while not self._next(")"):
            arguments.append(self._or())
            if not self._next(","):
                if not self._next(")"):
                    raise ValueError("no )")
                break
        if name in ("success", "failure", "always", "cancelled"):
            state = self._status.get(name)
            return OPEN if state is None else state
        if any(isinstance(it, _Open) for it in arguments) or name not in _FUNCTIONS:
            return OPEN
        if any(isinstance(it, _Open) for given in arguments if isinstance(given, list) for it in given):
            return True if name == "contains" and _contains(*arguments[:2]) else OPEN
        try:
            return _FUNCTIONS[name](*arguments)
        except (TypeError, ValueError, IndexError, KeyError):
            return OPEN


def _tokens(expression: str) -> Any:
    at, end = 0, len(expression.rstrip())
    while at < end:
        matched = _TOKENS.match(expression, at)
        if matched is None or matched.lastgroup is None:
            raise ValueError(expression[at:])
        at = matched.end()
        yield matched.lastgroup, matched[matched.lastgroup]


def _first(value: Value, other: Value, wanted: bool) -> Value:
    """Return what an `or` (wanted: true) or an `and` (wanted: false) of two parts comes to."""
    truth = _truth(value)
    if truth is not None:
        return value if truth is wanted else other
    return _Open(wanted) if _truth(other) is wanted else OPEN


def _comparison(left: Value, operator: str, right: Value) -> Value:
    if isinstance(left, _Open) or isinstance(right, _Open):
        return OPEN
    if isinstance(left, str) and isinstance(right, str):
        one, other = left.casefold(), right.casefold()
    elif type(left) is type(right) and isinstance(left, bool | type(None)) and operator in ("==", "!="):
        return (left == right) == (operator == "==")
    else:
        one, other = _number(left), _number(right)  # type: ignore[assignment]
    match operator:
        case "==":
            return one == other
        case "!=":
            return one != other
        case "<":
            return one < other
        case ">":
            return one > other
        case "<=":
            return one <= other
    return one >= other


def _number(value: Value) -> float:
    if value is None:
        return 0.0
    if isinstance(value, bool | int | float):
        return float(value)
    try:
        return float(value or 0)
    except (TypeError, ValueError):
        return math.nan


def _contains(where: Value, what: Value) -> bool:
    if isinstance(where, list):
        return any(_comparison(it, "==", what) is True for it in where)
    return shown(what).casefold() in shown(where).casefold()


def _format(pattern: Value, *values: Value) -> str:
    told = [*map(shown, values)]
    parts = re.split(r"(\{\{|\}\}|\{\d+\})", shown(pattern))
    for position, it in enumerate(parts[1::2]):
        parts[2 * position + 1] = {"{{": "{", "}}": "}"}.get(it) or told[int(it[1:-1])]
    return joined("", parts)


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "contains": _contains,
    "startswith": lambda text, start: shown(text).casefold().startswith(shown(start).casefold()),
    "endswith": lambda text, end: shown(text).casefold().endswith(shown(end).casefold()),
    "format": _format,
    "join": lambda values, by=",": joined(shown(by), [*map(shown, values)]),
    "tojson": lambda value: json.dumps(value),
    "fromjson": lambda text: json.loads(text),
}
