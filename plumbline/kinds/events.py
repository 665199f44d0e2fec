"""EventBridge rules: which events they match, and what they tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import WrapValidator

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.event_pattern import declared_pattern, held_pattern, pattern_matches
from plumbline.kinds.event_targets import (
    FUNCTION_POLICY,
    acts,
    functions_let_in,
    functions_that_let_in,
)
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Beside, Declaration, arn, each_once, given, known
from plumbline.values.model import Model, Text, keep_placeholder
from plumbline.values.some_of import one_is
from plumbline.values.unknown import Placeholder, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource, Settings

DEFAULT_BUS = "default"
_WITH_READS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
_ARN = "arn:aws:events:{region}:{account}:rule/{name}"


_TARGETS = Call(
    "events:ListTargetsByRule",
    {"Rule": "{last}", "EventBusName": "{holder}"},
    of=_ARN,
    absent=("ResourceNotFoundException",),
)


class Targets(Facet):
    """What is told."""

    call = _TARGETS
    beside = Beside("aws_cloudwatch_event_target", "rule", many=True)

    if TYPE_CHECKING:
        functions_let_in: dict[str, bool]

    targets: list[Text] = []
    """ARNs, sorted."""

    def tells(self, topic: str) -> bool:
        """Return whether somebody learns of what the rule matches: by this topic, or by what acts itself.

        A log group keeps an event and tells nobody, and who hears another topic is not known here. Raises
        `Undetermined` where only a queue or the like is told, or a function that may not let the rule in.
        """
        return one_is(self.targets, lambda target: self._is_told(target, topic))

    def _is_told(self, target: Any, topic: str) -> bool:
        return bool(target == topic) or acts(str(known(target)), known(self.functions_let_in))

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"targets": _targets(declaration)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"targets": sorted(target["Arn"] for target in answer.get("Targets", []))}

    def requested(self) -> Requests:
        targets = [{"Id": str(position), "Arn": arn} for position, arn in enumerate(self.targets)]
        if targets:
            bus, rule = bus_and_rule(self.name)
            yield request("events:PutTargets", Rule=rule, EventBusName=bus, Targets=targets)


class FunctionAccess(Facet):
    """Which functions among the targets let the rule invoke them."""

    call = _TARGETS
    further_calls: ClassVar[tuple[Call, ...]] = (FUNCTION_POLICY,)
    beside = Beside("aws_cloudwatch_event_target", "rule", many=True)

    functions_let_in: dict[str, Annotated[bool, WrapValidator(keep_placeholder)]] = {}
    """Whether they do, by ARN: those that Terraform declares, or that are of the account and region."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        name, targets = known(_name(declaration.resource)), _targets(declaration)
        return {"functions_let_in": lambda: functions_let_in(declaration, name, targets)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        targets = [target["Arn"] for target in answer.get("Targets", [])]
        return {"functions_let_in": functions_that_let_in(asked, targets)}

    def requested(self) -> Requests:
        """Raise `Undetermined` where a function is told: moto is given none, nor what lets the rule in."""
        if self.functions_let_in:
            raise Undetermined(f"moto is given no function, so none lets event rule {self.name} in")
        yield from ()


class EventRuleLimits(Model):
    """What can be expected of a rule besides its fields."""

    event: dict[str, Any]
    """An event that the rule must match; `*` stands for what differs from one such event to the next."""


class EventRule(Targets, FunctionAccess, Kind):
    """A rule of an event bus: `deleted` of the default one, where the events of AWS arrive, `shop/placed` of
    another one, as its ARN has it.
    """

    noun = "event_rule"
    plural = "event_rules"
    terraform_type = "aws_cloudwatch_event_rule"
    listing = Listing(
        Call("events:ListRules", of="rules of the default event bus in {region}"),
        "Rules[?!ManagedBy].Name",
        beside=Listing(
            Call("events:ListRules", {"EventBusName": "{each}"}, of="rules of event bus {each} in {region}"),
            "Rules[?!ManagedBy].Name",
            of_each=Listing(
                Call("events:ListEventBuses", of="event buses in {region}"),
                f"EventBuses[?Name!='{DEFAULT_BUS}'].Name",
            ),
        ),
    )
    limits = EventRuleLimits
    call = Call(
        "events:DescribeRule",
        {"Name": "{last}", "EventBusName": "{holder}"},
        of=_ARN,
        missing=("ResourceNotFoundException",),
    )
    own_arn = call, "[Arn]"
    selected_by: ClassVar = {"event": "matches"}
    arguments: ClassVar = {
        "matches": "event_pattern",
        "event_bus": "event_bus_name",
        "takes_reads": "state",
    }
    computed: ClassVar = {
        "aws_cloudwatch_event_bus.arn": lambda bus, settings: arn(
            settings, "events", "event-bus/", bus.get("name")
        ),
        "aws_cloudwatch_event_rule.arn": lambda rule, settings: _own_arn(rule, settings),
        "aws_sqs_queue.arn": lambda queue, settings: arn(settings, "sqs", "", queue.get("name")),
    }

    state: str = "ENABLED"
    takes_reads: bool = False
    """Whether CloudTrail's events of calls that only read reach it, too."""
    event_bus: str = DEFAULT_BUS
    """Its name, or the ARN of one that is not of the rule's own account and region."""
    event_pattern: dict[str, Any] = {}
    """Empty for a rule that only follows a schedule."""

    def matches(self, event: Mapping[str, Any]) -> bool:
        """Return whether such an event reaches the rule, and its pattern matches that.

        The events of AWS's services arrive on the default bus alone, and those of calls that only read just
        at rules that take them. Source: EventBridge user guide, "Event buses", "Creating event patterns" and
        "Read-only management events from AWS services".
        """
        of_aws = str(event.get("source", "")).startswith("aws.")
        if of_aws and self.event_bus != DEFAULT_BUS:
            return False
        if of_aws and _only_reads(event) and not self.takes_reads:
            return False
        return bool(self.event_pattern) and pattern_matches(self.event_pattern, event)

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return its name, behind that of its bus where that is not the default one."""
        return _name(resource)

    @classmethod
    def named_beside(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return its name, beside which a target names the bus."""
        return super().named(resource, configuration)

    @classmethod
    def holder(cls, name: str) -> str:
        """Return the bus that a rule of this name is on."""
        return bus_and_rule(name)[0]

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        pattern, where = declaration.at("event_pattern"), declaration.place("event_pattern")
        return {
            "state": lambda: _state(known(_declared_state(declaration.values))),
            "takes_reads": lambda: known(_declared_state(declaration.values)) == _WITH_READS,
            "event_bus": lambda: known(_bus(declaration.values, declaration)),
            "event_pattern": lambda: declared_pattern(known(pattern), where) if given(pattern) else {},
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return the fields; an answer of the time before event buses says of none."""
        pattern = answer.get("EventPattern")
        return {
            "state": _state(answer["State"]),
            "takes_reads": answer["State"] == _WITH_READS,
            "event_bus": answer.get("EventBusName", DEFAULT_BUS),
            "event_pattern": lambda: held_pattern(pattern) if pattern else {},
        }

    def requested(self) -> Requests:
        """Return what puts the rule on its bus, which is made where it is not there."""
        pattern = json.dumps(self.event_pattern)
        bus, rule = bus_and_rule(self.name)
        if bus != DEFAULT_BUS:
            there = yield request("events:ListEventBuses", NamePrefix=bus)
            if bus not in [it["Name"] for it in there["EventBuses"]]:
                yield request("events:CreateEventBus", Name=bus)
        yield request(
            "events:PutRule",
            Name=rule,
            EventBusName=bus,
            State=_WITH_READS if self.takes_reads else self.state,
            EventPattern=pattern,
        )


def bus_and_rule(name: str) -> tuple[str, str]:
    """Return the bus and the rule that a name says: no rule has a slash in it, and a partner's bus may."""
    bus, _, rule = name.rpartition("/")
    return bus or DEFAULT_BUS, rule


def _name(rule: Resource) -> str | Unknown:
    name = rule.values.get("name") or Unknown(f"{rule.address}.name")
    bus = rule.values.get("event_bus_name")
    for it in (name, bus):
        if isinstance(it, Placeholder):
            return it if isinstance(it, Unknown) else Unknown(f"{rule.address}.name")
    return f"{_before(str(bus or DEFAULT_BUS).rpartition(':event-bus/')[2])}{name}"


def _before(bus: str) -> str:
    """Return what a rule of a bus has before its name, in its ARN and as it is called here."""
    return "" if bus == DEFAULT_BUS else f"{bus}/"


def _targets(declaration: Declaration) -> list[Any]:
    """Return the targets of a declared rule: those that name its bus, too.

    Raises `Undetermined` where two have one id and differ: the later one replaces the other. Source:
    EventBridge API reference, PutTargets.
    """
    bus = known(_bus(declaration.resource.values, declaration))
    ours = [it for it in declaration.parts if known(_bus(it.values, declaration)) == bus]
    named = (
        (it, f"target {own}", it.values.get("arn")) for it in ours if isinstance(own := _id(it), str) and own
    )
    each_once(declaration.resource.address, named)
    return _sorted([it.values.get("arn") for it in ours])


def _id(target: Resource) -> Any:
    return target.values.get("target_id")


def _bus(values: Mapping[str, Any], declaration: Declaration) -> Any:
    """Return the bus that a rule or a target names: by its name where it is of the rule's own place."""
    named = values.get("event_bus_name")
    if isinstance(named, Placeholder):
        return named
    own = f":events:{declaration.region}:{declaration.account}:event-bus/" if named and ":" in named else ""
    return (named or DEFAULT_BUS).rpartition(own)[2] if own else named or DEFAULT_BUS


def _own_arn(rule: Mapping[str, Any], settings: Settings) -> str | None:
    """Return the ARN of a rule; none where its bus is told by an ARN, which may be another's."""
    bus = rule.get("event_bus_name")
    if isinstance(bus, Placeholder) or ":" in (bus or ""):
        return None
    return arn(settings, "events", f"rule/{_before(bus or DEFAULT_BUS)}", rule.get("name"))


def _only_reads(event: Mapping[str, Any]) -> bool:
    """Return whether CloudTrail tells of a call that only reads."""
    detail = event.get("detail")
    return isinstance(detail, Mapping) and detail.get("readOnly") is True


def _state(state: str) -> str:
    return "ENABLED" if state == _WITH_READS else state


def _declared_state(values: Mapping[str, Any]) -> Any:
    if given(values.get("state")):
        return values["state"]
    enabled = values.get("is_enabled")
    return enabled if isinstance(enabled, Placeholder) else "DISABLED" if enabled is False else "ENABLED"


def _sorted(arns: list[Any]) -> list[Any]:
    return arns if any(isinstance(arn, Placeholder) for arn in arns) else sorted(arns)
