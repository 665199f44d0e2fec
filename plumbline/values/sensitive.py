"""What Terraform marks as sensitive, known by its value: it is not shown, wherever it turns up again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

SENSITIVE = "(sensitive)"
_LEAST = 4
"""How many characters a value has that is not shown; a shorter one would hide much else."""
_LEAST_INSIDE = 6
"""How many it has where it is looked for inside other texts, too."""
_LEAST_MADE = 5
"""How many characters something has that is made of it."""
_LEAST_OF_A_NUMBER = 5
"""How many digits a number has that is not shown."""
_MARKED: dict[str, None] = {}


def mark(value: Any) -> None:
    """Let no text or number in a value be shown from now on."""
    for text in _texts(value):
        parts = [text, *(line for line in text.splitlines() if len(line) >= _LEAST_INSIDE)]
        for it in parts:
            if len(it) >= _LEAST:
                _MARKED[it] = None
                _MARKED[json.dumps(it)[1:-1]] = None
                _MARKED[json.dumps(it, ensure_ascii=False)[1:-1]] = None


def mark_where(value: Any, marks: Any) -> None:
    """Mark what is so by `marks`, which has the structure of the value, and true for what is sensitive."""
    if marks is True:
        mark(value)
    elif isinstance(marks, dict) and isinstance(value, dict):
        for name, inner in marks.items():
            mark_where(value.get(name), inner)
    elif isinstance(marks, list) and isinstance(value, list):
        for item, inner in zip(value, marks, strict=False):
            mark_where(item, inner)


def mark_made(result: Any, *given: Any) -> None:
    """Mark what is made of something sensitive: every text of a result that nothing given was."""
    if not _MARKED or not any(map(_is_marked, _texts(given))):
        return
    before = {*_texts(given)}
    mark([text for text in _texts(result) if text not in before and len(text) >= _LEAST_MADE])


def unmarked(text: str) -> str:
    """Return a text without what is sensitive."""
    if text in _MARKED:
        return SENSITIVE
    for it in sorted((it for it in _MARKED if it in text), key=len, reverse=True):
        if len(it) >= _LEAST_INSIDE:
            text = text.replace(it, SENSITIVE)
        else:
            text = text.replace(f'"{it}"', f'"{SENSITIVE}"').replace(f"'{it}'", f"'{SENSITIVE}'")
    return text


def is_sensitive(number: int | Decimal) -> bool:
    """Whether a number was marked; a short one stands for too much else to be known again."""
    return bool(_MARKED) and str(number) in _MARKED


def _is_marked(text: str) -> bool:
    return text in _MARKED or any(it in text for it in _MARKED if len(it) >= _LEAST_INSIDE)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        if len(str(value)) >= _LEAST_OF_A_NUMBER:
            yield str(value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
