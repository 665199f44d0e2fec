"""Regular expressions, as RE2 understands them: Terraform uses Go's engine, which has the same syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import re2  # type: ignore[import-untyped]

from plumbline.terraform.functions.function import limited
from plumbline.terraform.types import STRING, ObjectType, TupleType, Type
from plumbline.terraform.values import InvalidValue, TfList, Value
from plumbline.values.wildcards import why

_REFERENCE = re.compile(r"\$(?:\$|(\w+)|\{(\w+)\})", re.ASCII)
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_BYTE = "\\C"
"""Any byte, which RE2 knows and Go does not."""
_MOST_GROUPS = 200
"""Matching takes memory that grows with their square; Go refuses a thousand within one another."""


@cache
def _compiled(pattern: str) -> Any:
    if _BYTE in _ESCAPED.findall(pattern):
        raise InvalidValue(f"invalid regular expression: {_BYTE} may be a part of a character")
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        raise InvalidValue(f"invalid regular expression: {why(error)}") from None
    if compiled.groups > _MOST_GROUPS:
        raise InvalidValue(f"a pattern with more than {_MOST_GROUPS} groups is not matched")
    return compiled


def first(pattern: str, text: str) -> Value:
    """The first match: the text, its groups as a tuple, or its named groups as an object."""
    match = _compiled(pattern).search(text)
    if match is None:
        raise InvalidValue(f'the pattern does not match "{text}"')
    return _captured(match)


def every(pattern: str, text: str) -> Value:
    """Every match, in a list."""
    compiled = _compiled(pattern)
    _check_groups(compiled)
    return TfList(map(_captured, _matches(compiled, text)), _type(compiled))


def _matches(compiled: Any, text: str) -> Iterator[Any]:
    """The matches from left to right; as in Go, an empty one does not follow right after another."""
    end = -1
    for match in compiled.finditer(text):
        if match.end() > match.start() or match.start() != end:
            yield match
        end = match.end()


def _captured(match: Any) -> Value:
    _check_groups(match.re)
    named: dict[str, Value] = match.groupdict()
    if named:
        return dict(sorted(named.items()))
    groups: list[Value] = list(match.groups())
    return groups or match.group()


def _check_groups(compiled: Any) -> None:
    if compiled.groupindex and len(compiled.groupindex) != compiled.groups:
        raise InvalidValue("a pattern cannot have both named and unnamed groups")


def _type(compiled: Any) -> Type:
    if compiled.groupindex:
        return ObjectType(dict.fromkeys(compiled.groupindex, STRING))
    return TupleType((STRING,) * compiled.groups) if compiled.groups else STRING


def replaced(pattern: str, text: str, new: str) -> str:
    """Every match replaced; `$1`, `${1}` and `${name}` in the new text stand for groups."""
    parts, end, length = [], 0, 0
    for match in _matches(_compiled(pattern), text):
        parts += [text[end : match.start()], _expanded(match, new)]
        length += len(parts[-1])
        limited(length, "characters")
        end = match.end()
    return "".join([*parts, text[end:]])


def _expanded(match: Any, new: str) -> str:
    def group(reference: re.Match[str]) -> str:
        name = reference.group(1) or reference.group(2)
        if name is None:
            return "$"
        known = name in match.re.groupindex or (name.isdigit() and int(name) <= match.re.groups)
        return (match.group(int(name) if name.isdigit() else name) or "") if known else ""

    return _REFERENCE.sub(group, new)
