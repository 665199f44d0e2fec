"""AWS Config: the recorder and its rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.kind import NOT_DEPLOYED, Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Beside, Declaration, known
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Missing, Unmeasured

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource


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
    delivered: bool = False
    """Whether nothing speaks against the last delivery: it succeeded, or none was due yet."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"recording": declaration.at("is_enabled", default=False), "delivered": NOT_DEPLOYED}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        status = answer["ConfigurationRecordersStatus"][0]
        return {"recording": status["recording"], "delivered": _nothing_against(status.get("lastStatus"))}

    def requested(self) -> Requests:
        """Return what starts the recorder; it records only once it may deliver somewhere."""
        if self.recording:
            channel = {"name": "default", "s3BucketName": "recorded"}
            yield request("config:PutDeliveryChannel", DeliveryChannel=channel)
            yield request("config:StartConfigurationRecorder", ConfigurationRecorderName=self.name)


class RecorderLimits(Model):
    """What can be expected of a recorder besides its fields."""

    recorded_types: list[str]
    """Resource types that it must record."""


class ConfigRecorder(RecorderStatus, Kind):
    """The recorder of an account and region: rules judge only what it records."""

    noun = "config_recorder"
    plural = "config_recorders"
    terraform_type = "aws_config_configuration_recorder"
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
    arguments: ClassVar = dict.fromkeys(("all_supported", "resource_types", "records"), "recording_group")

    all_supported: bool = False
    """Whether every supported type is recorded."""
    resource_types: list[Text] = []
    """The types that are recorded where not all are."""

    def records(self, types: list[str]) -> bool:
        """Return whether all these types are recorded."""
        return self.all_supported or set(known(self.resource_types)) >= set(types)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        types = declaration.at("recording_group", "resource_types", default=[])
        return {
            "all_supported": declaration.at("recording_group", "all_supported", default=True),
            "resource_types": lambda: sorted(known(types)),
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
        }

    def requested(self) -> Requests:
        recorder = {
            "name": self.name,
            "roleARN": "arn:aws:iam::123456789012:role/recorder",
            "recordingGroup": {
                "allSupported": self.all_supported,
                "includeGlobalResourceTypes": False,
                "resourceTypes": self.resource_types,
            },
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

    judges: list[str]
    """Resource types that it must judge."""
    one_of: list[str]
    """Managed rules of which it must be one."""


class ConfigRule(Compliance, Kind):
    """A rule of AWS Config."""

    noun = "config_rule"
    plural = "config_rules"
    terraform_type = "aws_config_config_rule"
    listing = Listing(
        Call("config:DescribeConfigRules", of="rules in {region}"), "ConfigRules[?!CreatedBy].ConfigRuleName"
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
        "covers": "scope",
        "is_one_of": "source",
        "requires": "input_parameters",
        "required_tags": "input_parameters",
    }

    source_identifier: str = ""
    """The managed rule, or the ARN of the function of a custom one."""
    resource_types: list[Text] = []
    """What it judges, sorted; all types where none is named."""
    required_tags: list[Text] = []
    """The tags that the managed rule REQUIRED_TAGS asks for, in its order: six at most."""

    def is_one_of(self, identifiers: list[str]) -> bool:
        """Return whether it is one of these managed rules."""
        return self.source_identifier in identifiers

    def requires(self, tags: list[str]) -> bool:
        """Return whether it asks for all these tags."""
        return set(known(self.required_tags)) >= set(tags)

    def covers(self, types: list[str]) -> bool:
        """Return whether the rule judges all these types."""
        return not self.resource_types or set(known(self.resource_types)) >= set(types)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        types = declaration.at("scope", "compliance_resource_types", default=[])
        return {
            "source_identifier": declaration.at("source", "source_identifier"),
            "resource_types": lambda: sorted(known(types)),
            "required_tags": lambda: _tags(known(declaration.at("input_parameters"))),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        if not answer["ConfigRules"]:
            raise Missing(f"config rule {asked.name}", f"in {asked.region} (config:DescribeConfigRules)")
        [rule] = answer["ConfigRules"]
        return {
            "source_identifier": rule["Source"]["SourceIdentifier"],
            "resource_types": sorted(rule.get("Scope", {}).get("ComplianceResourceTypes", [])),
            "required_tags": _tags(rule.get("InputParameters")),
        }

    def requested(self) -> Requests:
        """Return what puts the rule into moto, where nothing judges."""
        rule: dict[str, Any] = {
            "ConfigRuleName": self.name,
            "Source": {"Owner": "AWS", "SourceIdentifier": self.source_identifier},
        }
        if self.resource_types:
            rule["Scope"] = {"ComplianceResourceTypes": self.resource_types}
        if self.required_tags:
            asked = {f"tag{position}Key": tag for position, tag in enumerate(self.required_tags, 1)}
            rule["InputParameters"] = json.dumps(asked)
        yield request("config:PutConfigRule", ConfigRule=rule)


def _nothing_against(status: str | None) -> bool:
    return (status or "").upper() in ("", "PENDING", "SUCCESS", "NOTAPPLICABLE")


def _verdict(compliance: str | None) -> Any:
    if compliance in (None, "INSUFFICIENT_DATA"):
        return Unmeasured("AWS Config has not judged by this rule yet")
    return compliance


def _tags(parameters: str | None) -> list[str]:
    """Return the tags that a rule's parameters ask for. Source: AWS Config, managed rule required-tags."""
    asked: Mapping[str, str] = json.loads(parameters or "{}")
    keys = (f"tag{position}Key" for position in range(1, 7))
    return [asked[key] for key in keys if asked.get(key)]
