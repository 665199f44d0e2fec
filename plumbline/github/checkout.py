"""A checkout of a repository: its files, and what its host keeps of it."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from plumbline.values.files import Tree
from plumbline.values.unknown import Missing, ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.github.api import GitHub

PROVIDERS = "TF_PLUGIN_DIR"
"""The variable that gives a folder of Terraform providers."""
_NOT_ITS_OWN = frozenset(
    {".git", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".terraform", ".tox", ".venv"}
    | {"__pycache__", "build", "dist", "node_modules", "venv"}
)
"""Folders that hold what was installed or made, not what somebody wrote."""


def shown(path: Path) -> Path:
    """Return a path as a reader of this process's output can open it: from here, where it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


@dataclass(frozen=True)
class Checkout:
    """The files below a folder. `host` reads GitHub's settings of the repository, where it is named."""

    folder: Path
    host: GitHub | None = None
    runs_scripts: bool = False
    """Whether scripts of it may be run, in a sandbox."""
    programs: str | None = None
    """Where programs are looked for that examine it, as PATH says it; in this process's own unless said."""
    providers: Path | None = None
    """The folder of providers that `terraform init -plugin-dir` takes, where one is given."""

    def find(self, name: str, what: str) -> Path:
        """Return the file of this path, or else the one that has the steps of the path in its own.

        So `terraform/data/main.tf` is found at `terraform/shop/data/main.tf` too. Raises `Missing`
        for `what` where there is none, `Undetermined` where several are as near as each other, and
        `ReadError` for a link that leads out of the checkout.
        """
        path, wanted = self.folder / name, PurePosixPath(name)
        if path.is_file():
            return self.own(path)
        found = [it for it in self.files if _leads_through(it, wanted)]
        return self.own(self.folder / self._nearest(found, name, what))

    def below(self, folder: str, suffixes: Iterable[str]) -> list[Path]:
        """Return the files below a folder of the checkout that end so, in order."""
        ends = tuple(suffixes)
        inside = (it for it in self.files if folder in ("", ".") or it.is_relative_to(folder))
        return [self.own(self.folder / it) for it in inside if it.name.endswith(ends)]

    def find_folder(self, name: str) -> PurePosixPath:
        """Return the folder of this path, or else the nearest one whose path ends in it.

        Raises `Missing` where there is none, and `Undetermined` where several are as near as each other.
        """
        if (self.folder / name).is_dir():
            return PurePosixPath(name)
        steps = PurePosixPath(name).parts
        folders = dict.fromkeys(above for it in self.files for above in it.parents)
        found = [it for it in folders if it.parts[-len(steps) :] == steps]
        return self._nearest(found, name, "folder")

    def _nearest(self, found: list[PurePosixPath], name: str, what: str) -> PurePosixPath:
        """Return the path with the fewest steps. Raises `Missing` for none, `Undetermined` for several."""
        nearest = [it for it in found if len(it.parts) == min(len(other.parts) for other in found)]
        if not nearest:
            raise Missing(f"{what} {name}", self.told)
        if len(nearest) > 1:
            raise Undetermined(f"{name} may be any of {', '.join(map(str, nearest))}")
        return nearest[0]

    def own(self, path: Path) -> Path:
        """Return a file of the checkout. Raises `ReadError` for a link to what lies elsewhere."""
        if not Tree(self.folder).holds(path):
            message = f"{self.shown(path)} is a link that leads out of the checkout, and is not followed"
            raise ReadError(message, cause=message)
        return path

    def shown(self, path: Path) -> str:
        """Return a path as a reader of this process's output can open it."""
        return str(shown(path))

    @functools.cached_property
    def files(self) -> tuple[PurePosixPath, ...]:
        """Every file that is the repository's own, relative to the folder."""
        found: list[PurePosixPath] = []
        for place, folders, names in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if name not in _NOT_ITS_OWN)
            inside = PurePosixPath(Path(place).relative_to(self.folder).as_posix())
            found += (inside / name for name in sorted(names))
        return tuple(found)

    @functools.cached_property
    def kept(self) -> dict[str, Any]:
        """What readers keep of it, so that nothing is read twice."""
        return {}

    @property
    def told(self) -> str:
        """Where something is that is not there: `in the checkout ../schemas`."""
        shown = self.shown(self.folder)
        return "in this repository" if shown == "." else f"in the checkout {shown}"


def _leads_through(path: PurePosixPath, wanted: PurePosixPath) -> bool:
    """Whether the file has the wanted name, and the wanted folders above it in their order."""
    steps = iter(path.parts)
    return path.name == wanted.name and all(step in steps for step in wanted.parts)
