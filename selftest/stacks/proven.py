"""The stacks that the proofs walk: those under fixtures/, and the example."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from plumbline.expectations.runbook import Runbook
from plumbline.expectations.stack import Stack
from selftest.front_door import REPOSITORY

if TYPE_CHECKING:
    from selftest.mutations.mutation import Change, Mutation, NearMiss

HERE = Path(__file__).parent
_Change = TypeVar("_Change", bound="Change")


@dataclass(frozen=True)
class Proven:
    """A stack that the proofs walk."""

    repository: Path
    """The repository that holds its YAML, its Terraform and its workflows."""
    folder: Path
    """What the proofs need of this stack alone; its name is the stack's."""

    @property
    def name(self) -> str:
        """The stack's name."""
        return self.folder.name

    @property
    def roots(self) -> list[str]:
        """The Terraform roots of all environments."""
        return list(dict.fromkeys(root for it in self.environments for root in self.stack.roots(it)))

    @cached_property
    def stack(self) -> Stack:
        """What it consists of."""
        return Stack(self.repository / "fixtures" / "stacks" / f"{self.name}.yaml")

    @cached_property
    def runbook(self) -> Runbook:
        """What must be true of it."""
        return Runbook.of(self.stack, self.repository / "fixtures" / "runbooks")

    @property
    def environments(self) -> list[str]:
        """The names of its environments."""
        return list(self.stack.environments)

    @property
    def accounts(self) -> dict[str, str]:
        """The account of each environment."""
        return {name: settings.account for name, settings in self.stack.environments.items()}

    @property
    def reference(self) -> Path:
        """The folder that holds the roots of its reference Terraform."""
        return self.repository / self.stack.terraform.directory

    @property
    def corrections(self) -> Path:
        """The page that says where its runbook is wrong."""
        return self.repository / "docs" / "runbook-corrections" / f"{self.name}.md"

    def region(self, environment: str) -> str:
        """Return where an environment lies."""
        return self.stack.placeholders(environment)["region"]

    @cached_property
    def mutations(self) -> list[Mutation]:
        """The mutations of every module in its folder `mutations`; none where there is no such folder."""
        return [self._placed(mutation) for module in self._of_mutations for mutation in module.MUTATIONS]

    @cached_property
    def near_misses(self) -> list[NearMiss]:
        """The near misses of the same modules, where they have any."""
        return [
            self._placed(it) for module in self._of_mutations for it in getattr(module, "NEAR_MISSES", ())
        ]

    def _placed(self, change: _Change) -> _Change:
        """Return a change of the environment that it names, or of the first."""
        return replace(change, environment=change.environment or self.environments[0])

    @cached_property
    def _of_mutations(self) -> list[ModuleType]:
        return [_loaded(path) for path in sorted(self.folder.glob("mutations/[!_]*.py"))]

    def explained(self, name: str) -> dict[Any, str]:
        """Return a list of its `explained.py`, empty where it has none of that name."""
        path = self.folder / "explained.py"
        return getattr(_loaded(path), name, {}) if path.is_file() else {}

    def __str__(self) -> str:
        return self.name


def _loaded(path: Path) -> ModuleType:
    """Return a module of a stack's folder, wherever that lies."""
    specification = importlib.util.spec_from_file_location(f"{path.parent.name}_{path.stem}", path)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def under_fixtures() -> list[Proven]:
    """Return every stack that has a file under fixtures/stacks."""
    files = sorted(REPOSITORY.glob("fixtures/stacks/*.yaml"))
    return [Proven(REPOSITORY, HERE / file.stem) for file in files]


EXAMPLE = Proven(HERE / "example" / "repository", HERE / "example")
"""A small whole stack that is no user's: it proves that the proofs hold for any stack."""
STACKS = [*under_fixtures(), EXAMPLE]


def of_each(names: str, values: Callable[[Proven], Iterable[tuple[Any, ...]]]) -> pytest.MarkDecorator:
    """Return the parametrization by every stack with these values of it; reports name them in this order."""
    given = [(proven, *its) for proven in STACKS for its in values(proven)]
    ids = ["/".join(str(value) for value in row) for row in given]
    return pytest.mark.parametrize(f"proven, {names}", given, ids=ids)


every_stack = pytest.mark.parametrize("proven", STACKS, ids=str)
every_environment = of_each("environment", lambda proven: ((name,) for name in proven.environments))
