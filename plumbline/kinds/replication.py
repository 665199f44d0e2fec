"""What S3 has replicated from a bucket to another, and what it has not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from plumbline.aws.measured import Metric, Values, count, measured
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Unmeasured

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact

PROBE_KEY = "test-replication.txt"
"""The object that the runbook's section 3.2.5 uploads to see it replicated."""
_NAMESPACE = "AWS/S3"
_FAILED, _LATENCY = "OperationsFailedReplication", "ReplicationLatency"
_RULES = "ReplicationConfiguration.Rules[?Status=='Enabled' && Destination.Bucket=='arn:aws:s3:::{}'].ID"
_ABSENT = ("ReplicationConfigurationNotFoundError", "NoSuchBucket")
_CONFIGURED = Call(
    "s3:GetBucketReplication",
    {"Bucket": "{bucket}"},
    of="arn:aws:s3:::{bucket}",
    absent=_ABSENT,
    action="s3:GetReplicationConfiguration",
)
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


class ReplicationLimits(Model):
    """What can be expected of replication besides its fields."""

    most_latency_seconds: int


class Replication(Kind):
    """The replication from one bucket to another. Its name is `source/destination`.

    Source: Amazon S3 User Guide, "Using S3 Replication metrics": failures are written in the region of the
    source and only where something is replicated; latency is written in the region of the destination,
    also where nothing is. Both are written for rules whose metrics are enabled.
    """

    noun = "replication"
    plural = "replications"
    further_calls = (
        _CONFIGURED,
        _LOCATION,
        _LISTED,
        _HEAD,
        Call("cloudwatch:GetMetricData"),
    )
    limits = ReplicationLimits

    failed_operations: int = 0
    latency_seconds: int = 0
    """How far the destination was behind at most."""
    unreplicated: dict[str, Text] = {}
    """The keys that the destination lacks or has otherwise, and the replication status of each."""
    probes: list[Text] = []
    """Where the object of a replication probe was left behind: `bucket/key`."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read what S3 and CloudWatch say of the enabled rules to the destination."""
        name, aws = asked.name, asked.aws
        source, _, destination = name.partition("/")
        configured = asked.ask(_CONFIGURED)
        rules = configured.at(_RULES.format(destination)).value() or []
        place = asked.ask(_LOCATION).at("LocationConstraint || 'us-east-1'").value()
        of = f"{_NAMESPACE} of the replication from {source} to {destination}"
        failed = measured(aws, _metrics(_FAILED, "Sum", name, rules), of)
        latency = measured(aws.within(place), _metrics(_LATENCY, "Maximum", name, rules), of)
        here_listed, there_listed = _listed(asked, source), _listed(asked, destination, place)
        silent = f"S3 wrote no metrics of the replication to {destination} from {aws.window}"
        fields = {
            "failed_operations": failed.map(
                lambda found: count({**found, **latency.value()}, _FAILED, [_LATENCY], silent)
            ),
            "latency_seconds": latency.map(lambda found: _highest(found, silent)),
            "unreplicated": here_listed.map(
                lambda objects: _unreplicated(asked, objects, there_listed.value())
            ),
            "probes": here_listed.map(
                lambda objects: _probes({source: objects, destination: there_listed.value()})
            ),
        }
        places = {
            "failed_operations": failed.call,
            "latency_seconds": latency.call,
            "unreplicated": f"s3:HeadObject arn:aws:s3:::{source}/*",
            "probes": there_listed.call,
        }
        return Found(fields, configured.call, places)


def _metrics(metric: str, statistic: str, name: str, rules: list[str]) -> list[Metric]:
    source, _, destination = name.partition("/")
    buckets = {"SourceBucket": source, "DestinationBucket": destination}
    return [Metric(_NAMESPACE, metric, buckets | {"RuleId": rule}, statistic) for rule in rules or ["none"]]


def _highest(values: Values, silent: str) -> int | Unmeasured:
    return round(max(values[_LATENCY])) if values[_LATENCY] else Unmeasured(silent)


def _listed(asked: Asked, bucket: str, region: str | None = None) -> Fact:
    """Return the ETag of each object in a bucket, by key."""
    listed = asked.ask(_LISTED, region=region, listed=bucket)
    return listed.at("Contents || `[]`").map(lambda objects: {it["Key"]: it["ETag"] for it in objects})


def _unreplicated(asked: Asked, objects: Mapping[str, str], replicas: Mapping[str, str]) -> dict[str, str]:
    """Return the objects that are not replicated, each with what there is to say of it."""
    heads = {key: asked.ask(_HEAD, object=key) for key in objects if key != PROBE_KEY}
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


def _probes(listed: Mapping[str, Mapping[str, str]]) -> list[str]:
    return [f"{bucket}/{PROBE_KEY}" for bucket, objects in listed.items() if PROBE_KEY in objects]
