"""S3 buckets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Request, Requests, request
from plumbline.kinds.kind import NOT_IN_AWS, Kind, Wanted
from plumbline.kinds.kms import declared_key, described_key
from plumbline.kinds.listing import Listing
from plumbline.kinds.named_after import NamedAfter
from plumbline.kinds.public_access import PublicAccessBlock
from plumbline.kinds.s3_call import of_bucket
from plumbline.kinds.s3_copies import Backups
from plumbline.kinds.s3_lifecycle import LifecycleConfiguration
from plumbline.kinds.s3_lock import ObjectLock, RequestPayment
from plumbline.kinds.s3_logging import AccessLogging
from plumbline.kinds.s3_metrics import CountedRequests
from plumbline.kinds.s3_openness import AccessControlList, ObjectOwnership, PolicyStatus
from plumbline.kinds.s3_owner import is_denied, told_once
from plumbline.kinds.s3_policy import BucketPolicy, Permission
from plumbline.kinds.s3_replication import Replicating
from plumbline.kinds.spelled_policies import stands_for
from plumbline.terraform.declared import (
    Beside,
    Declaration,
    at,
    first_block,
    given,
    prevent_destroy,
    settings_of,
    tags,
)
from plumbline.terraform.values import known_prefix
from plumbline.values.arns import partition_of
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Placeholder, Spelled, Unexamined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource

_NO_ACCOUNT = Unexamined("nothing says the account of the bucket")


def _unsaid() -> Any:
    return _NO_ACCOUNT


_NO_BUCKET = ("404", "NoSuchBucket")
_RULE = "ServerSideEncryptionConfiguration?.Rules[0]"
_S3_OWN = "AES256"
"""How S3 encrypts where nothing else is configured. Source: Amazon S3 User Guide, "Setting default
server-side encryption behavior for Amazon S3 buckets": every bucket, since January 2023."""


class Placement(Facet):
    """Where the bucket lies."""

    call = of_bucket("s3:GetBucketLocation")

    arguments: ClassVar = dict.fromkeys(("region", "account"), "bucket")

    region: str = ""
    account: str = Field(default_factory=_unsaid)
    """The twelve digits of the account that it is of."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        account = declaration.account
        return {"region": declaration.region, "account": _NO_ACCOUNT if account is None else account}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"region": answer.get("LocationConstraint") or "us-east-1", "account": asked.account}


class Versioning(Facet):
    """Whether S3 keeps what is overwritten or deleted."""

    call = of_bucket("s3:GetBucketVersioning")
    beside = Beside("aws_s3_bucket_versioning", "bucket")

    in_answer: ClassVar = {"versioning": "Status?"}

    versioning: Literal["Enabled", "Suspended"] | None = None

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what `versioning { enabled = ... }` says; for a new bucket `false` changes nothing."""
        if not given(values.get("versioning")):
            return None
        enabled = at(values, "versioning", "enabled", default=False)
        status = enabled if isinstance(enabled, Placeholder) else "Enabled" if enabled else "Disabled"
        return {"versioning_configuration": [{"status": status}]}

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        status = declaration.at("versioning_configuration", "status")
        return {"versioning": None if isinstance(status, str) and status == "Disabled" else status}

    def requested(self) -> Requests:
        if self.versioning is not None:
            yield _put(self, "Versioning", VersioningConfiguration={"Status": self.versioning})


class Encryption(Facet):
    """The default encryption."""

    call = of_bucket(
        "s3:GetBucketEncryption",
        "ServerSideEncryptionConfigurationNotFoundError",
        action="s3:GetEncryptionConfiguration",
    )
    beside = Beside("aws_s3_bucket_server_side_encryption_configuration", "bucket")

    in_terraform: ClassVar = {
        "sse_algorithm": "rule.apply_server_side_encryption_by_default.sse_algorithm",
        "kms_key": "rule.apply_server_side_encryption_by_default.kms_master_key_id",
        "bucket_key_enabled": "rule.bucket_key_enabled",
    }
    in_answer: ClassVar = {
        "sse_algorithm": f"{_RULE}.ApplyServerSideEncryptionByDefault?.SSEAlgorithm",
        "kms_key": f"{_RULE}.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID?",
        "bucket_key_enabled": f"{_RULE}.BucketKeyEnabled?",
    }

    sse_algorithm: str = _S3_OWN
    """AES256, aws:kms or aws:kms:dsse; S3 encrypts with AES256 where nothing is configured."""
    kms_key: str | None = None
    """The ARN of the key or of an alias of it; None where S3 encrypts with a key of its own or of AWS's."""
    bucket_key_enabled: bool = False

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what `server_side_encryption_configuration` says."""
        return first_block(values, "server_side_encryption_configuration")

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        fields = super().declared(declaration)
        return {**fields, "kms_key": lambda: declared_key(declaration, fields.get("kms_key"))}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        fields = super().described(answer, asked)
        return {**fields, "kms_key": described_key(asked, fields.get("kms_key"))}

    def requested(self) -> Requests:
        key = {"KMSMasterKeyID": self.kms_key} if self.kms_key is not None else {}
        rule = {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": self.sse_algorithm, **key},
            "BucketKeyEnabled": self.bucket_key_enabled,
        }
        yield _put(self, "Encryption", ServerSideEncryptionConfiguration={"Rules": [rule]})


class PublicAccess(Facet):
    """What keeps the bucket from becoming public."""

    call = of_bucket(
        "s3:GetPublicAccessBlock",
        "NoSuchPublicAccessBlockConfiguration",
        action="s3:GetBucketPublicAccessBlock",
    )
    beside = Beside("aws_s3_bucket_public_access_block", "bucket")

    public_access_block: PublicAccessBlock = PublicAccessBlock()

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"public_access_block": PublicAccessBlock.declared(declaration.values)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        settings = answer.get("PublicAccessBlockConfiguration")
        return {"public_access_block": PublicAccessBlock.described(settings)}

    def requested(self) -> Requests:
        settings = self.public_access_block.requested()
        yield request("s3:PutPublicAccessBlock", Bucket=self.name, PublicAccessBlockConfiguration=settings)


class Tagging(Facet):
    """The tags, those of the provider's default_tags included."""

    call = of_bucket("s3:GetBucketTagging", "NoSuchTagSet")

    tags: dict[str, Text] = {}

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"tags": tags(declaration.resource)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"tags": {tag["Key"]: tag["Value"] for tag in answer.get("TagSet", [])}}

    def requested(self) -> Requests:
        if self.tags:
            tag_set = [{"Key": key, "Value": value} for key, value in self.tags.items()]
            yield _put(self, "Tagging", Tagging={"TagSet": tag_set})


def creation(bucket: str, region: str) -> Request:
    """Return what creates a bucket in a region; us-east-1 is none that could be said.

    Source: Amazon S3 API Reference, CreateBucket, LocationConstraint.
    """
    place = {"LocationConstraint": region}
    elsewhere = {} if region == "us-east-1" else {"CreateBucketConfiguration": place}
    return request("s3:CreateBucket", Bucket=bucket, **elsewhere)


class BucketLimits(Model):
    """What can be expected of a bucket besides its fields."""

    any_sse_algorithm: list[str]
    """The algorithms of which one is to be the default."""
    denied_nothing_of: list[Permission]
    """What its policy must not deny the role that replicates."""
    stages: dict[str, list[str]]
    """What becomes of all objects below each prefix, in order: storage classes, and `expired` at last."""
    course: dict[str, list[str]]
    """The same with its days: `GLACIER after 120 days`."""
    untouched: list[str]
    """Prefixes below which no rule does anything to an object or to its versions."""
    never_expired: list[str]
    """Prefixes below which no object expires, be it on a date."""
    versions_removed: list[str]
    """Prefixes below which old versions are deleted some day, be it but for the newest of them."""
    markers_removed: list[str]
    """Prefixes below which delete markers go behind which no version is left."""
    uploads_aborted: list[str]
    """Prefixes below which uploads in parts are aborted that nobody completes."""
    used_actions: list[str]
    """What the role that it is related to must be able to do with every object: `s3:GetObject`."""


_WITH_DIRECTORIES = (
    "us-east-1",
    "us-east-2",
    "us-west-2",
    "ap-northeast-1",
    "ap-south-1",
    "eu-north-1",
    "eu-west-1",
)
"""Where S3 Express One Zone is offered; elsewhere its address does not exist.

Source: Amazon S3 User Guide, "S3 Express One Zone Availability Zones and Regions".
"""


class Bucket(
    Placement,
    Versioning,
    ObjectLock,
    Encryption,
    PublicAccess,
    BucketPolicy,
    PolicyStatus,
    AccessControlList,
    ObjectOwnership,
    Tagging,
    LifecycleConfiguration,
    AccessLogging,
    RequestPayment,
    CountedRequests,
    Replicating,
    Backups,
    NamedAfter,
    Kind,
):
    """An S3 bucket with the settings that Terraform splits into resources of their own."""

    noun = "bucket"
    plural = "buckets"
    expects_some = (
        "course",
        "denied_nothing_of",
        "markers_removed",
        "named_after",
        "never_expired",
        "replicates_only",
        "replicates_to",
        "replication_depends_on",
        "stages",
        "tags",
        "untouched",
        "uploads_aborted",
        "used_actions",
        "versions_removed",
    )
    terraform_type = "aws_s3_bucket"
    listing = Listing(
        Call("s3:ListBuckets", of="buckets of {account}", action="s3:ListAllMyBuckets"),
        "Buckets[].Name",
        regional=False,
        beside=Listing(
            Call(
                "s3:ListDirectoryBuckets",
                of="directory buckets in {region}",
                action="s3express:ListAllMyDirectoryBuckets",
                only_in=_WITH_DIRECTORIES,
            ),
            "Buckets[].Name",
        ),
    )
    listed_with: ClassVar = {"aws_s3_directory_bucket": "bucket"}
    name_argument = "bucket"
    limits = BucketLimits
    call = Call(
        "s3:HeadBucket",
        {"Bucket": "{name}"},
        of="arn:aws:s3:::{name}",
        missing=_NO_BUCKET,
        action="s3:ListBucket",
    )
    arguments: ClassVar = {"prevent_destroy": "lifecycle"}
    computed: ClassVar = {
        "aws_s3_bucket.id": lambda bucket, settings: bucket.get("bucket"),
        "aws_s3_bucket.arn": lambda bucket, settings: _arn(bucket, settings),
    }

    arn: Text = ""
    force_destroy: bool = False
    prevent_destroy: bool = False

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "arn": _spelled(declaration.resource, declaration.configuration),
            "force_destroy": declaration.at("force_destroy", default=False),
            "prevent_destroy": prevent_destroy(declaration.resource),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        arn = f"arn:{partition_of(asked.region)}:s3:::{asked.name}"
        return {"arn": arn, "force_destroy": NOT_IN_AWS, "prevent_destroy": NOT_IN_AWS}

    def requested(self) -> Requests:
        yield creation(self.name, self.region)

    @classmethod
    def _described(cls, asked: Asked, wanted: Wanted) -> Self:
        model = super()._described(asked, wanted)
        return told_once(model, asked.name) if is_denied(model.name) else model

    @property
    def lies_in(self) -> str:
        """The region of the bucket."""
        return self.region


def _put(bucket: Facet, setting: str, **parameters: Any) -> Request:
    return request(f"s3:PutBucket{setting}", Bucket=bucket.name, **parameters)


def _spelled(bucket: Resource, configuration: Configuration) -> Any:
    """Return the ARN of a declared bucket: with what stands for its name while only apply decides that."""
    settings = settings_of(bucket, configuration)
    name = bucket.values.get("bucket")
    if isinstance(name, str):
        return _arn(bucket.values, settings)
    own = f"arn:{settings.partition}:s3:::{known_prefix(name)}{stands_for(bucket.root, bucket.address)}"
    return Spelled(f"{bucket.address}.arn", own)


def _arn(bucket: Mapping[str, Any], settings: Any) -> str | None:
    name = bucket.get("bucket")
    return f"arn:{settings.partition}:s3:::{name}" if isinstance(name, str) else None
