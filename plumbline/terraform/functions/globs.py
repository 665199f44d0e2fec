"""Glob patterns of `fileset`: `*`, `**`, `?`, `[class]`, `{one,another}`."""

from __future__ import annotations

import re

from plumbline.terraform.values import InvalidValue

_TOKEN = re.compile(
    r"\*\*/|\*\*|\*|\?|\[(?P<not>[!^]?)(?P<class>[^\]]+)\]|\\(?P<escaped>.)|[{},\[]|.", re.DOTALL
)
_PATTERNS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression for whole paths; raises `InvalidValue`."""
    parts: list[str] = []
    depth = 0
    for token in _TOKEN.finditer(pattern):
        depth += {"{": 1, "}": -1}.get(token.group(), 0)
        parts.append(_part(token, inside=depth > 0))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error:
        raise InvalidValue(f'"{pattern}" is not a valid pattern') from None


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
