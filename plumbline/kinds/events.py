"""EventBridge rules: which events they match, and what they tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from plumbline.kinds.kind import Kind
from plumbline.terraform.declared import companions, given, known, place
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Placeholder, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.terraform.model import Configuration, Resource


class EventRuleLimits(Model):
    """What can be expected of a rule besides its fields."""

    event: dict[str, Any]
    """An event, as far as it matters, that the rule must match."""


class EventRule(Kind):
    """A rule of the default event bus."""

    noun = "event_rule"
    plural = "event_rules"
    terraform_type = "aws_cloudwatch_event_rule"
    limits = EventRuleLimits
    reads: ClassVar = {
        "events:DescribeRule": "arn:aws:events:{region}:{account}:rule/{name}",
        "events:ListTargetsByRule": "arn:aws:events:{region}:{account}:rule/{name}",
    }

    state: str = "ENABLED"
    event_pattern: dict[str, Any] = {}
    """Empty for a rule that only follows a schedule."""
    targets: list[Text] = []
    """ARNs of what is told, sorted."""

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Return whether the rule's pattern matches an event.

        Raises `Undetermined` for a filter that is not evaluated here. Source: EventBridge user guide,
        "Event patterns": every field of the pattern must hold one of the listed values.
        """
        return bool(self.event_pattern) and _matches(self.event_pattern, event)

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the rule as `aws_cloudwatch_event_rule` and its `aws_cloudwatch_event_target` declare it."""
        values = resource.values
        fields = {
            "name": values.get("name"),
            "state": _declared_state(values),
            "event_pattern": lambda: json.loads(known(values.get("event_pattern")) or "{}"),
            "targets": lambda: _sorted(
                [
                    target.values.get("arn")
                    for target in companions(
                        resource, configuration, "aws_cloudwatch_event_target", "rule", values.get("name")
                    )
                ]
            ),
        }
        return cls.of(str(resource.location), fields, {"event_pattern": place(resource, "event_pattern")})

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the rule as EventBridge describes it."""
        rule_arn = aws.arn("events", f"rule/{name}")
        rule = aws.read(
            "events:DescribeRule", {"Name": name}, of=rule_arn, missing=["ResourceNotFoundException"]
        )
        targets = aws.read(
            "events:ListTargetsByRule", {"Rule": name}, of=rule_arn, absent=["ResourceNotFoundException"]
        )
        fields = {
            "name": rule.at("Name"),
            "state": rule.at("State"),
            "event_pattern": rule.at("EventPattern || '{}'").map(json.loads),
            "targets": targets.at("Targets[].Arn || `[]`").map(sorted),
        }
        return cls.of(rule.call, aws.gather(fields), {"targets": targets.call})

    def create(self, aws: Aws) -> None:
        """Create the rule and its targets in moto."""
        aws.write(
            "events:PutRule", Name=self.name, State=self.state, EventPattern=json.dumps(self.event_pattern)
        )
        targets = [{"Id": str(position), "Arn": arn} for position, arn in enumerate(self.targets)]
        if targets:
            aws.write("events:PutTargets", Rule=self.name, Targets=targets)


def _declared_state(values: Mapping[str, Any]) -> Any:
    if given(values.get("state")):
        return values["state"]
    enabled = values.get("is_enabled")
    return enabled if isinstance(enabled, Placeholder) else "DISABLED" if enabled is False else "ENABLED"


def _sorted(arns: list[Any]) -> list[Any]:
    return arns if any(isinstance(arn, Placeholder) for arn in arns) else sorted(arns)


def _matches(pattern: Any, event: Any) -> bool:
    if isinstance(pattern, Mapping):
        held = event if isinstance(event, Mapping) else {}
        return all(_field_matches(name, wanted, held) for name, wanted in pattern.items())
    values = event if isinstance(event, list) else [event]
    return any(_value_matches(wanted, value) for wanted in pattern for value in values)


def _field_matches(name: str, wanted: Any, event: Mapping[str, Any]) -> bool:
    if name.startswith("$"):
        raise Undetermined(f"the filter {name} of an event pattern is not evaluated here")
    return name in event and _matches(wanted, event[name])


def _value_matches(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(wanted == value)
    if wanted.keys() == {"prefix"} and isinstance(wanted["prefix"], str):
        return isinstance(value, str) and value.startswith(wanted["prefix"])
    raise Undetermined(f"the filter {json.dumps(wanted)} of an event pattern is not evaluated here")
