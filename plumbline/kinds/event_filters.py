"""The filters of event patterns: how each compares a value, and which operands EventBridge refuses.

Source: EventBridge user guide, "Comparison operators", and the rules by which AWS compiles a pattern
(aws/event-ruler).
"""

from __future__ import annotations

import ipaddress
import operator
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

_MOST = 5e9
"""The largest number that a filter compares, to either side of zero."""


def equal(wanted: Any, value: Any) -> bool:
    """Return whether two values of JSON are the same: 1 is 1.0, and not true."""
    return bool(wanted == value) and isinstance(wanted, bool) == isinstance(value, bool)


class Operator(NamedTuple):
    """A way to compare a value with what a filter names."""

    refuses: Callable[[Any], str]
    """Says what is wrong with an operand; empty where nothing is."""
    accepts: Callable[[Any, Any], bool]
    """Returns whether a value is as the operand says."""


def _text(operand: Any) -> str:
    return "" if isinstance(operand, str) else "must be a string"


def _text_in_any_case(operand: Any) -> str:
    if isinstance(operand, Mapping) and operand.keys() == {"equals-ignore-case"}:
        operand = operand["equals-ignore-case"]
    return _text(operand)


def _same_text(operand: str, value: Any) -> bool:
    return bool(operand == value)


def _same_in_any_case(operand: str, value: Any) -> bool:
    return isinstance(value, str) and value.lower() == operand.lower()


def _begins(operand: Any, value: Any) -> bool:
    if isinstance(operand, Mapping):
        return isinstance(value, str) and value.lower().startswith(operand["equals-ignore-case"].lower())
    return isinstance(value, str) and value.startswith(operand)


def _ends(operand: Any, value: Any) -> bool:
    if isinstance(operand, Mapping):
        return isinstance(value, str) and value.lower().endswith(operand["equals-ignore-case"].lower())
    return isinstance(value, str) and value.endswith(operand)


_PIECES_OF_WILDCARD = re.compile(r"\\[*\\]|.", re.DOTALL)


def _wildcard(operand: Any) -> str:
    if not isinstance(operand, str):
        return "must be a string"
    pieces = _PIECES_OF_WILDCARD.findall(operand)
    if "\\" in pieces:
        return "may escape * and \\ alone"
    consecutive = any(one == other == "*" for one, other in pairwise(pieces))
    return "may not hold * twice in a row" if consecutive else ""


def _like(operand: str, value: Any) -> bool:
    """Return whether a text is made so: each piece between two * is looked for behind the one before it."""
    segments = [""]
    for piece in _PIECES_OF_WILDCARD.findall(operand):
        if piece == "*":
            segments.append("")
        else:
            segments[-1] += piece[-1]
    if not isinstance(value, str) or len(segments) == 1:
        return bool(value == segments[0])
    head, *middle, tail = segments
    reached = len(head) if value.startswith(head) else -1
    for segment in middle:
        found = value.find(segment, reached) if reached >= 0 else -1
        reached = found + len(segment) if found >= 0 else -1
    return 0 <= reached <= len(value) - len(tail) and value.endswith(tail)


_COMPARISONS: dict[Any, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _numbers(operand: Any) -> str:
    if not isinstance(operand, list) or len(operand) not in (2, 4):
        return "must be an array of one comparison, or of two that give a range"
    comparisons, numbers = operand[::2], operand[1::2]
    if not all(_is_number(it) and abs(it) <= _MOST for it in numbers):
        return "must compare with numbers from -5.0e9 to 5.0e9"
    if any(not isinstance(it, str) or it not in _COMPARISONS for it in comparisons):
        return "must compare by =, <, <=, > or >="
    if len(operand) == 4 and not (comparisons[0] in (">", ">=") and comparisons[1] in ("<", "<=")):
        return "must give a range by > or >= and then < or <="
    return "must give a range that is not empty" if len(operand) == 4 and numbers[0] >= numbers[1] else ""


def _within(operand: list[Any], value: Any) -> bool:
    pairs = zip(operand[::2], operand[1::2], strict=True)
    return _is_number(value) and all(_COMPARISONS[sign](value, bound) for sign, bound in pairs)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _network(operand: Any) -> str:
    if not isinstance(operand, str):
        return "must be a string"
    try:
        ipaddress.ip_network(operand, strict=False)
    except ValueError:
        return "must be a range of addresses"
    return ""


def _lies_in(operand: str, value: Any) -> bool:
    network = ipaddress.ip_network(operand, strict=False)
    try:
        return isinstance(value, str) and ipaddress.ip_address(value) in network
    except ValueError:
        return False


def _others(operand: Any) -> str:
    """Say what is wrong with what nothing may be: one or more texts or numbers, or how no text may be."""
    if isinstance(operand, Mapping):
        return _other_texts(operand)
    values = _listed(operand)
    if values and (all(isinstance(it, str) for it in values) or all(map(_is_number, values))):
        return ""
    return "must name strings only, or numbers only"


def _other_texts(operand: Mapping[str, Any]) -> str:
    if len(operand) != 1 or not operand.keys() <= {"prefix", "suffix", "equals-ignore-case", "wildcard"}:
        return "takes prefix, suffix, equals-ignore-case or wildcard alone"
    [(name, inner)] = operand.items()
    texts = _listed(inner)
    if name in ("prefix", "suffix") and "" in texts:
        return f"takes no empty {name}"
    wrong = (f"{name} {told}" for it in texts if (told := _text(it) or OPERATORS[name].refuses(it)))
    return next(wrong, "" if texts else "must name something")


def _is_another(operand: Any, value: Any) -> bool:
    if isinstance(operand, Mapping):
        [(name, inner)] = operand.items()
        return not any(OPERATORS[name].accepts(it, value) for it in _listed(inner))
    return not any(equal(it, value) for it in _listed(operand))


def _listed(operand: Any) -> list[Any]:
    return operand if isinstance(operand, list) else [operand]


def _is_flag(operand: Any) -> str:
    return "" if isinstance(operand, bool) else "must be true or false"


OPERATORS: Mapping[str, Operator] = {
    "exactly": Operator(_text, _same_text),
    "prefix": Operator(_text_in_any_case, _begins),
    "suffix": Operator(_text_in_any_case, _ends),
    "equals-ignore-case": Operator(_text, _same_in_any_case),
    "wildcard": Operator(_wildcard, _like),
    "anything-but": Operator(_others, _is_another),
    "numeric": Operator(_numbers, _within),
    "cidr": Operator(_network, _lies_in),
    "exists": Operator(_is_flag, equal),
}
"""By the key of a filter; `exists` compares whether there is any value."""
