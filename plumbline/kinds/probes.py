"""Probes: what can only be known by trying it. They write, and run only where that is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self

from plumbline.kinds.kind import Kind
from plumbline.kinds.replication import PROBE_KEY
from plumbline.values.model import Model
from plumbline.values.unknown import Missing, ReadError

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws

REPLICATION_SECONDS = 300
"""How long the runbook's section 3.2.5 waits for the object."""
LATE_SECONDS = 15
"""How long an object that did not arrive is looked for once more after it was removed from its source."""
BACKUP_SECONDS = 900
_ENDED = ("COMPLETED", "FAILED", "ABORTED", "EXPIRED", "PARTIAL")
NOBODY = "nobody@example.invalid"
"""An address that nobody can have. Source: RFC 2606."""


class ReplicationProbeLimits(Model):
    """What can be expected of a replication probe."""

    most_seconds: int


class ReplicationProbe(Kind):
    """An object that is uploaded to see it replicated. Its name is `source/destination`.

    Every version of it is removed from both buckets afterwards.
    """

    noun = "replication_probe"
    plural = "replication_probes"
    writes: ClassVar = {
        "s3:PutObject": f"arn:aws:s3:::{{bucket}}/{PROBE_KEY}",
        "s3:HeadObject": f"arn:aws:s3:::{{key}}/{PROBE_KEY}",
        "s3:GetBucketLocation": "arn:aws:s3:::{key}",
        "s3:ListObjectVersions": ["arn:aws:s3:::{bucket}", "arn:aws:s3:::{key}"],
        "s3:DeleteObject": [f"arn:aws:s3:::{{bucket}}/{PROBE_KEY}", f"arn:aws:s3:::{{key}}/{PROBE_KEY}"],
    }
    limits = ReplicationProbeLimits

    seconds: int | None = None
    """After how many seconds the object was in the destination; None where it was not there in the end."""

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Upload the object, wait for it in the destination, and remove it from both buckets.

        Raises `ReadError` where such an object is there already, or cannot be removed.
        """
        from plumbline.aws.probing import leave, undone

        probing = leave(aws.probing)
        source, _, destination = name.partition("/")
        location = aws.read("s3:GetBucketLocation", {"Bucket": destination}, of=f"arn:aws:s3:::{destination}")
        there = aws.within(location.at("LocationConstraint || 'us-east-1'").value())
        _refuse_another(aws, source)
        arrived: int | None = None

        def remove() -> None:
            _remove(aws, source)
            _remove(there, destination)
            if arrived is None and probing.until(lambda: _is_there(there, destination), LATE_SECONDS):
                _remove(there, destination)
            probing.announce(f"removed {PROBE_KEY} with all its versions from {source} and {destination}")

        uploading = (
            f"uploading s3://{source}/{PROBE_KEY}; it is removed from {source} and {destination} after"
        )
        with undone(probing, uploading, remove):
            aws.now(
                "s3:PutObject",
                {"Bucket": source, "Key": PROBE_KEY, "Body": b"replication probe\n", "IfNoneMatch": "*"},
                of=f"arn:aws:s3:::{source}/{PROBE_KEY}",
            )
            arrived = probing.until(lambda: _is_there(there, destination), REPLICATION_SECONDS)
        return cls.of(
            f"s3:HeadObject arn:aws:s3:::{destination}/{PROBE_KEY}", {"name": name, "seconds": arrived}
        )


def _is_there(aws: Aws, bucket: str) -> bool:
    head = aws.now(
        "s3:HeadObject",
        {"Bucket": bucket, "Key": PROBE_KEY},
        of=f"arn:aws:s3:::{bucket}/{PROBE_KEY}",
        absent=["404", "NoSuchKey"],
    )
    return bool(head)


def _refuse_another(aws: Aws, bucket: str) -> None:
    """Raise `ReadError` where a probe's object is in the bucket: of another run, or left behind."""
    if any(_versions(aws, bucket)):
        raise ReadError(
            f"s3://{bucket}/{PROBE_KEY} is there already: another probe runs, or one was left behind",
            cause=f"probe object in {bucket}",
            advice=f"If nobody else probes: aws s3 rm s3://{bucket}/{PROBE_KEY}, and delete its versions",
        )


def _versions(aws: Aws, bucket: str) -> Iterator[str]:
    """Yield the id of each version of the probe's object, delete markers included."""
    listed = aws.now(
        "s3:ListObjectVersions", {"Bucket": bucket, "Prefix": PROBE_KEY}, of=f"arn:aws:s3:::{bucket}"
    )
    for entry in [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]:
        if entry["Key"] == PROBE_KEY:
            yield entry["VersionId"]


def _remove(aws: Aws, bucket: str) -> None:
    for version in list(_versions(aws, bucket)):
        aws.now(
            "s3:DeleteObject",
            {"Bucket": bucket, "Key": PROBE_KEY, "VersionId": version},
            of=f"arn:aws:s3:::{bucket}/{PROBE_KEY}",
        )


class BackupProbe(Kind):
    """A backup of a table that is started to see it complete. Its name is `vault/table`.

    The recovery point is deleted afterwards, and a job that still runs is stopped.
    """

    noun = "backup_probe"
    plural = "backup_probes"
    writes: ClassVar = {
        "backup:StartBackupJob": "arn:aws:backup:{region}:{account}:backup-vault:{bucket}",
        "backup:DescribeBackupJob": "*",
        "backup:StopBackupJob": "*",
        "backup:DeleteRecoveryPoint": [
            "arn:aws:dynamodb:{region}:{account}:table/{key}/backup/*",
            "arn:aws:backup:{region}:{account}:recovery-point:*",
        ],
        "iam:PassRole": "arn:aws:iam::{account}:role/service-role/AWSBackupDefaultServiceRole",
    }

    state: str = ""
    """How far the job came in fifteen minutes: COMPLETED, RUNNING, FAILED, ..."""

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Start the backup, wait for its end, and delete what it made. Raises `Missing` and `ReadError`."""
        from plumbline.aws.probing import leave, undone

        probing = leave(aws.probing)
        vault, _, table = name.partition("/")
        table_arn = aws.arn("dynamodb", f"table/{table}")
        job: dict[str, Any] = {}

        def ended() -> bool:
            job.update(_described(aws, job["BackupJobId"]))
            return job["State"] in _ENDED

        def remove() -> None:
            if "BackupJobId" in job:
                _delete_backup(aws, vault, job["BackupJobId"], ended())
                probing.announce(f"removed the backup of {table}")

        announcement = f"backing up {table} to {vault}; the backup is deleted after"
        with undone(probing, announcement, remove) as signals:
            with signals.waiting():
                job.update(_started(aws, vault, table_arn), State="CREATED")
            probing.until(ended, BACKUP_SECONDS, every_seconds=15)
        where = f"backup:DescribeBackupJob {job['BackupJobId']} of {table_arn}"
        return cls.of(where, {"name": name, "state": job["State"]})


def _started(aws: Aws, vault: str, table_arn: str) -> dict[str, Any]:
    """Start a backup, once in a run however often the call is retried."""
    asked = {
        "BackupVaultName": vault,
        "ResourceArn": table_arn,
        "IamRoleArn": f"arn:aws:iam::{aws.account}:role/service-role/AWSBackupDefaultServiceRole",
        "IdempotencyToken": f"plumbline-{aws.window.end.timestamp():.0f}",
    }
    try:
        return aws.now("backup:StartBackupJob", asked, of=table_arn, missing=["ResourceNotFoundException"])
    except Missing as missing:
        raise Missing(missing.what, missing.where, holder=vault) from None


def _described(aws: Aws, job: str) -> dict[str, Any]:
    return aws.now("backup:DescribeBackupJob", {"BackupJobId": job}, of=f"backup job {job}")


def _delete_backup(aws: Aws, vault: str, job: str, has_ended: bool) -> None:
    """Delete the recovery point of a job; stop the job first where it still runs."""
    if not has_ended:
        aws.now("backup:StopBackupJob", {"BackupJobId": job}, of=f"backup job {job}")
    point = _described(aws, job).get("RecoveryPointArn")
    if point:
        aws.now(
            "backup:DeleteRecoveryPoint",
            {"BackupVaultName": vault, "RecoveryPointArn": point},
            of=point,
            absent=["ResourceNotFoundException"],
        )


class EmailLookup(Kind):
    """A lookup of an address that nobody has, through an index keyed by `email`. Its name is `table/index`.

    It writes nothing, but reads what users have stored: so it is a probe, too, and asks for a number only.
    """

    noun = "email_lookup"
    plural = "email_lookups"
    reads: ClassVar = {"dynamodb:DescribeTable": "arn:aws:dynamodb:{region}:{account}:table/{bucket}"}
    writes: ClassVar = {"dynamodb:Query": "arn:aws:dynamodb:{region}:{account}:table/{bucket}/index/{key}"}

    answer: str = ""
    """`answered`, or that DynamoDB knows no such index."""

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Look the address up. Raises `ReadError`."""
        from plumbline.aws.probing import leave

        table, _, index = name.partition("/")
        where = aws.arn("dynamodb", f"table/{table}/index/{index}")
        leave(aws.probing).announce(f"looking {NOBODY} up through {index} of {table}; nothing is written")
        asked = {
            "TableName": table,
            "IndexName": index,
            "KeyConditionExpression": "email = :email",
            "ExpressionAttributeValues": {":email": {"S": NOBODY}},
            "Select": "COUNT",
        }
        found = aws.now(
            "dynamodb:Query", asked, of=where, absent=["ResourceNotFoundException", "ValidationException"]
        )
        if not found:
            _check_table(aws, table)
        answer = "answered" if found else "refused: there is no such index"
        return cls.of(f"dynamodb:Query {where}", {"name": name, "answer": answer})


def _check_table(aws: Aws, table: str) -> None:
    """Raise `Missing` for the table where it is not only its index that does not exist."""
    described = aws.read(
        "dynamodb:DescribeTable",
        {"TableName": table},
        of=aws.arn("dynamodb", f"table/{table}"),
        missing=["ResourceNotFoundException"],
    )
    try:
        described.at("@").get()
    except Missing as missing:
        raise Missing(missing.what, missing.where, holder=table) from None
