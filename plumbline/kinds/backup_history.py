"""What AWS Backup has done: recovery points and jobs of a table, restores of a vault."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found
from plumbline.kinds.kind import Kind
from plumbline.values.counting import Between, Counted
from plumbline.values.mistakes import did_you_mean
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Unmeasured
from plumbline.values.window import begun

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_UNSUCCESSFUL = ("ABORTED", "EXPIRED", "FAILED", "PARTIAL")
RESTORABLE = (
    *("Aurora", "CloudFormation", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "EKS", "FSx", "Neptune"),
    *("RDS", "Redshift", "Redshift Serverless", "S3", "SAP HANA on Amazon EC2", "Storage Gateway"),
    *("Timestream", "VirtualMachine"),
)
"""The types of what AWS Backup restores. Source: AWS Backup API reference, ListRestoreJobs."""
_TABLE = "arn:aws:dynamodb:{region}:{account}:table/{name}"


class LookedBack(Model):
    """How long back jobs are looked at, whatever the window of the run."""

    looked_back_days: Annotated[int, Field(gt=0, le=3650)]


class Jobs(Facet):
    """The backup jobs of a table."""

    call = Call(
        "backup:ListBackupJobs", {"ByResourceArn": _TABLE, "ByCreatedAfter": "{since}"}, of=_TABLE, on="*"
    )

    unsuccessful_jobs: dict[str, Text] = {}
    """The jobs of these days that did not complete, by id: FAILED, ABORTED, EXPIRED or PARTIAL."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list the jobs of the days that are looked back on."""
        jobs = asked.ask(cls.call, since=asked.window.ago(days=asked.question.looked_back_days).isoformat())
        return Found(jobs.at("@").map(lambda answer: cls.described(answer, asked)), jobs.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return the jobs; days without a single one give no data."""
        listed = answer.get("BackupJobs", [])
        days = asked.question.looked_back_days
        none = f"AWS Backup had no job for {asked.name} in the last {days} days"
        return {"unsuccessful_jobs": _unsuccessful(listed) if listed else Unmeasured(none)}


class BackupHistoryLimits(Model):
    """What can be expected of a table's backups besides the fields."""

    most_hours_between_backups: Annotated[int, Field(gt=0)]


class BackupHistory(Jobs, Kind):
    """The backups of a table. Its name is the table's."""

    noun = "backup_history"
    plural = "backup_histories"
    call = Call("backup:ListRecoveryPointsByResource", {"ResourceArn": _TABLE}, of=_TABLE, on="*")
    limits = BackupHistoryLimits
    question = LookedBack

    hours_since_backup: int | None = None
    """The hours that have begun since the newest completed recovery point was made; None without one."""

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        points = [it for it in answer.get("RecoveryPoints", []) if it["Status"] == "COMPLETED"]
        made = [point["CreationDate"] for point in points]
        return {"hours_since_backup": _hours_since(made, asked.window.end)}


def _hours_since(times: list[datetime], now: datetime) -> int | None:
    return begun(max(times), now, timedelta(hours=1)) if times else None


def _unsuccessful(jobs: list[dict[str, Any]]) -> dict[str, str]:
    return {job["BackupJobId"]: job["State"] for job in jobs if job["State"] in _UNSUCCESSFUL}


class RestoreHistoryLimits(Model):
    """What can be expected of restores besides the fields."""

    least_restores: Annotated[int, Field(gt=0)]


def _restorable(resource_type: str) -> str:
    if resource_type not in RESTORABLE:
        hint = did_you_mean(resource_type, RESTORABLE) or f"; valid: {', '.join(RESTORABLE)}"
        raise ValueError(f"AWS Backup restores no {resource_type!r}{hint}")
    return resource_type


class Restores(LookedBack):
    """Which restores are looked at."""

    resource_type: Annotated[str, AfterValidator(_restorable)]
    """What is restored, as AWS Backup names it: DynamoDB, S3, ..."""


class RestoreHistory(Kind):
    """The restores by AWS Backup in an account. Its name is the vault's that they are made from."""

    noun = "restore_history"
    plural = "restore_histories"
    call = Call(
        "backup:ListRestoreJobs",
        {"ByCreatedAfter": "{since}", "ByResourceType": "{resource_type}", "ByStatus": "COMPLETED"},
        of="restores of {resource_type} from {name}",
    )
    limits = RestoreHistoryLimits
    question = Restores

    completed_restores: Counted = 0
    """Those from this vault in the days looked back on; what was restored by other means is not counted."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list the restores of the days that are looked back on."""
        jobs = asked.ask(cls.call, since=asked.window.ago(days=asked.question.looked_back_days).isoformat())
        return Found(jobs.at("@").map(lambda answer: cls.described(answer, asked)), jobs.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        vaults = [job.get("BackupVaultArn") for job in answer.get("RestoreJobs", [])]
        number = sum(it is not None and it.rpartition(":")[2] == asked.name for it in vaults)
        unsaid = vaults.count(None)
        told = f"{unsaid} of the restores are from a vault that AWS does not say, {{}} from {asked.name}"
        return {"completed_restores": Between(number, number + unsaid, told) if unsaid else number}
