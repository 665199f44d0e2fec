"""The template keys that code names: text constants that end so, put together where they stand in parts.

What stands in comments, in texts that document a function and in longer texts names none, nor does an address
with `://` in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

LANGUAGES = (".py", ".rb", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".java", ".kt", ".go", ".cs")
"""How the names of files of code end, in the languages that Lambda runs and whose texts are read."""
_TESTS = re.compile(
    r"(?:^|/)(?:tests?|__tests__|spec|node_modules)/|(?:^|/)(?:test_|conftest\.)[^/]*$|[._](?:test|spec)\.\w+$"
)
"""Code that no function runs, or that somebody else wrote."""
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
    r"^[ \t]*(?:export[ \t]+)?(?:(?:const|let|var)[ \t]+)?([A-Za-z_]\w*)[ \t]*(?::[ \t]*\w+[ \t]*)?"
    rf"=\s*({_TEXT})[ \t]*(?:;[ \t]*)?\r?$",
    re.MULTILINE,
)
_QUOTED = r"""\"(?:[^"\\\n]|\\.)*(?:"|$)|'(?:[^'\\\n]|\\.)*(?:'|$)"""
_ANY = re.compile(_TEXT + rf"|`[^`\n]*`|{_QUOTED}")
_OF_ANY_FORMAT = re.compile(r"^[\w.-]+/[^\s:]*\.(?:\$?\{[^{}]*\}|%s)?$")
"""A key whose ending is filled in, or stands behind it."""
_LONG = r""""{3}(?:[^\\]|\\.)*?(?:"{3}|\Z)|'{3}(?:[^\\]|\\.)*?(?:'{3}|\Z)"""
_WITH_HASH = re.compile(
    rf"(?P<told>^[ \t]*(?:{_LONG})|\#[^\n]*)|(?P<long>{_LONG})|{_QUOTED}", re.DOTALL | re.MULTILINE
)
_WITH_SLASHES = re.compile(
    rf"(?P<told>//[^\n]*|/\*.*?(?:\*/|\Z))|(?P<long>`(?:[^`\\]|\\.)*(?:`|\Z))|{_QUOTED}",
    re.DOTALL | re.MULTILINE,
)
"""What is told to readers, texts of several lines, and other texts."""
_MOST_FILLED_IN = 1_000_000
"""How many letters of constants stand for their names; what is made of a name that is left is not whole."""
_FILLED_IN = re.compile(r"[{}%$\\]")
_BEFORE = re.compile(r"(?:[+%/]\s*|[\"'`]\s*|\bjoin\([^()]*,\s*)$")
_BEHIND = re.compile(r"^\s*(?:\+|%|/|[\"'`])|^\.(?:format|replace)\(")


def is_code_that_runs(path: str) -> bool:
    """Return whether a path within a repository is code of a function: no test, and nobody else's."""
    return path.endswith(LANGUAGES) and not _TESTS.search(path)


def template_keys(source: str, language: str = ".py") -> Iterator[tuple[str, int, bool]]:
    """Yield each key with its line and whether it is whole; what is not is made at run time.

    Put together are constants that a file sets once, constants one after the other, and `path.join` of them.
    """
    told = _WITH_HASH if language in (".py", ".rb") else _WITH_SLASHES
    texts = _put_together(told.sub(_of_one_line, source))
    for number, line in enumerate(texts.split("\n"), start=1):
        for found in _ANY.finditer(line):
            key = found[0][1:-1]
            parted = _BEFORE.search(line[: found.start()]) or _BEHIND.search(line[found.end() :])
            if "://" in key:
                continue
            if key.lower().endswith(_ENDING):
                yield key, number, not (parted or key == _ENDING or _FILLED_IN.search(key))
            elif _OF_ANY_FORMAT.match(key) and (parted or key[-1] != "."):
                yield key, number, False


def _of_one_line(found: re.Match[str]) -> str:
    """Return a text as it stands, without what is told to readers and what is longer than a line."""
    whole = found[0]
    if not found["told"] and not found["long"]:
        return whole
    lines = "\n" * whole.count("\n")
    if found["told"]:
        return lines
    if whole.startswith("`"):
        return f"''{lines}" if lines else whole
    key = whole[3:-3]
    return f"''{lines}" if lines or {*"\"'"} & {*key} else f'"{key}"'


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
