"""What a backup vault takes of the plans that write to it: its lock, its policy, and whether it is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.backup import BackupPlan, BackupVault, Selection
from plumbline.kinds.registry import computed_attribute
from plumbline.sources.moto.account import account, empty_all
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings
from plumbline.values.unknown import Missing, Undetermined
from selftest.kinds.models import ACCOUNT, REGION

ROLE = f"arn:aws:iam::{ACCOUNT}:role/backup"
OTHER = f"arn:aws:iam::{ACCOUNT}:role/other"
STARTED, DELETED = "backup:StartBackupJob", "backup:DeleteRecoveryPoint"
EVERYBODY = {"AWS": "*"}
POLICIES: dict[str, tuple[bool, dict[str, Any]]] = {
    "jobs of everybody": (True, {"Action": STARTED, "Principal": EVERYBODY}),
    "everything": (True, {"Action": "backup:*", "Principal": "*"}),
    "jobs of the role": (True, {"Action": STARTED, "Principal": {"AWS": ROLE}}),
    "jobs of all but another role": (
        True,
        {
            "Action": STARTED,
            "Principal": "*",
            "Condition": {"ArnNotEquals": {"aws:PrincipalArn": OTHER}},
        },
    ),
    "jobs of all but the role": (
        False,
        {"Action": STARTED, "Principal": "*", "Condition": {"ArnNotEquals": {"aws:PrincipalArn": ROLE}}},
    ),
    "jobs of another role": (False, {"Action": STARTED, "Principal": {"AWS": OTHER}}),
    "that a backup is deleted": (False, {"Action": DELETED, "Principal": EVERYBODY}),
}
DECLARED = """
resource "aws_backup_vault" "v" {
  name = "v"
}
resource "aws_backup_vault_policy" "v" {
  backup_vault_name = aws_backup_vault.v.name
  policy            = jsonencode(POLICY)
}
resource "aws_backup_plan" "p" {
  name = "p"
  rule {
    rule_name         = "daily"
    target_vault_name = "v"
    schedule          = "cron(0 2 * * ? *)"
  }
}
resource "aws_backup_selection" "s" {
  name         = "s"
  plan_id      = aws_backup_plan.p.id
  iam_role_arn = "ROLE"
  resources    = ["*"]
}
"""


def policy(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Resource": "*", **statement}]}


def plan_in(statement: dict[str, Any]) -> BackupPlan:
    """A plan in an account whose vault denies something."""
    empty_all()
    aws = account(ACCOUNT, REGION)
    BackupVault(name="v").create(aws)
    aws.write("backup:PutBackupVaultAccessPolicy", BackupVaultName="v", Policy=json.dumps(policy(statement)))
    selections = [Selection(name="s", iam_role_arn=ROLE, resources=["*"])]
    plan = BackupPlan(name="p", schedules=["cron(0 2 * * ? *)"], target_vaults=["v"], selections=selections)
    plan.create(aws)
    return BackupPlan.from_aws(aws, "p")


def plan_of(root: Path, statement: dict[str, Any]) -> BackupPlan:
    """The same plan, as Terraform declares it."""
    text = DECLARED.replace("POLICY", json.dumps(policy(statement))).replace("ROLE", ROLE)
    (root / "main.tf").write_text(text, "utf-8")
    here = evaluate(root, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)
    return BackupPlan.find(here, "p", "here")


@pytest.mark.parametrize(("denied", "statement"), POLICIES.values(), ids=POLICIES)
def test_whether_jobs_start_that_a_policy_denies_is_not_known(
    tmp_path: Path, denied: bool, statement: dict[str, Any]
) -> None:
    for plan in (plan_of(tmp_path, statement), plan_in(statement)):
        if denied:
            with pytest.raises(Undetermined, match=rf"denies {STARTED} to {ROLE}"):
                assert plan.refused == []
        else:
            assert plan.refused == []


def test_the_lock_of_a_vault_in_an_account_refuses_what_is_kept_too_long() -> None:
    plan = plan_in(POLICIES["everything"][1])
    aws = account(ACCOUNT, REGION)
    aws.write("backup:PutBackupVaultLockConfiguration", BackupVaultName="v", MaxRetentionDays=30)
    assert BackupPlan.from_aws(aws, plan.name).refused != []


def test_a_vault_that_is_not_listed_is_missing() -> None:
    empty_all()
    aws = account(ACCOUNT, REGION)
    with pytest.raises(Missing, match=r"backup vault v.*ListBackupVaults"):
        BackupVault.from_aws(aws, "v")
    assert "backup:DescribeBackupVault" not in {it.operation for it in BackupVault.calls_for()}
