"""What lies beside the Terraform roots of a stack: it may declare what an inventory has to know of."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from plumbline.expectations.stack import Stack, Subject
from plumbline.github.checkout import shown
from plumbline.kinds.inventory import OfWhat
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.terraform.beside import Folder
    from plumbline.values.files import Tree

Folders: TypeAlias = Callable[[str, str, str], Path | None]
"""Gives the folder of a root by stack, environment and root; None for one that was not given."""
Neighbours: TypeAlias = Callable[[], Iterable[Stack]]
"""Gives the stacks that may have roots in the same folder."""


class Beside:
    """The folders of Terraform beside the roots that were given, each read once."""

    def __init__(
        self,
        stacks: Mapping[str, Stack],
        roots: Folders,
        neighbours: Neighbours,
        tree: Callable[[Path], Tree],
    ) -> None:
        self._stacks, self._roots, self._tree = stacks, roots, tree
        self._neighbours = functools.cache(lambda: tuple(neighbours()))
        self._below = functools.cache(self._below_of)
        self._around = functools.cache(self._around_of)

    def unnamed(self, subject: Subject) -> list[str]:
        """Return what may declare what is asked about, and why it is not read.

        No root of the stack, and of a stack that has its roots in the same folder, is one of these. Raises
        `Undetermined` where there are no roots, or too much lies there.
        """
        from plumbline.terraform.beside import unnamed

        stack, environment, asked = self._stacks[subject.stack], subject.environment, subject.question
        assert isinstance(asked, OfWhat)
        places = self._places(stack, environment)
        named = {*places, *self._named(stack, environment, {it for it in places.values() if it})}
        each = dict.fromkeys(it for folders in self._held(places) for it in folders)
        found = unnamed(each, {Path(os.path.realpath(it)) for it in named}, asked.kind.terraform_type)
        return list(dict.fromkeys(map(_told, found)))

    def folders(self, subject: Subject) -> list[Path]:
        """Return every folder of Terraform that lies with the roots of an environment, but for other stacks'.

        Raises `Undetermined` where there are no roots, or too much lies there.
        """
        stack, environment = self._stacks[subject.stack], subject.environment
        places = self._places(stack, environment)
        above = {it for it in places.values() if it}
        own = {
            Path(os.path.realpath(it / root))
            for it in above
            for its in stack.environments
            for root in stack.roots(its)
        }
        others = {Path(os.path.realpath(it)) for it in self._named(stack, environment, above)} - own
        each = dict.fromkeys(it for folders in self._held(places) for it in folders)
        return [it.shown for it in each if not it.of_opentofu and it.path not in others]

    def _places(self, stack: Stack, environment: str) -> dict[Path, Path | None]:
        """Return the folders of the roots that were given, each with the folder that holds all roots."""
        if not stack.roots(environment):
            raise Undetermined(f"no Terraform root is said to declare anything of {environment}")
        given = {root: self._roots(stack.name, environment, root) for root in stack.roots(environment)}
        return {folder: _above(folder, root) for root, folder in given.items() if folder}

    def _held(self, places: Mapping[Path, Path | None]) -> Iterator[list[Folder]]:
        """Yield what lies with each root."""
        return (self._below(above) if above else self._around(root) for root, above in places.items())

    def _below_of(self, above: Path) -> list[Folder]:
        from plumbline.terraform.beside import below

        return [*below(above, self._tree(above))]

    def _around_of(self, root: Path) -> list[Folder]:
        """Return what lies below a root and beside it: nobody says how far it reaches."""
        from plumbline.terraform.beside import below, siblings

        tree = self._tree(root)
        return [*below(root, tree), *siblings(root, tree)]

    def _named(self, stack: Stack, environment: str, above: set[Path]) -> Iterator[Path]:
        """Yield where the roots lie that stacks name in the same folder, in whichever environment."""
        here = stack.directory(environment)
        for other in (stack, *self._neighbours()):
            for its in other.environments:
                if other.directory(its) == here:
                    yield from (folder / root for folder in above for root in other.roots(its))


def _above(folder: Path, root: str) -> Path | None:
    """Return the folder that holds the roots; None where this one is not called as it lies in there."""
    steps = Path(root).parts
    if not steps:
        return folder
    return folder.parents[len(steps) - 1] if folder.parts[-len(steps) :] == steps else None


def _told(folder: Folder) -> str:
    if folder.of_opentofu:
        return f"{shown(folder.shown)}, where *.tofu lies that Terraform passes over,"
    return f"{shown(folder.shown)}, which the stack names no root of,"
