"""AWS Config: the recorder and its rules."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import TypeAdapter, ValidationError

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.config_delivery import arrives
from plumbline.kinds.config_scope import ALL, Judged, in_scope, recorded
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.kind import NOT_DEPLOYED, Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.companions import everywhere
from plumbline.terraform.declared import Beside, Declaration, known, region
from plumbline.values.model import Model, Text
from plumbline.values.unknown import (
    Missing,
    Placeholder,
    ReadError,
    Undetermined,
    Unexamined,
    Unknown,
    Unmeasured,
)

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource


DETECTIVE = "DETECTIVE"
_EXCLUDED = "excludedPublicBuckets"
_PARAMETERS = TypeAdapter(dict[str, Any])
_RECORDERS = "arn:aws:config:{region}:{account}:configuration-recorder/{name}/*"


def _of_recorder(operation: str) -> Call:
    return Call(
        operation,
        {"ConfigurationRecorderNames": ["{name}"]},
        of="recorder {name}",
        on=_RECORDERS,
        missing=("NoSuchConfigurationRecorderException",),
    )


class RecorderStatus(Facet):
    """Whether the recorder is at work."""

    call = _of_recorder("config:DescribeConfigurationRecorderStatus")
    beside = Beside("aws_config_configuration_recorder_status", "name")
    arguments: ClassVar = {"recording": "is_enabled"}

    recording: bool = False
    delivered: bool = True
    """Whether nothing speaks against a delivery.

    In Terraform there is a channel, and its bucket takes what the recorder's role or Config itself writes; in
    an account the last delivery did not fail.
    """

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "recording": declaration.at("is_enabled", default=False),
            "delivered": lambda: _is_delivered(declaration),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        status = answer["ConfigurationRecordersStatus"][0]
        return {"recording": status["recording"], "delivered": _nothing_against(status.get("lastStatus"))}

    def requested(self) -> Requests:
        """Return what starts the recorder; it records only once it may deliver somewhere."""
        if self.delivered:
            channel = {"name": "default", "s3BucketName": "recorded"}
            yield request("config:PutDeliveryChannel", DeliveryChannel=channel)
        if self.recording:
            yield request("config:StartConfigurationRecorder", ConfigurationRecorderName=self.name)


class RecorderLimits(Model):
    """What can be expected of a recorder besides its fields."""

    recorded_types: list[str]
    """Resource types that it must record."""


def _named(strategy: Any) -> Any:
    """Return a strategy; none for that of all types, which AWS names where nobody did."""
    return "" if strategy == ALL else strategy


class ConfigRecorder(RecorderStatus, Kind):
    """The recorder of an account and region: rules judge only what it records."""

    noun = "config_recorder"
    plural = "config_recorders"
    expects_some = ("recorded_types",)
    terraform_type = "aws_config_configuration_recorder"
    further_types = ("aws_config_delivery_channel",)
    listing = Listing(
        Call("config:DescribeConfigurationRecorders", of="recorders in {region}", on=_RECORDERS),
        "ConfigurationRecorders[?!servicePrincipal].name",
    )
    limits = RecorderLimits
    call = _of_recorder("config:DescribeConfigurationRecorders")
    selected_by: ClassVar = {"recorded_types": "records"}
    computed: ClassVar = dict.fromkeys(
        ("aws_config_configuration_recorder.id", "aws_config_configuration_recorder.name"),
        lambda recorder, settings: recorder.get("name") or "default",
    )
    arguments: ClassVar = dict.fromkeys(
        ("all_supported", "resource_types", "excluded_types", "strategy", "records"), "recording_group"
    )

    all_supported: bool = False
    """Whether every supported type is recorded."""
    resource_types: list[Text] = []
    """The types that are recorded where not all are."""
    excluded_types: list[Text] = []
    """The types that are left out of all."""
    strategy: str = ""
    """Which of the others decides; empty where none is named, or all types."""

    def records(self, types: list[str]) -> bool:
        """Return whether all these types are recorded."""
        return recorded(
            types,
            all_supported=self.all_supported,
            included=known(self.resource_types),
            excluded=known(self.excluded_types),
            strategy=self.strategy,
        )

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        def group(*path: str, default: Any) -> Any:
            said = declaration.at("recording_group", *path, default=default)
            return _unless_left_out(said, default, "recording_group", declaration)

        return {
            "all_supported": group("all_supported", default=True),
            "resource_types": lambda: sorted(known(group("resource_types", default=[]))),
            "excluded_types": lambda: sorted(
                known(group("exclusion_by_resource_types", "resource_types", default=[]))
            ),
            "strategy": _named(group("recording_strategy", "use_only", default="")),
        }

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> Any:
        """Return the name that a Terraform resource gives; the provider's own is `default`."""
        return resource.values.get("name") or "default"

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        group = answer["ConfigurationRecorders"][0].get("recordingGroup", {})
        return {
            "all_supported": group.get("allSupported", False),
            "resource_types": sorted(group.get("resourceTypes", [])),
            "excluded_types": sorted(group.get("exclusionByResourceTypes", {}).get("resourceTypes", [])),
            "strategy": _named(group.get("recordingStrategy", {}).get("useOnly", "")),
        }

    def requested(self) -> Requests:
        group: dict[str, Any] = {
            "allSupported": self.all_supported,
            "includeGlobalResourceTypes": False,
            "resourceTypes": self.resource_types,
        }
        if self.excluded_types:
            group["exclusionByResourceTypes"] = {"resourceTypes": self.excluded_types}
        if self.strategy:
            group["recordingStrategy"] = {"useOnly": self.strategy}
        recorder = {
            "name": self.name,
            "roleARN": "arn:aws:iam::123456789012:role/recorder",
            "recordingGroup": group,
        }
        yield request("config:PutConfigurationRecorder", ConfigurationRecorder=recorder)


class Compliance(Facet):
    """What the rule found when it last judged."""

    call = Call("config:DescribeComplianceByConfigRule", of="every rule")

    in_terraform: ClassVar = {"compliance": NOT_DEPLOYED}

    compliance: Literal["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE"] = "COMPLIANT"

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        judged = {it["ConfigRuleName"]: it["Compliance"] for it in answer["ComplianceByConfigRules"]}
        return {"compliance": _verdict(judged.get(asked.name, {}).get("ComplianceType"))}


class ConfigRuleLimits(Model):
    """What can be expected of a rule besides its fields."""

    judges: list[str | Judged]
    """What it must judge: certain resources, or whatever there is of a type."""
    one_of: list[str]
    """Managed rules of which it must be one."""


class ConfigRule(Compliance, Kind):
    """A rule of AWS Config."""

    noun = "config_rule"
    plural = "config_rules"
    expects_some = ("judges", "required_tags")
    terraform_type = "aws_config_config_rule"
    listing = Listing(
        Call("config:DescribeConfigRules", of="rules in {region}"), "ConfigRules[?!CreatedBy].ConfigRuleName"
    )
    further_candidates = Listing(listing.call, "ConfigRules[].ConfigRuleName", of_aws=True)
    made_by = (
        *("aws_config_conformance_pack", "aws_config_organization_conformance_pack"),
        *("aws_config_organization_managed_rule", "aws_config_organization_custom_rule"),
        "aws_config_organization_custom_policy_rule",
    )
    limits = ConfigRuleLimits
    call = Call(
        "config:DescribeConfigRules",
        {"ConfigRuleNames": ["{name}"]},
        of="rule {name}",
        missing=("NoSuchConfigRuleException",),
    )
    own_arn = call, "ConfigRules[].ConfigRuleArn"
    computed: ClassVar = {"aws_config_config_rule.id": lambda rule, settings: rule.get("name")}
    selected_by: ClassVar = {"one_of": "is_one_of", "judges": "covers", "required_tags": "requires"}
    arguments: ClassVar = {
        "source_identifier": "source",
        "resource_types": "scope",
        **dict.fromkeys(("covers", "resource_id", "resource_tag"), "scope"),
        "evaluation_modes": "evaluation_mode",
        "excluded": "input_parameters",
        "is_one_of": "source",
        "requires": "input_parameters",
        "required_tags": "input_parameters",
    }

    source_identifier: str = ""
    """The managed rule, or the ARN of the function of a custom one; empty for one that is a policy itself."""
    state: Literal["ACTIVE", "EVALUATING", "DELETING_RESULTS", "DELETING"] = "ACTIVE"
    evaluation_modes: list[Text] = [DETECTIVE]
    """Whether it judges what is deployed (DETECTIVE), what is about to be (PROACTIVE), or both; sorted."""
    resource_types: list[Text] = []
    """What it judges, sorted; all types where none is named."""
    resource_id: str | None = None
    """The only resource that it judges."""
    resource_tag: dict[str, str | None] = {}
    """The tag without which it judges nothing; its value, or None for any."""
    excluded: list[Text] = []
    """Buckets that it leaves alone, as a managed rule against public ones can."""
    required_tags: list[Text] = []
    """The tags that the managed rule REQUIRED_TAGS asks for, in its order: six at most."""

    def is_one_of(self, identifiers: list[str]) -> bool:
        """Return whether it is one of these managed rules.

        Raises `Undetermined` for a custom one: its function or its policy says what it looks at.
        """
        if not self.source_identifier or self.source_identifier.startswith("arn:"):
            raise Undetermined(f"what the custom rule {self.name} looks at is not read")
        return self.source_identifier in identifiers

    def requires(self, tags: list[str]) -> bool:
        """Return whether it asks for all these tags."""
        return set(known(self.required_tags)) >= set(tags)

    def covers(self, resources: list[str | Judged]) -> bool:
        """Return whether the rule judges all these resources where they are deployed."""
        deleted = not isinstance(self.state, Unexamined) and self.state == "DELETING"
        if deleted or DETECTIVE not in known(self.evaluation_modes):
            return False
        return all(
            in_scope(
                Judged(type=it) if isinstance(it, str) else it,
                types=known(self.resource_types),
                id=self.resource_id,
                tag=self.resource_tag,
                excluded=known(self.excluded),
            )
            for it in resources
        )

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return the fields; a state holds an empty text for what is not configured."""
        scope = functools.partial(declaration.at, "scope")
        parameters, where = declaration.at("input_parameters"), declaration.place("input_parameters")
        modes = _unless_left_out(
            declaration.values.get("evaluation_mode"), [], "evaluation_mode", declaration
        )
        return {
            "source_identifier": lambda: _identifier(declaration),
            "state": NOT_DEPLOYED,
            "evaluation_modes": lambda: _modes(known(it["mode"]) for it in known(modes) or []),
            "resource_types": lambda: sorted(known(scope("compliance_resource_types", default=[]))),
            "resource_id": lambda: known(scope("compliance_resource_id")) or None,
            "resource_tag": lambda: _tag(known(scope("tag_key")), known(scope("tag_value"))),
            "excluded": lambda: _excluded(_read(known(parameters), where)),
            "required_tags": lambda: _tags(_read(known(parameters), where)),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        if not answer["ConfigRules"]:
            raise Missing(f"config rule {asked.name}", f"in {asked.region} (config:DescribeConfigRules)")
        [rule] = answer["ConfigRules"]
        scope, parameters = rule.get("Scope", {}), rule.get("InputParameters")
        return {
            "source_identifier": rule["Source"].get("SourceIdentifier", ""),
            "state": rule["ConfigRuleState"],
            "evaluation_modes": _modes(it["Mode"] for it in rule.get("EvaluationModes", [])),
            "resource_types": sorted(scope.get("ComplianceResourceTypes", [])),
            "resource_id": scope.get("ComplianceResourceId"),
            "resource_tag": _tag(scope.get("TagKey"), scope.get("TagValue")),
            "excluded": lambda: _excluded(_read(parameters, asked.name)),
            "required_tags": lambda: _tags(_read(parameters, asked.name)),
        }

    def requested(self) -> Requests:
        """Return what puts the rule into moto, where nothing judges."""
        rule: dict[str, Any] = {
            "ConfigRuleName": self.name,
            "Source": {"Owner": "AWS", "SourceIdentifier": self.source_identifier},
        }
        scope = {
            "ComplianceResourceTypes": self.resource_types,
            "ComplianceResourceId": self.resource_id,
            "TagKey": next(iter(self.resource_tag), None),
            "TagValue": next(iter(self.resource_tag.values()), None),
        }
        if said := {name: value for name, value in scope.items() if value}:
            rule["Scope"] = said
        if self.evaluation_modes != [DETECTIVE]:
            rule["EvaluationModes"] = [{"Mode": mode} for mode in self.evaluation_modes]
        parameters = {f"tag{position}Key": tag for position, tag in enumerate(self.required_tags, 1)}
        if self.excluded:
            parameters[_EXCLUDED] = ",".join(self.excluded)
        if parameters:
            rule["InputParameters"] = json.dumps(parameters)
        yield request("config:PutConfigRule", ConfigRule=rule)


def _identifier(declaration: Declaration) -> str:
    """Return what identifies the rule; the name of a managed rule is none of an owner other than AWS.

    Source: AWS Config API reference, "Source".
    """
    owner = known(declaration.at("source", "owner", default="AWS"))
    identifier = str(known(declaration.at("source", "source_identifier", default="")))
    is_managed = bool(identifier) and not identifier.startswith("arn:")
    return f"{identifier} of {owner}" if is_managed and owner != "AWS" else identifier


def _is_delivered(declaration: Declaration) -> bool:
    """Return whether what is recorded can be delivered: by a channel of the recorder's region, to its bucket.

    A region has one channel: of two the second is refused. Raises `Undetermined` where no channel is found
    and one may be, where not all of several arrive, and as `arrives`.
    """
    there = everywhere(declaration.configuration, "aws_config_delivery_channel")
    beside = [it for it in there.found if _lies_beside(declaration, *it)]
    if not beside:
        for doubt in there.doubts:
            raise Undetermined(doubt)
    arriving = [arrives(declaration, *it) for it in beside]
    if len(set(arriving)) > 1:
        raise Undetermined(f"a region has one delivery channel, and here are {len(beside)}, which differ")
    return arriving[:1] == [True]


def _lies_beside(declaration: Declaration, other: Resource, root: Configuration) -> bool:
    """Return whether another resource lies in the same region, as far as a state says where things lie."""
    places = declaration.region, region(other, root)
    if root is declaration.configuration and any(isinstance(it, Placeholder) for it in places):
        return True
    return bool(places[0] == places[1])


def _unless_left_out(value: Any, default: Any, argument: str, declaration: Declaration) -> Any:
    """Return a value, or the default where a plan does not know it for the reason that nothing gives it."""
    computed = isinstance(value, Unknown) and argument not in declaration.resource.references
    return default if computed and declaration.configuration.source == "plan" else value


def _tag(key: str | None, value: str | None) -> dict[str, str | None]:
    return {key: value or None} if key else {}


def _modes(modes: Iterable[str]) -> list[str]:
    return sorted(modes) or [DETECTIVE]


def _read(parameters: str | None, where: str) -> dict[str, Any]:
    """Return the parameters of a rule. Raises `ReadError` for what AWS Config takes for none.

    Source: AWS Config API reference, ConfigRule, InputParameters: "A string, in JSON format".
    """
    try:
        return _PARAMETERS.validate_json(parameters or "{}")
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)[0]["msg"]
        told = f"{where}: AWS Config refuses the input parameters: {wrong}"
        raise ReadError(told, cause=told) from None


def _excluded(parameters: Mapping[str, Any]) -> list[str]:
    """Return the buckets that a rule leaves alone. Source: s3-bucket-level-public-access-prohibited."""
    return sorted(it.strip() for it in str(parameters.get(_EXCLUDED, "")).split(",") if it.strip())


def _nothing_against(status: str | None) -> bool:
    return (status or "").upper() in ("", "PENDING", "SUCCESS", "NOTAPPLICABLE")


def _verdict(compliance: str | None) -> Any:
    if compliance in (None, "INSUFFICIENT_DATA"):
        return Unmeasured("AWS Config has not judged by this rule yet")
    return compliance


def _tags(parameters: Mapping[str, Any]) -> list[str]:
    """Return the tags that a rule's parameters ask for. Source: AWS Config, managed rule required-tags."""
    keys = (f"tag{position}Key" for position in range(1, 7))
    return [parameters[key] for key in keys if parameters.get(key)]
