"""How a bucket replicates: the rules, where they lead to, and what narrows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.kind import NOT_IN_AWS
from plumbline.kinds.s3_call import of_bucket
from plumbline.terraform.companions import belonging
from plumbline.terraform.declared import Beside, Declaration, at, blocks, known
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Placeholder, Undetermined, Unexamined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Resource

_NONE = Unexamined("the bucket has no replication configuration")


class ReplicationRule(Model):
    """One rule of a replication configuration."""

    status: Literal["Enabled", "Disabled"]
    destination: str
    """The bucket that it replicates to, by ARN."""
    only: list[Text] = []
    """What narrows it to less than every object: prefixes and tags."""
    sse_kms_encrypted_objects: bool = False
    """Whether it takes what a key of KMS encrypts, which S3 leaves out unless it is told. Source: Amazon S3
    User Guide, "Replicating encrypted objects"."""
    metrics: bool = False
    """Whether it publishes metrics, without which its failures leave no trace in CloudWatch."""


class Replicating(Facet):
    """The replication configuration.

    S3 replicates an object to each destination by any enabled rule that is for it, so of the rules with one
    destination a narrow one takes nothing from one for everything, and a disabled one does nothing.
    Source: Amazon S3 User Guide, "Replication configuration file elements", "Priority".
    """

    call = of_bucket(
        "s3:GetBucketReplication",
        "ReplicationConfigurationNotFoundError",
        action="s3:GetReplicationConfiguration",
    )
    beside = Beside("aws_s3_bucket_replication_configuration", "bucket")
    arguments: ClassVar = {
        **dict.fromkeys(
            (
                "replication_rules",
                "replicates_to",
                "replicates_only",
                "replication_without_metrics",
                "measured_replication",
            ),
            "rule",
        ),
        "replication_role": "role",
    }
    follows = ("versioning",)

    if TYPE_CHECKING:
        name: str

    replication_rules: dict[str, ReplicationRule] = {}
    """The replication rules by their ids."""
    replicates_to: list[Text] = []
    """The destination buckets of the enabled rules, by ARN, each once."""
    replicates_only: dict[str, list[Text]] = {}
    """What narrows replication to less than every object, by destination; nothing where a rule is for all.
    Where every rule of a destination is disabled it is what these say."""
    replication_without_metrics: list[Text] = []
    """The enabled rules whose failures leave no trace in CloudWatch."""
    replication_role: str | None = None
    """The ARN of the role that replicates."""
    replication_depends_on: list[Text] = []
    """The types of the Terraform resources that replication waits for, but for those of other buckets."""

    def measured_replication(self) -> list[dict[str, str]]:
        """Return the dimensions of each metric that replication publishes: of the enabled rules with metrics.

        CloudWatch knows a metric by just its dimensions. Source: Amazon S3 User Guide, "Metrics and
        dimensions", "S3 replication dimensions"; CloudWatch User Guide, "CloudWatch concepts".
        """
        return [
            {"SourceBucket": self.name, "DestinationBucket": _called(rule.destination), "RuleId": rule_id}
            for rule_id, rule in self.replication_rules.items()
            if rule.status == "Enabled" and rule.metrics
        ]

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what `replication_configuration` says."""
        found = blocks(values, "replication_configuration")
        return {"role": found[0].get("role"), "rule": found[0].get("rules")} if found else None

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        part = declaration.part
        if part is None:
            return _without() | {"replication_depends_on": _NONE}
        rules = [
            {
                "id": rule.get("id") or f"rule-{position}",
                "status": rule.get("status"),
                "destination": at(rule, "destination", "bucket"),
                "only": _declared_filter(rule),
                "sse_kms_encrypted_objects": _declared_encrypted(rule),
                "metrics": at(rule, "destination", "metrics", "status"),
            }
            for position, rule in enumerate(declaration.blocks("rule"))
        ]
        return {
            **_of_rules(rules),
            "replication_role": part.values.get("role"),
            "replication_depends_on": lambda: _waits_for(part, declaration),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        configuration = answer.get("ReplicationConfiguration")
        if not configuration:
            return _without() | {"replication_depends_on": NOT_IN_AWS}
        rules = [
            {
                "id": rule.get("ID", f"rule-{position}"),
                "status": rule["Status"],
                "destination": rule["Destination"]["Bucket"],
                "only": _described_filter(rule),
                "sse_kms_encrypted_objects": _described_encrypted(rule),
                "metrics": (rule["Destination"].get("Metrics") or {}).get("Status"),
            }
            for position, rule in enumerate(configuration["Rules"])
        ]
        return {
            **_of_rules(rules),
            "replication_role": configuration.get("Role"),
            "replication_depends_on": NOT_IN_AWS,
        }

    def requested(self) -> Requests:
        if not self.replication_rules:
            return
        rules = [
            {
                "ID": rule_id,
                "Priority": priority,
                "Status": rule.status,
                "Filter": _scope(rule.only),
                "DeleteMarkerReplication": {"Status": "Disabled"},
                "SourceSelectionCriteria": {
                    "SseKmsEncryptedObjects": {"Status": _status(rule.sse_kms_encrypted_objects)}
                },
                "Destination": {
                    "Bucket": rule.destination,
                    "Metrics": {"Status": _status(rule.metrics)},
                },
            }
            for priority, (rule_id, rule) in enumerate(self.replication_rules.items(), start=1)
        ]
        configuration = {"Role": self.replication_role, "Rules": rules}
        yield request("s3:PutBucketReplication", Bucket=self.name, ReplicationConfiguration=configuration)


def _status(enabled: bool) -> str:
    return "Enabled" if enabled else "Disabled"


def _called(bucket: Any) -> Any:
    """Return the name of a bucket by its ARN."""
    return bucket if isinstance(bucket, Placeholder) else bucket.rpartition(":")[2]


def _scope(only: list[str]) -> dict[str, Any]:
    """Return what narrows a rule as its filter; the values of tags do not matter."""
    parts = [narrowing.split(" ", 1) for narrowing in only]
    prefixes = [value for sort, value in parts if sort == "prefix"]
    tags = [{"Key": value, "Value": ""} for sort, value in parts if sort == "tag"]
    if tags:
        return {"And": {"Prefix": next(iter(prefixes), ""), "Tags": tags}}
    return {"Prefix": next(iter(prefixes), "")}


def _without() -> dict[str, Any]:
    narrowed = ("replicates_only", "replication_without_metrics", "replication_role")
    return {**dict.fromkeys(narrowed, _NONE), "replication_rules": {}, "replicates_to": []}


def _of_rules(rules: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the fields that rules make. Raises `Undetermined` where one is not known."""
    enabled = [rule for rule in rules if known(rule["status"]) == "Enabled"]
    return {
        "replication_rules": {
            known(rule["id"]): {
                "status": rule["status"],
                "destination": rule["destination"],
                "only": rule["only"],
                "sse_kms_encrypted_objects": rule["sse_kms_encrypted_objects"],
                "metrics": known(rule["metrics"]) == "Enabled",
            }
            for rule in rules
        },
        "replicates_to": _each(enabled),
        "replicates_only": lambda: {
            known(destination): _narrowed([rule for rule in rules if rule["destination"] == destination])
            for destination in _each([*enabled, *rules])
        },
        "replication_without_metrics": [
            rule["id"] for rule in enabled if known(rule["metrics"]) != "Enabled"
        ],
    }


def _each(rules: list[dict[str, Any]]) -> list[Any]:
    """Return the destinations of rules, each that is known once."""
    found: list[Any] = []
    for destination in (rule["destination"] for rule in rules):
        told = [it for it in found if not isinstance(it, Placeholder)]
        if isinstance(destination, Placeholder) or destination not in told:
            found.append(destination)
    return found


def _narrowed(rules: list[dict[str, Any]]) -> list[str]:
    """Return what narrows the rules of one destination together; the disabled ones where all are."""
    enabled = [rule["only"] for rule in rules if rule["status"] == "Enabled"]
    scopes = enabled or [rule["only"] for rule in rules]
    return [] if [] in scopes else [narrowing for only in scopes for narrowing in only]


def _waits_for(part: Resource, declaration: Declaration) -> list[str]:
    """Return the types of what replication waits for; what is of another bucket is not what it needs.

    Raises `Undetermined` where it is not known of which bucket something is that it waits for.
    """
    names = {*part.depends_on, *(name for names in part.references.values() for name in names)}
    configuration = declaration.configuration
    held = {name: [it for it in configuration.resources if _is_meant(name, it)] for name in names}
    unread = {_type(name) for name, found in held.items() if not found}
    others = [it for found in held.values() for it in found]
    return sorted(unread | {it.type for it in others if not _is_part(it)} | _own_parts(others, declaration))


def _is_meant(name: str, resource: Resource) -> bool:
    """Return whether `depends_on` or a reference means a resource; a module stands for all that it holds."""
    address = resource.address
    all_instances = address.rpartition("[")[0] if address.endswith("]") else address
    inside = f"{resource.module}.".startswith((f"{name}.", f"{name}["))
    return inside or name in (address, all_instances) or name.startswith((f"{address}.", f"{all_instances}."))


def _is_part(resource: Resource) -> bool:
    """Return whether a resource holds a part of a bucket, as its versioning."""
    return resource.type.startswith("aws_s3_bucket_") and "bucket" in resource.values


def _own_parts(waited_for: list[Resource], declaration: Declaration) -> set[str]:
    """Return the types of those parts that are of the bucket itself."""
    bucket, addresses = declaration.resource, {it.address for it in waited_for}
    found: set[str] = set()
    for type_ in {it.type for it in waited_for if _is_part(it)}:
        own = belonging(bucket, declaration.configuration, type_, "bucket", bucket.values.get("bucket"))
        if any(it.address in addresses for it in own.certain):
            found.add(type_)
        elif own.doubts:
            raise Undetermined(own.doubts[0])
    return found


def _type(address: str) -> str:
    return next((step for step in address.split(".") if step.startswith("aws_")), address)


def _declared_filter(rule: Mapping[str, Any]) -> list[str]:
    scopes = [rule, *blocks(rule, "filter"), *(a for f in blocks(rule, "filter") for a in blocks(f, "and"))]
    prefixes = [f"prefix {known(scope['prefix'])}" for scope in scopes if known(scope.get("prefix"))]
    single = [f"tag {known(tag.get('key'))}" for scope in scopes for tag in blocks(scope, "tag")]
    several = [f"tag {key}" for scope in scopes[1:] for key in known(scope.get("tags")) or {}]
    return [*prefixes, *single, *several]


def _described_filter(rule: dict[str, Any]) -> list[str]:
    scope = rule.get("Filter") or {}
    both = scope.get("And") or {}
    prefixes = [found for found in (rule.get("Prefix"), scope.get("Prefix"), both.get("Prefix")) if found]
    keys = [tag["Key"] for tag in [scope.get("Tag"), *both.get("Tags", [])] if tag]
    return [*(f"prefix {prefix}" for prefix in prefixes), *(f"tag {key}" for key in keys)]


def _declared_encrypted(rule: Mapping[str, Any]) -> bool:
    """Return whether a rule takes what KMS encrypts: a status says so, or a boolean within the bucket."""
    said = at(rule, "source_selection_criteria", "sse_kms_encrypted_objects")
    return known(at(said, "status")) == "Enabled" or known(at(said, "enabled")) is True


def _described_encrypted(rule: Mapping[str, Any]) -> bool:
    said = (rule.get("SourceSelectionCriteria") or {}).get("SseKmsEncryptedObjects") or {}
    return bool(said.get("Status") == "Enabled")
