"""Glob patterns of `fileset`: `*`, `**`, `?`, `[class]`, `{one,another}`.

Each stands for something within one component of a path; only `**`, where it is a component by itself, stands
for any number of them. Source: bmatcuk/doublestar, version 1, which Terraform matches with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import re2  # type: ignore[import-untyped]

from plumbline.terraform.values import InvalidValue
from plumbline.values.shown import whole

_TOKEN = re.compile(
    r"\\(?P<escaped>.)|\[(?P<class>(?:\\.|[^\]\\])+)\]|\{(?P<options>(?:\\.|[^}\\])*)\}"
    r"|(?P<open>[\[{\\])|(?P<some>\*+)|(?P<one>\?)|.",
    re.DOTALL,
)
_RANGE = re.compile(r"(?P<low>\\.|[^-\\])(?:-(?P<high>\\.|[^-\\]))?", re.DOTALL)
_NESTED = re.compile(r"(?<!\\)\{[^}]*\{")
_NOTHING = r"[^\x00-\x{10FFFF}]"


def is_nested(pattern: str) -> bool:
    """Whether there are alternatives within alternatives, whose braces Terraform does not match in pairs."""
    return _NESTED.search(pattern) is not None


def matching(pattern: str) -> Callable[[str], bool]:
    """Whether a whole path matches the pattern, in time linear to both; raises `InvalidValue`."""
    *folders, last = pattern.split("/")
    try:
        parts = [*("(?:.*/)?" if it == "**" else f"{_component(it)}/" for it in folders)]
        compiled = re2.compile("".join([*parts, ".*" if last == "**" else _component(last)]), _options())
    except (ValueError, re2.error):
        raise InvalidValue(f'"{pattern}" is not a valid pattern') from None
    return lambda path: compiled.fullmatch(whole(path)) is not None


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors, options.dot_nl = False, True
    return options


def _component(text: str) -> str:
    return "".join(map(_part, _TOKEN.finditer(text)))


def _part(token: re.Match[str]) -> str:
    if token["open"] is not None:
        raise ValueError(token.group())
    if token["class"] is not None:
        return _class(token["class"])
    if token["options"] is not None:
        return f"(?:{'|'.join(map(_component, token['options'].split(',')))})"
    if token["escaped"] is not None:
        return re.escape(token["escaped"])
    return "[^/]*" if token["some"] else "[^/]" if token["one"] else re.escape(token.group())


def _class(members: str) -> str:
    ranges = "".join(_ranges(members.removeprefix("^")))
    if members.startswith("^"):
        return f"[^/{ranges}]"
    return f"[{ranges}]" if ranges else _NOTHING


def _ranges(members: str) -> Iterator[str]:
    """The characters of a class; a range that goes backwards has none. Raises `ValueError`."""
    position = 0
    while position < len(members):
        found = _RANGE.match(members, position)
        if found is None or members[found.end() :] == "-":
            raise ValueError(members)
        low, high = found["low"][-1], (found["high"] or found["low"])[-1]
        if low <= high:
            yield f"\\x{{{ord(low):x}}}-\\x{{{ord(high):x}}}"
        position = found.end()
