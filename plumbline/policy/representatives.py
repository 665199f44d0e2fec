"""Texts that stand for all others: one for each way in which a text can match some patterns."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence

from plumbline.values.unknown import Undetermined

_MOST_STATES = 20_000
"""How many states are gone through: patterns with many wildcards have more than anybody means."""
_At = frozenset[int]
"""The places that a pattern can have come to with what was read so far."""


def representatives(patterns: Collection[str]) -> list[str]:
    """Return a shortest text for each set of patterns that a text can match while it matches none else.

    In a pattern `*` is any text and `?` any character. The texts themselves have neither character: whoever
    compares patterns as they are written finds none of these. Raises `Undetermined` where there are too many.
    """
    ordered = sorted(set(patterns))
    other = _other_letter(ordered)
    first = tuple(_closed(pattern, {0}) for pattern in ordered)
    texts = {first: ""}
    ahead = deque([first])
    found: dict[tuple[bool, ...], str] = {}
    while ahead:
        state = ahead.popleft()
        found.setdefault(_matched(ordered, state), texts[state])
        for letter in (*_letters_at(ordered, state), other):
            then = tuple(_after(*it, letter) for it in zip(ordered, state, strict=True))
            if then not in texts:
                texts[then] = texts[state] + letter
                ahead.append(then)
        if len(texts) > _MOST_STATES:
            raise Undetermined(f"there are too many ways in which a text can match {', '.join(ordered[:3])}")
    return list(found.values())


def _letters_at(patterns: Sequence[str], state: Sequence[_At]) -> list[str]:
    """Return the characters that some pattern asks for next: all others make no difference."""
    asked = {
        pattern[it] for pattern, at in zip(patterns, state, strict=True) for it in at if it < len(pattern)
    }
    return sorted(asked - {"*", "?"})


def _other_letter(patterns: Iterable[str]) -> str:
    """Return a character that stands for all that no pattern asks for."""
    told = {*"".join(patterns), "*", "?"}
    return next(it for it in map(chr, range(ord("a"), 0x10FFFF)) if it not in told)


def _matched(patterns: Sequence[str], state: Sequence[_At]) -> tuple[bool, ...]:
    return tuple(len(pattern) in at for pattern, at in zip(patterns, state, strict=True))


def _after(pattern: str, at: _At, letter: str) -> _At:
    there = {it for it in at if it < len(pattern) and pattern[it] == "*"}
    there |= {it + 1 for it in at if it < len(pattern) and pattern[it] in ("?", letter)}
    return _closed(pattern, there)


def _closed(pattern: str, at: Iterable[int]) -> _At:
    """Return these places of a pattern, and those behind a `*` that stands for nothing."""
    found = set(at)
    for it in sorted(found):
        while it < len(pattern) and pattern[it] == "*":
            it += 1
            found.add(it)
    return frozenset(found)
