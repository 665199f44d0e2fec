"""Accounts that a test finds as the reference Terraform leaves them."""

from collections.abc import Iterator

import pytest

from selftest.applied.server import moto_server
from selftest.stacks.bbws import BBWS
from selftest.stacks.bbws.operations.account import Served


@pytest.fixture(scope="module")
def server_of_dev() -> Iterator[str]:
    """The endpoint of a server for the account of dev."""
    with moto_server(BBWS.accounts["dev"]) as server:
        yield server.endpoint


@pytest.fixture(scope="module")
def server_of_prod() -> Iterator[str]:
    """The endpoint of a server for the account of prod."""
    with moto_server(BBWS.accounts["prod"]) as server:
        yield server.endpoint


@pytest.fixture
def dev(server_of_dev: str) -> Served:
    """The account of dev, newly created."""
    served = Served("dev", server_of_dev)
    served.create()
    served.keep_states()
    return served


@pytest.fixture
def prod(server_of_prod: str) -> Served:
    """The account of prod, newly created."""
    served = Served("prod", server_of_prod)
    served.create()
    served.keep_states()
    return served
