"""The copy of the suite that each proof has to itself."""

from pathlib import Path

import pytest

from selftest.input.tree import Tree, copy_suite


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A copy of the suite."""
    return copy_suite(tmp_path)
