"""The template keys that code names: text constants that end so, put together where they stand in parts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

_ENDING = ".html"
_TEXT = r"""(?:"[^"\n\\]*"|'[^'\n\\]*'|`[^`\n\\$]*`)"""
_SUM = re.compile(rf"(?<![\w)]){_TEXT}(?:(?:\s*\+\s*|[ \t]*\n\s*){_TEXT}(?:[ \t]*{_TEXT})*)+")
"""Texts that are one: with `+` between them, or in Python nothing but the end of a line."""
_NAME = re.compile(r"(?<![\w.\"'`/])([A-Za-z_]\w*)(?=\s*\+)|(?<=[+,(])(\s*)([A-Za-z_]\w*)\b(?!\s*[.(=])")
"""What may stand for a text where texts are put together."""
_JOIN = re.compile(
    rf"\b(?:os\.path|posixpath|path|path\.posix)\.join\(\s*({_TEXT}(?:\s*,\s*{_TEXT})*)\s*,?\s*\)"
)
_CONSTANT = re.compile(
    rf"^\s*(?:export\s+)?(?:(?:const|let|var)\s+)?([A-Za-z_]\w*)\s*(?::\s*\w+\s*)?=\s*({_TEXT})\s*;?\s*$",
    re.MULTILINE,
)
_ANY = re.compile(_TEXT + r"|`[^`\n]*`")
_MOST_FILLED_IN = 1_000_000
"""How many letters of constants stand for their names; what is made of a name that is left is not whole."""
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
    times = Counter(name for name, _ in named)
    known = {name: text for name, text in named if times[name] == 1}
    left = _MOST_FILLED_IN

    def filled(found: re.Match[str]) -> str:
        nonlocal left
        text = known.get(found[1] or found[3])
        left -= len(text or "")
        return found[0] if text is None or left < 0 else f"{found[2] or ''}{text}"

    return _SUM.sub(_summed, _JOIN.sub(_joined, _NAME.sub(filled, source)))


def _summed(texts: re.Match[str]) -> str:
    whole = "".join(part[1:-1] for part in re.findall(_TEXT, texts[0]))
    return f'"{whole}"' + "\n" * texts[0].count("\n")


def _joined(call: re.Match[str]) -> str:
    parts = [part[1:-1].strip("/") for part in re.findall(_TEXT, call[1])]
    return f'"{"/".join(parts)}"' + "\n" * call[0].count("\n")
