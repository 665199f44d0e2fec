"""How the workers of pytest-xdist share a run: each takes one environment after the other.

What is read of an environment is read once in a process, be it that Terraform is evaluated or moto filled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plumbline.suite.run import RUN
from plumbline.suite.subjects import EXAMINATION

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import Scheduling


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """Give each worker tests that lie together; who is done takes half of what another has left.

    Any other `--dist` than the usual one is left as it was typed.
    """
    if RUN not in config.stash or config.getvalue("dist") != "load":
        return None
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put together, in a worker, the tests of an environment on a source; whoever orders them after has it.

    What is no sentence comes first.
    """
    if RUN in config.stash and hasattr(config, "workerinput"):
        items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[str, ...]:
    examination = item.stash.get(EXAMINATION, None)
    if examination is None:
        return ()
    return examination.subject.stack, examination.subject.environment, examination.source
