"""The files below a folder of a checkout, whatever they are called: which Git tracks, which hold a word."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Self

from pydantic import PrivateAttr

from plumbline.github.tracked import tracked_below
from plumbline.kinds.data_files import DataFile
from plumbline.kinds.kind import Kind
from plumbline.values.files import Tree, content
from plumbline.values.model import Model
from plumbline.values.unknown import Placeholder, ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.github.checkout import Checkout


class Words(Model):
    """Words, and the files that they must not stand in."""

    files: list[str]
    """Patterns: a name, which counts in every folder, or a path; `*` stands for any text."""
    words: list[str]


class CheckoutFilesLimits(Model):
    """What can be expected of the files below a folder."""

    untracked: list[str]
    """Patterns of what Git must not track: a name, which counts in every folder, or a path."""
    without: Words
    """Words that files must not hold any more, such as placeholders. In HCL they are looked for in values."""


class CheckoutFiles(Kind):
    """The files below a folder of the checkout. Its name is the folder: `.` for all of it."""

    noun = "checkout_files"
    plural = "checkout_files"
    lies_in_repository = True
    limits = CheckoutFilesLimits

    _checkout: Checkout | None = PrivateAttr(default=None)
    _folder: PurePosixPath = PrivateAttr(default=PurePosixPath("."))

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return the files below the folder. Raises `Missing` where there is none."""
        folder = checkout.find_folder(name)
        files = cls.of(checkout.shown(checkout.folder / folder), {"name": name})
        files._checkout, files._folder = checkout, folder
        return files

    def tracked_like(self, patterns: Iterable[str]) -> list[str]:
        """Return the files that Git tracks and whose name or path one of some patterns says.

        Raises `Undetermined` where Git's index does not say it.
        """
        told = [*patterns]
        return list(self.answered(f"tracked like {', '.join(told)}", lambda: self._tracked_like(told)))

    def holding(self, asked: Words) -> list[str]:
        """Return where a word stands in the files, with file and line.

        Raises `Undetermined` where no file is called so, and `ReadError` for one that cannot be read.
        """
        question = f"{', '.join(asked.words)} in {', '.join(asked.files)}"
        return list(self.answered(question, lambda: [*self._holding(asked)]))

    def _tracked_like(self, patterns: list[str]) -> list[str]:
        assert self._checkout is not None
        tracked = tracked_below(self._checkout.folder / self._folder)
        return [str(it) for it in tracked if any(is_called(it, pattern) for pattern in patterns)]

    def _holding(self, asked: Words) -> Iterator[str]:
        checkout = self._checkout
        assert checkout is not None
        below = self._folder
        files = [it for it in checkout.files if it.is_relative_to(below)]
        for pattern in asked.files:
            if not any(is_called(it.relative_to(below), pattern) for it in files):
                raise Undetermined(f"no file is called {pattern} below {self.name} {checkout.told}")
        for it in files:
            if any(is_called(it.relative_to(below), pattern) for pattern in asked.files):
                for where, text in _texts(checkout, it):
                    yield from (f"{where} {word}" for word in asked.words if word in text)


def is_called(path: PurePosixPath, pattern: str) -> bool:
    """Return whether a pattern says a path, or with no slash in it the name at its end."""
    return fnmatchcase(str(path) if "/" in pattern else path.name, pattern)


def _texts(checkout: Checkout, path: PurePosixPath) -> Iterator[tuple[str, str]]:
    """Yield the texts of a file, each with file and line: the values of HCL, the lines of anything else."""
    place = checkout.own(checkout.folder / path)
    try:
        held = content(place)
    except OSError as error:
        message = f"{checkout.shown(place)} cannot be read: {error.strerror}"
        raise ReadError(message, cause=message) from None
    data = DataFile(place, held, Tree(checkout.folder))
    if data.format == "HCL" and (mistake := data.mistake):
        raise ReadError(mistake, cause=mistake)
    if data.format == "HCL":
        for _, value, where in data.arguments():
            value = "" if isinstance(value, Placeholder) else value
            yield where, json.dumps(value, ensure_ascii=False, default=str)
        return
    for number, line in enumerate(held.decode("utf-8", "replace").splitlines(), start=1):
        yield f"{checkout.shown(place)}:{number}", line
