"""Which proofs are heavy besides those that say so."""

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as heavy what looks at an applied environment: Terraform takes a minute for each, once a run."""
    for item in items:
        if "applied" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.heavy)
