"""Terraform's state, as it lies in its bucket."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from plumbline.kinds.bounds import Some
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found
from plumbline.kinds.in_remedies import known_texts
from plumbline.kinds.kind import Kind
from plumbline.values.json_source import data_of
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Missing, ReadError

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_NAMED_BY = {"aws_dynamodb_table": "name", "aws_s3_bucket": "bucket"}
"""The attribute that holds the name of what a state manages."""


class Versions(Facet):
    """The versions that its bucket keeps of it."""

    call = Call(
        "s3:ListObjectVersions",
        {"Bucket": "{bucket}", "Prefix": "{key}"},
        of="arn:aws:s3:::{bucket}",
        action="s3:ListBucketVersions",
        absent=("NoSuchBucket",),
    )

    versions: int = 0
    """How many there are, the one that is the state included; a mark of its deletion is none."""

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        key = asked.names["key"]
        return {"versions": sum(it["Key"] == key for it in answer.get("Versions", []))}


class StateObjectLimits(Model):
    """What can be expected of a state besides its fields."""

    least_versions: Some


class StateObject(Versions, Kind):
    """The state of a Terraform root in its bucket. Its name is `bucket/key`.

    A state holds secrets: it is read only by whom IAM lets read it, and only names are kept of it.
    """

    noun = "state_object"
    plural = "state_objects"
    expects_some = ("managed",)
    limits = StateObjectLimits
    remedy_names = ("md5",)
    call = Call(
        "s3:GetObject",
        {"Bucket": "{bucket}", "Key": "{key}"},
        of="arn:aws:s3:::{name}",
        missing=("NoSuchKey",),
        absent=("NoSuchBucket",),
    )

    managed: list[Text] = []
    """The tables and buckets that it manages: `aws_dynamodb_table shop-orders-sit`."""
    md5: str = ""
    """MD5 of what it holds, in hexadecimal: Terraform keeps it in the lock table."""

    def named_in_remedies(self) -> dict[str, str]:
        """Return the MD5 of what it holds, where that is known."""
        return known_texts(md5=self.md5)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read what the state manages; nothing else of it leaves the call."""
        reply = asked.ask(cls.call, kept=_kept)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return what it is. Raises `Missing` for the bucket, `ReadError` for what is no state."""
        if not answer:
            bucket = asked.names["bucket"]
            raise Missing(f"bucket {bucket}", "(s3:GetObject answered NoSuchBucket)", holder=bucket)
        if answer["managed"] is None:
            told = f"s3://{asked.name} is no Terraform state"
            raise ReadError(told, cause=told, advice="See its versions: one of them may be whole")
        return {"managed": answer["managed"], "md5": answer["md5"]}


def _kept(answer: Answer) -> Answer:
    """Return the MD5 of a state, and the names of what it manages."""
    body = answer["Body"].read()
    return {"managed": _managed(body), "md5": hashlib.md5(body, usedforsecurity=False).hexdigest()}


def _managed(body: bytes) -> list[str] | None:
    """Return the names of what a state manages; None for what is no state."""
    try:
        return [
            f"{resource['type']} {instance['attributes'][_NAMED_BY[resource['type']]]}"
            for resource in data_of(body)["resources"]
            if resource["mode"] == "managed" and resource["type"] in _NAMED_BY
            for instance in resource["instances"]
        ]
    except (KeyError, TypeError, ValueError):
        return None
