"""The plans and states of a reference Terraform that the repository keeps, for proofs without Terraform.

`python -m selftest.recorded.record STACK` records them anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from plumbline.sources.recorded import Place, open_file
from selftest.stacks.proven import Proven

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration

SORTS = ("plan", "state")


def folder(proven: Proven, environment: str = "") -> Path:
    """Return where the plans and states of an environment, or of all, are kept."""
    return proven.folder / "plans_and_states" / environment


def environments(proven: Proven) -> list[str]:
    """Return the environments whose plans and states are kept: at least one stands for those like it."""
    return [name for name in proven.environments if folder(proven, name).is_dir()]


def file(proven: Proven, environment: str, root: str, sort: str) -> Path:
    """Return the plan or state of a root."""
    return folder(proven, environment) / f"{root}-{sort}.json"


def files(proven: Proven, environment: str, sort: str) -> Iterator[Path]:
    """Yield the plan or state of every root."""
    return folder(proven, environment).rglob(f"*-{sort}.json")


def opened(proven: Proven, environment: str, sort: str, paths: Iterable[Path]) -> dict[Place, Configuration]:
    """Return what plans or states of an environment hold, by the place that each belongs to."""
    stack = proven.stack
    directories = {
        (stack.name, environment, root): proven.reference / root for root in stack.roots(environment)
    }
    return dict(open_file(sort, path, directories, {stack.name: stack}, directories) for path in paths)


@cache
def recorded(proven: Proven, environment: str, sort: str) -> dict[Place, Configuration]:
    """Return what the kept plans or states of an environment hold."""
    return opened(proven, environment, sort, files(proven, environment, sort))
