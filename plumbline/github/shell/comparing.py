"""What `[`, `[[` and `test` say of words: true, false, or open where a word is not known.

Source: POSIX, "test"; Bash Reference Manual, "Bash Conditional Expressions".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

from plumbline.github.shell.path import Status, is_known
from plumbline.values.shown import whole
from plumbline.values.wildcards import compiled

_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda one, other: one == other,
    "-ne": lambda one, other: one != other,
    "-lt": lambda one, other: one < other,
    "-le": lambda one, other: one <= other,
    "-gt": lambda one, other: one > other,
    "-ge": lambda one, other: one >= other,
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_MOST_WORDS = 200
"""How long a condition may be that is gone through."""
_EQUAL, _UNEQUAL = ("=", "=="), ("!=",)


def decided(words: list[str]) -> Status:
    """Return what a condition of these words is, without the brackets around it."""
    if len(words) > _MOST_WORDS:
        return None
    if words[:1] == ["("] and words[-1:] == [")"] and ")" not in words[1:-1]:
        return decided(words[1:-1])
    for operators, deciding in ((("||", "-o"), True), (("&&", "-a"), False)):
        for position in range(1, len(words) - 1):
            if words[position] in operators:
                return _either(decided(words[:position]), decided(words[position + 1 :]), deciding)
    if words[:1] == ["!"]:
        inner = decided(words[1:])
        return None if inner is None else not inner
    return _primary(words)


def _either(one: Status, other: Status, deciding: bool) -> Status:
    """Return an `or`, which is true where a part is, or an `and`, which is false where one is."""
    if deciding in (one, other):
        return deciding
    return None if None in (one, other) else not deciding


def _primary(words: list[str]) -> Status:
    match words:
        case []:
            return False
        case [word]:
            return bool(word) if is_known(word) else None
        case ["-z" | "-n" as operator, word]:
            return (word == "") == (operator == "-z") if is_known(word) else None
        case [left, operator, right] if operator in _EQUAL + _UNEQUAL:
            equal = _equal(left, right)
            return None if equal is None else equal == (operator in _EQUAL)
        case [left, "=~", right] if is_known(left + right):
            return _matches(left, right)
        case [left, operator, right] if operator in _NUMBERS:
            if _INTEGER.fullmatch(left) and _INTEGER.fullmatch(right):
                return _NUMBERS[operator](int(left), int(right))
    return None


def _equal(left: str, right: str) -> Status:
    if left == right:
        return True
    return fnmatchcase(left, right) if is_known(left + right) else None


def _matches(text: str, pattern: str) -> Status:
    """Return whether a regular expression of the simple sort that most languages share matches."""
    if not re.fullmatch(r"[\w^$|()./ -]*", pattern, re.ASCII):
        return None
    try:
        return compiled(pattern).search(whole(text)) is not None
    except ValueError:
        return None
