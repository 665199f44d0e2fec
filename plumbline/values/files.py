"""Files of what is examined: which of them are read, and how much of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

MOST_BYTES = 64 * 1024 * 1024
"""How long a file may be that is read; what is longer was not written by hand."""
MOST_NAMED_BYTES = 512 * 1024 * 1024
"""How long a plan, a state or an evidence file may be: a program wrote it."""
ALLOWED_BY = "--allow-outside-files"
"""The option that lets files be read which lie elsewhere."""
_GIT = ".git"


def checkouts_around(folder: Path) -> Iterator[Path]:
    """Yield the checkouts that a folder lies in, or is, the innermost first."""
    return (it for it in (folder, *folder.parents) if (it / _GIT).exists())


@dataclass(frozen=True)
class Tree:
    """The folder that an examination reads files below, and nothing beside it."""

    folder: Path

    @classmethod
    def around(cls, folder: Path, given: Path | None = None) -> Self:
        """Return the checkout that a folder lies in; where it lies in none, what was given, or the folder.

        A home that is a checkout itself holds more than what anybody means to examine.
        """
        here, home = Path(os.path.abspath(folder)), Path.home()
        checkout = next((it for it in checkouts_around(here) if not home.is_relative_to(it)), None)
        return cls(checkout or Path(os.path.abspath(given or folder)))

    def holds(self, path: Path) -> bool:
        """Whether a file lies below, whatever leads to it; what Git keeps of a checkout does not count."""
        if self == EVERYWHERE:
            return True
        real, folder = Path(os.path.realpath(path)), Path(os.path.realpath(self.folder))
        return real.is_relative_to(folder) and _GIT not in real.relative_to(folder).parts

    def is_left_by(self, path: Path) -> bool:
        """Whether a path that lies below leads out of it, by a link."""
        return Path(os.path.abspath(path)).is_relative_to(self.folder) and not self.holds(path)


EVERYWHERE = Tree(Path(os.path.abspath(os.sep)))
"""Where every file may be read."""
NOWHERE = Tree(Path(os.devnull))
"""Where no file is."""


def content(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return what a file holds. Raises `OSError`, for what is no file, or too long, too: it may never end."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(0, "it is no regular file", str(path))
    return named(path, most)


def named(path: Path, most: int = MOST_NAMED_BYTES) -> bytes:
    """Return what a file holds that somebody names who runs Plumbline: it may be a pipe.

    Raises `OSError`, for what is too long, too: it may never end.
    """
    with path.open("rb") as file:
        found = file.read(most + 1)
    if len(found) > most:
        raise OSError(0, f"it is longer than {most:,} bytes", str(path))
    return found
