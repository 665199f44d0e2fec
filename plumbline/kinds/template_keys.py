"""The template keys that code names: text constants that end so, put together where they stand in parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ENDING = ".html"
_TEXT = r"""(?:"[^"\n\\]*"|'[^'\n\\]*'|`[^`\n\\$]*`)"""
_SUM = re.compile(rf"(?<![\w)])({_TEXT})(\s*\+\s*|[ \t]*\n\s*)({_TEXT})")
"""Two texts that are one: with `+` between them, or in Python nothing but the end of a line."""
_JOIN = re.compile(
    rf"\b(?:os\.path|posixpath|path|path\.posix)\.join\(\s*({_TEXT}(?:\s*,\s*{_TEXT})*)\s*,?\s*\)"
)
_CONSTANT = re.compile(
    rf"^\s*(?:export\s+)?(?:(?:const|let|var)\s+)?([A-Za-z_]\w*)\s*(?::\s*\w+\s*)?=\s*({_TEXT})\s*;?\s*$",
    re.MULTILINE,
)
_ANY = re.compile(_TEXT + r"|`[^`\n]*`")
_FILLED_IN = re.compile(r"[{}%$]")
_BEFORE = re.compile(r"(?:[+%/]\s*|[\"'`]\s*|\bjoin\([^()]*,\s*)$")
_BEHIND = re.compile(r"^\s*(?:\+|%|/|[\"'`])|^\.(?:format|replace)\(")


def template_keys(source: str) -> Iterator[tuple[str, int, bool]]:
    """Yield each key with its line and whether it is whole; what is not is made at run time.

    Put together are constants that a file sets once, constants one after the other, and `path.join` of them.
    """
    for number, line in enumerate(_put_together(source).split("\n"), start=1):
        for found in _ANY.finditer(line):
            key = found[0][1:-1]
            if key.endswith(_ENDING):
                parted = _BEFORE.search(line[: found.start()]) or _BEHIND.search(line[found.end() :])
                yield key, number, not (parted or key == _ENDING or _FILLED_IN.search(key))


def _put_together(source: str) -> str:
    named = [(found[1], found[2]) for found in _CONSTANT.finditer(source)]
    for name, text in named:
        if [it for it, _ in named].count(name) == 1:
            beside = rf"(?<![\w.\"'`/])({name})(?=\s*\+)|(?<=[+,(])(\s*)({name})\b(?!\s*[.(=])"
            source = re.sub(beside, lambda it, text=text: f"{it[2] or ''}{text}", source)  # type: ignore[misc]
    source = _JOIN.sub(_joined, source)
    while (found := _SUM.search(source)) is not None:
        whole = f'"{found[1][1:-1]}{found[3][1:-1]}"' + "\n" * found[2].count("\n")
        source = source[: found.start()] + whole + source[found.end() :]
    return source


def _joined(call: re.Match[str]) -> str:
    parts = [part[1:-1].strip("/") for part in re.findall(_TEXT, call[1])]
    return f'"{"/".join(parts)}"' + "\n" * call[0].count("\n")
