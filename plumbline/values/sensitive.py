"""What Terraform marks as sensitive, known by its value: it is not shown, wherever it turns up again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

SENSITIVE = "(sensitive)"
_LEAST = 4
"""How many characters a value has that is not shown; a shorter one would hide much else."""
_LEAST_INSIDE = 6
"""How many it has where it is looked for inside other texts, too."""
_QUOTED = re.compile(rf"""(["'])([^"']{{1,{_LEAST_INSIDE - 1}}})(?=["'])""")


@dataclass
class Marks:
    """The texts that are not shown."""

    whole: set[str] = field(default_factory=set)
    inside: dict[str, set[int]] = field(default_factory=dict)
    """How long those are that begin so: in a text each place is looked at once, however many there are."""
    public: set[str] = field(default_factory=set)
    """What is shown, whatever says the same."""
    any: bool = False
    """Whether something was to be marked, be it too short to be known again."""

    def add(self, text: str) -> None:
        """Let a text not be shown, nor what it is in JSON."""
        if text in self.public:
            return
        for it in {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}:
            self.whole.add(it)
            if len(it) >= _LEAST_INSIDE:
                self.inside.setdefault(it[:_LEAST_INSIDE], set()).add(len(it))

    def longest(self, text: str, at: int) -> int:
        """Return how long the longest is that begins at a place of a text; 0 where none does."""
        lengths = self.inside.get(text[at : at + _LEAST_INSIDE], ())
        return next((it for it in sorted(lengths, reverse=True) if text[at : at + it] in self.whole), 0)


_MARKED = Marks()


def mark(value: Any, *, least: int = _LEAST) -> None:
    """Let no text or number in a value be shown from now on, of those that have so many characters."""
    _MARKED.any = True
    for text in _texts(value):
        parts = [text, *(line for line in text.splitlines() if len(line) >= _LEAST_INSIDE)]
        for it in parts:
            if len(it) >= least:
                _MARKED.add(it)


def publish(texts: Iterable[str]) -> None:
    """Let texts be shown, though something sensitive says the same: a parameter that holds a name."""
    _MARKED.public.update(texts)
    _MARKED.whole -= _MARKED.public


def mark_where(value: Any, marks: Any) -> None:
    """Mark what is so by `marks`, which has the structure of the value, and true for what is sensitive.

    Of marks that have another structure nobody knows what they say: all of the value is marked.
    """
    if isinstance(marks, dict) and isinstance(value, dict):
        for name, inner in marks.items():
            mark_where(value.get(name), inner)
    elif isinstance(marks, list) and isinstance(value, list):
        for item, inner in zip(value, marks, strict=False):
            mark_where(item, inner)
    elif marks:
        mark(value, least=1)


def are_there_any() -> bool:
    """Return whether anything was to be marked."""
    return _MARKED.any


def unmarked(text: str) -> str:
    """Return a text without what is sensitive. It takes linear time."""
    if text in _MARKED.whole:
        return SENSITIVE
    if _MARKED.inside:
        text = "".join(_parts(text))
    return _QUOTED.sub(_unless_marked, text) if _MARKED.whole else text


def is_sensitive(number: int | Decimal) -> bool:
    """Whether a number was marked; a short one stands for too much else to be known again."""
    text = str(number)
    return len(text) >= _LEAST and text in _MARKED.whole


def _parts(text: str) -> Iterator[str]:
    """Yield what is shown of a text, and what stands for the rest."""
    at = shown = 0
    while at < len(text):
        if length := _MARKED.longest(text, at):
            yield from (text[shown:at], SENSITIVE)
            at = shown = at + length
        else:
            at += 1
    yield text[shown:]


def _unless_marked(found: re.Match[str]) -> str:
    return f"{found[1]}{SENSITIVE}" if found[2] in _MARKED.whole else found[0]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        if len(str(value)) >= _LEAST:
            yield str(value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
