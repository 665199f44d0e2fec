"""What a distribution of somebody else's brings: KMS keys, and the lifecycle rules and logging of buckets.

docs/kinds.md shows these classes; the proofs beside this file put them through the kit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plumbline.kinds import (
    Asked,
    Beside,
    Call,
    Declaration,
    Facet,
    Fields,
    Found,
    Kind,
    Model,
    Requests,
    request,
)
from plumbline.terraform.companions import companions
from plumbline.terraform.declared import identity
from plumbline.terraform.model import Configuration, Resource
from plumbline.values.unknown import Unknown

_DESCRIBE = Call("kms:DescribeKey", {"KeyId": "{name}"}, of="{name}", on="*", missing=("NotFoundException",))


class Rotation(Facet):
    """Whether KMS makes new key material every year; it says that of an id only, not of an alias."""

    call = Call("kms:GetKeyRotationStatus", {"KeyId": "{id}"}, of="{name}", on="*")
    further_calls = (_DESCRIBE,)
    arguments = {"rotation": "enable_key_rotation"}

    rotation: bool = False

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"rotation": declaration.at("enable_key_rotation", default=False)}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        key = asked.ask(_DESCRIBE).answer["KeyMetadata"]["KeyId"]
        reply = asked.ask(cls.calls()[0], id=key)
        return Found({"rotation": reply.at("KeyRotationEnabled")}, reply.call)

    def requested(self) -> Requests:
        if self.rotation:
            found = yield request("kms:DescribeKey", KeyId=self.name)
            yield request("kms:EnableKeyRotation", KeyId=found["KeyMetadata"]["KeyId"])


class LifecycleRule(Model):
    """A rule of a bucket's lifecycle."""

    id: str
    status: str = "Enabled"
    expiration_days: int | None = None


class Lifecycle(Facet):
    """What S3 deletes by itself."""

    extends = "bucket"
    call = Call(
        "s3:GetBucketLifecycleConfiguration",
        {"Bucket": "{name}"},
        of="arn:aws:s3:::{name}",
        action="s3:GetLifecycleConfiguration",
        absent=("NoSuchLifecycleConfiguration",),
    )
    beside = Beside("aws_s3_bucket_lifecycle_configuration", "bucket")
    arguments = {"lifecycle_rules": "rule"}

    lifecycle_rules: list[LifecycleRule] = []

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"lifecycle_rules": [_declared_rule(it) for it in declaration.blocks("rule")]}

    @classmethod
    def described(cls, answer: Mapping[str, Any], asked: Asked) -> Fields:
        return {"lifecycle_rules": [_described_rule(it) for it in answer.get("Rules", [])]}

    def requested(self) -> Requests:
        if self.lifecycle_rules:
            rules = [_requested_rule(it) for it in self.lifecycle_rules]
            yield request(
                "s3:PutBucketLifecycleConfiguration",
                Bucket=self.name,
                LifecycleConfiguration={"Rules": rules},
            )


def _declared_rule(rule: Mapping[str, Any]) -> LifecycleRule:
    expiration = next(iter(rule.get("expiration") or []), {})
    return LifecycleRule(id=rule["id"], status=rule["status"], expiration_days=expiration.get("days"))


def _described_rule(rule: Mapping[str, Any]) -> LifecycleRule:
    days = rule.get("Expiration", {}).get("Days")
    return LifecycleRule(id=rule["ID"], status=rule["Status"], expiration_days=days)


def _requested_rule(rule: LifecycleRule) -> dict[str, Any]:
    expiration = {"Expiration": {"Days": rule.expiration_days}} if rule.expiration_days else {}
    return {"ID": rule.id, "Status": rule.status, "Filter": {"Prefix": ""}, **expiration}


class Key(Rotation, Kind):
    """A key of KMS, named by its alias: its id is AWS's to choose."""

    noun = "key"
    plural = "keys"
    terraform_type = "aws_kms_key"
    name_argument = ""
    call = _DESCRIBE
    chosen = {
        "id": "KeyMetadata.KeyId",
        "key_id": "KeyMetadata.KeyId",
        "arn": "KeyMetadata.Arn",
    }

    description: str = ""

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return the alias that points at the key."""
        aliases = companions(resource, configuration, "aws_kms_alias", "target_key_id")
        return aliases[0].values["name"] if aliases else identity(resource, "key_id")

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"description": declaration.at("description", default="")}

    @classmethod
    def described(cls, answer: Mapping[str, Any], asked: Asked) -> Fields:
        return {"description": answer["KeyMetadata"]["Description"]}

    def requested(self) -> Requests:
        made = yield request("kms:CreateKey", Description=self.description)
        yield request("kms:CreateAlias", AliasName=self.name, TargetKeyId=made["KeyMetadata"]["KeyId"])
        yield request("kms:DescribeKey", KeyId=self.name)
