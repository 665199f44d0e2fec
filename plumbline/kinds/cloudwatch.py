"""CloudWatch metric alarms."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, own_fields, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Declaration, arn, given
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Missing, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_ALARMS = "arn:aws:cloudwatch:{region}:{account}:alarm:*"
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
"""What breaches a threshold. Source: CloudWatch API, PutMetricAlarm, ComparisonOperator."""


class AlarmLimits(Model):
    """What can be expected of an alarm besides its fields."""

    bad: float
    """A value of the metric, in its own unit, that must breach the threshold."""
    good: float
    """A value that must not."""


class Alarm(Kind):
    """An alarm on one metric."""

    noun = "alarm"
    plural = "alarms"
    terraform_type = "aws_cloudwatch_metric_alarm"
    listing = Listing(
        Call(
            "cloudwatch:DescribeAlarms", {"AlarmTypes": ["MetricAlarm"]}, of="alarms in {region}", on=_ALARMS
        ),
        "MetricAlarms[].AlarmName",
    )
    name_argument = "alarm_name"
    limits = AlarmLimits
    call = Call(
        "cloudwatch:DescribeAlarms",
        {"AlarmNames": ["{name}"], "AlarmTypes": ["MetricAlarm"]},
        of="alarm {name}",
        on=_ALARMS,
    )
    own_arn = call, "MetricAlarms[].AlarmArn"
    computed: ClassVar = {
        "aws_cloudwatch_metric_alarm.id": lambda alarm, settings: alarm.get("alarm_name"),
        "aws_cloudwatch_metric_alarm.arn": lambda alarm, settings: arn(
            settings, "cloudwatch", "alarm:", alarm.get("alarm_name")
        ),
    }
    arguments: ClassVar = {"tells": "threshold"}
    arn_lists: ClassVar = ("aws_cloudwatch_metric_alarm.alarm_actions",)

    namespace: str | None = None
    """None for an alarm on an expression of several metrics."""
    metric_name: str | None = None
    dimensions: dict[str, Text] = {}
    statistic: str | None = None
    period: int | None = None
    """Seconds that each value covers."""
    evaluation_periods: int = 1
    comparison_operator: str = ""
    threshold: float | None = None
    """In the unit of the metric."""
    treat_missing_data: str = "missing"
    actions_enabled: bool = True
    alarm_actions: list[Text] = []
    """ARNs of what is told when the alarm fires."""

    def tells(self, bad: float, good: float) -> bool:
        """Return whether a bad value of the metric breaches the threshold and a good one does not.

        Raises `Undetermined` for an alarm without a threshold: an anomaly band, or an expression.
        """
        if self.threshold is None or self.comparison_operator not in _COMPARISONS:
            raise Undetermined(f"alarm {self.name} compares with no fixed threshold")
        breaches = _COMPARISONS[self.comparison_operator]
        return breaches(bad, self.threshold) and not breaches(good, self.threshold)

    def watches(self, namespace: str, metric_name: str) -> bool:
        """Return whether the alarm is on this metric."""
        return (self.namespace, self.metric_name) == (namespace, metric_name)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        values = declaration.values
        return {name: values[name] for name in own_fields(cls) if given(values.get(name))}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        if not answer["MetricAlarms"]:
            raise Missing(f"alarm {asked.name}", f"in {asked.region} (cloudwatch:DescribeAlarms)")
        [alarm] = answer["MetricAlarms"]
        return {
            "dimensions": {it["Name"]: it["Value"] for it in alarm.get("Dimensions", [])},
            "alarm_actions": alarm.get("AlarmActions", []),
            "treat_missing_data": alarm.get("TreatMissingData", "missing"),
            **{name: alarm.get(key) for name, key in _DESCRIBED.items()},
        }

    def requested(self) -> Requests:
        described = {key: getattr(self, name) for name, key in _DESCRIBED.items()}
        yield request(
            "cloudwatch:PutMetricAlarm",
            AlarmName=self.name,
            Dimensions=[{"Name": name, "Value": value} for name, value in self.dimensions.items()],
            AlarmActions=self.alarm_actions,
            TreatMissingData=self.treat_missing_data,
            **{key: value for key, value in described.items() if value is not None},
        )


_DESCRIBED = {
    "namespace": "Namespace",
    "metric_name": "MetricName",
    "statistic": "Statistic",
    "period": "Period",
    "evaluation_periods": "EvaluationPeriods",
    "comparison_operator": "ComparisonOperator",
    "threshold": "Threshold",
    "actions_enabled": "ActionsEnabled",
}
"""The fields that the API holds as they are, by its name for them."""
