"""Some texts that a regular expression matches: one for each of its branches, and for little and more."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import sre_parse

_MOST = 64
"""Texts of one pattern; each branch of any usual one is among them."""
_OF_CATEGORY = {"CATEGORY_DIGIT": "1", "CATEGORY_WORD": "x", "CATEGORY_SPACE": " "}


def members(pattern: str) -> list[str]:
    """Return texts that a pattern matches, each once; none for what is no pattern to Python.

    Terraform's patterns (RE2) are read alike but for rare forms.
    """
    try:
        parsed: Any = sre_parse.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return []
    return list(dict.fromkeys(islice(_sequence(parsed), _MOST)))


def _sequence(nodes: Any) -> Iterator[str]:
    parts = [list(islice(_node(str(sort), argument), _MOST)) or [""] for sort, argument in nodes]
    return ("".join(chosen) for chosen in product(*parts))


def _node(sort: str, argument: Any) -> Iterator[str]:
    match sort:
        case "LITERAL":
            yield chr(argument)
        case "ANY" | "NOT_LITERAL":
            yield "x"
        case "IN":
            yield _of_class(argument)
        case "BRANCH":
            for branch in argument[1]:
                yield from _sequence(branch)
        case "SUBPATTERN":
            yield from _sequence(argument[-1])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, repeated = argument
            for inner in _sequence(repeated):
                yield from (inner * times for times in (least, least + 1) if times <= int(most))
        case "ATOMIC_GROUP":
            yield from _sequence(argument)


def _of_class(members_of_class: Any) -> str:
    """Return a character of a class such as `[a-z]`; of a negated one a letter that is seldom left out."""
    for sort, argument in members_of_class:
        match str(sort):
            case "LITERAL":
                return chr(argument)
            case "RANGE":
                return chr(argument[0])
            case "CATEGORY":
                return _OF_CATEGORY.get(str(argument), "~")
            case "NEGATE":
                return "x"
    return ""
