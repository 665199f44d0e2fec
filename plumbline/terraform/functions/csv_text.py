"""CSV as Go reads it (RFC 4180): stricter about quotes than Python's own reader."""

from __future__ import annotations

import re

from plumbline.terraform.values import InvalidValue

_FIELD = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^",\r\n]*))(?P<end>,|\r?\n|\Z)')


def rows(text: str) -> list[list[str]]:
    """The records of a text without its empty lines; raises `InvalidValue`."""
    found: list[list[str]] = []
    row: list[str] = []
    position = 0
    while position < len(text) or row:
        match = _FIELD.match(text, position)
        if match is None:
            line = text.count("\n", 0, position) + 1
            raise InvalidValue(f"invalid CSV on line {line}: a quote stands inside a field or does not end")
        row.append(match["plain"] if match["quoted"] is None else match["quoted"].replace('""', '"'))
        position = match.end()
        if match["end"] != ",":
            if row != [""] or match["quoted"] is not None:
                found.append(row)
            row = []
    return found
