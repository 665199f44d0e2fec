"""Glob patterns of `fileset`: `*`, `**`, `?`, `[class]`, `{one,another}`."""

from __future__ import annotations

import re
from collections.abc import Callable

import re2  # type: ignore[import-untyped]

from plumbline.terraform.values import InvalidValue
from plumbline.values.shown import whole

_TOKEN = re.compile(
    r"\*\*/|\*\*|\*|\?|\[(?P<not>\^?)(?P<class>[^\]]+)\]|\\(?P<escaped>.)|[{},\[]|.", re.DOTALL
)
_PATTERNS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}


def matching(pattern: str) -> Callable[[str], bool]:
    """Whether a whole path matches the pattern, in time linear to both; raises `InvalidValue`."""
    parts: list[str] = []
    depth = 0
    for token in _TOKEN.finditer(pattern):
        depth += {"{": 1, "}": -1}.get(token.group(), 0)
        parts.append(_part(token, inside=depth > 0))
    options = re2.Options()
    options.log_errors, options.dot_nl = False, True
    try:
        compiled = re2.compile("".join(parts), options)
    except re2.error:
        raise InvalidValue(f'"{pattern}" is not a valid pattern') from None
    return lambda path: compiled.fullmatch(whole(path)) is not None


def _part(token: re.Match[str], *, inside: bool) -> str:
    text = token.group()
    if token["class"] is not None:
        members = token["class"].replace("\\", "\\\\").replace("[", "\\[")
        return f"[{'^' if token['not'] else ''}{members}]"
    if token["escaped"] is not None:
        return re.escape(token["escaped"])
    if text == "," and inside:
        return "|"
    return _PATTERNS.get(text, re.escape(text))
