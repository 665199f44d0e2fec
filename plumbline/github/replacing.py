"""What stands for other text: it is replaced as far as the text grows to no more than says something."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

MOST_LETTERS = 50_000
"""How long a text may become of what is filled in."""


def replaced(pattern: re.Pattern[str], one: Callable[[re.Match[str]], str], text: str) -> str:
    """Return a text with what a pattern finds replaced; what would make it too long stays as it is."""
    letters = 0

    def limited(match: re.Match[str]) -> str:
        nonlocal letters
        if letters > MOST_LETTERS:
            return match[0]
        told = one(match)
        letters += len(told)
        return told if letters <= MOST_LETTERS else match[0]

    return pattern.sub(limited, text)


def joined(by: str, texts: Sequence[str]) -> str:
    """Return texts as one. Raises `ValueError` for one that is too long, before it is made."""
    if sum(map(len, texts)) + len(by) * len(texts) > MOST_LETTERS:
        raise ValueError(f"more than {MOST_LETTERS:,} letters")
    return by.join(texts)
