"""The ways to change a value, whatever it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator

Change = tuple[str, str]
"""What is done, in words, and what becomes of a text or a number."""

_DIGITS = re.compile(r"\d+")
_TEMPLATE = re.compile(r"\$\{[^}]*\}")


def of_number(written: str) -> Iterator[Change]:
    """Yield the changes of a number, each of which is another number."""
    number = float(written)
    made = {"zero": 0.0, "halved": number / 2, "doubled": number * 2}
    if not number:
        made = {"one": 1.0}
    elif number == int(number) and number != 2 * int(number / 2):
        made["halved"] = float(int(number / 2))  # what counts days, seconds or copies takes no half
    seen = {number}
    for way, value in made.items():
        if value not in seen:
            seen.add(value)
            yield way, f"{value:g}" if value != int(value) else str(int(value))


def of_text(text: str, siblings: list[str]) -> Iterator[Change]:
    """Yield the changes of a text: what AWS knows in its place, or another text of the same form."""
    if siblings:
        yield from ((f"changed to {it}", it) for it in siblings)
        return
    yield "changed", f"{text}-other"
    if found := _first_number(text):
        start, end = found.span()
        yield "first number one more", f"{text[:start]}{_one_more(found.group())}{text[end:]}"


def _first_number(text: str) -> re.Match[str] | None:
    """Return the first digits that are no part of a template."""
    within = [it.span() for it in _TEMPLATE.finditer(text)]
    return next(
        (it for it in _DIGITS.finditer(text) if not any(a <= it.start() < b for a, b in within)), None
    )


def _one_more(digits: str) -> str:
    """Return the next number of as many digits; the last one begins anew."""
    return str((int(digits) + 1) % 10 ** len(digits)).zfill(len(digits))
