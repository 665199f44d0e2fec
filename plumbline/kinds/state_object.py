"""Terraform's state, as it lies in its bucket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Found
from plumbline.kinds.kind import Kind
from plumbline.values.model import Text
from plumbline.values.unknown import Missing, ReadError

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_NAMED_BY = {"aws_dynamodb_table": "name", "aws_s3_bucket": "bucket"}
"""The attribute that holds the name of what a state manages."""


class StateObject(Kind):
    """The state of a Terraform root in its bucket. Its name is `bucket/key`.

    A state holds secrets: it is read only by whom IAM lets read it, and only names are kept of it.
    """

    noun = "state_object"
    plural = "state_objects"
    call = Call(
        "s3:GetObject",
        {"Bucket": "{bucket}", "Key": "{key}"},
        of="arn:aws:s3:::{name}",
        missing=("NoSuchKey",),
        absent=("NoSuchBucket",),
    )

    managed: list[Text] = []
    """The tables and buckets that it manages: `aws_dynamodb_table shop-orders-sit`."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read what the state manages; nothing else of it leaves the call."""
        reply = asked.ask(cls.call, kept=_managed)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return what it manages. Raises `Missing` for the bucket, `ReadError` for what is no state."""
        if not answer:
            bucket = asked.names["bucket"]
            raise Missing(f"bucket {bucket}", "(s3:GetObject answered NoSuchBucket)", holder=bucket)
        if answer["managed"] is None:
            told = f"s3://{asked.name} is no Terraform state"
            raise ReadError(told, cause=told, advice="See its versions: one of them may be whole")
        return {"managed": answer["managed"]}


def _managed(answer: Answer) -> Answer:
    """Return the names of what a state manages; nothing of what is no state."""
    try:
        resources = json.loads(answer["Body"].read())["resources"]
        return {
            "managed": [
                f"{resource['type']} {instance['attributes'][_NAMED_BY[resource['type']]]}"
                for resource in resources
                if resource["mode"] == "managed" and resource["type"] in _NAMED_BY
                for instance in resource["instances"]
            ]
        }
    except (KeyError, TypeError, ValueError):
        return {"managed": None}
