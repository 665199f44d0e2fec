"""CloudWatch Logs: groups, and the filters that count their lines."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, ClassVar, Self

from plumbline.kinds.kind import Kind
from plumbline.terraform.declared import at, block, place
from plumbline.values.model import Model
from plumbline.values.unknown import Missing, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.terraform.model import Configuration, Resource


class LogGroup(Kind):
    """A group of log streams."""

    noun = "log_group"
    plural = "log_groups"
    terraform_type = "aws_cloudwatch_log_group"
    reads: ClassVar = {"logs:DescribeLogGroups": "*"}

    retention_in_days: int | None = None
    """None where lines are kept for ever."""

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the group as `aws_cloudwatch_log_group` declares it."""
        fields = {
            "name": resource.values.get("name"),
            "retention_in_days": resource.values.get("retention_in_days") or None,
        }
        return cls.of(str(resource.location), fields)

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the group as CloudWatch Logs describes it; a prefix finds others too."""
        listed = aws.read("logs:DescribeLogGroups", {"logGroupNamePrefix": name}, of=f"log group {name}")
        group = f"logGroups[?logGroupName=='{name}'] | [0]"
        if listed.at(group).value() is None:
            raise Missing(f"log group {name}", f"in {aws.region} (logs:DescribeLogGroups)")
        fields = {
            "name": listed.at(f"({group}).logGroupName"),
            "retention_in_days": listed.at(f"({group}).retentionInDays"),
        }
        return cls.of(listed.call, aws.gather(fields))

    def create(self, aws: Aws) -> None:
        """Create the group in moto."""
        aws.write("logs:CreateLogGroup", logGroupName=self.name)
        if self.retention_in_days:
            aws.write(
                "logs:PutRetentionPolicy", logGroupName=self.name, retentionInDays=self.retention_in_days
            )


class MetricFilterLimits(Model):
    """What can be expected of a filter besides its fields."""

    counts: str
    """A line that it must count."""


class MetricFilter(Kind):
    """A filter that counts lines of a log group as a metric."""

    noun = "metric_filter"
    plural = "metric_filters"
    needs_others = True
    terraform_type = "aws_cloudwatch_log_metric_filter"
    limits = MetricFilterLimits
    reads: ClassVar = {"logs:DescribeMetricFilters": "arn:aws:logs:{region}:{account}:log-group:*"}

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
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the filter as `aws_cloudwatch_log_metric_filter` declares it."""
        values = resource.values
        fields = {
            "name": values.get("name"),
            "log_group_name": values.get("log_group_name"),
            "pattern": values.get("pattern", ""),
            "metric_namespace": lambda: at(block(values, "metric_transformation"), "namespace"),
            "metric_name": lambda: at(block(values, "metric_transformation"), "name"),
        }
        return cls.of(str(resource.location), fields, {"pattern": place(resource, "pattern")})

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the filter as CloudWatch Logs describes it; it can be asked for by its log group only."""
        listed = aws.read("logs:DescribeMetricFilters", of=f"metric filter {name}")
        found = f"metricFilters[?filterName=='{name}'] | [0]"
        if listed.at(found).value() is None:
            raise Missing(f"metric filter {name}", f"in {aws.region} (logs:DescribeMetricFilters)")
        fields = {
            "name": listed.at(f"({found}).filterName"),
            "log_group_name": listed.at(f"({found}).logGroupName"),
            "pattern": listed.at(f"({found}).filterPattern"),
            "metric_namespace": listed.at(f"({found}).metricTransformations[0].metricNamespace"),
            "metric_name": listed.at(f"({found}).metricTransformations[0].metricName"),
        }
        return cls.of(listed.call, aws.gather(fields))

    def create(self, aws: Aws) -> None:
        """Create the filter in moto."""
        counted = {
            "metricNamespace": self.metric_namespace,
            "metricName": self.metric_name,
            "metricValue": "1",
        }
        aws.write(
            "logs:PutMetricFilter",
            filterName=self.name,
            logGroupName=self.log_group_name,
            filterPattern=self.pattern,
            metricTransformations=[counted],
        )
