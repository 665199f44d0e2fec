"""Regular expressions that data give: of RE2, whose matching takes time that is linear in the text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from plumbline.values.wildcards import compiled, whole

_LOOKS_AROUND = ("(?=", "(?!", "(?<=", "(?<!")


def pattern(text: str) -> str:
    """Return a regular expression. Raises `ValueError` for what is none, and for one that looks around."""
    _read(text)
    return text


def is_found(expression: str, text: str) -> bool:
    """Return whether a regular expression matches somewhere in a text."""
    return _read(expression).search(whole(text)) is not None


def matches(expression: str, text: str) -> bool:
    """Return whether a regular expression matches all of a text."""
    return _read(expression).fullmatch(whole(text)) is not None


@lru_cache(maxsize=1024)
def _read(expression: str) -> Any:
    try:
        return compiled(expression)
    except ValueError as error:
        hint = ": RE2 does not look around" if any(it in expression for it in _LOOKS_AROUND) else ""
        raise ValueError(f"{expression!r} is not a pattern: {error}{hint}") from None
