"""What is counted where it may be that nothing was to come: then metrics prove that something was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from plumbline.aws.measured import measured
from plumbline.kinds.bounds import Told, uncounted
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.kind import Wanted
from plumbline.kinds.looking_back import LookingBack
from plumbline.kinds.metric import measuring, series_of
from plumbline.values.window import Window

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact


class ProvenByUse(LookingBack):
    """What is counted, and is 0 only where one of the metrics of its question (`proves_use`) has a value."""

    @classmethod
    def undecidable(cls, question: Any, expected: Mapping[str, Any]) -> Told:
        """Yield bounds that contradict each other, and those beyond what is counted."""
        yield from super().undecidable(question, expected)
        yield from uncounted(expected, question.counted_up_to)

    @classmethod
    def calls_for(cls, wanted: Wanted = None, question: Any = None) -> Iterator[Call]:
        """Ask CloudWatch only where use is to be proven."""
        yield from super().calls_for(wanted, question)
        if question is None or question.proves_use:
            yield from measuring(lists=question is None or any(it.lists for it in question.proves_use))


def use_in(window: Window, asked: Asked, step_seconds: int) -> Fact:
    """Return what was measured in a window, by metric, of what proves use, in steps of so many seconds."""
    series = list(series_of(asked, asked.question.proves_use, step_seconds))
    return measured(asked.aws, series, window, f"use of {asked.name}")
