"""CloudWatch Logs: groups, and the filters that count their lines."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Declaration, arn
from plumbline.values.model import Model
from plumbline.values.unknown import Missing, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer


_GROUPS = "arn:aws:logs:{region}:{account}:log-group:*"


class LogGroup(Kind):
    """A group of log streams."""

    noun = "log_group"
    plural = "log_groups"
    terraform_type = "aws_cloudwatch_log_group"
    listing = Listing(Call("logs:DescribeLogGroups", of="log groups in {region}"), "logGroups[].logGroupName")
    call = Call("logs:DescribeLogGroups", {"logGroupNamePrefix": "{name}"}, of="log group {name}")
    own_arn = call, "logGroups[].arn"
    computed: ClassVar = {
        "aws_cloudwatch_log_group.id": lambda group, settings: group.get("name"),
        "aws_cloudwatch_log_group.arn": lambda group, settings: arn(
            settings, "logs", "log-group:", group.get("name")
        ),
    }

    retention_in_days: int | None = None
    """None where lines are kept for ever."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        days = declaration.at("retention_in_days")
        return {"retention_in_days": None if isinstance(days, int) and days == 0 else days}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return the fields of the group of just this name; the prefix finds others too."""
        for group in answer["logGroups"]:
            if group["logGroupName"] == asked.name:
                return {"retention_in_days": group.get("retentionInDays")}
        raise Missing(f"log group {asked.name}", f"in {asked.region} (logs:DescribeLogGroups)")

    def requested(self) -> Requests:
        yield request("logs:CreateLogGroup", logGroupName=self.name)
        if self.retention_in_days:
            days = self.retention_in_days
            yield request("logs:PutRetentionPolicy", logGroupName=self.name, retentionInDays=days)


class MetricFilterLimits(Model):
    """What can be expected of a filter besides its fields."""

    counts: str
    """A line that it must count."""


class MetricFilter(Kind):
    """A filter that counts lines of a log group as a metric."""

    noun = "metric_filter"
    plural = "metric_filters"
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
    arguments: ClassVar = {"counts": "pattern"}
    computed: ClassVar = {"aws_cloudwatch_log_metric_filter.id": lambda it, settings: it.get("name")}

    in_terraform: ClassVar = {
        "log_group_name": "log_group_name",
        "pattern": "pattern",
        "metric_namespace": "metric_transformation.namespace",
        "metric_name": "metric_transformation.name",
    }

    log_group_name: str = ""
    pattern: str = ""
    """In the filter pattern syntax of CloudWatch Logs; empty matches every line."""
    metric_namespace: str = ""
    metric_name: str = ""

    def counts(self, line: str) -> bool:
        """Return whether the filter counts a line of text.

        Raises `Undetermined` for patterns of JSON fields, columns and regular expressions. Source: CloudWatch
        Logs user guide, "Filter pattern syntax": every term must occur; of terms with `?` any; none with `-`.
        """
        if self.pattern.lstrip().startswith(("{", "[", "%")):
            raise Undetermined(f"the pattern {self.pattern} of {self.name} is not evaluated here")
        terms = shlex.split(self.pattern)
        any_of = [term[1:] for term in terms if term.startswith("?")]
        none_of = [term[1:] for term in terms if term.startswith("-")]
        all_of = [term for term in terms if not term.startswith(("?", "-"))]
        # A term without `?` makes CloudWatch disregard those with it.
        wanted = all(term in line for term in all_of) if all_of else any(term in line for term in any_of)
        return (wanted or not (all_of or any_of)) and not any(term in line for term in none_of)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return the fields of the filter of this name; it can be asked for by its log group only."""
        for it in answer["metricFilters"]:
            if it["filterName"] == asked.name:
                return {
                    "log_group_name": it["logGroupName"],
                    "pattern": it.get("filterPattern", ""),
                    "metric_namespace": it["metricTransformations"][0]["metricNamespace"],
                    "metric_name": it["metricTransformations"][0]["metricName"],
                }
        raise Missing(f"metric filter {asked.name}", f"in {asked.region} (logs:DescribeMetricFilters)")

    def requested(self) -> Requests:
        counted = {
            "metricNamespace": self.metric_namespace,
            "metricName": self.metric_name,
            "metricValue": "1",
        }
        yield request(
            "logs:PutMetricFilter",
            filterName=self.name,
            logGroupName=self.log_group_name,
            filterPattern=self.pattern,
            metricTransformations=[counted],
        )
