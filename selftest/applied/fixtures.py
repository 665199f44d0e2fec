"""The fixture of an applied environment; a conftest that wants it imports it from here."""

import os
from collections.abc import Iterator

import pytest

from selftest.applied.ahead import PLACES, applied_at, begin, lock
from selftest.applied.environment import Applied, cannot_apply
from selftest.stacks.proven import Proven


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
    begin(_asked_for(request.session), shared, run)
    with lock(shared, request.param):
        yield applied_at(request.param, shared, run)


def _asked_for(session: pytest.Session) -> list[str]:
    """Return the places that tests of a run ask for, each once, in the order in which they do."""
    asked = [it.callspec.params.get("applied") for it in session.items if hasattr(it, "callspec")]
    return list(dict.fromkeys(it for it in asked if it))
