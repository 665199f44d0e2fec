"""The server that live reads are sent to."""

from collections.abc import Iterator

import pytest

from selftest.mutations.worlds import moto_server


@pytest.fixture(scope="session")
def server() -> Iterator[None]:
    """Serve the accounts of this process."""
    with moto_server():
        yield
