"""A stack examined as its users do: by pytest in a process of its own, beside the suite."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from selftest.front_door import REPOSITORY, SuiteRun, place_engine, run_suite
from selftest.stacks.proven import Proven

SUITE = ("conftest.py", "pytest.ini", "tests")
"""The suite without any stack."""


def run_stack(proven: Proven, *arguments: str, variables: Mapping[str, str] | None = None) -> SuiteRun:
    """Run the suite on one stack, in a tree that holds both."""
    return run_suite("--stack", proven.name, *arguments, variables=variables, tree=tree(proven))


@functools.cache
def tree(proven: Proven) -> Path:
    """Return this repository, or for a stack of another one a copy of that with the suite in it."""
    if proven.repository == REPOSITORY:
        return REPOSITORY
    folder = Path(tempfile.mkdtemp(prefix=f"{proven.name}-")) / proven.repository.name
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    shutil.copytree(proven.repository, folder)
    for part in SUITE:
        place = REPOSITORY / part
        if place.is_dir():
            shutil.copytree(place, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(place, folder)
    place_engine(folder)
    return folder
