"""Which backups on demand of a table can be restored, and are called as they must be."""

from __future__ import annotations

import pytest
from moto.core.base_backend import BackendDict
from moto.dynamodb.models import dynamodb_backends
from pydantic import ValidationError

from plumbline.aws.reads import Aws
from plumbline.kinds.dynamodb import Table
from plumbline.kinds.table_backups import Named, TableBackups
from plumbline.sources.moto.account import account

ACCOUNT, REGION = "123456789012", "eu-west-1"


@pytest.fixture
def aws() -> Aws:
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    for name in ("orders", "orders-old"):
        Table(name=name, billing_mode="PAY_PER_REQUEST", hash_key="id", attributes={"id": "S"}).create(aws)
    return aws


def backed_up(aws: Aws, name: str, table: str = "orders", status: str = "AVAILABLE") -> None:
    made = aws.write("dynamodb:CreateBackup", TableName=table, BackupName=name)["BackupDetails"]
    dynamodb_backends[ACCOUNT][REGION].backups[made["BackupArn"]].status = status


def available() -> int:
    asked = Named(called="orders-backup-[0-9]{8}")
    return TableBackups.from_aws(account(ACCOUNT, REGION), "orders", question=asked).available


def test_those_are_counted_that_can_be_restored_and_are_called_so(aws: Aws) -> None:
    assert available() == 0
    backed_up(aws, "orders-backup-20261129")
    assert available() == 1
    backed_up(aws, "orders-backup-20261128")
    assert available() == 2


@pytest.mark.parametrize(
    ("name", "table", "status"),
    [
        ("before-the-release", "orders", "AVAILABLE"),
        ("orders-backup-202611299", "orders", "AVAILABLE"),
        ("old-orders-backup-20261129", "orders", "AVAILABLE"),
        ("orders-backup-20261129", "orders-old", "AVAILABLE"),
        ("orders-backup-20261129", "orders", "CREATING"),
        ("orders-backup-20261129", "orders", "DELETED"),
    ],
)
def test_others_are_not(aws: Aws, name: str, table: str, status: str) -> None:
    backed_up(aws, name, table, status)
    assert available() == 0


def test_what_is_no_pattern_is_refused() -> None:
    for text in ("(", ""):
        with pytest.raises(ValidationError):
            Named(called=text)
