"""What S3 has replicated from a bucket to another, and what it has not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model, Text

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact

_ABSENT = ("ReplicationConfigurationNotFoundError", "NoSuchBucket")
_LOCATION = Call("s3:GetBucketLocation", {"Bucket": "{key}"}, of="arn:aws:s3:::{key}", absent=_ABSENT)
_LISTED = Call(
    "s3:ListObjectsV2",
    {"Bucket": "{listed}"},
    of="arn:aws:s3:::{listed}",
    on=("arn:aws:s3:::{bucket}", "arn:aws:s3:::{key}"),
    absent=_ABSENT,
    action="s3:ListBucket",
)
_HEAD = Call(
    "s3:HeadObject",
    {"Bucket": "{bucket}", "Key": "{object}"},
    of="arn:aws:s3:::{bucket}/{object}",
    on="arn:aws:s3:::{bucket}/*",
    action="s3:GetObject",
)


class ProbeObject(Model):
    """The object that is uploaded to see it replicated."""

    probe_key: Annotated[str, Field(pattern=r"^[^*?]+$")]
    """Its key; a permission is granted on it, so it holds no wildcard."""


class Replication(Kind):
    """The replication from one bucket to another. Its name is `source/destination`."""

    noun = "replication"
    plural = "replications"
    further_calls = (_LOCATION, _LISTED, _HEAD)
    question = ProbeObject

    unreplicated: dict[str, Text] = {}
    """The keys that the destination lacks or has otherwise, and the replication status of each."""
    probes: list[Text] = []
    """Where the object of a replication probe was left behind: `bucket/key`."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read what both buckets hold."""
        source, _, destination = asked.name.partition("/")
        place = asked.ask(_LOCATION).at("LocationConstraint || 'us-east-1'").value()
        here_listed, there_listed = _listed(asked, source), _listed(asked, destination, place)
        fields = {
            "unreplicated": here_listed.map(
                lambda objects: _unreplicated(asked, objects, there_listed.value())
            ),
            "probes": here_listed.map(
                lambda objects: _probes(asked, {source: objects, destination: there_listed.value()})
            ),
        }
        places = {
            "unreplicated": f"s3:HeadObject arn:aws:s3:::{source}/*",
            "probes": there_listed.call,
        }
        return Found(fields, here_listed.call, places)


def _listed(asked: Asked, bucket: str, region: str | None = None) -> Fact:
    """Return the ETag of each object in a bucket, by key."""
    listed = asked.ask(_LISTED, region=region, listed=bucket)
    return listed.at("Contents || `[]`").map(lambda objects: {it["Key"]: it["ETag"] for it in objects})


def _unreplicated(asked: Asked, objects: Mapping[str, str], replicas: Mapping[str, str]) -> dict[str, str]:
    """Return the objects that are not replicated, each with what there is to say of it."""
    probe = asked.question.probe_key
    heads = {key: asked.ask(_HEAD, object=key) for key in objects if key != probe}
    found = {key: head.at("ReplicationStatus || 'never replicated'").value() for key, head in heads.items()}
    differ = {key: _difference(objects[key], replicas.get(key)) for key in heads}
    return {
        key: status if status != "COMPLETED" else differ[key]
        for key, status in found.items()
        if status != "COMPLETED" or differ[key]
    }


def _difference(etag: str, replica: str | None) -> str:
    if replica is None:
        return "not in the destination"
    return "" if replica == etag else "another content in the destination"


def _probes(asked: Asked, listed: Mapping[str, Mapping[str, str]]) -> list[str]:
    probe = asked.question.probe_key
    return [f"{bucket}/{probe}" for bucket, objects in listed.items() if probe in objects]
