"""Commands that people paste into a shell: what came from evidence stands in them as text, or not at all."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from plumbline.values.filling import PLACEHOLDER
from plumbline.values.shown import MOST_CHARACTERS, text

_LEFT_OUT = re.compile(r"<[a-z-]+>")
_NAME = re.compile(r"[\w.+@/][\w.+@/-]*", re.ASCII)
"""What is a name in every language that a command holds: JMESPath, JSON, shorthand, ARNs, paths, Terraform.

So it has no quotes, backslash, comma, colon or equals sign: each of these separates something in one of them.
"""
_UP = re.compile(r"(^|/)\.\.(/|$)")
_MEANS_MORE = re.compile(r"-|[\[{@]|[A-Za-z]+:/")
"""How a word begins that a program reads as something else than a name: an option, JSON, a file to read.

Source: AWS CLI user guide, "Loading a parameter from a file" and "Using JSON for parameters".
"""
_BEFORE = re.compile(r"(^|[\s;&|(])$")
_AFTER = re.compile(r"$|[\s;&|)]")
"""What stands around a word."""


def command(template: str, names: Mapping[str, str]) -> str:
    """Return a command with its placeholders filled in, each so that a shell takes it for text.

    It is quoted as its place asks: bare, in quotes, or in a substitution. Where a word holds more than the
    value it is of a language of its own, a query or JSON, in which only a name is sure to be text. What can
    not stand there, and what no terminal can take, is left out: `<bucket-name>` stands in its place. Raises
    `KeyError` for an unknown placeholder.
    """
    return "".join(_filled(template, names))


def can_be_typed(value: str) -> bool:
    """Whether a value is no longer than a name, and all of it shows: `text` would change nothing of it."""
    return len(value) <= MOST_CHARACTERS and text(value) == value


def left_out(name: str) -> str:
    """Return what stands for something that is not known or cannot be typed: `<lock-id>`."""
    return f"<{name.replace('_', '-')}>"


def _filled(template: str, names: Mapping[str, str]) -> Iterator[str]:
    shell, done = _Shell(), 0
    for match in PLACEHOLDER.finditer(template):
        shell.read(template[done : match.start()])
        yield template[done : match.start()]
        value = names[match[1]]
        is_word = shell.is_word(template[: match.start()], template[match.end() :])
        stands = value if _can_stand(value, is_word=is_word) else left_out(match[1])
        yield stands if is_word and _LEFT_OUT.fullmatch(stands) else shell.quote(stands)
        done = match.end()
    yield template[done:]


def _can_stand(value: str, *, is_word: bool) -> bool:
    """Whether a value is taken for text, as a word of its own or within another one."""
    if not can_be_typed(value) or _UP.search(value):
        return False
    if _LEFT_OUT.fullmatch(value):
        return True
    return not _MEANS_MORE.match(value) if is_word else _NAME.fullmatch(value) is not None


class _Shell:
    """Where in a command a shell is: in which quotes, within which substitutions."""

    def __init__(self) -> None:
        self._inside: list[str] = [""]
        """The quotes of each `$(...)` around here; the last are those that stand open now."""

    def read(self, text: str) -> None:
        """Read on."""
        characters = iter(enumerate(text))
        for position, it in characters:
            quotes = self._inside[-1]
            if quotes == "'":
                self._inside[-1] = "" if it == "'" else quotes
            elif it == "\\":
                next(characters, None)
            elif it == '"':
                self._inside[-1] = "" if quotes else it
            elif it == "'" and not quotes:
                self._inside[-1] = it
            elif text.startswith("$(", position):
                self._inside.append("")
            elif it == ")" and not quotes and len(self._inside) > 1:
                self._inside.pop()

    def is_word(self, before: str, after: str) -> bool:
        """Whether what stands between two texts is a word of its own, alone within the open quotes."""
        quotes = self._inside[-1]
        begins = before.endswith(quotes) and _BEFORE.search(before.removesuffix(quotes))
        return bool(begins and after.startswith(quotes) and _AFTER.match(after.removeprefix(quotes)))

    def quote(self, value: str) -> str:
        """Return a value as text of its own, within whatever quotes stand open."""
        if self._inside[-1] and _LEFT_OUT.fullmatch(value):
            return value
        word = shlex.quote(value)
        return word if word == value else f"{self._inside[-1]}{word}{self._inside[-1]}"
