"""--only owner:NAME: what is asked of the resources of others is left out, as -k leaves tests out."""

from __future__ import annotations

import pytest

from plumbline.suite.run import RUN
from plumbline.suite.subjects import EXAMINATION


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect each sentence about a resource of somebody else."""
    only = config.stash[RUN].only
    if not only:
        return
    others = {
        it: None
        for it in items
        if EXAMINATION in it.stash and it.stash[EXAMINATION].subject.owner not in only
    }
    items[:] = [it for it in items if it not in others]
    config.hook.pytest_deselected(items=list(others))
