"""EventBridge rules: which events they match, and what they tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Beside, Declaration, given, known
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Placeholder, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_ARN = "arn:aws:events:{region}:{account}:rule/{name}"


class Targets(Facet):
    """What is told."""

    call = Call(
        "events:ListTargetsByRule", {"Rule": "{name}"}, of=_ARN, absent=("ResourceNotFoundException",)
    )
    beside = Beside("aws_cloudwatch_event_target", "rule", many=True)

    targets: list[Text] = []
    """ARNs, sorted."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"targets": _sorted([target.values.get("arn") for target in declaration.parts])}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"targets": sorted(target["Arn"] for target in answer.get("Targets", []))}

    def requested(self) -> Requests:
        targets = [{"Id": str(position), "Arn": arn} for position, arn in enumerate(self.targets)]
        if targets:
            yield request("events:PutTargets", Rule=self.name, Targets=targets)


class EventRuleLimits(Model):
    """What can be expected of a rule besides its fields."""

    event: dict[str, Any]
    """An event, as far as it matters, that the rule must match."""


class EventRule(Targets, Kind):
    """A rule of the default event bus."""

    noun = "event_rule"
    plural = "event_rules"
    terraform_type = "aws_cloudwatch_event_rule"
    listing = Listing(
        Call("events:ListRules", of="rules of the default event bus in {region}"), "Rules[?!ManagedBy].Name"
    )
    limits = EventRuleLimits
    call = Call("events:DescribeRule", {"Name": "{name}"}, of=_ARN, missing=("ResourceNotFoundException",))
    own_arn = call, "[Arn]"
    selected_by: ClassVar = {"event": "matches"}
    arguments: ClassVar = {"matches": "event_pattern"}

    state: str = "ENABLED"
    event_pattern: dict[str, Any] = {}
    """Empty for a rule that only follows a schedule."""

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Return whether the rule's pattern matches an event.

        Raises `Undetermined` for a filter that is not evaluated here. Source: EventBridge user guide,
        "Event patterns": every field of the pattern must hold one of the listed values.
        """
        return bool(self.event_pattern) and _matches(self.event_pattern, event)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "state": _declared_state(declaration.values),
            "event_pattern": lambda: json.loads(known(declaration.at("event_pattern")) or "{}"),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"state": answer["State"], "event_pattern": json.loads(answer.get("EventPattern") or "{}")}

    def requested(self) -> Requests:
        pattern = json.dumps(self.event_pattern)
        yield request("events:PutRule", Name=self.name, State=self.state, EventPattern=pattern)


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
