"""The numbers that a field of a schedule stands for: in cron, and in what AWS made of it."""

from __future__ import annotations

from collections.abc import Sequence


def numbers(field: str, least: int, most: int, names: Sequence[str] = ()) -> set[int]:
    """Return the numbers that a field stands for: `*`, `1-5`, `*/15`, `0/15`, `MON,WED`.

    `names` are those of the numbers from the least one on. Raises ValueError for what is no such field.
    """
    found: set[int] = set()
    for part in field.split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        low = least if span == "*" else _number(first, least, names)
        high = most if span == "*" or (slash and not dash) else _number(last or first, least, names)
        if not least <= low <= high <= most or (slash and not (step.isdecimal() and int(step))):
            raise ValueError(f"{field!r} is no field of a schedule")
        found.update(range(low, high + 1, int(step or 1)))
    return found


def _number(text: str, least: int, names: Sequence[str]) -> int:
    if text in names:
        return names.index(text) + least
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(f"{text!r} is no field of a schedule")
    return int(text)
