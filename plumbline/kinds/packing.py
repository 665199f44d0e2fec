"""What a script packs into an archive: its commands are gone through, and nothing of them is run.

The archive is what `zip` makes of folders of the checkout, and of what the script copied before. What
`pip install` brings is not in a checkout, and neither is what another command makes.
Source: manual of Info-ZIP's zip 3.0; pip's documentation, "pip install".
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from plumbline.github.scripts import unwrapped
from plumbline.github.shell.path import WORKSPACE, Command, is_known
from plumbline.github.shell.script import Settings, outcome
from plumbline.values.archives import Packed
from plumbline.values.files import Tree, content
from plumbline.values.unknown import ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.github.checkout import Checkout
    from plumbline.terraform.hcl.body import Body

_MOST_FILES = 200_000
_MOST_OF_A_SCRIPT = 4 * 1024 * 1024
_EVERYTHING = PurePosixPath(".")
_LEFT_ALONE = frozenset(
    {"set", "echo", "printf", "test", "[", "[[", "true", ":", "cd", "pushd", "popd", "export", "ls", "du"}
    | {"mkdir", "chmod", "touch", "trap", "wait", "sleep", "date", "pwd", "which", "command", "shopt"}
)
"""Commands that put nothing of any size into a folder."""
_FLAGS = frozenset("rqXDyoTv0123456789")
"""The options of zip that leave what is packed as it is; with `r` folders are packed with all below them."""
_PATTERNS = {"-i": "only", "--include": "only", "-x": "without", "--exclude": "without"}
_LONG = {
    "--recurse-paths": "r",
    "--quiet": "q",
    "--no-extra": "X",
    "--symlinks": "y",
    "--no-dir-entries": "D",
}


@dataclass(frozen=True)
class Contents:
    """What lies in an archive, or would."""

    files: list[Packed]
    taken: Taken | None = None
    """What would be packed, where it is no archive that was read."""
    more: list[More] = field(default_factory=list)
    """What there may be besides these files."""


@dataclass(frozen=True)
class More:
    """Files that a script makes, and that are not read."""

    at: str
    """The folder of the archive that they are in; empty where that is not known."""
    why: str
    is_code: bool = False
    """Whether they are there to be loaded by the runtime."""


@dataclass(frozen=True)
class Taken:
    """What a call of zip takes of the folders that it is given."""

    sources: tuple[str, ...]
    """As they are given: `.`, `python`."""
    is_deep: bool
    """Whether what lies below folders is packed."""
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    """Patterns, in which `*` stands for slashes, too."""

    def takes(self, name: str) -> bool:
        """Return whether a file is packed that has this name in the archive."""
        if self.only and not any(fnmatchcase(name, it) for it in self.only):
            return False
        return not any(fnmatchcase(name, it) for it in self.without)


def made_by(checkout: Checkout, archive: PurePosixPath, script: str, folder: str) -> Contents:
    """Return what a file of the checkout packs into an archive: a script, or provisioners of Terraform.

    Each script in it starts in a folder of the checkout. Raises `Missing` for the file and `Undetermined`
    where nothing in it packs the archive, or where it is not known what is packed.
    """
    path = checkout.find(script, "file")
    found: list[Contents] = []
    for text in _scripts(checkout, path):
        found += _packed(checkout, archive, text, f"{WORKSPACE}/{folder}".rstrip("/."))
    if len(found) != 1:
        told = "nothing that is read" if not found else "more than one command"
        raise Undetermined(f"{told} in {checkout.shown(path)} packs {archive.name}")
    return found[0]


def _scripts(checkout: Checkout, path: Any) -> Iterator[str]:
    """Yield the scripts in a file. Raises `ReadError` for one that cannot be read."""
    if path.suffix != ".tf":
        try:
            yield content(checkout.own(path), _MOST_OF_A_SCRIPT).decode("utf-8", "replace")
        except OSError as error:
            message = f"{checkout.shown(path)} cannot be read: {error.strerror}"
            raise ReadError(message, cause=message) from None
        return
    from plumbline.terraform.directory import read_body
    from plumbline.terraform.model import TerraformError
    from plumbline.terraform.problems import Problems

    problems = Problems()
    body = read_body(path, problems, Tree(checkout.folder))
    try:
        problems.raise_any()
    except TerraformError as error:
        raise ReadError(
            f"{checkout.shown(path)}: {error}", cause=f"{checkout.shown(path)}: {error}"
        ) from None
    yield from _provisioned(body)


def _provisioned(body: Body) -> Iterator[str]:
    """Yield the commands of provisioners; one that is no constant is told by what stands in it."""
    from plumbline.terraform.constants import constant
    from plumbline.terraform.expressions.base import EvaluationError

    for block in body.of_type("resource"):
        for provisioner in block.body.of_type("provisioner"):
            command = provisioner.body.expression("command")
            if provisioner.labels == ["local-exec"] and command is not None:
                try:
                    yield str(constant(command))
                except EvaluationError:
                    yield f"{_NOT_CONSTANT} {command.location}"


_NOT_CONSTANT = "plumbline-not-constant"


def _packed(checkout: Checkout, archive: PurePosixPath, script: str, folder: str) -> Iterator[Contents]:
    """Yield what each call of zip in a script packs into the archive."""
    state = _Folders(checkout)
    for command in outcome(script, Settings(folder=folder)).commands:
        words = unwrapped(command.words)
        if not words:
            continue
        name = posixpath.basename(words[0])
        if name == _NOT_CONSTANT:
            raise Undetermined(f"the command at {words[1]} is made of what is not read here")
        if name != "zip":
            state.note(command, name, words[1:])
            continue
        packing = _call_of_zip(words[1:], command)
        if packing is not None and _place(packing[0], command) == archive:
            if not command.sure:
                raise Undetermined(f"whether {archive.name} is packed hangs on what only a run knows")
            yield state.packed(packing[1], _place(".", command), archive)


def _call_of_zip(words: Sequence[str], command: Command) -> tuple[str, Taken] | None:
    """Return the archive that a call of zip makes, and what it takes; None where it makes none.

    Raises `Undetermined` for an option that is not known here.
    """
    patterns: dict[str, list[str]] = {"only": [], "without": []}
    operands: list[str] = []
    flags = ""
    filling: list[str] | None = None
    for word in words:
        if word in _PATTERNS:
            filling = patterns[_PATTERNS[word]]
        elif word.startswith("--"):
            filling, flags = None, flags + _LONG.get(word, "?")
        elif word.startswith("-") and len(word) > 1:
            filling, flags = None, flags + word[1:]
        elif filling is not None:
            filling.append(word)
        else:
            operands.append(word)
    if len(operands) < 2:
        return None
    if not _FLAGS.issuperset(flags) or not all(map(is_known, words)):
        raise Undetermined(f"what `{command.line[:200]}` packs is not read: it is not known here")
    name = operands[0] if PurePosixPath(operands[0]).suffix else f"{operands[0]}.zip"
    only, without = (tuple(patterns[it]) for it in ("only", "without"))
    return name, Taken(tuple(operands[1:]), "r" in flags, only, without)


def _place(path: str, command: Command) -> PurePosixPath:
    """Return where in the checkout a path of a command lies."""
    whole = posixpath.normpath(posixpath.join(command.folder, path))
    if whole != WORKSPACE and not whole.startswith(f"{WORKSPACE}/"):
        raise Undetermined(f"{path} of `{command.line[:200]}` lies outside of the checkout")
    return PurePosixPath(posixpath.relpath(whole, WORKSPACE))


class _Folders:
    """The folders of a checkout as a script leaves them, as far as that is read."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._removed: list[PurePosixPath] = []
        self._copied: list[tuple[PurePosixPath, PurePosixPath]] = []
        self._more: list[tuple[PurePosixPath, More]] = []

    def _named(self, source: str, base: PurePosixPath) -> list[str]:
        """Return the names in a folder that a pattern of the shell stands for, or what is no pattern."""
        if "/" in source or not any(it in source for it in "*?["):
            return [source]
        below = (str(it) for it, _ in self._below(base, is_deep=True))
        names = dict.fromkeys(it.partition("/")[0] for it in below)
        return sorted(it for it in names if fnmatchcase(it, source) and it[0] != ".")

    def note(self, command: Command, name: str, words: Sequence[str]) -> None:
        """Take in what a command does to folders."""
        operands = [it for it in words if not it.startswith("-")]
        if name == "rm" and all(map(is_known, operands)):
            for it in operands:
                self._remove(_place(it, command))
        elif name == "cp" and len(operands) == 2 and all(map(is_known, operands)):
            self._copied.append((_copied_to(operands, command, self._is_there), _place(operands[0], command)))
        elif (target := _installed_to(name, words)) is not None:
            for it in self._installed(words, command):
                self._more.append((_place(target, command), More("", it, is_code=True)))
        elif name not in _LEFT_ALONE:
            self._more.append((_EVERYTHING, More("", f"what `{command.line[:200]}` makes is not read")))

    def _remove(self, place: PurePosixPath) -> None:
        self._removed.append(place)
        self._copied = [it for it in self._copied if not it[0].is_relative_to(place)]
        self._more = [it for it in self._more if not it[0].is_relative_to(place)]

    def _is_there(self, place: PurePosixPath) -> bool:
        """Return whether a folder is there when a script comes to it."""
        made = any(it.is_relative_to(place) for it, _ in self._copied)
        return made or (not self._is_removed(place) and (self._checkout.folder / place).is_dir())

    def _is_removed(self, place: PurePosixPath) -> bool:
        return any(place.is_relative_to(it) for it in self._removed)

    def _installed(self, words: Sequence[str], command: Command) -> Iterator[str]:
        """Yield why it is not known what pip installs; nothing where a list of it is empty."""
        lists = [_place(value, command) for value in _values(words, "-r", "--requirement")]
        wanted = [it for it in lists if not self._is_empty(it)]
        if wanted or not lists:
            yield f"what `{command.line[:80]}` brings is not in the checkout"

    def _is_empty(self, requirements: PurePosixPath) -> bool:
        try:
            text = content(self._checkout.own(self._checkout.folder / requirements), _MOST_OF_A_SCRIPT)
        except OSError:
            return False
        return not re.search(rb"^\s*[^\s#]", text, re.MULTILINE)

    def packed(self, taken: Taken, base: PurePosixPath, archive: PurePosixPath) -> Contents:
        """Return what zip packs that is called in a folder."""
        files: dict[str, Packed] = {}
        more: list[More] = []
        for source in (it for one in taken.sources for it in self._named(one, base)):
            place = PurePosixPath(posixpath.normpath(base / source))
            prefix = "" if source in (".", "./") else f"{posixpath.normpath(source)}/"
            for path, size in self._below(place, taken.is_deep):
                name = f"{prefix}{path}".rstrip("/") if str(path) != "." else prefix.rstrip("/")
                if place / path != archive and taken.takes(name):
                    files[name] = Packed(name, size)
            for at, it in self._more:
                if at.is_relative_to(place):
                    more.append(replace(it, at=f"{prefix}{at.relative_to(place)}".removesuffix("/.")))
                elif place.is_relative_to(at):
                    more.append(it)
        return Contents(list(files.values()), taken, list(dict.fromkeys(more)))

    def _below(self, place: PurePosixPath, is_deep: bool) -> Iterator[tuple[PurePosixPath, int]]:
        """Yield the files below a folder, or the file that it is, relative to it, and how big each is."""
        for to, origin in self._copied:
            if to.is_relative_to(place):
                for path, size in self._real(origin, is_deep):
                    yield to.relative_to(place) / path, size
            elif place.is_relative_to(to):
                yield from self._real(origin / place.relative_to(to), is_deep)
        if not self._is_removed(place):
            for path, size in self._real(place, is_deep):
                if not self._is_removed(place / path):
                    yield path, size

    def _real(self, place: PurePosixPath, is_deep: bool) -> Iterator[tuple[PurePosixPath, int]]:
        whole = self._checkout.folder / place
        if whole.is_file():
            yield PurePosixPath("."), self._checkout.own(whole).stat().st_size
        for number, path in enumerate(_files(whole) if is_deep and whole.is_dir() else ()):
            if number >= _MOST_FILES:
                raise Undetermined(f"there are more than {_MOST_FILES:,} files below {place}")
            inside = whole / path
            if inside.is_file():
                yield path, self._checkout.own(inside).stat().st_size


def _files(folder: Any) -> Iterator[PurePosixPath]:
    """Yield all files below a folder, those of Git and of caches, too; links to folders are not followed."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        inside = PurePosixPath(os.path.relpath(place, folder))
        yield from (inside / name for name in sorted(names))


def _copied_to(operands: Sequence[str], command: Command, is_there: Any) -> PurePosixPath:
    """Return where `cp -R` puts what it copies: into a folder that is there, or in its place."""
    origin, target = operands
    place = _place(target, command)
    if origin.endswith("/.") or not (is_there(place) or target.endswith("/")):
        return place
    return place / PurePosixPath(origin).name


def _installed_to(name: str, words: Sequence[str]) -> str | None:
    """Return the folder that a call of pip installs into; None for what is none."""
    words = words[1:] if name == "uv" and words[:1] == ("pip",) else words
    if not re.fullmatch(r"pip[\d.]*|uv", name) or words[:1] != ("install",):
        return None
    return next(_values(words, "-t", "--target"), None)


def _values(words: Sequence[str], short: str, long: str) -> Iterator[str]:
    following = [*words[1:], ""]
    for word, after in zip(words, following, strict=True):
        if word in (short, long):
            yield after
        elif word.startswith(f"{long}="):
            yield word.partition("=")[2]
