"""One way through a script: what its variables hold, where it stands, and whether it is surely taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as with_other
from itertools import takewhile

Status = bool | None
"""Whether a command succeeds; None where that is open."""
SUCCEEDS, FAILS, OPEN = True, False, None
WORKSPACE = "/github/workspace"
"""Where the checkout lies for a script. Source: GitHub's documentation, "Docker container filesystem"."""
UNREAD = "$UNREAD"
"""Stands for a script that is not gone through, with its text behind it."""

CONTAINERS = frozenset({"docker", "docker-compose", "podman", "nerdctl", "kubectl"})
"""Programs that start another one in a container."""
_UNRESOLVED = re.compile(r"\$\{\{|\$[\w({@*?#!-]|`")


def is_known(text: str) -> bool:
    """Return whether a text holds nothing that only a run would tell."""
    return not _UNRESOLVED.search(text)


@dataclass(frozen=True)
class Command:
    """A command that a script comes to, after its expansion; what is not known stands in it as written."""

    words: tuple[str, ...]
    folder: str
    """Where it runs; the checkout lies at `WORKSPACE`."""
    variables: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    sure: bool = True
    """Whether the script comes to it unless it fails before."""
    is_read: bool = field(default=False, compare=False, repr=False)
    """Whether what it runs can be read, and stands behind it."""
    given: str | None = field(default=None, compare=False, repr=False)
    """What a here-string gives it to read."""
    written_to: str = field(default="", compare=False, repr=False)
    """The file that what it prints is written to, as it is named; empty for none."""

    @property
    def line(self) -> str:
        """Its words in one line."""
        return " ".join(self.words)


@dataclass
class Path:
    """The state of the shell on one way through a script."""

    variables: dict[str, str]
    folder: str
    errexit: bool = True
    pipefail: bool = False
    sure: bool = True
    alive: bool = True
    """Whether it goes on: nothing ended the script, the function or the turn of a loop."""
    arguments: tuple[str, ...] = ()
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def forked(self, sure: bool = True) -> Path:
        """Return a way of its own from here on, which is surely taken only where this one is."""
        return with_other(
            self, variables=dict(self.variables), lists=dict(self.lists), sure=self.sure and sure
        )

    def joined(self, branches: Iterable[tuple[Path, bool]]) -> None:
        """Go on as one way after several; each with whether it may have ended without a failure."""
        ways = list(branches)
        going = [it for it, _ in ways if it.alive]
        self.alive = bool(going)
        self.sure = self.sure and not any(quiet for it, quiet in ways if not it.alive or quiet)
        if going:
            self.folder = _common([it.folder for it in going], "$PWD")
            names = {name for it in going for name in it.variables}
            self.variables = {
                name: _common([it.variables.get(name, "") for it in going], f"${name}") for name in names
            }
            self.errexit = all(it.errexit for it in going)
            self.pipefail = all(it.pipefail for it in going)
            self.arguments = _common_words("@", [it.arguments for it in going])
            named = {name for it in going for name in it.lists}
            self.lists = {
                name: _common_words(name, [it.lists.get(name, ()) for it in going]) for name in named
            }


def _common_words(name: str, lists: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the words that lists begin with alike; where they differ, an unknown word follows."""
    if len(set(lists)) == 1:
        return lists[0]
    alike = takewhile(lambda words: len(set(words)) == 1, zip(*lists, strict=False))
    return (*(words[0] for words in alike), f"${name}")


def _common(values: list[str], otherwise: str) -> str:
    return values[0] if len(set(values)) == 1 else otherwise
