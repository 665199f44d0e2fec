"""What was collected is what a run tells of: a sentence left out without a word is undetermined.

A hook in the conftest.py of the repository around, or a plugin that takes a share of all tests, may do so.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import pytest
from _pytest.mark import deselect_by_keyword, deselect_by_mark

from plumbline.suite.subjects import EXAMINATION

LEFT_OUT = "a hook left it out (pytest_collection_modifyitems), and told nobody (pytest_deselected)"
_DESELECTED: pytest.StashKey[set[pytest.Item]] = pytest.StashKey()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """Put back, as what is skipped, each sentence that is among the tests no more and was not deselected."""
    collected = [item for item in items if EXAMINATION in item.stash]
    told = config.stash[_DESELECTED] = set()
    yield
    kept = {*items, *told}
    left_out = [item for item in collected if item not in kept]
    deselect_by_keyword(left_out, config)
    deselect_by_mark(left_out, config)
    for item in left_out:
        item.add_marker(pytest.mark.skip(reason=LEFT_OUT))
    items += left_out


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Note what was left out and told."""
    for item in items:
        item.config.stash.setdefault(_DESELECTED, set()).add(item)
