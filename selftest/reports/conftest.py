"""A run over broken Terraform and one over sound Terraform, once for each process of the selftests."""

from pathlib import Path

import pytest

from selftest.applied.fixtures import applied
from selftest.front_door import REPOSITORY
from selftest.reports.broken_tree import Reported, break_everything, report_on

__all__ = ["applied"]


@pytest.fixture(scope="session")
def broken_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return break_everything(tmp_path_factory.mktemp("broken"))


@pytest.fixture(scope="session")
def broken(broken_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Reported:
    return report_on(broken_tree, tmp_path_factory.mktemp("of-broken"))


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Reported:
    return report_on(REPOSITORY / "terraform" / "bbws", tmp_path_factory.mktemp("of-sound"))
