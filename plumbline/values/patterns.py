"""Regular expressions that data give."""

from __future__ import annotations

import re


def pattern(text: str) -> str:
    """Return a regular expression. Raises `ValueError` for what is none."""
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is not a pattern: {error}") from None
    return text
