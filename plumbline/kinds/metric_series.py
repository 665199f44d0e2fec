"""What a metric publishes over time, and what a statistic makes of a period of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from plumbline.kinds.metric_samples import EACH_TIME, Samples, Traffic
from plumbline.values.model import Model
from plumbline.values.unknown import Undetermined

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")
_STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Average": lambda values: sum(values) / len(values),
    "Minimum": min,
    "Maximum": max,
    "SampleCount": len,
}
"""Source: CloudWatch user guide, "CloudWatch statistics definitions"."""


class Series(Model):
    """What a metric publishes, one value after the other."""

    values: Annotated[list[Annotated[float, Field(allow_inf_nan=False)] | None], Field(min_length=1)]
    """In the unit of the metric; null where nothing is published."""
    every_seconds: Annotated[int, Field(gt=0)] = 60
    within_seconds: Annotated[int, Field(ge=0)] = 3600
    """How soon after the first of the values the alarm must have fired."""
    repeats: bool = False
    """Whether they go on and on; else what is good comes after them again."""
    sparse: bool = False
    """Whether the metric may be silent while all is well."""
    each_time: bool = False
    """Whether it is to be told each time anew, and not the first time alone."""
    alone: list[str] = []
    """Other metrics that may be silent while this one is published."""
    meanwhile: dict[str, float] = {}
    """What other metrics of the alarm publish all the while, by name, in their own unit."""
    units: list[str] = []
    """The units that it may be published in; empty where nobody says so."""

    def at(self, step: int) -> float | None:
        """Return the value at a step, of values that go on and on."""
        return self.values[step % len(self.values)]

    def with_values(self, values: list[float | None]) -> Series:
        """Return other values that come as these do."""
        return self.model_copy(update={"values": values})


@dataclass(frozen=True)
class Published:
    """A metric that something publishes, and what it is when that goes wrong and when it does not."""

    namespace: str
    metric_name: str
    dimensions: Mapping[str, str]
    bad: Series
    good: Series


@dataclass(frozen=True)
class Course:
    """What a metric publishes before, while and after something goes wrong, at second 0."""

    healthy: Series | None
    """None where the metric is silent while all is well."""
    bad: Series | None = None
    """None where nothing goes wrong."""
    every_seconds: int = 60
    samples: Samples | None = None
    """What it publishes each time, where AWS documents it: the values of a step are then sums of that."""
    traffic: Traffic = EACH_TIME
    """Of how many an outcome is."""

    def between(self, after: int, until: int) -> list[float]:
        """Return what is published after one second and until another."""
        steps = range(after // self.every_seconds + 1, until // self.every_seconds + 1)
        return [value for value in map(self._at, steps) if value is not None]

    def _at(self, step: int) -> float | None:
        bad = self.bad
        if bad is not None and step >= 0 and (bad.repeats or step < len(bad.values)):
            return bad.at(step)
        return self.healthy.at(step) if self.healthy else None


def statistic_of(values: Sequence[float], statistic: str, of: Course) -> float | None:
    """Return the statistic of what a period of a course holds; None of nothing.

    Raises `Undetermined` for one that is not evaluated here, unless every statistic of its sort agrees.
    """
    if not values:
        return None
    match of.samples:
        case Samples.OUTCOME:
            return _of_each(values, [of.traffic.of(it) for it in values], statistic)
        case Samples.EVENT:
            return _of_each(values, values, statistic) if any(values) else 0.0
        case Samples.SUMMED if statistic != "Sum":
            raise Undetermined(f"AWS documents no statistic {statistic} of this metric, but Sum alone")
    if made := _STATISTICS.get(statistic):
        return float(made(values))
    return _percentile(statistic, min(values), max(values))


def _of_each(happened: Sequence[float], of: Sequence[float], statistic: str) -> float:
    """Return the statistic of samples that are 1 as often as it happened, and else 0."""
    least = float(sum(happened) >= sum(of))
    most = float(any(happened))
    told = {
        "Sum": sum(happened),
        "Average": sum(happened) / sum(of),
        "Minimum": least,
        "Maximum": most,
        "SampleCount": sum(of),
    }
    return told[statistic] if statistic in told else _percentile(statistic, least, most)


def _percentile(statistic: str, least: float, most: float) -> float:
    """Return a percentile of values of which the least and the most are known."""
    percentile = _PERCENTILE.fullmatch(statistic)
    if percentile and (least == most or float(percentile[1]) in (0, 100)):
        return most if float(percentile[1]) == 100 else least
    raise Undetermined(f"the statistic {statistic} of several values is not evaluated here")


def is_sampled_in(unit: str | None, units: Iterable[str], metric: str) -> bool:
    """Return whether an alarm on a unit sees what a metric publishes.

    Raises `Undetermined` where that hangs on what nobody says. Source: CloudWatch API, PutMetricAlarm, Unit.
    """
    told = list(units)
    if unit is None or told == [unit]:
        return True
    if told and unit not in told:
        return False
    among = f" but {' or '.join(told)}" if told else ""
    raise Undetermined(f"nothing says in which unit {metric} is published{among}, and the alarm is on {unit}")
