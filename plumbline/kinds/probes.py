"""Probes: what can only be known by trying it. They write, and run only where that is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from plumbline.kinds.bounds import Seconds, Some
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.kinds.probed_bucket import ProbedBucket
from plumbline.kinds.replication import ProbeObject
from plumbline.values.filling import fill
from plumbline.values.model import Model
from plumbline.values.unknown import missing_as

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

LATE_SECONDS = 15
"""How long an object that did not arrive is looked for once more after it was removed from its source."""
_ENDED = ("COMPLETED", "FAILED", "ABORTED", "EXPIRED", "PARTIAL")

_AT = {"Bucket": "{in_bucket}"}
_OBJECT = "arn:aws:s3:::{in_bucket}/{probe_key}"
_BOTH = ("arn:aws:s3:::{bucket}/{probe_key}", "arn:aws:s3:::{key}/{probe_key}")
_LOCATION = Call("s3:GetBucketLocation", {"Bucket": "{key}"}, of="arn:aws:s3:::{key}")
_PUT = Call("s3:PutObject", {**_AT, "Key": "{probe_key}", "IfNoneMatch": "*"}, of=_OBJECT, on=_BOTH[0])
_HEAD = Call(
    "s3:HeadObject",
    {**_AT, "Key": "{probe_key}"},
    of=_OBJECT,
    on=_BOTH[1],
    absent=("404", "NoSuchKey"),
    action="s3:GetObject",
)
_VERSIONS = Call(
    "s3:ListObjectVersions",
    {**_AT, "Prefix": "{probe_key}"},
    of="arn:aws:s3:::{in_bucket}",
    on=("arn:aws:s3:::{bucket}", "arn:aws:s3:::{key}"),
    action="s3:ListBucketVersions",
)
_DELETE = Call(
    "s3:DeleteObject",
    {**_AT, "Key": "{probe_key}", "VersionId": "{version}"},
    of=_OBJECT,
    on=_BOTH,
    action="s3:DeleteObjectVersion",
)
"""The calls of a replication probe; an object is deleted by its version only."""


class ReplicationProbeLimits(Model):
    """What can be expected of a replication probe."""

    most_seconds: Some


class Replicating(ProbeObject):
    """What is uploaded, and how long it is waited for."""

    waited_seconds: Seconds


class ReplicationProbe(Kind):
    """An object that is uploaded to see it replicated. Its name is `source/destination`.

    Every version of it is removed from both buckets afterwards.
    """

    noun = "replication_probe"
    plural = "replication_probes"
    writes = (_PUT, _HEAD, _VERSIONS, _DELETE)
    call = _LOCATION
    limits = ReplicationProbeLimits
    question = Replicating

    seconds: int | None = None
    """After how many seconds the object was in the destination; None where it was not there in the end."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Upload the object, wait for it in the destination, and remove it from both buckets.

        Raises `ReadError` where such an object is there already, or cannot be removed.
        """
        from plumbline.aws.probing import leave, undone

        probing = leave(asked.aws.probing)
        probe: Replicating = asked.question
        key = probe.probe_key
        source, _, destination = asked.name.partition("/")
        place = asked.ask(_LOCATION).at("LocationConstraint || 'us-east-1'").value()
        here = ProbedBucket(asked, source, _VERSIONS, _DELETE)
        there = ProbedBucket(asked, destination, _VERSIONS, _DELETE, place)
        here.refuse_another()
        arrived: int | None = None

        def has_arrived() -> bool:
            return bool(asked.now(_HEAD, region=place, in_bucket=destination))

        def remove() -> None:
            here.remove()
            there.remove()
            if arrived is None and probing.until(has_arrived, LATE_SECONDS):
                there.remove()
            probing.announce(f"removed {key} with all its versions from {source} and {destination}")

        uploading = f"uploading s3://{source}/{key}; it is removed from {source} and {destination} after"
        with undone(probing, uploading, remove):
            asked.now(_PUT, parameters={"Body": b"replication probe\n"}, in_bucket=source)
            arrived = probing.until(has_arrived, probe.waited_seconds)
        return Found({"seconds": arrived}, f"s3:HeadObject arn:aws:s3:::{destination}/{key}")


_ROLE = "arn:aws:iam::{account}:role/{role}"
_JOB = Call("backup:DescribeBackupJob", {"BackupJobId": "{job}"}, of="backup job {job}")
_TABLE = "arn:aws:dynamodb:{region}:{account}:table/{key}"
_START = Call(
    "backup:StartBackupJob",
    {
        "BackupVaultName": "{bucket}",
        "ResourceArn": _TABLE,
        "IamRoleArn": _ROLE,
        "IdempotencyToken": "plumbline-{token}",
    },
    of=_TABLE,
    on="arn:aws:backup:{region}:{account}:backup-vault:{bucket}",
    missing=("ResourceNotFoundException",),
)
_STOP = Call("backup:StopBackupJob", {"BackupJobId": "{job}"}, of="backup job {job}")
_FORGET = Call(
    "backup:DeleteRecoveryPoint",
    {"BackupVaultName": "{bucket}", "RecoveryPointArn": "{point}"},
    of="{point}",
    on=(f"{_TABLE}/backup/*", "arn:aws:backup:{region}:{account}:recovery-point:*"),
    absent=("ResourceNotFoundException",),
)
_PASS_ROLE = Call("iam:PassRole", on=_ROLE)
"""No operation, but a permission that starting a backup needs."""


class BackingUp(Model):
    """How a backup is started, and how long its end is waited for."""

    role: Annotated[str, Field(pattern=r"^[^*?\s]+$")]
    """The role that AWS Backup assumes, with its path: what stands behind `role/` in its ARN."""
    waited_seconds: Seconds


class BackupProbe(Kind):
    """A backup of a table that is started to see it complete. Its name is `vault/table`.

    The recovery point is deleted afterwards, and a job that still runs is stopped.
    """

    noun = "backup_probe"
    plural = "backup_probes"
    writes = (_START, _JOB, _STOP, _FORGET, _PASS_ROLE)
    question = BackingUp

    state: str = ""
    """How far the job came in the time that was waited: COMPLETED, RUNNING, FAILED, ..."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start the backup, wait for its end, and delete what it made. Raises `Missing` and `ReadError`."""
        from plumbline.aws.probing import leave, undone

        probing = leave(asked.aws.probing)
        vault, _, table = asked.name.partition("/")
        job: dict[str, Any] = {}

        def ended() -> bool:
            job.update(asked.now(_JOB, job=job["BackupJobId"]))
            return job["State"] in _ENDED

        def remove() -> None:
            if "BackupJobId" in job:
                _delete_backup(asked, job["BackupJobId"], ended())
                probing.announce(f"removed the backup of {table}")

        announcement = f"backing up {table} to {vault}; the backup is deleted after"
        with undone(probing, announcement, remove) as signals:
            with signals.waiting():
                job.update(_started(asked), State="CREATED")
            probing.until(ended, asked.question.waited_seconds, every_seconds=15)
        where = f"backup:DescribeBackupJob {job['BackupJobId']} of {fill(_TABLE, asked.names)}"
        return Found({"state": job["State"]}, where)


def _started(asked: Asked) -> Answer:
    """Start a backup, once in a run however often the call is retried."""
    with missing_as(asked.names["bucket"]):
        return asked.now(_START, token=f"{asked.window.end.timestamp():.0f}")


def _delete_backup(asked: Asked, job: str, has_ended: bool) -> None:
    """Delete the recovery point of a job; stop the job first where it still runs."""
    if not has_ended:
        asked.now(_STOP, job=job)
    point = asked.now(_JOB, job=job).get("RecoveryPointArn")
    if point:
        asked.now(_FORGET, point=point)
