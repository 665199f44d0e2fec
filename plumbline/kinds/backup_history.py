"""What AWS Backup has done: recovery points and jobs of a table, restores of a vault."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Unmeasured

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_UNSUCCESSFUL = ("ABORTED", "EXPIRED", "FAILED", "PARTIAL")
JOBS_DAYS = 7
"""How long back jobs are looked at, whatever the window: the runbook asks for a week."""
RESTORES_DAYS = 92
"""A quarter: how often the runbook's section 3.1.4 rehearses a restore."""


_TABLE = "arn:aws:dynamodb:{region}:{account}:table/{name}"


class Jobs(Facet):
    """The backup jobs of a table."""

    call = Call(
        "backup:ListBackupJobs", {"ByResourceArn": _TABLE, "ByCreatedAfter": "{since}"}, of=_TABLE, on="*"
    )

    unsuccessful_jobs: dict[str, Text] = {}
    """The jobs of the last week that did not complete, by id: FAILED, ABORTED, EXPIRED or PARTIAL."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list the jobs of a week."""
        jobs = asked.ask(cls.call, since=asked.window.ago(days=JOBS_DAYS).isoformat())
        return Found(jobs.at("@").map(lambda answer: cls.described(answer, asked)), jobs.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return the jobs; a week without a single one gives no data."""
        listed = answer.get("BackupJobs", [])
        none = f"AWS Backup had no job for {asked.name} in the last {JOBS_DAYS} days"
        return {"unsuccessful_jobs": _unsuccessful(listed) if listed else Unmeasured(none)}


class BackupHistoryLimits(Model):
    """What can be expected of a table's backups besides the fields."""

    most_hours_between_backups: int


class BackupHistory(Jobs, Kind):
    """The backups of a table. Its name is the table's."""

    noun = "backup_history"
    plural = "backup_histories"
    call = Call("backup:ListRecoveryPointsByResource", {"ResourceArn": _TABLE}, of=_TABLE, on="*")
    limits = BackupHistoryLimits

    hours_since_backup: int | None = None
    """The full hours since the newest completed recovery point was made; None where there is none."""

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        points = [it for it in answer.get("RecoveryPoints", []) if it["Status"] == "COMPLETED"]
        made = [point["CreationDate"] for point in points]
        return {"hours_since_backup": _hours_since(made, asked.window.end)}


def _hours_since(times: list[datetime], now: datetime) -> int | None:
    return int((now - max(times)) / timedelta(hours=1)) if times else None


def _unsuccessful(jobs: list[dict[str, Any]]) -> dict[str, str]:
    return {job["BackupJobId"]: job["State"] for job in jobs if job["State"] in _UNSUCCESSFUL}


class RestoreHistoryLimits(Model):
    """What can be expected of restores besides the fields."""

    least_restores: int


class RestoreHistory(Kind):
    """The restores of tables in an account. Its name is the vault's that they are made from."""

    noun = "restore_history"
    plural = "restore_histories"
    call = Call(
        "backup:ListRestoreJobs",
        {"ByCreatedAfter": "{since}", "ByResourceType": "DynamoDB", "ByStatus": "COMPLETED"},
        of="restores of tables from {name}",
    )
    limits = RestoreHistoryLimits

    completed_restores: int = 0
    """Those of the last quarter; a table that was restored by other means than AWS Backup is not counted."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list the restores of a quarter."""
        jobs = asked.ask(cls.call, since=asked.window.ago(days=RESTORES_DAYS).isoformat())
        return Found(jobs.at("@").map(lambda answer: cls.described(answer, asked)), jobs.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"completed_restores": len(answer.get("RestoreJobs", []))}
