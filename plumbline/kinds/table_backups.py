"""Backups of a DynamoDB table that were made on demand; those of AWS Backup are told by `backup_history`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields
from plumbline.kinds.kind import Kind
from plumbline.kinds.table_settings import ARN_OF_TABLE
from plumbline.values.model import Model
from plumbline.values.patterns import matches, pattern

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_AVAILABLE = "AVAILABLE"


class Named(Model):
    """Which backups are counted."""

    called: Annotated[str, AfterValidator(pattern), Field(min_length=1)]
    """A pattern that the whole name of one must match: `orders-backup-[0-9]{8}`."""


class TableBackupsLimits(Model):
    """What can be expected of backups."""

    least_available: Annotated[int, Field(gt=0)]


class TableBackups(Kind):
    """The backups on demand of a table. Its name is the table's."""

    noun = "table_backups"
    plural = "backups_of_tables"
    call = Call(
        "dynamodb:ListBackups",
        {"TableName": "{name}", "BackupType": "USER"},
        of=ARN_OF_TABLE,
        on="*",
    )
    limits = TableBackupsLimits
    question = Named

    available: int = 0
    """How many there are that can be restored and are called so."""

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return the number. Source: DynamoDB API reference, BackupSummary, BackupStatus."""
        there = [it for it in answer.get("BackupSummaries", []) if it["BackupStatus"] == _AVAILABLE]
        return {"available": sum(matches(asked.question.called, it["BackupName"]) for it in there)}
