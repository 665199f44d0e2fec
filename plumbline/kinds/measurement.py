"""What is asked of CloudWatch: which metrics, in which steps, and what is made of their values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from plumbline.kinds.bounds import Minutes
from plumbline.kinds.identified import Identified
from plumbline.kinds.looking_back import looked_back_on
from plumbline.values.mistakes import did_you_mean
from plumbline.values.model import Model
from plumbline.values.window import Window

ANY = "*"
"""Stands for every value of a dimension that CloudWatch lists."""


_NAMED = ("SampleCount", "Sum", "Average", "Minimum", "Maximum", "IQM")
_STATISTIC = re.compile(
    r"(?:p|tm|wm|tc|ts)(?:100|\d{1,2}(?:\.\d{1,10})?)|(?:PR|TM|WM|TC|TS)\([\d.%]*:[\d.%]*\)"
)
_ADDS_UP = re.compile(r"SampleCount|Sum|(?:tc|ts)[\d.]+|(?:TC|TS)\(.*")
"""The statistics that count or sum: those of two steps, or of two metrics, make one of both."""
_KEPT = (
    (timedelta(hours=3), 1),
    (timedelta(days=15), 60),
    (timedelta(days=63), 300),
    (timedelta(days=455), 3600),
)
"""How long CloudWatch keeps steps of so many seconds. Source: CloudWatch User Guide, "Metrics retention"."""
_FINE = (1, 5, 10, 20, 30)
"""The steps below a minute. Source: CloudWatch API reference, MetricStat."""


def _statistic(value: str) -> str:
    """Return the name of a statistic. Source: Amazon CloudWatch User Guide, "Statistics definitions"."""
    if value in _NAMED or _STATISTIC.fullmatch(value):
        return value
    near = did_you_mean(value, _NAMED) or did_you_mean(value.capitalize(), _NAMED)
    raise ValueError(
        f"{value!r} is no statistic of CloudWatch{near}; it has {', '.join(_NAMED)}, p95, tm99, ..."
    )


def _dimension(value: str | list[str]) -> str | list[str]:
    """Return a value, or values, of a dimension."""
    values = [value] if isinstance(value, str) else value
    if not values or "" in values:
        raise ValueError(f"write a value, a list of values, or {ANY!r} for those that CloudWatch lists")
    if value != ANY and any(ANY in it for it in values):
        raise ValueError(f"{ANY!r} stands for every value, and alone: not in a list or a part of a text")
    return value


def _step(seconds: int) -> int:
    if seconds % 60 and seconds not in _FINE:
        raise ValueError(f"CloudWatch has steps of {', '.join(map(str, _FINE))} or a multiple of 60 seconds")
    return seconds


class Measured(Model):
    """A metric, or several that differ in a dimension."""

    namespace: Annotated[str, Field(min_length=1)]
    name: Annotated[str, Field(min_length=1)]
    dimensions: dict[str, Annotated[str | list[str], AfterValidator(_dimension)]] = {}
    """The value of each dimension; a list stands for a metric each, `*` for those that CloudWatch lists."""
    statistic: Annotated[str, AfterValidator(_statistic)] = "Sum"
    """As CloudWatch names it: Sum, Average, Maximum, p95, ..."""
    region: str = ""
    """Where CloudWatch keeps it, if not where the resource lies."""

    @property
    def lists(self) -> bool:
        """Whether CloudWatch is asked which metrics there are."""
        return ANY in self.dimensions.values()

    def within(self, dimensions: Mapping[str, str]) -> Self:
        """Return it with further dimensions."""
        return self.model_copy(update={"dimensions": {**dimensions, **self.dimensions}})

    @property
    def several(self) -> bool:
        """Whether it may be more than one metric."""
        return any(value == ANY or isinstance(value, list) for value in self.dimensions.values())


class Measurement(Model):
    """What is measured: the values of some metrics together, or their ratio to those of others."""

    metrics: Annotated[list[Measured], Field(min_length=1)]
    over: list[Measured] = []
    """What `metrics` are divided by, where a ratio is asked for: step by step, or the sum by the sum."""
    proves_use: list[Measured] = []
    """Metrics of which one has a value wherever there was something to measure; then no value means 0.

    Source: Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data": some metrics
    are written only where there is something to count.
    """
    steps: Literal["sum", "highest", "lowest", "newest"] = "sum"
    """What is made of the values of all steps and metrics; `newest` adds up what they have of that step."""
    period_seconds: Annotated[int, Field(gt=0), AfterValidator(_step)] = 300
    looked_back_minutes: Minutes | None = None
    """How long is looked back; as long as the run does, unless said."""
    over_earlier_minutes: Minutes | None = None
    """Where growth is asked for: what the value is divided by is that of so many minutes before these."""
    of: Identified | None = None
    """What all of the metrics are of, where that has an id which AWS chose."""

    @model_validator(mode="after")
    def _grows(self) -> Self:
        """Refuse growth of what does not compare: the sum of a long time with that of a short one."""
        if self.over_earlier_minutes is None:
            return self
        if self.looked_back_minutes is None:
            raise ValueError("write `looked_back_minutes` too: growth is from one time to another")
        if self.over:
            raise ValueError("give either `over` or `over_earlier_minutes`: a value is divided once")
        if self.steps not in ("highest", "lowest"):
            raise ValueError("two times are not of one length: write `steps: highest` or `lowest`")
        return self

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        """Refuse a sum of what does not add up, such as percentiles."""
        for part in (self.metrics, self.over):
            several = len(part) > 1 or any(it.several for it in part)
            statistics = [it.statistic for it in part if not _ADDS_UP.fullmatch(it.statistic)]
            if statistics and self.steps == "sum":
                told = "write `steps: highest`, `lowest` or `newest`"
                raise ValueError(f"the values of {statistics[0]} of several steps do not add up: {told}")
            if statistics and several and (self.over or self.steps == "newest"):
                told = "write one metric, or `steps: highest` or `lowest` without `over`"
                raise ValueError(f"the values of {statistics[0]} of several metrics do not add up: {told}")
        return self

    @model_validator(mode="after")
    def _is_kept(self) -> Self:
        """Refuse steps that CloudWatch does not keep so long, or that are longer than what is looked at."""
        minutes, seconds = self.looked_back_minutes, self.period_seconds
        if minutes is None:
            if seconds < 60:
                raise ValueError("steps below a minute are kept for 3 hours: write `looked_back_minutes` too")
            return self
        together = minutes + (self.over_earlier_minutes or 0)
        length = timedelta(minutes=together)
        if timedelta(minutes=minutes) < timedelta(seconds=seconds):
            raise ValueError(f"{minutes} minutes are less than a step of {seconds} seconds: look back longer")
        finest = next((step for kept, step in _KEPT if length <= kept), None)
        if finest is None:
            raise ValueError(
                f"CloudWatch keeps 455 days: write at most `looked_back_minutes: {455 * 24 * 60}`"
            )
        if seconds % finest:
            raise ValueError(
                f"steps of {seconds} seconds are not kept for {together} minutes: write a multiple of "
                f"`period_seconds: {finest}`"
            )
        return self

    @property
    def parts(self) -> tuple[list[Measured], list[Measured], list[Measured]]:
        """What is counted, what it is divided by, and what proves that there was something to count."""
        return self.metrics, self.over, self.proves_use

    @property
    def lists(self) -> bool:
        """Whether CloudWatch is asked which metrics there are."""
        return any(it.lists for part in self.parts for it in part)

    def window(self, of_the_run: Window) -> Window:
        """Return the time that it speaks of, with all of the step that it begins in."""
        return looked_back_on(self.looked_back_minutes, of_the_run).from_step(self.period_seconds)

    def earlier(self, than: Window) -> Window | None:
        """Return the time before another one that growth is reckoned from; None where none is asked for."""
        if self.over_earlier_minutes is None:
            return None
        earlier = Window(than.start, timedelta(minutes=self.over_earlier_minutes))
        return earlier.from_step(self.period_seconds)
