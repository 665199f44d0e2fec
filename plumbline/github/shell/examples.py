"""Texts that a pattern of a script lets through, so that they can be tried.

Not all of them, and some may be refused: whoever asks tries each. Source: Bash Reference Manual, "Pattern
Matching" and `=~` in "Conditional Constructs" (POSIX extended regular expressions).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

FILLER = "something-else"
"""Stands for any text."""
MOST = 12
"""How many texts are made of one pattern."""
_LONGEST = 400
_EXPRESSION = re.compile(r"\$\{\{[^{}]*\}\}")
_GLOB = re.compile(r"\*|\?|\[[^\]]*\]")
_REPEATED = re.compile(r"[*+?]|\{(\d+)(?:,\d*)?\}")
_CLASS = re.compile(r"\[(\^?)(\]?(?:\[:\w+:\]|[^\]])*)\]")
_CLASSES = {"d": "1", "s": " "}
_NAMED = {"[:digit:]": "1", "[:space:]": " ", "[:blank:]": " ", "[:upper:]": "X"}


def of_glob(pattern: str) -> list[str]:
    """Return texts that a pattern with `*`, `?` and `[...]` stands for: with little and with much in it."""
    if pattern == "*" or not _GLOB.search(pattern):
        return []

    def filled(much: str) -> str:
        def one(match: re.Match[str]) -> str:
            return much if match[0] == "*" else "x" if match[0] == "?" else _of_class(match[0])

        return _GLOB.sub(one, pattern)

    return list(dict.fromkeys((filled(""), filled(FILLER))))


def of_regex(pattern: str) -> list[str]:
    """Return texts in which a regular expression is found; beside it stands more where it is not held."""
    if len(pattern) > _LONGEST:
        return []
    found = _Parser(pattern).texts()
    unheld = "|" in pattern
    before = ["", *([FILLER] if not pattern.startswith("^") or unheld else [])]
    behind = ["", *([FILLER] if not pattern.endswith("$") or unheld else [])]
    around = itertools.product(found, before, behind)
    return list(dict.fromkeys(f"{left}{it}{right}" for it, left, right in around))[:MOST]


def _of_class(written: str) -> str:
    """Return a letter of a class in brackets."""
    matched = _CLASS.fullmatch(written)
    if matched is None or matched[1]:
        return "x"
    named = next((letter for name, letter in _NAMED.items() if matched[2].startswith(name)), "")
    return named or ("x" if matched[2].startswith("[:") else matched[2][:1])


class _Parser:
    """Goes through an expression and makes texts of it; what it does not know is taken as it stands."""

    def __init__(self, pattern: str) -> None:
        self._pattern, self._at = pattern, 0

    def texts(self) -> list[str]:
        return list(itertools.islice(self._alternatives(), MOST))

    def _alternatives(self) -> Iterator[str]:
        yield from self._sequence()
        while self._peek() == "|":
            self._at += 1
            yield from self._sequence()

    def _sequence(self) -> list[str]:
        found = [""]
        while self._at < len(self._pattern) and self._peek() not in ("|", ")"):
            part = self._repeated(self._atom())
            found = [f"{left}{right}" for left, right in itertools.product(found, part)][:MOST]
        return found

    def _repeated(self, part: list[str]) -> list[str]:
        if matched := _REPEATED.match(self._pattern, self._at):
            self._at = matched.end()
            if matched[1]:
                return [it * min(int(matched[1]), MOST) for it in part]
            return part if matched[0] == "+" else ["", *part]
        return part

    def _atom(self) -> list[str]:
        if matched := _EXPRESSION.match(self._pattern, self._at):
            self._at = matched.end()
            return [matched[0]]
        if matched := _CLASS.match(self._pattern, self._at):
            self._at = matched.end()
            return [_of_class(matched[0])]
        letter = self._peek()
        self._at += 1
        match letter:
            case "(":
                if self._pattern.startswith("?:", self._at):
                    self._at += 2
                inner = [*self._alternatives()]
                self._at += 1
                return inner
            case "^" | "$":
                return [""]
            case ".":
                return ["x"]
            case "\\":
                escaped = self._peek()
                self._at += 1
                return [_CLASSES.get(escaped, "x" if escaped == "w" else escaped)]
        return [letter]

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]
