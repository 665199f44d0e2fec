"""Reading what CloudWatch measured in some time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact
    from plumbline.aws.reads import Aws
    from plumbline.values.window import Window

MOST_QUERIES = 500
"""Source: CloudWatch API reference, GetMetricData: as many metrics as one call takes."""


@dataclass(frozen=True)
class Series:
    """A metric that CloudWatch keeps, with one value for each dimension."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    period_seconds: int
    region: str

    def query(self, identifier: str) -> dict[str, Any]:
        """Return what asks for it. Source: CloudWatch API reference, MetricDataQuery."""
        dimensions = [{"Name": name, "Value": value} for name, value in self.dimensions]
        metric = {"Namespace": self.namespace, "MetricName": self.name, "Dimensions": dimensions}
        stat = {"Metric": metric, "Period": self.period_seconds, "Stat": self.statistic}
        return {"Id": identifier, "MetricStat": stat}


Steps = Mapping[datetime, float]
"""The values of a metric by when their steps begin."""
Values = Mapping[Series, Steps]
"""The steps of each metric that was asked for."""


def measured(aws: Aws, series: Sequence[Series], window: Window, of: str) -> Fact:
    """Return the `Values` of some metrics; a metric without any has none."""
    replies = [_asked(aws.within(some[0].region), some, window, of) for some in _batches(series)]
    first, *others = replies

    def together(values: Values) -> Values:
        return {**values, **{it: found for other in others for it, found in other.value().items()}}

    return first.map(together)


def _batches(series: Sequence[Series]) -> Iterator[list[Series]]:
    """Yield the metrics of each region, no more than one call takes."""
    for region in dict.fromkeys(it.region for it in series):
        there = [it for it in dict.fromkeys(series) if it.region == region]
        for start in range(0, len(there), MOST_QUERIES):
            yield there[start : start + MOST_QUERIES]


def _asked(aws: Aws, series: Sequence[Series], window: Window, of: str) -> Fact:
    asked = {f"m{position}": it for position, it in enumerate(series)}
    reply = aws.read(
        "cloudwatch:GetMetricData",
        {
            "MetricDataQueries": [it.query(identifier) for identifier, it in asked.items()],
            "StartTime": window.start.isoformat(),
            "EndTime": window.end.isoformat(),
            "ScanBy": "TimestampDescending",
        },
        of=f"{of}, {window}",
    )
    return reply.at("MetricDataResults").map(lambda results: _by_series(results, asked))


def _by_series(results: list[dict[str, Any]], asked: Mapping[str, Series]) -> Values:
    """Return the values of each metric; pages give the rest of a metric under the same id.

    Raises `ValueError` where the last of them is not the end of it.
    """
    values: dict[Series, dict[datetime, float]] = {series: {} for series in asked.values()}
    ends = {result["Id"]: result["StatusCode"] for result in results}
    for identifier, status in ends.items():
        if status != "Complete":
            raise ValueError(f"{status} of {asked[identifier].name}")
    for result in results:
        values[asked[result["Id"]]] |= zip(result["Timestamps"], result["Values"], strict=True)
    return values
