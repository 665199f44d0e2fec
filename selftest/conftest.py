"""Which proofs are heavy besides those that say so, which of many cases are tried, where providers are."""

import os

import pytest

from selftest.sample import SEED, sampled, seed
from selftest.terraform.mirror import KEPT, plugins


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run try a sample of the cases."""
    parser.addoption(
        "--sample", action="store_true", help="of the proofs that walk hundreds of cases, try some of each"
    )


def pytest_configure() -> None:
    """Give every process that this one starts the folder of providers: it stays as long as this one does."""
    if "TF_PLUGIN_DIR" in os.environ:
        os.environ[KEPT] = plugins()


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say what draws the sample."""
    return f"sample: {SEED}={seed()!r}; all cases: make proofs" if config.getoption("sample") else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark as heavy what looks at an applied environment: Terraform takes a minute for each, once a run."""
    for item in items:
        if "applied" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.heavy)
    if config.getoption("sample"):
        left_out = sampled(items)
        config.hook.pytest_deselected(items=[*left_out])
        items[:] = [it for it in items if it not in left_out]
