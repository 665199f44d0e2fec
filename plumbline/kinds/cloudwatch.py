"""CloudWatch metric alarms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from plumbline.kinds.alarm_evaluation import COMPARISONS, Query, Rule, tells
from plumbline.kinds.alarm_metrics import ALARM, ARN, RecordedMetrics
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.key_access import is_told_later
from plumbline.kinds.kind import NOT_DEPLOYED, Kind
from plumbline.kinds.listing import Listing
from plumbline.kinds.metric_series import Published, Series
from plumbline.terraform.declared import Declaration, arn, at, given, known
from plumbline.values.model import Model, Text
from plumbline.values.some_of import one_is
from plumbline.values.unknown import Missing, Placeholder, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_BOUND_BY = {"threshold": "values", "period": "every_seconds", "evaluation_periods": "within_seconds"}
"""What a series says that decides a field of an alarm."""


class AlarmLimits(Model):
    """What can be expected of an alarm besides its fields."""

    bad: float | Series
    """What the metric publishes when it must fire: one value after the other, or a value that stays."""
    good: float | Series
    """What it publishes when it must not."""
    some_dimensions: dict[str, str]
    """Dimensions that its metric must have among others."""
    most_hours_without_data: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    """How long it may have been without data."""
    recorded_with: list[str]
    """Other metrics of the same resource: where one of them has a value, its own has one, too."""


class Alarm(RecordedMetrics, Kind):
    """An alarm on a metric, or on an expression of several."""

    noun = "alarm"
    plural = "alarms"
    expects_some = ("some_dimensions",)
    terraform_type = "aws_cloudwatch_metric_alarm"
    listing = Listing(
        Call(
            "cloudwatch:DescribeAlarms",
            {"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]},
            of="alarms in {region}",
            on="*",
        ),
        "MetricAlarms[?!starts_with(AlarmName, 'TargetTracking-')].AlarmName",  # Auto Scaling keeps those
        further="CompositeAlarms[].AlarmName",
    )
    """Composite ones, too: no more is read of them, and CloudWatch tells of them who is permitted on `*`.

    Source: CloudWatch API Reference, DescribeAlarms.
    """
    candidates = Listing(
        Call("cloudwatch:DescribeAlarms", {"AlarmTypes": ["MetricAlarm"]}, of="alarms in {region}", on=ARN),
        "MetricAlarms[].AlarmName",
    )
    listed_with: ClassVar = {"aws_cloudwatch_composite_alarm": "alarm_name"}
    name_argument = "alarm_name"
    limits = AlarmLimits
    call = ALARM
    own_arn = call, "MetricAlarms[].AlarmArn"
    computed: ClassVar = {
        "aws_cloudwatch_metric_alarm.id": lambda alarm, settings: alarm.get("alarm_name"),
        "aws_cloudwatch_metric_alarm.arn": lambda alarm, settings: arn(
            settings, "cloudwatch", "alarm:", alarm.get("alarm_name")
        ),
    }
    selected_by: ClassVar = {
        "namespace": "is_in",
        "metric_name": "is_on",
        "dimensions": "is_of",
        "some_dimensions": "is_among",
    }
    arguments: ClassVar = {
        "tells": "threshold",
        "queries": "metric_query",
        "watches": "metric_name",
        "tells_of": "metric_name",
        "is_of_any": "dimensions",
    }
    arn_lists: ClassVar = ("aws_cloudwatch_metric_alarm.alarm_actions",)

    namespace: str | None = None
    """None for an alarm on an expression; one on a single query is as one on its metric."""
    metric_name: str | None = None
    dimensions: dict[str, Text] = {}
    statistic: str | None = None
    """Also a percentile: p99."""
    period: int | None = None
    """Seconds that each value covers."""
    unit: str | None = None
    """The unit that alone counts; None for any."""
    queries: list[Query] = []
    """What an alarm on an expression is made of."""
    evaluation_periods: int = 1
    datapoints_to_alarm: int | None = None
    """How many of the evaluation periods must breach; None for all of them."""
    comparison_operator: str = ""
    threshold: float | None = None
    """In the unit of the metric."""
    treat_missing_data: str = "missing"
    evaluate_low_sample_count_percentiles: str | None = None
    actions_enabled: bool = True
    alarm_actions: list[Text] = []
    """ARNs of what is told when the alarm fires."""
    fires: bool = False
    """Whether CloudWatch last found it in state ALARM."""
    hours_without_data: float = 0
    """How long it has been in state INSUFFICIENT_DATA; 0 where it is not."""

    @classmethod
    def bound(cls, field: str, expected: Mapping[str, Any]) -> Any:
        """Return what `bad` and `good` say of a field: values of the threshold, seconds of the periods."""
        if field not in _BOUND_BY or not {"bad", "good"} <= expected.keys():
            return None
        told = _BOUND_BY[field]
        return [getattr(it, told, it if told == "values" else None) for it in _series(expected)]

    def keeps_to(self, expected: Mapping[str, Any]) -> bool:
        """Return whether it fires on what is `bad`, and not on what is `good`. Raises `Undetermined`."""
        return self.tells(*_series(expected), expected.get("metric_name"), expected.get("dimensions"))

    def tells(
        self,
        bad: float | Series,
        good: float | Series,
        metric_name: str | None = None,
        dimensions: Mapping[str, str] | None = None,
    ) -> bool:
        """Return whether the alarm fires on a bad series of a metric in time, and not on a good one.

        The metric is the alarm's only one unless it is said which of them. A value by itself stays. Raises
        `Undetermined` for an alarm without a threshold (an anomaly band), and for what is not evaluated here.
        """
        if known(self.threshold) is None or known(self.comparison_operator) not in COMPARISONS:
            raise Undetermined(f"alarm {self.name} compares with no fixed threshold")
        bad = bad if isinstance(bad, Series) else Series(values=[bad], repeats=True)
        good = good if isinstance(good, Series) else bad.with_values([good])
        own = self._metrics
        watched = [it for it in own if _is(it, None, metric_name, dimensions)]
        return bool(own) and tells(self._rule, bad, good, watched)

    def tells_of(self, metric: Published) -> bool:
        """Return whether the alarm is on this metric and fires when it is bad, and not when it is good.

        Raises `Undetermined` as `tells` does.
        """
        named = (metric.metric_name, metric.dimensions)
        return self.watches(metric.namespace, *named) and self.tells(metric.bad, metric.good, *named)

    def watches(self, namespace: str, metric_name: str, dimensions: Mapping[str, str] | None = None) -> bool:
        """Return whether the alarm is on this metric, with just these dimensions where they are said."""
        return any(_is(it, namespace, metric_name, dimensions) for it in self._metrics)

    def is_in(self, namespace: str) -> bool:
        """Return whether it is on a metric of a namespace."""
        return any(known(it.namespace) == namespace for it in self._metrics)

    def is_on(self, metric_name: str) -> bool:
        """Return whether it is on a metric of a name."""
        return any(known(it.metric_name) == metric_name for it in self._metrics)

    def is_of(self, dimensions: Mapping[str, str]) -> bool:
        """Return whether it is on a metric with just these dimensions."""
        return any(_same(it.dimensions, dimensions) for it in self._metrics)

    def is_among(self, dimensions: Mapping[str, str]) -> bool:
        """Return whether it is on a metric with these dimensions, and maybe others."""
        return any(_has(it.dimensions, dimensions) for it in self._metrics)

    def is_of_any(self, metrics: Iterable[Mapping[str, str]]) -> bool:
        """Return whether it is on a metric with just the dimensions of one of these."""
        return any(self.is_of(dimensions) for dimensions in metrics)

    @property
    def _metrics(self) -> list[Query]:
        """The metrics that it is made of; those of another account are nobody's of the stack."""
        metrics = [it for it in self._queries if it.expression is None]
        return [it for it in metrics if known(it.account_id) is None]

    @property
    def _queries(self) -> list[Query]:
        if queries := known(self.queries):
            return list(queries)
        return [
            Query(
                id="m1",
                namespace=self.namespace,
                metric_name=self.metric_name,
                dimensions=self.dimensions,
                statistic=self.statistic,
                period=self.period,
                unit=self.unit,
            )
        ]

    @property
    def _rule(self) -> Rule:
        """By what it decides. Raises `Undetermined` where the source does not say it."""
        queries = self._queries
        if self.evaluate_low_sample_count_percentiles == "ignore":
            raise Undetermined(f"alarm {self.name} leaves out percentiles of few samples")
        for query in queries:
            for name in ("expression", "namespace", "metric_name", "statistic", "period", "unit"):
                known(getattr(query, name))
        # Source: CloudWatch user guide: alarms on metrics of DynamoDB always ignore missing data.
        ignores = any(it.namespace == "AWS/DynamoDB" for it in queries)
        missing = known(self.treat_missing_data)
        threshold = known(self.threshold)
        periods = known(self.evaluation_periods)
        return Rule(
            queries,
            periods,
            known(self.datapoints_to_alarm) or periods,
            known(self.comparison_operator),
            threshold,
            "ignore" if ignores else missing,
            chooses=not ignores,
        )

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        values = declaration.values
        fields = {name: values[name] for name in _PLAIN if given(values.get(name))}
        if not given(fields.get("statistic")) and given(values.get("extended_statistic")):
            fields["statistic"] = values["extended_statistic"]
        if is_told_later(declaration.resource, _LOW_COUNTS, declaration.configuration):
            del fields[_LOW_COUNTS]
        if isinstance(fields.get("datapoints_to_alarm"), int) and not fields["datapoints_to_alarm"]:
            del fields["datapoints_to_alarm"]
        fields["fires"] = fields["hours_without_data"] = NOT_DEPLOYED
        try:
            own = declaration.account
            queries = [_declared_query(it, own) for it in declaration.blocks("metric_query")]
        except Undetermined:
            return {
                **fields,
                **dict.fromkeys(_OF_A_METRIC, values["metric_query"]),
                "queries": values["metric_query"],
            }
        return {**fields, **_queried(queries)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        if not answer["MetricAlarms"]:
            raise Missing(f"alarm {asked.name}", f"in {asked.region} (cloudwatch:DescribeAlarms)")
        [alarm] = answer["MetricAlarms"]
        return {
            **{name: alarm.get(key) for name, key in _DESCRIBED.items()},
            "dimensions": _described_dimensions(alarm),
            "statistic": alarm.get("Statistic") or alarm.get("ExtendedStatistic"),
            "alarm_actions": alarm.get("AlarmActions", []),
            "fires": alarm["StateValue"] == "ALARM",
            "hours_without_data": _hours_without_data(alarm, asked.window.end),
            "treat_missing_data": alarm.get("TreatMissingData") or "missing",
            **_queried([_described_query(it, asked.account) for it in alarm.get("Metrics", [])]),
        }

    def requested(self) -> Requests:
        described = {key: getattr(self, name) for name, key in _DESCRIBED.items()}
        yield request(
            "cloudwatch:PutMetricAlarm",
            AlarmName=self.name,
            AlarmActions=self.alarm_actions,
            TreatMissingData=self.treat_missing_data,
            **_requested_metric(self),
            **{key: value for key, value in described.items() if value is not None},
        )


_DESCRIBED = {
    "namespace": "Namespace",
    "metric_name": "MetricName",
    "period": "Period",
    "unit": "Unit",
    "evaluation_periods": "EvaluationPeriods",
    "datapoints_to_alarm": "DatapointsToAlarm",
    "comparison_operator": "ComparisonOperator",
    "threshold": "Threshold",
    "evaluate_low_sample_count_percentiles": "EvaluateLowSampleCountPercentile",
    "actions_enabled": "ActionsEnabled",
}
"""The fields that the API holds as they are, by its name for them."""
_LOW_COUNTS = "evaluate_low_sample_count_percentiles"
_OF_A_METRIC = ("namespace", "metric_name", "dimensions", "statistic", "period", "unit")
_PLAIN = (
    *_OF_A_METRIC,
    *(name for name in _DESCRIBED if name not in _OF_A_METRIC),
    "treat_missing_data",
    "alarm_actions",
)


def _hours_without_data(alarm: Mapping[str, Any], now: datetime) -> float:
    """Return how long an alarm has been without data. An update may be another one than that of its state."""
    if alarm["StateValue"] != "INSUFFICIENT_DATA":
        return 0
    since = alarm.get("StateTransitionedTimestamp") or alarm["StateUpdatedTimestamp"]
    hours: float = (now - since) / timedelta(hours=1)
    return max(hours, 0.0)


def _series(expected: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return what is `bad`, and what is `good`."""
    return expected["bad"], expected["good"]


def _queried(queries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the fields of an alarm by its queries; one on a single metric is the same as the plain form.

    That is one that returns data: CloudWatch refuses an alarm of which nothing does. Their order says
    nothing, and Terraform does not keep it.
    """
    if (
        len(queries) == 1
        and queries[0]["return_data"] is True
        and not given(queries[0].get("expression"))
        and not given(queries[0].get("account_id"))
    ):
        return {name: queries[0][name] for name in _OF_A_METRIC if given(queries[0].get(name))}
    return {"queries": sorted(queries, key=lambda it: repr(it["id"]))} if queries else {}


def _declared_query(block: Mapping[str, Any], own: str | None) -> dict[str, Any]:
    of_metric = at(block, "metric", "period")
    fields = {
        "id": block.get("id"),
        "expression": block.get("expression"),
        "account_id": _another(block.get("account_id"), own),
        "period": of_metric if given(of_metric) else block.get("period") or None,  # 0 in a state
        "statistic": at(block, "metric", "stat"),
        "return_data": block["return_data"] if given(block.get("return_data")) else False,
        **{it: at(block, "metric", it) for it in ("namespace", "metric_name", "dimensions", "unit")},
    }
    return {name: value for name, value in fields.items() if given(value)}


def _another(account_id: Any, own: str | None) -> Any:
    """Return the account of a metric, where it is not the alarm's own.

    Source: CloudWatch API reference, MetricDataQuery, AccountId.
    """
    if not account_id or account_id == own:
        return None
    if own is None and not isinstance(account_id, Placeholder):
        return Unknown(f"whether account {account_id} is the stack's own: it names none")
    return account_id


def _described_query(query: Mapping[str, Any], own: str) -> dict[str, Any]:
    stat = query.get("MetricStat") or {}
    metric = stat.get("Metric") or {}
    fields = {
        "id": query["Id"],
        "expression": query.get("Expression"),
        "account_id": _another(query.get("AccountId"), own),
        "period": stat.get("Period") or query.get("Period"),
        "statistic": stat.get("Stat"),
        "unit": stat.get("Unit"),
        "namespace": metric.get("Namespace"),
        "metric_name": metric.get("MetricName"),
        "dimensions": _described_dimensions(metric),
        "return_data": query.get("ReturnData", True),
    }
    return {name: value for name, value in fields.items() if given(value)}


def _described_dimensions(holder: Mapping[str, Any]) -> dict[str, str]:
    return {it["Name"]: it["Value"] for it in holder.get("Dimensions", [])}


def _requested_metric(alarm: Alarm) -> dict[str, Any]:
    if alarm.queries:
        return {"Metrics": [_requested_query(it) for it in alarm.queries]}
    statistic = str(alarm.statistic)
    named = {} if alarm.statistic is None else _statistic(statistic)
    return {"Dimensions": _requested_dimensions(alarm.dimensions), **named}


def _statistic(statistic: str) -> dict[str, str]:
    return {"ExtendedStatistic" if statistic[:1].islower() else "Statistic": statistic}


def _requested_query(query: Query) -> dict[str, Any]:
    shared = {"Id": query.id, "ReturnData": query.return_data}
    if query.account_id is not None:
        shared["AccountId"] = query.account_id
    if query.expression is not None:
        period = {} if query.period is None else {"Period": query.period}
        return {**shared, "Expression": query.expression, **period}
    metric = {
        "Namespace": query.namespace,
        "MetricName": query.metric_name,
        "Dimensions": _requested_dimensions(query.dimensions),
    }
    unit = {} if query.unit is None else {"Unit": query.unit}
    return {
        **shared,
        "MetricStat": {"Metric": metric, "Period": query.period, "Stat": query.statistic, **unit},
    }


def _requested_dimensions(dimensions: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]


def _is(
    query: Query, namespace: str | None, metric_name: str | None, dimensions: Mapping[str, str] | None
) -> bool:
    """Return whether a query is on a metric, as far as that is said."""
    return (
        (namespace is None or known(query.namespace) == namespace)
        and (metric_name is None or known(query.metric_name) == metric_name)
        and (dimensions is None or _same(query.dimensions, dimensions))
    )


def _same(dimensions: Any, wanted: Mapping[str, str]) -> bool:
    return known(dimensions).keys() == wanted.keys() and _has(dimensions, wanted)


def _has(dimensions: Any, wanted: Mapping[str, str]) -> bool:
    """Return whether there are these dimensions; one that differs decides, whatever others are."""
    told = known(dimensions)
    if any(name not in told for name in wanted):
        return False
    return not one_is(wanted, lambda it: bool(told[it] != wanted[it]))
