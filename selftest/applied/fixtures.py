"""The fixture of an applied environment; a conftest that wants it imports it from here."""

import os
from collections.abc import Iterator

import pytest
from filelock import FileLock

from selftest.applied.environment import Applied, apply_once, cannot_apply
from selftest.stacks.proven import STACKS, Proven

PLACES = {f"{proven}/{name}": (proven, name) for proven in STACKS for name in proven.environments}
"""Every environment of every stack, by its name."""


def only(proven: Proven, *environments: str) -> pytest.MarkDecorator:
    """Restrict a test of `applied` to these environments of a stack."""
    places = [f"{proven}/{name}" for name in environments or proven.environments]
    return pytest.mark.parametrize("applied", places, indirect=True)


@pytest.fixture(params=PLACES)
def applied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    """The environment, applied to a moto server of its own; a test that breaks it puts it right again.

    It is applied once per run, whichever xdist worker comes first, and belongs to one test at a time. (An
    xdist_group would do the same, but pytest-xdist 3.8 groups nothing under pytest 9.2: its issue 1386.)
    """
    if reason := cannot_apply():
        pytest.skip(reason)
    shared, run = tmp_path_factory.getbasetemp(), os.getpid()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared, run = shared.parent, os.getppid()
    proven, environment = PLACES[request.param]
    with FileLock(shared / f"{proven}-{environment}.lock"):
        yield apply_once(proven, environment, shared, run)
