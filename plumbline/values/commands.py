"""Commands that people paste into a shell: what came from evidence stands in them as text, or not at all."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from plumbline.values.filling import PLACEHOLDER
from plumbline.values.shown import MOST_CHARACTERS, text

_LEFT_OUT = re.compile(r"<[a-z-]+>")


def command(template: str, names: Mapping[str, str]) -> str:
    """Return a command with its placeholders filled in, each so that a shell takes it for text.

    It is quoted as its place asks: bare, in quotes, or in a substitution. What no terminal can take is left
    out: `<bucket-name>` stands in its place. Raises `KeyError` for an unknown placeholder.
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
        before = template[done : match.start()]
        shell.read(before)
        yield before
        value = names[match[1]]
        yield shell.quote(value if can_be_typed(value) else left_out(match[1]))
        done = match.end()
    yield template[done:]


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

    def quote(self, value: str) -> str:
        """Return a value as text of its own, within whatever quotes stand open."""
        word = value if _LEFT_OUT.fullmatch(value) else shlex.quote(value)
        return word if word == value else f"{self._inside[-1]}{word}{self._inside[-1]}"
