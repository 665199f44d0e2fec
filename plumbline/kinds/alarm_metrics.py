"""Whether CloudWatch has recorded what an alarm is on: one on anything else waits for what never comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.alarm_evaluation import Query
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.dashboard_body import looks_for_metrics, told_of
from plumbline.kinds.facet import Facet, Found
from plumbline.kinds.kind import NOT_DEPLOYED
from plumbline.terraform.declared import known
from plumbline.values.model import Model, Text
from plumbline.values.some_of import SomeOf, doubted

ARN = "arn:aws:cloudwatch:{region}:{account}:alarm:*"
ALARM = Call(
    "cloudwatch:DescribeAlarms",
    {"AlarmNames": ["{name}"], "AlarmTypes": ["MetricAlarm"]},
    of="alarm {name}",
    on=ARN,
)
_METRICS = Call("cloudwatch:ListMetrics", of="metrics that alarm {name} may be on")


class Recorded(Model):
    """A metric that CloudWatch has a value of."""

    namespace: Text
    metric_name: Text
    dimensions: dict[str, Text] = {}


class RecordedMetrics(Facet):
    """What CloudWatch recorded lately of what the alarm is on.

    What had no value for two weeks is not listed, and what is new after up to 15 minutes. Source: CloudWatch
    API Reference, ListMetrics.
    """

    call = ALARM
    further_calls: ClassVar[tuple[Call, ...]] = (_METRICS,)
    in_terraform: ClassVar = {"recorded": NOT_DEPLOYED}

    if TYPE_CHECKING:
        namespace: str | None
        metric_name: str | None
        dimensions: dict[str, Text]
        queries: list[Query]

    recorded: list[Recorded] = []
    """The metrics that have the dimensions of one that it is on, and maybe others."""

    def unrecorded(self, recorded_with: list[str]) -> list[str] | SomeOf:
        """Return why metrics that it is on are none that CloudWatch records.

        That is known of one without a value where something else says that it would have one: the same metric
        by more dimensions, or of the same dimensions one of `recorded_with`.
        """
        wrong: list[str] = []
        doubts = [*self._searches()]
        for it, account in self._watched():
            if account is not None:
                doubts.append(f"{_told(it)} is of account {account}, which is not asked")
            elif it not in self.recorded:
                reasons = [*self._why_not(it, recorded_with)]
                wrong += reasons[:1]
                doubts += [] if reasons else [f"CloudWatch has recorded nothing as {_told(it)} for two weeks"]
        return doubted(wrong, doubts)

    def _searches(self) -> Iterator[str]:
        """Yield why nobody here knows which metrics some of its expressions are of."""
        for it in self.queries if known(self.queries) else ():
            if it.expression is not None and looks_for_metrics(it.expression):
                yield f"which metrics it finds is not known of {it.expression}"

    def _watched(self) -> Iterator[tuple[Recorded, str | None]]:
        """Yield the metrics that it is on, each with its account where that is another one."""
        if not known(self.queries):
            yield _named(self.namespace, self.metric_name, self.dimensions), None
        for it in self.queries:
            if it.expression is None:
                yield _named(it.namespace, it.metric_name, it.dimensions), it.account_id

    def _why_not(self, of: Recorded, recorded_with: list[str]) -> Iterator[str]:
        for it in self.recorded:
            if (it.namespace, it.metric_name) == (of.namespace, of.metric_name) and it != of:
                yield f"{_told(of)} is recorded by {', '.join(it.dimensions)} alone"
        for it in self.recorded:
            if it.metric_name in recorded_with and it.dimensions == of.dimensions:
                yield f"{_told(it)} is recorded, and no {of.metric_name}"

    @classmethod
    def read(cls, asked: Asked) -> Found:
        reply = asked.ask(ALARM)
        found = reply.at("MetricAlarms").map(lambda alarms: [*_recorded(alarms, asked)])
        return Found({"recorded": found}, f"{_METRICS.operation} {reply.call}")


def _recorded(alarms: list[Mapping[str, Any]], asked: Asked) -> Iterator[Recorded]:
    for alarm in alarms:
        for metric in _metrics(alarm):
            yield from _beside(metric, asked)


def _named(namespace: str | None, metric_name: str | None, dimensions: dict[str, Text]) -> Recorded:
    of = {"namespace": namespace, "metric_name": metric_name, "dimensions": dimensions}
    return Recorded(**{name: known(it) for name, it in of.items()})


def _metrics(alarm: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the metrics of an alarm's own account that it is on."""
    if "MetricName" in alarm:
        yield alarm
    for it in alarm.get("Metrics", []):
        if "MetricStat" in it and it.get("AccountId") is None:
            yield it["MetricStat"]["Metric"]


def _beside(metric: Mapping[str, Any], asked: Asked) -> Iterator[Recorded]:
    """Yield what is recorded with the dimensions of a metric; without any, of its name alone."""
    dimensions = [{"Name": it["Name"], "Value": it["Value"]} for it in metric.get("Dimensions", [])]
    narrowed = {"Dimensions": dimensions} if dimensions else {"MetricName": metric["MetricName"]}
    answer = asked.ask(_METRICS, parameters={"Namespace": metric["Namespace"], **narrowed}).answer
    for it in answer["Metrics"]:
        yield Recorded(
            namespace=it["Namespace"],
            metric_name=it["MetricName"],
            dimensions={of["Name"]: of["Value"] for of in it["Dimensions"]},
        )


def _told(metric: Recorded) -> str:
    return told_of(metric.namespace, metric.metric_name, metric.dimensions)
