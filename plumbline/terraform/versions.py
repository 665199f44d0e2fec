"""Version constraints, such as `~> 5.0, != 5.3.1`."""

from __future__ import annotations

import re
from typing import TypeAlias

Version: TypeAlias = tuple[int, ...]

_PART = re.compile(r"\s*(?:(?:=|!=|>=|<=|~>|>|<)\s*)?v?\d+(?:\.\d+)*(?:-[\w.-]+)?(?:\+[\w.-]+)?\s*")
_CONSTRAINT = re.compile(r"\s*(?:(?P<operator>=|!=|>=|<=|~>|>|<)\s*)?v?(?P<version>\d+(?:\.\d+)*)")

_MOST_DIGITS = 18
"""No part of a version has as many; Python reads no number of thousands."""


def is_valid(constraint: str) -> bool:
    """Whether every part of a constraint can be read."""
    return all(_PART.fullmatch(part) for part in constraint.split(","))


def admits(constraint: str, version: str) -> bool:
    """Whether a release fulfils every part of a constraint that can be read."""
    return all(_holds(part, _parts(version)) for part in constraint.split(","))


def named(constraint: str) -> list[Version]:
    """The releases that the parts of a constraint name."""
    matches = [_CONSTRAINT.match(part) for part in constraint.split(",")]
    return [_parts(match["version"]) for match in matches if match]


def _parts(version: str) -> Version:
    return tuple(int(part[:_MOST_DIGITS]) for part in version.split("."))


def _holds(part: str, version: Version) -> bool:
    match = _CONSTRAINT.match(part)
    if match is None:
        return True
    wanted = _parts(match["version"])
    given, padded = _padded(version, wanted)
    if match["operator"] == "~>":
        return given >= padded and given[: len(wanted) - 1] == wanted[:-1]
    return {
        "=": given == padded,
        "!=": given != padded,
        ">": given > padded,
        ">=": given >= padded,
        "<": given < padded,
        "<=": given <= padded,
    }[match["operator"] or "="]


def _padded(left: Version, right: Version) -> tuple[Version, Version]:
    length = max(len(left), len(right))
    return left + (0,) * (length - len(left)), right + (0,) * (length - len(right))
