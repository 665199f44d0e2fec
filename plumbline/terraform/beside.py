"""Terraform that lies beside a stack's roots, and that none of them is or calls."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from plumbline.terraform.companions import MAKE_ANYTHING, may_make
from plumbline.terraform.directory import display_name, read_body
from plumbline.terraform.hcl.body import Body
from plumbline.terraform.problems import Problems
from plumbline.values.files import ALLOWED_BY, EVERYWHERE, Tree, content
from plumbline.values.unknown import Undetermined

MOST_FOLDERS = 10_000
"""How many folders are looked through for Terraform that no root is."""
_TERRAFORM = (".tf", ".tf.json")
_OPENTOFU = (".tofu", ".tofu.json")
"""Files that OpenTofu reads and Terraform does not, also in a root. Source: OpenTofu, "Files"."""
_LOCAL = ("./", "../")
"""Source: Terraform language, "Module Sources", "Local Paths"."""


@dataclass(frozen=True)
class Folder:
    """The files in a folder that Terraform reads, or those that OpenTofu alone does."""

    path: Path
    """Without links in it."""
    shown: Path
    """As it was come to."""
    files: tuple[Path, ...]
    of_opentofu: bool = False

    @functools.cached_property
    def calls(self) -> frozenset[Path] | None:
        """The folders of the local modules that it calls; None where it calls none at all."""
        if not self._says("module"):
            return None
        called = [block for body in self._bodies for block in body.of_type("module")]
        sources = (_constant(block.body, "source") for block in called)
        local = (it for it in sources if isinstance(it, str) and it.startswith(_LOCAL))
        return frozenset(Path(os.path.realpath(self.path / it)) for it in local) if called else None

    @property
    def asks_for_workspaces(self) -> bool:
        """Whether it asks which workspace is selected."""
        return self._says("terraform.workspace")

    def may_declare(self, type_: str) -> bool:
        """Return whether it may declare resources of a type: what calls modules may declare anything."""
        if self.calls is not None:
            return True
        if not self._says(type_, *MAKE_ANYTHING, "awscc_"):
            return False
        declared = [it for body in self._bodies for it in body.of_type("resource") if it.labels]
        return self._is_broken or any(
            it.labels[0] == type_ or may_make(it.labels[0], type_, _constant(it.body, "type_name"))
            for it in declared
        )

    def _says(self, *words: str) -> bool:
        return any(word in self._text for word in words)

    @functools.cached_property
    def _text(self) -> str:
        with _unread_is_undetermined():
            return "\n".join(content(it).decode("utf-8", "replace") for it in self.files)

    @functools.cached_property
    def _bodies(self) -> list[Body]:
        return [read_body(file, self._problems, EVERYWHERE) for file in self.files]

    @functools.cached_property
    def _problems(self) -> Problems:
        return Problems()

    @property
    def _is_broken(self) -> bool:
        """Whether Terraform would not read it, so that nobody knows what it declares."""
        return bool(self._bodies) and len(self._problems) > 0


def _constant(body: Body, argument: str) -> object:
    return getattr(body.expression(argument), "constant", None)


def unnamed(folders: Iterable[Folder], named: Collection[Path], type_: str) -> list[Folder]:
    """Return the folders that may declare resources of a type, and that nothing names or calls."""
    folders = list(folders)
    read = {*named, *(called for it in folders if not it.of_opentofu for called in it.calls or ())}
    return [it for it in folders if (it.of_opentofu or it.path not in read) and it.may_declare(type_)]


def below(above: Path, tree: Tree) -> Iterator[Folder]:
    """Yield the folders below one, and itself, that hold Terraform; what a tool keeps is hidden.

    Raises `Undetermined` where there are more than can be looked through, one cannot be read, or a link leads
    out of the tree.
    """
    seen: set[str] = set()
    for place, inside, _ in os.walk(above, followlinks=True, onerror=_undetermined):
        seen.add(os.path.realpath(place))
        if len(seen) > MOST_FOLDERS:
            raise Undetermined(f"more than {MOST_FOLDERS:,} folders lie below {display_name(above)}")
        inside[:] = [it for it in sorted(inside) if not _is_passed_over(it) and _real(place, it) not in seen]
        for it in inside:
            _refuse_to_leave(tree, Path(place, it))
        yield from within(Path(place), tree)


def within(folder: Path, tree: Tree) -> Iterator[Folder]:
    """Yield what a folder holds of Terraform, itself and not further below.

    Raises `Undetermined` where it cannot be read, or is a link that leads out of the tree.
    """
    with _unread_is_undetermined():
        files = [it for it in sorted(folder.iterdir()) if not it.is_dir() and not it.name.startswith(".")]
    for ends in (_TERRAFORM, _OPENTOFU):
        held = tuple(it for it in files if it.name.endswith(ends))
        for it in held:
            _refuse_to_leave(tree, it)
        if held:
            yield Folder(Path(os.path.realpath(folder)), folder, held, of_opentofu=ends is _OPENTOFU)


def siblings(folder: Path, tree: Tree) -> Iterator[Folder]:
    """Yield what the folders beside one hold of Terraform, themselves and not further below.

    Raises `Undetermined` where one cannot be read, or is a link that leads out of the tree.
    """
    with _unread_is_undetermined():
        folders = [it for it in sorted(folder.parent.iterdir()) if it.is_dir() and it != folder]
    for it in folders:
        if not _is_passed_over(it.name):
            _refuse_to_leave(tree, it)
            yield from within(it, tree)


@contextlib.contextmanager
def _unread_is_undetermined() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        _undetermined(error)


def _refuse_to_leave(tree: Tree, path: Path) -> None:
    if tree.is_left_by(path):
        told = f"{display_name(path)} is a link that leads out of {display_name(tree.folder)}"
        raise Undetermined(f"{told}, and is not followed; {ALLOWED_BY} reads it")


def _undetermined(error: OSError) -> NoReturn:
    raise Undetermined(f"{display_name(Path(error.filename))} cannot be read: {error.strerror}") from error


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name == "node_modules"


def _real(place: str, name: str) -> str:
    return os.path.realpath(os.path.join(place, name))
