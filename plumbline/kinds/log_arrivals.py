"""Whether what ran has written to its log group."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, model_validator

from plumbline.aws.fact import Fact
from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Found
from plumbline.kinds.log_lines import LogLines, how_many, logged
from plumbline.kinds.looking_back import looked_back_on
from plumbline.kinds.measurement import Measured
from plumbline.kinds.proven_use import ProvenByUse, use_in
from plumbline.values.model import Model
from plumbline.values.unknown import Unmeasured
from plumbline.values.window import Window

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_STEP = timedelta(minutes=1)
"""The steps in which use is looked for. CloudWatch keeps them for 15 days."""


class Written(Model):
    """What must have written to a log group."""

    looked_back_minutes: Annotated[int, Field(gt=0, le=15 * 24 * 60)] | None = None
    """How long is looked back; as long as the run does, unless said."""
    proves_use: list[Measured] = []
    """Metrics of which one has a value wherever something ran that writes there; else none is no data."""
    delivered_within_minutes: Annotated[int, Field(ge=0, le=15 * 24 * 60)] = 5
    """How long a line may be on its way: what ran in the last so many minutes proves nothing."""
    counted_up_to: Annotated[int, Field(gt=0)] = 1
    """How many lines are looked at at most."""

    @model_validator(mode="after")
    def _looks_back_beyond_what_is_on_its_way(self) -> Self:
        looked_back = self.looked_back_minutes
        if looked_back is not None and looked_back <= self.delivered_within_minutes:
            raise ValueError(
                f"a line may be on its way for {self.delivered_within_minutes} minutes: "
                "write more `looked_back_minutes`"
            )
        return self

    def window(self, of_the_run: Window) -> Window:
        """Return the time that it speaks of."""
        return looked_back_on(self.looked_back_minutes, of_the_run)

    def use(self, window: Window) -> Window | None:
        """Return the part of the window of which each line has arrived by its end, if it has one.

        CloudWatch rounds its beginning down to a step, so it leaves the first one out: else what ran before
        the window would prove that something ran in it.
        """
        end = window.end - timedelta(minutes=self.delivered_within_minutes)
        begin = window.start + _STEP
        return Window(end, end - begin) if begin < end else None


class LogArrivalsLimits(Model):
    """What can be expected of arrivals."""

    least: Annotated[int, Field(gt=0)]


class LogArrivals(ProvenByUse):
    """Lines that arrived in a log group. Its name is the log group's.

    Lines are looked for by their time: when a stream was last written to, CloudWatch Logs may know an hour
    later only. Source: CloudWatch Logs API reference, LogStream, "lastEventTimestamp", "lastIngestionTime".
    Lines are counted and not kept.
    """

    noun = "log_arrivals"
    plural = "log_arrivals"
    call = LogLines.call
    limits = LogArrivalsLimits
    question = Written

    number: int = 0
    """How many of the lines that were looked at arrived; no data where nothing ran that writes any.

    A log group that does not exist has none.
    """

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to look for lines, and for use."""
        written: Written = asked.question
        window = written.window(asked.window)
        found = logged(asked, window, written.counted_up_to, how_many)
        used = _use(asked, written.use(window)) if written.proves_use else None
        number = found.map(lambda answer: _counted(answer, used, asked, window))
        return Found({"number": number}, f"{found.call}, {window}")


def _use(asked: Asked, window: Window | None) -> Fact:
    """Return what was measured of what proves use; nothing in no time."""
    return Fact(dict) if window is None else use_in(window, asked, _STEP.seconds)


def _counted(answer: Answer, used: Fact | None, asked: Asked, window: Window) -> int | Unmeasured:
    number: int = answer.get("found", 0)
    if number or used is None:
        return number
    if any(steps for steps in used.value().values()):
        return 0
    use = asked.question.use(window) or window
    return Unmeasured(f"nothing ran from {use} that would write to {asked.name}")
