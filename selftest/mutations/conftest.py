"""The accounts that live reads meet."""

from collections.abc import Iterator

import pytest

from selftest.mutations.worlds import reached


@pytest.fixture(scope="session")
def in_this_process() -> Iterator[None]:
    """Let live reads meet the accounts of this process."""
    with reached():
        yield
