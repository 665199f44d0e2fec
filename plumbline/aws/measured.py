"""Reading what CloudWatch measured in the window of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from plumbline.values.unknown import Unmeasured

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact
    from plumbline.aws.reads import Aws

STEP_SECONDS = 300
Values = Mapping[str, Sequence[float]]
"""The values of each metric in the window, one for each step, by the metric's name."""


@dataclass(frozen=True)
class Metric:
    """A metric that CloudWatch keeps of a resource."""

    namespace: str
    name: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    statistic: str = "Sum"

    def query(self, identifier: str) -> dict[str, Any]:
        """Return what asks for it. Source: CloudWatch API reference, MetricDataQuery."""
        dimensions = [{"Name": name, "Value": value} for name, value in self.dimensions.items()]
        metric = {"Namespace": self.namespace, "MetricName": self.name, "Dimensions": dimensions}
        return {
            "Id": identifier,
            "MetricStat": {"Metric": metric, "Period": STEP_SECONDS, "Stat": self.statistic},
        }


def measured(aws: Aws, metrics: Iterable[Metric], of: str) -> Fact:
    """Return the values of some metrics, those of one name together; a metric without any has none."""
    asked = {f"m{position}": metric for position, metric in enumerate(metrics)}
    reply = aws.read(
        "cloudwatch:GetMetricData",
        {
            "MetricDataQueries": [metric.query(identifier) for identifier, metric in asked.items()],
            "StartTime": aws.window.start.isoformat(),
            "EndTime": aws.window.end.isoformat(),
        },
        of=f"{of}, {aws.window}",
    )
    return reply.at("MetricDataResults").map(lambda results: _by_name(results, asked))


def _by_name(results: list[dict[str, Any]], asked: Mapping[str, Metric]) -> Values:
    """Return the values of each metric; pages give the rest of a metric under the same id."""
    values: dict[str, list[float]] = {metric.name: [] for metric in asked.values()}
    for result in results:
        if result["StatusCode"] not in ("Complete", "PartialData"):
            raise ValueError(f"{result['StatusCode']} of {asked[result['Id']].name}")
        values[asked[result["Id"]].name] += result["Values"]
    return values


def count(values: Values, name: str, reports: Iterable[str], of: str) -> int | Unmeasured:
    """Return the sum of a metric that AWS writes only where there is something to count.

    That it has no value means zero only where one of `reports`, which AWS writes whenever the resource is
    in use, has some. Source: Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing
    data": DynamoDB writes ThrottledRequests only if requests are throttled, and so it is no error then.
    """
    if values[name] or any(values[report] for report in reports):
        return round(sum(values[name]))
    return Unmeasured(of)
