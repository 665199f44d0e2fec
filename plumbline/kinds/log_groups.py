"""CloudWatch Logs: groups, and the filters that count their lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

from plumbline.kinds.bounds import AtMost
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.filter_pattern import counts, value_in
from plumbline.kinds.key_access import is_told_later
from plumbline.kinds.kind import Kind, Wanted
from plumbline.kinds.listing import Listing
from plumbline.kinds.log_encryption import GROUPS, Encryption, KeyAccess
from plumbline.kinds.metric_series import Published, Series
from plumbline.terraform.declared import Declaration, arn, at, given, known
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Missing, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource


OF_STREAMS = ":*"
"""How the ARN of a group ends where it stands for its streams, too. Source: CloudWatch Logs API reference,
LogGroup, arn."""
STANDARD = "STANDARD"
"""The class of log groups that metric filters count in. Source: CloudWatch Logs user guide, "Log classes"."""
_GROUPS = "arn:aws:logs:{region}:{account}:log-group:*"


class LogGroup(Encryption, KeyAccess, Kind):
    """A group of log streams."""

    noun = "log_group"
    plural = "log_groups"
    terraform_type = "aws_cloudwatch_log_group"
    listing = Listing(Call("logs:DescribeLogGroups", of="log groups in {region}"), "logGroups[].logGroupName")
    call = GROUPS
    own_arn = call, "logGroups[].arn"
    computed: ClassVar = {
        "aws_cloudwatch_log_group.id": lambda group, settings: group.get("name"),
        "aws_cloudwatch_log_group.arn": lambda group, settings: arn(
            settings, "logs", "log-group:", group.get("name")
        ),
    }

    arguments: ClassVar = {"kept_for_ever": "retention_in_days"}

    arn: str = ""
    """That of the group itself, without the `:*` that stands for its streams."""
    retention_in_days: int | None = None
    """None where lines are kept for ever."""

    @property
    def kept_for_ever(self) -> bool:
        """Whether no line is ever deleted because of its age."""
        return known(self.retention_in_days) is None

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        days = declaration.at("retention_in_days")
        own = cls.derive("arn", declaration.resource, declaration.configuration)
        return {
            "arn": own.removesuffix(OF_STREAMS) if isinstance(own, str) else own,
            "retention_in_days": None if isinstance(days, int) and days == 0 else days,
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return the fields of the group of just this name; the prefix finds others too."""
        for group in answer["logGroups"]:
            if group["logGroupName"] == asked.name:
                return {
                    "arn": group["arn"].removesuffix(OF_STREAMS),
                    "retention_in_days": group.get("retentionInDays"),
                }
        raise Missing(f"log group {asked.name}", f"in {asked.region} (logs:DescribeLogGroups)")

    def requested(self) -> Requests:
        yield request("logs:CreateLogGroup", logGroupName=self.name)
        if self.retention_in_days:
            days = self.retention_in_days
            yield request("logs:PutRetentionPolicy", logGroupName=self.name, retentionInDays=days)


class MetricFilterLimits(Model):
    """What can be expected of a filter besides its fields."""

    counts: list[str]
    """Lines that it must count, each."""
    ignores: list[str]
    """Lines that it must not count, none of them."""
    within_seconds: AtMost
    """How soon after such a line the alarm must have fired."""


class MetricFilter(Kind):
    """A filter that counts lines of a log group as a metric."""

    noun = "metric_filter"
    plural = "metric_filters"
    expects_some = ("counts", "ignores")
    terraform_type = "aws_cloudwatch_log_metric_filter"
    listing = Listing(
        Call("logs:DescribeMetricFilters", of="metric filters in {region}", on=_GROUPS),
        "metricFilters[].filterName",
    )
    limits = MetricFilterLimits
    call = Call(
        "logs:DescribeMetricFilters",
        of="every metric filter",
        on=_GROUPS,
    )
    computed: ClassVar = {"aws_cloudwatch_log_metric_filter.id": lambda it, settings: it.get("name")}
    arguments: ClassVar = {
        **dict.fromkeys(("counts", "ignores"), "pattern"),
        "log_group_class": "log_group_name",
        **dict.fromkeys(
            ("metric_namespace", "metric_name", "metric_value", "default_value", "metric_dimensions", "unit"),
            "metric_transformation",
        ),
        **dict.fromkeys(("published", "dimensions_of", "counted"), "metric_transformation"),
    }

    log_group_name: str = ""
    pattern: str = ""
    """In the filter pattern syntax of CloudWatch Logs; empty matches every line."""
    metric_namespace: str = ""
    metric_name: str = ""
    metric_value: str = "1"
    """What is published for a line: a number, or the field that has it: $.latency."""
    default_value: float | None = None
    """What is published while lines come and none is counted; None where that is nothing."""
    metric_dimensions: dict[str, Text] = {}
    """The field that each dimension of the metric is taken from."""
    unit: str | None = None
    """None where it is published without one."""
    log_group_class: str = STANDARD
    """Its log group's, where that is declared; AWS itself holds no filter of another class."""

    def counts(self, lines: Sequence[str]) -> bool:
        """Return whether the filter counts each of these lines.

        Raises `Undetermined` for what is not evaluated here.
        """
        return all(self._counts(it) for it in lines)

    def ignores(self, lines: Sequence[str]) -> bool:
        """Return whether it counts none of these lines. Raises as `counts`."""
        return not any(self._counts(it) for it in lines)

    def published(self, lines: Sequence[str], within_seconds: int = 3600) -> Series:
        """Return what the metric is after any one of these lines, as an alarm on it sees it.

        Raises as `counts`, and `Undetermined` where that is not the same for each.
        """
        value = self._alike([self._published(it) for it in lines], "published for")
        units = [known(self.unit) or "None"]
        return Series(values=[value], within_seconds=within_seconds, sparse=True, units=units)

    def counted(self, lines: Sequence[str], others: Sequence[str], within_seconds: int) -> Published:
        """Return the metric that these lines are counted in, beside what the others make of it.

        An alarm must have fired so many seconds after a line. Raises as `published`.
        """
        return Published(
            self.metric_namespace,
            self.metric_name,
            self.dimensions_of(lines),
            bad=self.published(lines, within_seconds),
            good=self.published(others),
        )

    def dimensions_of(self, lines: Sequence[str]) -> dict[str, str]:
        """Return the dimensions of the metric that these lines are counted in. Raises as `published`."""
        dimensions: dict[str, str] = self._alike([self._dimensions(it) for it in lines], "the dimensions of")
        return dimensions

    def _alike(self, found: Sequence[Any], what: str) -> Any:
        if any(it != found[0] for it in found):
            raise Undetermined(f"what is {what} the lines that {self.name} is asked about differs")
        return found[0]

    def _counts(self, line: str) -> bool:
        if self.log_group_class != STANDARD:
            return False
        if self.pattern.lstrip().startswith("{") and not line.lstrip().startswith("{"):
            raise Undetermined(f"{self.name} counts lines of JSON, and the line that is expected is none")
        return counts(self.pattern, line)

    def _published(self, line: str) -> float | None:
        return self._value(line) if self._counts(line) else known(self.default_value)

    def _dimensions(self, line: str) -> dict[str, str]:
        found = {name: self._field(str(it), line) for name, it in known(self.metric_dimensions).items()}
        return {name: str(value) for name, value in found.items() if value is not None}

    def _value(self, line: str) -> float | None:
        """Return the number that is published for a line; None where its field holds none."""
        value = known(self.metric_value)
        found = self._field(value, line) if value.startswith("$") else value
        try:
            return float(found)
        except (TypeError, ValueError):
            return None

    def _field(self, name: str, line: str) -> Any:
        return value_in(self.pattern, line, name)

    @classmethod
    def are_apart(cls, one: Resource, other: Resource) -> bool:
        """Return whether two filters of one name are of two log groups."""
        groups = [it.values.get("log_group_name") for it in (one, other)]
        return len({it for it in groups if isinstance(it, str)}) == len(groups)

    @classmethod
    def find_in(
        cls, here: str, configuration: Configuration, name: str, where: str, wanted: Wanted = None
    ) -> Self:
        """Return the filter of this name in a region. Raises as for every kind, and as `_of_one_group`."""
        roots = (configuration, *configuration.others())
        named = ((it, root) for root in roots for it in cls.declared_in(root) if cls._is(name, it, root))
        groups = [it.values.get("log_group_name") for it, root in named if cls.is_seen_in(here, it, root)]
        _of_one_group(name, [it for it in groups if isinstance(it, str)])
        return super().find_in(here, configuration, name, where, wanted)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        transformed = declaration.at("metric_transformation") or {}
        fields = {
            "log_group_name": declaration.at("log_group_name"),
            "pattern": declaration.at("pattern"),
            "log_group_class": _class_of(declaration.at("log_group_name"), declaration.configuration),
            **{name: at(transformed, argument) for name, argument in _TRANSFORMED.items()},
        }
        return {
            name: value
            for name, value in fields.items()
            if given(value) and not (name == "unit" and _is_none(value))
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return the fields of the filter of this name; it can be asked for by its log group only."""
        named = [it for it in answer["metricFilters"] if it["filterName"] == asked.name]
        _of_one_group(asked.name, [it["logGroupName"] for it in named])
        if not named:
            raise Missing(f"metric filter {asked.name}", f"in {asked.region} (logs:DescribeMetricFilters)")
        found, transformed = named[0], named[0]["metricTransformations"][0]
        unit = transformed.get("unit")
        return {
            "log_group_name": found["logGroupName"],
            "pattern": found.get("filterPattern", ""),
            "metric_namespace": transformed["metricNamespace"],
            "metric_name": transformed["metricName"],
            "metric_value": transformed["metricValue"],
            "default_value": transformed.get("defaultValue"),
            "metric_dimensions": transformed.get("dimensions") or {},
            "unit": None if unit == "None" else unit,
        }

    def requested(self) -> Requests:
        if self.log_group_class != STANDARD:
            raise Undetermined(f"AWS takes no metric filter of a log group of class {self.log_group_class}")
        counted = {
            "metricNamespace": self.metric_namespace,
            "metricName": self.metric_name,
            "metricValue": self.metric_value,
            "defaultValue": self.default_value,
            "dimensions": self.metric_dimensions or None,
            "unit": self.unit,
        }
        yield request(
            "logs:PutMetricFilter",
            filterName=self.name,
            logGroupName=self.log_group_name,
            filterPattern=self.pattern,
            metricTransformations=[{name: value for name, value in counted.items() if value is not None}],
        )


_TRANSFORMED = {
    "metric_namespace": "namespace",
    "metric_name": "name",
    "metric_value": "value",
    "default_value": "default_value",
    "metric_dimensions": "dimensions",
    "unit": "unit",
}
"""The fields that stand in the block `metric_transformation`, by their argument there."""


def _of_one_group(name: str, groups: Sequence[str]) -> None:
    """Raise `Undetermined` where filters of several log groups have a name; a group has one of each."""
    if len(several := sorted({*groups})) > 1:
        raise Undetermined(
            f"filters of {' and of '.join(several)} are called {name}, and nothing says which one is meant"
        )


def _class_of(name: Any, configuration: Configuration) -> Any:
    """Return the class of the log group of a name; one that is declared nowhere is taken for a usual one."""
    for home in (configuration, *configuration.others()):
        for group in home.of_type("aws_cloudwatch_log_group"):
            told = group.values.get("log_group_class")
            named = isinstance(name, str) and group.values.get("name") == name
            if named and given(told) and not is_told_later(group, "log_group_class", home):
                return told
    return STANDARD


def _is_none(value: Any) -> bool:
    return isinstance(value, str) and value == "None"
