"""What is wrong with what a person wrote, and the name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError


class DataError(Exception):
    """A data file that cannot be used; the message has a line for each mistake."""


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """Return the valid name that is nearest, or None where none is near."""
    import difflib

    return next(iter(difflib.get_close_matches(name, list(valid), n=1)), None)


def did_you_mean(name: str, valid: Iterable[str], before: str = "") -> str:
    """Return ` (did you mean ...?)` with the nearest valid name, `before` it; nothing where none is near."""
    near = nearest(name, valid)
    return f" (did you mean {before}{near}?)" if near else ""


def first_of(invalid: ValidationError) -> str:
    """Return the first thing that is wrong with a file of ours, and where, in one line."""
    first = invalid.errors()[0]
    place = ".".join(map(str, first["loc"])) or "the file"
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"
