"""What AWS Backup has done: recovery points and jobs of a table, restores of a vault."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from plumbline.kinds.kind import Kind
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Unmeasured

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws

_UNSUCCESSFUL = ("ABORTED", "EXPIRED", "FAILED", "PARTIAL")
JOBS_DAYS = 7
"""How long back jobs are looked at, whatever the window: the runbook asks for a week."""
RESTORES_DAYS = 92
"""A quarter: how often the runbook's section 3.1.4 rehearses a restore."""


class BackupHistoryLimits(Model):
    """What can be expected of a table's backups besides the fields."""

    most_hours_between_backups: int


class BackupHistory(Kind):
    """The backups of a table. Its name is the table's."""

    noun = "backup_history"
    plural = "backup_histories"
    reads: ClassVar = dict.fromkeys(("backup:ListRecoveryPointsByResource", "backup:ListBackupJobs"), "*")
    limits = BackupHistoryLimits

    hours_since_backup: int | None = None
    """The full hours since the newest completed recovery point was made; None where there is none."""
    unsuccessful_jobs: dict[str, Text] = {}
    """The jobs of the last week that did not complete, by id: FAILED, ABORTED, EXPIRED or PARTIAL."""

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return what AWS Backup lists; a week without a single job gives no data about jobs."""
        table_arn = aws.arn("dynamodb", f"table/{name}")
        points = aws.read("backup:ListRecoveryPointsByResource", {"ResourceArn": table_arn}, of=table_arn)
        since = aws.window.ago(days=JOBS_DAYS).isoformat()
        jobs = aws.read(
            "backup:ListBackupJobs", {"ByResourceArn": table_arn, "ByCreatedAfter": since}, of=table_arn
        )
        made = points.at("RecoveryPoints[?Status=='COMPLETED'].CreationDate || `[]`")
        none = f"AWS Backup had no job for {name} in the last {JOBS_DAYS} days"
        fields = {
            "name": name,
            "hours_since_backup": made.map(lambda times: _hours_since(times, aws.window.end)),
            "unsuccessful_jobs": jobs.at("BackupJobs || `[]`").map(
                lambda listed: _unsuccessful(listed) if listed else Unmeasured(none)
            ),
        }
        return cls.of(points.call, aws.gather(fields), {"unsuccessful_jobs": jobs.call})


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
    reads: ClassVar = {"backup:ListRestoreJobs": "*"}
    limits = RestoreHistoryLimits

    completed_restores: int = 0
    """Those of the last quarter; a table that was restored by other means than AWS Backup is not counted."""

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return what AWS Backup lists."""
        asked = {
            "ByCreatedAfter": aws.window.ago(days=RESTORES_DAYS).isoformat(),
            "ByResourceType": "DynamoDB",
            "ByStatus": "COMPLETED",
        }
        jobs = aws.read("backup:ListRestoreJobs", asked, of=f"restores of tables from {name}")
        fields = {"name": name, "completed_restores": jobs.at("length(RestoreJobs || `[]`)")}
        return cls.of(jobs.call, aws.gather(fields))
