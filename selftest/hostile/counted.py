"""How much work something is, in steps of Python: what proofs count that say nothing of time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps_of(work: Callable[[], object]) -> int:
    """Return how many lines of Python are run for it. What runs inside one regular expression is not seen."""
    count = 0

    def traced(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += 1
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def increases(work: Callable[[int], object], least: int) -> tuple[int, int]:
    """Return how many lines more are run for twice as much as the least, and for twice as much as that.

    What is loaded or made the first time is so before anything is counted, for some of another size.
    """
    work(least + 1)
    one, two, four = (steps_of(lambda many=many: work(many)) for many in (least, 2 * least, 4 * least))  # type: ignore[misc]
    return two - one, four - two
