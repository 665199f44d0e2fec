"""The numbers that a field of a schedule stands for: in cron, and in what AWS made of it."""

from __future__ import annotations

from collections.abc import Sequence


def numbers(field: str, least: int, most: int, names: Sequence[str] = (), *, wraps: bool = False) -> set[int]:
    """Return the numbers that a field stands for: `*`, `1-5`, `*/15`, `0/15`, `MON,WED`.

    `names` are those of the numbers from the least one on. A field that `wraps` goes on from the least one
    behind the most: `22-3`, `FRI-MON`. Raises ValueError for what is no such field.
    """
    found: set[int] = set()
    turn = most - least + 1
    for part in field.split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        low = least if span == "*" else _number(first, least, names)
        high = most if span == "*" or (slash and not dash) else _number(last or first, least, names)
        around = turn if wraps and least <= high < low else 0
        in_order = least <= low <= most and low <= high + around and high <= most
        if not in_order or (slash and not (step.isdecimal() and int(step))):
            raise ValueError(f"{field!r} is no field of a schedule")
        every = range(low, high + around + 1, int(step or 1))
        found.update((it - least) % turn + least for it in every)
    return found


def _number(text: str, least: int, names: Sequence[str]) -> int:
    if text in names:
        return names.index(text) + least
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(f"{text!r} is no field of a schedule")
    return int(text)
