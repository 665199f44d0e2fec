"""Which proofs are heavy besides those that say so, and where all processes of a run take providers from."""

import os

import pytest

from selftest.terraform.mirror import KEPT, plugins


def pytest_configure() -> None:
    """Give every process that this one starts the folder of providers: it stays as long as this one does."""
    if "TF_PLUGIN_DIR" in os.environ:
        os.environ[KEPT] = plugins()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as heavy what looks at an applied environment: Terraform takes a minute for each, once a run."""
    for item in items:
        if "applied" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.heavy)
