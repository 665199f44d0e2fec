"""The plans and states of the reference Terraform that the repository keeps, for proofs without Terraform.

`python -m selftest.recorded.record` records them anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from plumbline.expectations.stack import Stack
from plumbline.sources.recorded import Place, open_file
from selftest.front_door import REPOSITORY

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration

SORTS = ("plan", "state")
ENVIRONMENTS = ("dev", "prod")
FOLDER = Path(__file__).parent / "plans_and_states"


def file(environment: str, root: str, sort: str) -> Path:
    """Return the plan or state of a root."""
    return FOLDER / environment / f"{root}-{sort}.json"


def files(environment: str, sort: str) -> Iterator[Path]:
    """Yield the plan or state of every root."""
    return FOLDER.joinpath(environment).glob(f"*-{sort}.json")


def opened(stack: Stack, environment: str, sort: str, paths: Iterable[Path]) -> dict[Place, Configuration]:
    """Return what plans or states of an environment hold, by the place that each belongs to."""
    places = [(stack.name, environment, root) for root in stack.roots]
    directories = {(stack.name, root): REPOSITORY / stack.terraform.directory / root for root in stack.roots}
    return dict(open_file(sort, path, places, {stack.name: stack}, directories) for path in paths)
