"""The one way out for text: what came from evidence is shown so that it can do nothing where it is shown."""

from __future__ import annotations

import hashlib
import textwrap
import unicodedata
from collections.abc import Iterable
from typing import Any

from plumbline.values.counting import AtLeast, InPart

MOST_CHARACTERS = 500
"""How much of one text is shown."""
MOST_LINES = 40
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def text(value: str, most: int | None = MOST_CHARACTERS) -> str:
    """Return a text in one line: what does not show, or reorders what does, as an escape; cut where long.

    Escaped are control characters, line breaks of every sort, bidirectional marks and lone surrogates.
    Source: Unicode, general categories C, Zl and Zp. So is what a runner of GitHub takes for a command: `##[`
    anywhere, `::` at the start of a line. Source: actions/runner, src/Runner.Common/ActionCommand.cs.
    """
    shown = value if most is None or len(value) <= most else _cut(value, most)
    shown = _no_command(shown.replace("##[", "#\\x23["))
    if shown.isascii() and shown.isprintable():
        return shown
    return "".join(map(_character, shown))


def lines(value: str) -> str:
    """Return a text of several lines, each as `text` shows it; of very many the first."""
    found = value.split("\n")
    more = [f"… ({len(found) - MOST_LINES} more lines)"] if len(found) > MOST_LINES else []
    return "\n".join([*map(text, found[:MOST_LINES]), *more])


def wrapped(value: str, width: int, **how: Any) -> list[str]:
    """Return a shown text in lines of so many columns, `how` as `textwrap` has it.

    A line that begins within the text is none that a runner takes for a command, either.
    """
    return [_no_command(it) for it in textwrap.wrap(value, width, **how)]


def some(names: Iterable[str], most: int) -> str:
    """Return the first of some names, and how many there are more: `orders, carts and 3 more`."""
    found = [*names]
    further = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + further


def data(value: Any) -> Any:
    """Return plain data with each text in it cut where it is long, and so that it can still be told apart.

    A number that was not counted to its end, or measured in part, is a text that says so.
    """
    if isinstance(value, str):
        fits = len(value) <= MOST_CHARACTERS
        return whole(value) if fits else f"{_cut(value, MOST_CHARACTERS)} {digest(value)}"
    if isinstance(value, dict):
        return {data(key): data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [data(item) for item in value]
    return str(value) if isinstance(value, AtLeast | InPart) else value


def _no_command(line: str) -> str:
    return line.replace("::", "\\x3a:", 1) if line.lstrip().startswith("::") else line


def _cut(value: str, most: int) -> str:
    return f"{whole(value[:most])}… ({len(value):,} characters)"


def whole(value: str) -> str:
    """Return a text whose lone halves of surrogate pairs are escapes: no file takes these."""
    return value.encode("utf-8", "backslashreplace").decode()


def digest(value: str) -> str:
    """Return what tells a text from every other one where not all of it is shown."""
    return f"sha256:{hashlib.sha256(value.encode('utf-8', 'backslashreplace')).hexdigest()[:16]}"


def _character(it: str) -> str:
    if unicodedata.category(it) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return it
    number = ord(it)
    return _NAMED.get(it) or (f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}")
