"""S3 buckets and the objects in them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from plumbline.kinds.kind import NOT_DEPLOYED, NOT_IN_AWS, Kind
from plumbline.kinds.public_access import PublicAccessBlock
from plumbline.terraform.declared import at, blocks, companion, known, place, prevent_destroy, region, tags
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Missing, Placeholder, Undetermined, Unexamined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws, Fact, Reply
    from plumbline.terraform.model import Configuration, Resource

_NO_REPLICATION = Unexamined("the bucket has no replication configuration")
_NO_BUCKET = ("404", "NoSuchBucket")
_PUBLIC_GROUPS = ("global/AllUsers", "global/AuthenticatedUsers")


class Bucket(Kind):
    """An S3 bucket with the settings that Terraform splits into resources of their own."""

    noun = "bucket"
    plural = "buckets"
    terraform_type = "aws_s3_bucket"
    name_argument = "bucket"
    reads: ClassVar = dict.fromkeys(
        (
            "s3:HeadBucket",
            "s3:GetBucketLocation",
            "s3:GetBucketVersioning",
            "s3:GetBucketEncryption",
            "s3:GetPublicAccessBlock",
            "s3:GetBucketTagging",
            "s3:GetBucketPolicyStatus",
            "s3:GetBucketAcl",
            "s3:GetBucketReplication",
        ),
        "arn:aws:s3:::{name}",
    )
    computed: ClassVar = {
        "aws_s3_bucket.id": lambda bucket, settings: bucket.get("bucket"),
        "aws_s3_bucket.arn": lambda bucket, settings: _arn(bucket, settings),
    }

    region: str = ""
    versioning: Literal["Enabled", "Suspended"] | None = None
    sse_algorithm: str | None = None
    """The default encryption: AES256, aws:kms or aws:kms:dsse."""
    bucket_key_enabled: bool = False
    public_access_block: PublicAccessBlock = PublicAccessBlock()
    policy_is_public: bool = False
    public_grantees: list[Text] = []
    """The groups of everybody that the ACL grants something to."""
    tags: dict[str, Text] = {}
    force_destroy: bool = False
    prevent_destroy: bool = False
    replication_rules: dict[str, Text] = {}
    """The status of each replication rule by its id: Enabled or Disabled."""
    replicates_to: list[Text] = []
    """The destination buckets of the enabled rules, by ARN."""
    replicates_only: list[Text] = []
    """What narrows the rules to less than every object: prefixes and tags."""
    replication_without_metrics: list[Text] = []
    """The enabled rules whose failures leave no trace in CloudWatch."""
    replication_role: str | None = None
    """The ARN of the role that replicates."""
    replication_depends_on: list[Text] = []
    """The types of the Terraform resources that replication waits for."""

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the bucket as `aws_s3_bucket` and the resources that name it declare it."""
        parts = {type_: _part(resource, configuration, type_) for type_ in _PARTS}
        versioning = parts["aws_s3_bucket_versioning"]
        encryption = parts["aws_s3_bucket_server_side_encryption_configuration"]
        access = parts["aws_s3_bucket_public_access_block"]
        default = ("rule", "apply_server_side_encryption_by_default")
        fields: dict[str, Any] = {
            "name": resource.values.get("bucket"),
            "region": region(resource, configuration),
            "versioning": _known_status(at(_values(versioning), "versioning_configuration", "status")),
            "sse_algorithm": at(_values(encryption), *default, "sse_algorithm"),
            "bucket_key_enabled": at(_values(encryption), "rule", "bucket_key_enabled", default=False),
            "public_access_block": PublicAccessBlock.declared(_values(access)),
            "policy_is_public": NOT_DEPLOYED,
            "public_grantees": NOT_DEPLOYED,
            "tags": tags(resource),
            "force_destroy": resource.values.get("force_destroy", False),
            "prevent_destroy": prevent_destroy(resource),
            **_declared_replication(parts["aws_s3_bucket_replication_configuration"], configuration),
        }
        located = {field: place(resource, field) for field in ("name", "tags", "force_destroy")}
        located["prevent_destroy"] = place(resource, "lifecycle")
        for type_, part_fields in _PARTS.items():
            part = parts[type_]
            if part is not None and not isinstance(part, Placeholder):
                located |= dict.fromkeys(part_fields, str(part.location))
        return cls.of(str(resource.location), fields, located)

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the bucket as S3 describes it."""

        def read(operation: str, *absent: str) -> Reply:
            return aws.read(operation, {"Bucket": name}, of=f"arn:aws:s3:::{name}", absent=absent)

        head = aws.read("s3:HeadBucket", {"Bucket": name}, of=f"arn:aws:s3:::{name}", missing=_NO_BUCKET)
        location = read("s3:GetBucketLocation")
        versioning = read("s3:GetBucketVersioning")
        encryption = read("s3:GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError")
        access = read("s3:GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration")
        tagging = read("s3:GetBucketTagging", "NoSuchTagSet")
        policy = read("s3:GetBucketPolicyStatus", "NoSuchBucketPolicy")
        acl = read("s3:GetBucketAcl")
        replication = read("s3:GetBucketReplication", "ReplicationConfigurationNotFoundError")
        rule = "ServerSideEncryptionConfiguration.Rules[0]"
        fields = {
            "name": head.at(f"'{name}'"),
            "region": location.at("LocationConstraint || 'us-east-1'"),
            "versioning": versioning.at("Status"),
            "sse_algorithm": encryption.at(f"{rule}.ApplyServerSideEncryptionByDefault.SSEAlgorithm"),
            "bucket_key_enabled": encryption.at(f"{rule}.BucketKeyEnabled || `false`"),
            "public_access_block": access.at("PublicAccessBlockConfiguration").map(
                PublicAccessBlock.described
            ),
            "policy_is_public": policy.at("PolicyStatus.IsPublic || `false`"),
            "public_grantees": acl.at("Grants[].Grantee.URI").map(_public_groups),
            "tags": tagging.at("TagSet || `[]`").map(lambda listed: {t["Key"]: t["Value"] for t in listed}),
            "force_destroy": NOT_IN_AWS,
            "prevent_destroy": NOT_IN_AWS,
            "replication_depends_on": NOT_IN_AWS,
            **_described_replication(replication),
        }
        located = {
            "region": location.call,
            "versioning": versioning.call,
            **dict.fromkeys(("sse_algorithm", "bucket_key_enabled"), encryption.call),
            "public_access_block": access.call,
            "policy_is_public": policy.call,
            "public_grantees": acl.call,
            "tags": tagging.call,
            **dict.fromkeys(_PARTS["aws_s3_bucket_replication_configuration"], replication.call),
        }
        return cls.of(head.call, aws.gather(fields), located)

    def create(self, aws: Aws) -> None:
        """Create the bucket in moto, in its own region."""
        place = {} if self.region == "us-east-1" else {"LocationConstraint": self.region}
        regional = aws.within(self.region)
        regional.write(
            "s3:CreateBucket",
            Bucket=self.name,
            **({"CreateBucketConfiguration": place} if place else {}),
        )
        for operation, parameters in self._settings():
            regional.write(operation, Bucket=self.name, **parameters)

    def _settings(self) -> list[tuple[str, dict[str, Any]]]:
        access = self.public_access_block
        calls: list[tuple[str, dict[str, Any]]] = [
            ("s3:PutPublicAccessBlock", {"PublicAccessBlockConfiguration": access.requested()})
        ]
        if self.versioning is not None:
            calls.append(("s3:PutBucketVersioning", {"VersioningConfiguration": {"Status": self.versioning}}))
        if self.sse_algorithm is not None:
            default = {"SSEAlgorithm": self.sse_algorithm}
            rule = {
                "ApplyServerSideEncryptionByDefault": default,
                "BucketKeyEnabled": self.bucket_key_enabled,
            }
            calls.append(("s3:PutBucketEncryption", {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}))
        if self.tags:
            tag_set = [{"Key": key, "Value": value} for key, value in self.tags.items()]
            calls.append(("s3:PutBucketTagging", {"Tagging": {"TagSet": tag_set}}))
        if self.replication_rules:
            calls.append(("s3:PutBucketReplication", {"ReplicationConfiguration": self._replication()}))
        return calls

    def _replication(self) -> dict[str, Any]:
        enabled = iter(self.replicates_to)
        rules = [
            {
                "ID": rule_id,
                "Priority": priority,
                "Status": status,
                "Filter": self._scope() if priority == 1 else {"Prefix": ""},
                "DeleteMarkerReplication": {"Status": "Disabled"},
                "Destination": {
                    "Bucket": next(enabled) if status == "Enabled" else "arn:aws:s3:::disabled",
                    "Metrics": {
                        "Status": "Disabled" if rule_id in self.replication_without_metrics else "Enabled"
                    },
                },
            }
            for priority, (rule_id, status) in enumerate(self.replication_rules.items(), start=1)
        ]
        return {"Role": self.replication_role, "Rules": rules}

    def _scope(self) -> dict[str, Any]:
        """Return everything that narrows the rules as the filter of one of them; the values do not matter."""
        parts = [narrowing.split(" ", 1) for narrowing in self.replicates_only]
        prefixes = [value for sort, value in parts if sort == "prefix"]
        tags = [{"Key": value, "Value": ""} for sort, value in parts if sort == "tag"]
        if tags:
            return {"And": {"Prefix": next(iter(prefixes), ""), "Tags": tags}}
        return {"Prefix": next(iter(prefixes), "")}


_PARTS = {
    "aws_s3_bucket_versioning": ("versioning",),
    "aws_s3_bucket_server_side_encryption_configuration": ("sse_algorithm", "bucket_key_enabled"),
    "aws_s3_bucket_public_access_block": ("public_access_block",),
    "aws_s3_bucket_replication_configuration": (
        "replication_rules",
        "replicates_to",
        "replicates_only",
        "replication_without_metrics",
        "replication_role",
        "replication_depends_on",
    ),
}
"""The resources that hold a bucket's settings, and the fields that come from each."""


def _arn(bucket: Mapping[str, Any], settings: Any) -> str | None:
    name = bucket.get("bucket")
    return f"arn:{settings.partition}:s3:::{name}" if isinstance(name, str) else None


def _part(bucket: Resource, configuration: Configuration, type_: str) -> Resource | Placeholder | None:
    """Return the resource of `type_` for this bucket; a placeholder where one may be, but is not certain."""
    try:
        return companion(bucket, configuration, type_, "bucket", bucket.values.get("bucket"))
    except Undetermined as undetermined:
        return Unexamined(str(undetermined))


def _values(part: Resource | Placeholder | None) -> Any:
    return part if part is None or isinstance(part, Placeholder) else part.values


def _known_status(status: Any) -> Any:
    return None if isinstance(status, str) and status == "Disabled" else status


def _public_groups(uris: list[str] | None) -> list[str]:
    return [uri for uri in uris or [] if uri.endswith(_PUBLIC_GROUPS)]


def _declared_replication(
    part: Resource | Placeholder | None, configuration: Configuration
) -> dict[str, Any]:
    fields = _PARTS["aws_s3_bucket_replication_configuration"]
    if isinstance(part, Placeholder):
        return dict.fromkeys(fields, part)
    if part is None:
        return _without_replication()
    try:
        return _replication_of(part, configuration)
    except Undetermined as undetermined:
        return dict.fromkeys(fields, Unexamined(str(undetermined)))


def _replication_of(part: Resource, configuration: Configuration) -> dict[str, Any]:
    rules = [
        {
            "id": rule.get("id") or f"rule-{position}",
            "status": rule.get("status"),
            "destination": at(rule, "destination", "bucket"),
            "only": _declared_filter(rule),
            "metrics": at(rule, "destination", "metrics", "status"),
        }
        for position, rule in enumerate(blocks(part.values, "rule"))
    ]
    referred = (_type(name) for names in part.references.values() for name in names)
    named = (type_ for name in part.depends_on for type_ in _types(name, configuration))
    return {
        **_replication(rules),
        "replication_role": part.values.get("role"),
        "replication_depends_on": sorted({*referred, *named}),
    }


def _types(address: str, configuration: Configuration) -> list[str]:
    """Return the types of the resources that `depends_on` names; a module stands for all that it holds."""
    inside = (f"{address}.", f"{address}[")
    held = [it.type for it in configuration.resources if f"{it.module}.".startswith(inside)]
    return held or [_type(address)]


def _type(address: str) -> str:
    return next((step for step in address.split(".") if step.startswith("aws_")), address)


def _declared_filter(rule: Mapping[str, Any]) -> list[str]:
    scopes = [rule, *blocks(rule, "filter"), *(a for f in blocks(rule, "filter") for a in blocks(f, "and"))]
    prefixes = [f"prefix {known(scope['prefix'])}" for scope in scopes if known(scope.get("prefix"))]
    single = [f"tag {known(tag.get('key'))}" for scope in scopes for tag in blocks(scope, "tag")]
    several = [f"tag {key}" for scope in scopes[1:] for key in known(scope.get("tags")) or {}]
    return [*prefixes, *single, *several]


def _described_replication(reply: Reply) -> dict[str, Fact]:
    configuration = reply.at("ReplicationConfiguration").map(_replication_fields)
    fields = set(_PARTS["aws_s3_bucket_replication_configuration"]) - {"replication_depends_on"}
    return {field: configuration.map(itemgetter(field)) for field in sorted(fields)}


def _replication_fields(configuration: dict[str, Any] | None) -> dict[str, Any]:
    if not configuration:
        return _without_replication()
    rules = [
        {
            "id": rule.get("ID", f"rule-{position}"),
            "status": rule["Status"],
            "destination": rule["Destination"]["Bucket"],
            "only": _described_filter(rule),
            "metrics": (rule["Destination"].get("Metrics") or {}).get("Status"),
        }
        for position, rule in enumerate(configuration["Rules"])
    ]
    return {**_replication(rules), "replication_role": configuration.get("Role")}


def _described_filter(rule: dict[str, Any]) -> list[str]:
    scope = rule.get("Filter") or {}
    both = scope.get("And") or {}
    prefixes = [found for found in (rule.get("Prefix"), scope.get("Prefix"), both.get("Prefix")) if found]
    keys = [tag["Key"] for tag in [scope.get("Tag"), *both.get("Tags", [])] if tag]
    return [*(f"prefix {prefix}" for prefix in prefixes), *(f"tag {key}" for key in keys)]


def _replication(rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "replication_rules": {known(rule["id"]): rule["status"] for rule in rules},
        "replicates_to": [rule["destination"] for rule in rules if known(rule["status"]) == "Enabled"],
        "replicates_only": [narrowing for rule in rules for narrowing in rule["only"]],
        "replication_without_metrics": [
            rule["id"]
            for rule in rules
            if known(rule["status"]) == "Enabled" and known(rule["metrics"]) != "Enabled"
        ],
    }


def _without_replication() -> dict[str, Any]:
    absent = dict.fromkeys(_PARTS["aws_s3_bucket_replication_configuration"], _NO_REPLICATION)
    return {**absent, "replication_rules": {}, "replicates_to": []}


class StoredObjectLimits(Model):
    """What can be expected of an object besides its fields."""

    least_bytes: int
    file: str
    """The path that its source file ends in."""


class StoredObject(Kind):
    """An object in a bucket. Its name is `bucket/key`."""

    noun = "stored_object"
    plural = "stored_objects"
    needs_others = True
    terraform_type = "aws_s3_object"
    name_argument = "key"
    reads: ClassVar = {"s3:HeadObject": "arn:aws:s3:::{name}", "s3:HeadBucket": "arn:aws:s3:::{bucket}"}
    limits = StoredObjectLimits

    content_type: str | None = None
    content_length: int = 0
    """Bytes."""
    etag: str | None = None
    """MD5 of the content as Terraform compares it: from `etag` or `source_hash`."""
    source: str = ""
    """The file that Terraform uploads; empty where it uploads none."""
    source_md5: str | None = None
    """MD5 of the file that was uploaded, or is to be."""

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return `bucket/key` of an `aws_s3_object`."""
        parts = [resource.values.get("bucket"), resource.values.get("key")]
        unknown = [part for part in parts if isinstance(part, Unknown)]
        return unknown[0] if unknown else "/".join(map(str, parts))

    @classmethod
    def holder(cls, name: str) -> str:
        """Return the name of the bucket."""
        return name.partition("/")[0]

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the object as `aws_s3_object` declares it, with the size and MD5 of its source file."""
        values = resource.values
        source = values.get("source", "")
        content = _content(resource, configuration)
        fields = {
            "name": cls.named(resource, configuration),
            "content_type": values.get("content_type"),
            "content_length": content if isinstance(content, Placeholder) else len(content),
            "etag": values.get("etag", values.get("source_hash")),
            "source": lambda: source and os.path.normpath(configuration.root / known(source)),
            "source_md5": content if isinstance(content, Placeholder) else _md5(content),
        }
        located = {field: place(resource, field) for field in fields}
        return cls.of(str(resource.location), fields, located)

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the object as S3 describes it."""
        bucket, _, key = name.partition("/")
        head = aws.read(
            "s3:HeadObject",
            {"Bucket": bucket, "Key": key},
            of=f"arn:aws:s3:::{name}",
            missing=["404", "NoSuchKey", "NoSuchBucket"],
        )
        fields = {
            "name": head.at(f"'{name}'"),
            "content_type": head.at("ContentType"),
            "content_length": head.at("ContentLength"),
            "etag": head.at("ETag").map(lambda etag: etag.strip('"')),
            "source": NOT_IN_AWS,
            "source_md5": head.at("[ETag, ServerSideEncryption]").map(_uploaded_md5),
        }
        try:
            return cls.of(head.call, aws.gather(fields))
        except Missing:
            _check_bucket(aws, bucket)
            raise

    def create(self, aws: Aws) -> None:
        """Upload the object in moto."""
        bucket, _, key = self.name.partition("/")
        body = Path(self.source).read_bytes() if self.source else b"\n" * self.content_length
        aws.write("s3:PutObject", Bucket=bucket, Key=key, Body=body, ContentType=self.content_type or "")


def _uploaded_md5(described: list[str | None]) -> str | Unexamined:
    """Return the MD5 that an ETag is. Source: S3 API reference, "Object", ETag."""
    etag, encryption = (described[0] or "").strip('"'), described[1] or ""
    if "-" in etag or encryption.startswith("aws:kms"):
        return Unexamined(f"the ETag {etag} is no MD5: uploaded in parts, or encrypted with KMS")
    return etag


def _check_bucket(aws: Aws, bucket: str) -> None:
    """Raise `Missing` for the bucket where it is not only an object of it that does not exist."""
    head = aws.read("s3:HeadBucket", {"Bucket": bucket}, of=f"arn:aws:s3:::{bucket}", missing=_NO_BUCKET)
    try:
        head.at("@").get()
    except Missing as missing:
        raise Missing(missing.what, missing.where, holder=bucket) from None


def _content(resource: Resource, configuration: Configuration) -> bytes | Placeholder:
    source, content = resource.values.get("source"), resource.values.get("content")
    for value in (source, content):
        if isinstance(value, Placeholder):
            return value
    if source is not None:
        path = configuration.root / str(source)
        return path.read_bytes() if path.is_file() else Unexamined(f"{source} is not at hand")
    return str(content or "").encode()


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
