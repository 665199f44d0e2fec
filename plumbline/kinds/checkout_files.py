"""The files below a folder of a checkout, whatever they are called: which Git tracks, which hold a word."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Self

from plumbline.github.tracked import tracked_below
from plumbline.kinds.data_files import DataFile
from plumbline.kinds.kind import Kind
from plumbline.values.files import Tree, content
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Placeholder, ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.github.checkout import Checkout


class Looked(Model):
    """What is looked for among the files. Patterns are a name, which counts in every folder, or a path."""

    names: list[str] = []
    """Patterns of what Git may track: `*` stands for any text."""
    files: list[str] = []
    """Patterns of the files that words are looked for in."""
    holding: str = ""
    """The pattern of a file by which folders are looked for: `*.tf`."""
    beside: list[str] = []
    """The files that each such folder must have."""
    words: list[str] = []
    """Words, such as placeholders. In HCL they are looked for in values, in anything else in each line."""


class CheckoutFiles(Kind):
    """The files below a folder of the checkout. Its name is the folder: `.` for all of it."""

    noun = "checkout_files"
    plural = "checkout_files"
    lies_in_repository = True
    question = Looked
    may_ask_nothing = True

    tracked: list[Text] = []
    """Those that Git tracks under one of the names that are asked for."""
    lacking: list[Text] = []
    """The folders that hold a file of the pattern that is asked for, and lack one that must lie beside it."""
    words_left: list[Text] = []
    """Where one of the words stands in the files that are asked for: file, line and word."""

    @classmethod
    def asked_of_repository(cls, checkout: Checkout, name: str, question: Any) -> Self:
        """Return what is found. Raises `Missing` where there is no such folder."""
        folder, question = checkout.find_folder(name), question or Looked()
        fields: dict[str, Any] = {
            "name": name,
            "tracked": lambda: _tracked(checkout.folder / folder, question.names),
            "lacking": lambda: [*_lacking(checkout, folder, question)],
            "words_left": lambda: [*_words_left(checkout, folder, question)],
        }
        return cls.of(checkout.shown(checkout.folder / folder), fields)


def _tracked(folder: Path, patterns: Sequence[str]) -> list[str]:
    """Return what Git tracks. Raises `Undetermined` where its index does not say it, or nothing is asked."""
    if not patterns:
        raise Undetermined("no names are asked for that Git may track")
    return [str(it) for it in tracked_below(folder) if any(is_called(it, one) for one in patterns)]


def _lacking(checkout: Checkout, folder: PurePosixPath, asked: Looked) -> Iterator[str]:
    """Yield what folders lack. Raises `Undetermined` where no folder is meant, or nothing asked for."""
    files = [it for it in checkout.files if str(folder) == "." or it.is_relative_to(folder)]
    meant = sorted({it.parent for it in files if asked.holding and is_called(it, asked.holding)})
    if not meant or not asked.beside:
        raise Undetermined(f"no folder below {folder} holds {asked.holding or 'a file that is asked for'}")
    held = {*files}
    yield from (f"{it}: no {name}" for it in meant for name in asked.beside if it / name not in held)


def _words_left(checkout: Checkout, folder: PurePosixPath, asked: Looked) -> Iterator[str]:
    """Yield where words stand.

    Raises `Undetermined` where no file is called so, and `ReadError` for one that cannot be read.
    """
    files = [it for it in checkout.files if str(folder) == "." or it.is_relative_to(folder)]
    inside = {it: PurePosixPath(it).relative_to(folder) if str(folder) != "." else it for it in files}
    if not asked.files or not asked.words:
        raise Undetermined("no files and words are asked for")
    for pattern in asked.files:
        if not any(is_called(it, pattern) for it in inside.values()):
            raise Undetermined(f"no file is called {pattern} below {folder} {checkout.told}")
    for it, path in inside.items():
        if any(is_called(path, pattern) for pattern in asked.files):
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
