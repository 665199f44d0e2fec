"""What all modules of one evaluation share."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Hashable
from copy import copy
from pathlib import Path
from typing import Any, TypeVar

from plumbline.terraform import directory
from plumbline.terraform.budget import MODULE, Budget
from plumbline.terraform.declarations import Declarations
from plumbline.terraform.given_data import Data
from plumbline.terraform.hcl.body import Block
from plumbline.terraform.model import Chosen, Computed, Settings
from plumbline.terraform.problems import Problems
from plumbline.terraform.values import Cycle
from plumbline.values.files import ALLOWED_BY, Tree, content
from plumbline.values.unknown import NOT_READ

Result = TypeVar("Result")

_DEEPEST = 50  # modules inside modules; deeper nesting is a module that calls itself


class Run:
    """One evaluation: its settings, the problems found, and everything evaluated so far."""

    def __init__(
        self,
        root: Path,
        settings: Settings,
        computed: Computed | None,
        chosen: Chosen | None = None,
        data: Data | None = None,
        tree: Tree | None = None,
    ) -> None:
        self.root = root
        self.settings = settings
        self.computed = computed
        self.chosen = chosen or {}
        self.data = data or {}
        self.tree = tree or Tree.around(root)
        self.budget = Budget()
        self.problems = Problems()
        self.stated = self.problems
        """What is refused whether or not there are instances."""
        self.decides_early = False
        """Whether `&&` and `||` are decided by their left side where it can."""
        self.not_evaluated: dict[str, None] = {}
        self.unread: dict[str, str] = {}
        """Why a module is not read that is on disk, by its dotted name."""
        self._read: dict[Path, Declarations] = {}
        self._done: dict[Hashable, Any] = {}
        self._active: dict[Hashable, str] = {}
        self._installed: dict[str, str] | None = None

    def supposing(self) -> Run:
        """The same evaluation for what may have no instances: that its values are refused says nothing."""
        supposed = copy(self)
        supposed.problems = Problems()
        return supposed

    def once(self, key: Hashable, name: str, compute: Callable[[], Result]) -> Result:
        """The result of the first call for this key; raises `Cycle`."""
        if key in self._done:
            result: Result = self._done[key]
            return result
        if key in self._active:
            names = list(self._active.values())
            names = names[list(self._active).index(key) :]
            raise Cycle(f"these depend on each other in a cycle: {' → '.join([*names, name])}")
        self._active[key] = name
        try:
            result = self._done[key] = compute()
        finally:
            del self._active[key]
        return result

    def read(self, path: Path) -> Declarations:
        """What a module directory declares; each is read once."""
        key = path.resolve()
        if key not in self._read:
            self._read[key] = directory.read(path, self.stated, self.tree)
        return self._read[key]

    def child(self, block: Block, name: str, parent: Path, *, is_called: bool) -> Declarations | None:
        """What the module of a `module` block declares; None where it is not on disk.

        That is noted of one that `is_called`: what has no instances declares nothing.
        """
        self.budget.at = block
        self.budget.count(MODULE)
        source = self._source(block)
        if source is None:
            return None
        path = self._place(source, name, parent)
        address = f"module.{name.replace('.', '.module.')}"
        if path is None or not self.tree.holds(path):
            why = "" if path is None else f": {self._lies_outside()}"
            if path is not None:
                self.unread[name] = f'{NOT_READ}{address} ("{source}") {self._lies_outside()}'
            if is_called:
                self.not_evaluated[f"{address} ({source}{why})"] = None
            return None
        if name.count(".") > _DEEPEST:
            self.stated.add(
                f"The modules call each other in a cycle: {name[:60]}...", block.location, hides=True
            )
            return None
        if not directory.configuration_files(path):
            told = f'There is no module in "{directory.display_name(path)}".'
            self.stated.add(told, block.location, hides=True)
            return None
        return self.read(path)

    def _lies_outside(self) -> str:
        return f"lies outside of {directory.display_name(self.tree.folder)}; {ALLOWED_BY} reads it"

    def _source(self, block: Block) -> str | None:
        expression = block.body.expression("source")
        source = getattr(expression, "constant", None)
        if isinstance(source, str):
            return source
        place = block.location if expression is None else expression.location
        self.stated.add("A module needs a source that is a constant string.", place, hides=True)
        return None

    def _place(self, source: str, name: str, parent: Path) -> Path | None:
        if is_local(source):
            return _joined(parent, source)
        place = self.installed().get(name)
        if place is not None and (self.root / place).is_dir():
            return self.root / place
        return _joined(parent, source) if os.path.isabs(source) and os.path.isdir(source) else None

    def installed(self) -> dict[str, str]:
        """Where `terraform init` put remote modules: their directories below the root by dotted name."""
        if self._installed is None:
            manifest = self.root / ".terraform" / "modules" / "modules.json"
            try:
                held = content(manifest) if self.tree.holds(manifest) else b""
                entries = json.loads(held)["Modules"]
                self._installed = {entry["Key"]: entry["Dir"] for entry in entries}
            except (OSError, ValueError, KeyError, TypeError, RecursionError):
                self._installed = {}
        return self._installed


def is_local(source: str) -> bool:
    """Whether a module's source is a directory beside the calling module."""
    return source.startswith(("./", "../")) or source in (".", "..")


def _joined(parent: Path, source: str) -> Path:
    """The directory, without `..` in the middle, so that `path.module` reads as in Terraform."""
    return Path(os.path.normpath(parent / source))
