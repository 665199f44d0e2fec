"""Patterns, matched in time that is linear in pattern and text: whoever wrote them may mean harm."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from plumbline.values.shown import text as shown
from plumbline.values.unknown import Undetermined

ANYTHING = ".*"
"""The expression for any text, line breaks and all."""
_MOST_OF_AN_EXPRESSION = 200_000
"""In characters; no policy of AWS is a tenth as long."""
_TOKEN = re.compile(r"\[(?P<not>[!^]?)(?P<members>\]?[^\]]*)\]|\\(?P<escaped>.)|(?P<plain>.)", re.DOTALL)
_WILD = {"*": ANYTHING, "?": "."}
_HALVES = {half: 0xF0000 + half - 0xD800 for half in range(0xD800, 0xE000)}
"""What stands for half a character, which RE2 cannot read: characters that nobody gave a meaning."""


def compiled(expression: str) -> Any:
    """Return a regular expression of RE2, which never goes back in what it reads.

    Raises `ValueError` for one that is none, or too long.
    """
    import re2  # type: ignore[import-untyped]

    if len(expression) > _MOST_OF_AN_EXPRESSION:
        raise ValueError("it is too long")
    options = re2.Options()
    options.log_errors, options.dot_nl = False, True
    try:
        return re2.compile(whole(expression), options)
    except re2.error as error:
        raise ValueError(why(error)) from None


def why(error: Exception) -> str:
    """Return what RE2 has against an expression: its Python package gives the bytes of it."""
    told = error.args[0] if error.args else ""
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)


def literal(text: str) -> str:
    """Return the expression that matches a text and nothing else."""
    import re2

    return str(re2.escape(whole(text)))


def matcher(expression: str, told: str) -> Callable[[str], bool]:
    """Return whether an expression matches all of a text; `told` is what it was made of.

    Raises `Undetermined` where it is too long.
    """
    try:
        pattern = compiled(expression)
    except ValueError:
        raise Undetermined(f"{shown(told, 60)} is too long for a pattern") from None
    return lambda text: pattern.fullmatch(whole(text)) is not None


@lru_cache(maxsize=4096)
def wildcard(pattern: str, *, one: str = "") -> Callable[[str], bool]:
    """Return whether a text is as a pattern says: `*` is any text, and `one`, where given, any character."""
    wild = {"*": ANYTHING} | ({one: "."} if one else {})
    return matcher("".join(wild.get(it) or literal(it) for it in pattern), pattern)


def of_shell(pattern: str) -> str:
    """Return the expression of a shell's pattern: `*`, `?`, `[a-z]`, `[!a-z]` and `\\*`.

    Source: POSIX, "Pattern Matching Notation".
    """
    return "".join(map(_of_shell, _TOKEN.finditer(pattern)))


def _of_shell(token: re.Match[str]) -> str:
    if token["members"]:
        members = re.sub(r"([\\\[\]^&~|])", r"\\\1", token["members"])
        return f"[{'^' if token['not'] else ''}{members}]"
    plain = token["plain"]
    return _WILD.get(plain) or literal(token["escaped"] or plain or token.group())


def whole(text: str) -> str:
    """Return a text that RE2 can read, and no other text's."""
    return text.translate(_HALVES)
