"""What S3 has replicated from a bucket to another, and what it has not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model, Text

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact

_NO_BUCKET = ("NoSuchBucket",)
_LOCATION = Call("s3:GetBucketLocation", {"Bucket": "{key}"}, of="arn:aws:s3:::{key}", missing=_NO_BUCKET)
_LISTED = Call(
    "s3:ListObjectsV2",
    {"Bucket": "{listed}"},
    of="arn:aws:s3:::{listed}",
    on=("arn:aws:s3:::{bucket}", "arn:aws:s3:::{key}"),
    missing=_NO_BUCKET,
    action="s3:ListBucket",
)
_HEAD = Call(
    "s3:HeadObject",
    {"Bucket": "{held}", "Key": "{object}"},
    of="arn:aws:s3:::{held}/{object}",
    on=("arn:aws:s3:::{bucket}/*", "arn:aws:s3:::{key}/*"),
    action="s3:GetObject",
)
_REPLICATED, _REPLICA = "COMPLETED", "REPLICA"
"""What S3 says of an object and of its copy. Source: Amazon S3 User Guide, "Getting replication status"."""


class ProbeObject(Model):
    """The object that is uploaded to see it replicated."""

    probe_key: Annotated[str, Field(pattern=r"^[^*?]+$")]
    """Its key; a permission is granted on it, so it holds no wildcard."""


class Replicated(ProbeObject):
    """What is asked of a replication."""

    keys: list[str] = []
    """The keys that both buckets must hold, whatever else lies in them."""


@dataclass(frozen=True)
class _Bucket:
    """A bucket of a replication: where it lies, and the ETag of each object in it by key."""

    name: str
    region: str | None
    objects: Mapping[str, str]


class Replication(Kind):
    """The replication from one bucket to another. Its name is `source/destination`."""

    noun = "replication"
    plural = "replications"
    further_calls = (_LOCATION, _LISTED, _HEAD)
    question = Replicated

    unreplicated: dict[str, Text] = {}
    """The keys that are not in both buckets alike, and what S3 says of each: of those that are asked for, and
    of all that the source holds."""
    probes: list[Text] = []
    """Where the object of a replication probe was left behind: `bucket/key`."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read what both buckets hold. Raises `Missing` where one of them does not exist."""
        source, _, destination = asked.name.partition("/")
        place = asked.ask(_LOCATION).at("LocationConstraint || 'us-east-1'").value()
        here, there = _listed(asked, source), _listed(asked, destination, place)
        both = here.map(
            lambda objects: (
                _Bucket(source, None, objects),
                _Bucket(destination, place, there.value()),
            )
        )
        fields = {
            "unreplicated": both.map(lambda buckets: _unreplicated(asked, *buckets)),
            "probes": both.map(lambda buckets: _probes(asked, *buckets)),
        }
        places = {
            "unreplicated": f"s3:HeadObject arn:aws:s3:::{source}/*",
            "probes": there.call,
        }
        return Found(fields, here.call, places)


def _listed(asked: Asked, bucket: str, region: str | None = None) -> Fact:
    """Return the ETag of each object in a bucket, by key."""
    listed = asked.ask(_LISTED, region=region, listed=bucket)
    return listed.at("Contents || `[]`").map(lambda objects: {it["Key"]: it["ETag"] for it in objects})


def _unreplicated(asked: Asked, source: _Bucket, destination: _Bucket) -> dict[str, str]:
    """Return the objects that are not replicated, each with what there is to say of it."""
    keys = [
        it for it in dict.fromkeys([*asked.question.keys, *source.objects]) if it != asked.question.probe_key
    ]
    here, there = _statuses(asked, source, keys), _statuses(asked, destination, keys)
    found = {key: _fault(key, source, here, destination, there) for key in keys}
    return {key: fault for key, fault in found.items() if fault}


def _statuses(asked: Asked, bucket: _Bucket, keys: Iterable[str]) -> dict[str, Fact]:
    """Return the replication status of each key that a bucket holds, which may still be on its way."""
    heads = {
        key: asked.ask(_HEAD, region=bucket.region, held=bucket.name, object=key)
        for key in keys
        if key in bucket.objects
    }
    return {key: head.at("ReplicationStatus || 'never replicated'") for key, head in heads.items()}


def _fault(
    key: str, source: _Bucket, here: Mapping[str, Fact], destination: _Bucket, there: Mapping[str, Fact]
) -> str:
    """Return what is wrong with an object; empty where it is replicated."""
    if key not in here:
        return "not in the source"
    if (status := here[key].value()) != _REPLICATED:
        return str(status)
    if key not in there:
        return "not in the destination"
    if source.objects[key] != destination.objects[key]:
        return "another content in the destination"
    return "" if there[key].value() == _REPLICA else "no replica in the destination: put there by itself"


def _probes(asked: Asked, *buckets: _Bucket) -> list[str]:
    probe = asked.question.probe_key
    return [f"{bucket.name}/{probe}" for bucket in buckets if probe in bucket.objects]
