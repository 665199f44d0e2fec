"""AWS Config: the recorder and its rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from plumbline.kinds.kind import NOT_DEPLOYED, Kind
from plumbline.terraform.declared import at, block, known, place
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Missing, Unmeasured

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.terraform.model import Configuration, Resource


_RECORDERS = "arn:aws:config:{region}:{account}:configuration-recorder/{name}/*"


class RecorderLimits(Model):
    """What can be expected of a recorder besides its fields."""

    recorded_types: list[str]
    """Resource types that it must record."""


class ConfigRecorder(Kind):
    """The recorder of an account and region: rules judge only what it records."""

    noun = "config_recorder"
    plural = "config_recorders"
    terraform_type = "aws_config_configuration_recorder"
    limits = RecorderLimits
    reads: ClassVar = {
        "config:DescribeConfigurationRecorders": _RECORDERS,
        "config:DescribeConfigurationRecorderStatus": _RECORDERS,
    }

    recording: bool = False
    delivered: bool = False
    """Whether nothing speaks against the last delivery: it succeeded, or none was due yet."""
    all_supported: bool = False
    """Whether every supported type is recorded."""
    resource_types: list[Text] = []
    """The types that are recorded where not all are."""

    def records(self, types: list[str]) -> bool:
        """Return whether all these types are recorded."""
        return self.all_supported or set(known(self.resource_types)) >= set(types)

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the recorder as its resource and `aws_config_configuration_recorder_status` declare it."""
        values, name = resource.values, resource.values.get("name", "default")
        statuses = configuration.of_type("aws_config_configuration_recorder_status")
        group = block(values, "recording_group")
        fields = {
            "name": name,
            "recording": lambda: any(
                known(it.values.get("name")) == known(name) and known(it.values.get("is_enabled"))
                for it in statuses
            ),
            "delivered": NOT_DEPLOYED,
            "all_supported": at(group, "all_supported", default=True),
            "resource_types": sorted(known(at(group, "resource_types", default=[]))),
        }
        located = {"recording": place(statuses[0], "is_enabled")} if statuses else {}
        return cls.of(str(resource.location), fields, located)

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> Any:
        """Return the name that a Terraform resource gives; the provider's own is `default`."""
        return resource.values.get("name") or "default"

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the recorder as Config describes it."""
        asked = {"ConfigurationRecorderNames": [name]}
        missing = ["NoSuchConfigurationRecorderException"]
        what = f"recorder {name}"
        recorder = aws.read("config:DescribeConfigurationRecorders", asked, of=what, missing=missing)
        status = aws.read("config:DescribeConfigurationRecorderStatus", asked, of=what, missing=missing)
        group = "ConfigurationRecorders[0].recordingGroup"
        fields = {
            "name": recorder.at("ConfigurationRecorders[0].name"),
            "recording": status.at("ConfigurationRecordersStatus[0].recording"),
            "delivered": status.at("ConfigurationRecordersStatus[0].lastStatus").map(_nothing_against),
            "all_supported": recorder.at(f"{group}.allSupported || `false`"),
            "resource_types": recorder.at(f"{group}.resourceTypes || `[]`").map(sorted),
        }
        located = dict.fromkeys(("recording", "delivered"), status.call)
        return cls.of(recorder.call, aws.gather(fields), located)

    def create(self, aws: Aws) -> None:
        """Create the recorder in moto; it records only once it may deliver somewhere."""
        recorder = {
            "name": self.name,
            "roleARN": f"arn:aws:iam::{aws.account}:role/recorder",
            "recordingGroup": {
                "allSupported": self.all_supported,
                "includeGlobalResourceTypes": False,
                "resourceTypes": self.resource_types,
            },
        }
        aws.write("config:PutConfigurationRecorder", ConfigurationRecorder=recorder)
        if self.recording:
            channel = {"name": "default", "s3BucketName": "recorded"}
            aws.write("config:PutDeliveryChannel", DeliveryChannel=channel)
            aws.write("config:StartConfigurationRecorder", ConfigurationRecorderName=self.name)


class ConfigRuleLimits(Model):
    """What can be expected of a rule besides its fields."""

    judges: list[str]
    """Resource types that it must judge."""
    one_of: list[str]
    """Managed rules of which it must be one."""


class ConfigRule(Kind):
    """A rule of AWS Config."""

    noun = "config_rule"
    plural = "config_rules"
    terraform_type = "aws_config_config_rule"
    limits = ConfigRuleLimits
    reads: ClassVar = {"config:DescribeConfigRules": "*", "config:DescribeComplianceByConfigRule": "*"}

    source_identifier: str = ""
    """The managed rule, or the ARN of the function of a custom one."""
    resource_types: list[Text] = []
    """What it judges, sorted; all types where none is named."""
    compliance: Literal["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE"] = "COMPLIANT"
    """What the rule found when it last judged."""
    required_tags: list[Text] = []
    """The tags that the managed rule REQUIRED_TAGS asks for, in its order: six at most."""

    def covers(self, types: list[str]) -> bool:
        """Return whether the rule judges all these types."""
        return not self.resource_types or set(known(self.resource_types)) >= set(types)

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the rule as `aws_config_config_rule` declares it."""
        values = resource.values
        fields = {
            "name": values.get("name"),
            "source_identifier": lambda: at(block(values, "source"), "source_identifier"),
            "resource_types": lambda: sorted(
                known(at(block(values, "scope"), "compliance_resource_types", default=[]))
            ),
            "required_tags": lambda: _tags(known(values.get("input_parameters"))),
            "compliance": NOT_DEPLOYED,
        }
        located = {
            "source_identifier": place(resource, "source"),
            "resource_types": place(resource, "scope"),
            "required_tags": place(resource, "input_parameters"),
        }
        return cls.of(str(resource.location), fields, located)

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the rule as Config describes it."""
        described = aws.read(
            "config:DescribeConfigRules",
            {"ConfigRuleNames": [name]},
            of=f"rule {name}",
            missing=["NoSuchConfigRuleException"],
        )
        if described.at("ConfigRules[0]").value() is None:
            raise Missing(f"config rule {name}", f"in {aws.region} (config:DescribeConfigRules)")
        judged = aws.read("config:DescribeComplianceByConfigRule", of="every rule")
        verdict = f"ComplianceByConfigRules[?ConfigRuleName=='{name}'].Compliance.ComplianceType | [0]"
        fields = {
            "compliance": judged.at(verdict).map(_verdict),
            "name": described.at("ConfigRules[0].ConfigRuleName"),
            "source_identifier": described.at("ConfigRules[0].Source.SourceIdentifier"),
            "resource_types": described.at("ConfigRules[0].Scope.ComplianceResourceTypes || `[]`").map(
                sorted
            ),
            "required_tags": described.at("ConfigRules[0].InputParameters").map(_tags),
        }
        return cls.of(described.call, aws.gather(fields), {"compliance": judged.call})

    def create(self, aws: Aws) -> None:
        """Create the rule in moto, where nothing judges."""
        rule: dict[str, Any] = {
            "ConfigRuleName": self.name,
            "Source": {"Owner": "AWS", "SourceIdentifier": self.source_identifier},
        }
        if self.resource_types:
            rule["Scope"] = {"ComplianceResourceTypes": self.resource_types}
        if self.required_tags:
            asked = {f"tag{position}Key": tag for position, tag in enumerate(self.required_tags, 1)}
            rule["InputParameters"] = json.dumps(asked)
        aws.write("config:PutConfigRule", ConfigRule=rule)


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
