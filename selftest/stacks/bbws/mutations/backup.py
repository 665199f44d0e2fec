"""Mutations for tests/backup."""

import json

from plumbline.kinds.backup import BackupPlan, Selection
from selftest.mutations.documents import Lacking, Set
from selftest.mutations.edits import Called, Recreated, Removed, Replaced, call
from selftest.mutations.mutation import mutation, unnamed
from selftest.mutations.removals import remove_plan

SOURCE = "dynamodb/backup.tf"
DECLARED_PLAN = "aws_backup_plan.dynamodb_backup"
SELECTION = "aws_backup_selection.tables"
PLAN = "bbws-dynamodb-backup-dev"
TABLES = "arn:aws:dynamodb:af-south-1:536580886816:table"
ROLE = "arn:aws:iam::536580886816:role/service-role/AWSBackupDefaultServiceRole"
TWO_OF_THREE = Selection(
    name="two-of-three",
    iam_role_arn=ROLE,
    resources=[f"{TABLES}/bbws-tenants-dev", f"{TABLES}/bbws-products-dev"],
)
VAULT = 'resource "aws_backup_vault" "backup"'


def lock(days: str) -> str:
    """Return what locks the vault."""
    named = "backup_vault_name = aws_backup_vault.backup.name"
    return f'resource "aws_backup_vault_lock_configuration" "backup" {{\n  {named}\n  {days}\n}}\n\n'


def trust(service: str) -> str:
    """Return the policy that lets only this service assume a role."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trusting(role: str, service: str) -> Called:
    """Return the edit that lets only this service assume a role."""
    return call("iam:UpdateAssumeRolePolicy", RoleName=role, PolicyDocument=trust(service))


MUTATIONS = [
    mutation(
        "bbws-bkp-06",
        call("backup:UpdateRegionSettings", ResourceTypeOptInPreference={"DynamoDB": False}),
        only_on="live",
    ),
    mutation(
        "bbws-bkp-01",
        Replaced(SOURCE, '"bbws-dynamodb-backup-${', '"bbws-backup-${'),
        falls_with=unnamed("bbws-inv-03"),
    ),
    mutation("bbws-bkp-01", Removed(PLAN, remove_plan)),
    mutation("bbws-bkp-01", Set(DECLARED_PLAN, "name", "bbws-backup-dev"), falls_with=unnamed("bbws-inv-03")),
    mutation(
        "bbws-bkp-02",
        Replaced(SOURCE, '"bbws-backup-vault-${', '"bbws-vault-${'),
        Replaced(SOURCE, "aws_backup_vault.backup.name", '"bbws-backup-vault-${var.environment}"'),
        falls_with=unnamed("bbws-inv-04"),
    ),
    mutation("bbws-bkp-02", call("backup:DeleteBackupVault", BackupVaultName="bbws-backup-vault-dev")),
    mutation(
        "bbws-bkp-02",
        Set("aws_backup_vault.backup", "name", "bbws-vault-dev"),
        falls_with=unnamed("bbws-inv-04"),
    ),
    mutation("bbws-bkp-03", Replaced(SOURCE, "schedule          = var.backup_schedule", "")),
    mutation("bbws-bkp-03", Replaced(SOURCE, "aws_backup_vault.backup.name", '"Default"')),
    mutation("bbws-bkp-03", Replaced(SOURCE, "= var.backup_schedule", '= "rate(1 day)"')),
    mutation("bbws-bkp-03", Replaced(SOURCE, "= var.backup_schedule", '= "cron(0 3 30 2 ? *)"')),
    mutation(
        "bbws-bkp-03",
        Replaced(SOURCE, "delete_after = var", "cold_storage_after = 30\n      delete_after = var"),
    ),
    mutation(
        "bbws-bkp-03",
        Replaced(SOURCE, "= var.backup_schedule", "= var.backup_schedule\n    start_window = 30"),
    ),
    mutation("bbws-bkp-03", Replaced(SOURCE, VAULT, f"{lock('min_retention_days = 400')}{VAULT}")),
    mutation("bbws-bkp-03", Replaced(SOURCE, VAULT, f"{lock('max_retention_days = 3')}{VAULT}")),
    mutation("bbws-bkp-03", Replaced(SOURCE, "= var.backup_schedule", '= "cron(0/15 * * * ? *)"')),
    mutation(
        "bbws-bkp-03",
        call(
            "backup:PutBackupVaultLockConfiguration",
            BackupVaultName="bbws-backup-vault-dev",
            MaxRetentionDays=3,
        ),
    ),
    mutation("bbws-bkp-03", Set(DECLARED_PLAN, "rule.0.start_window", 30)),
    mutation("bbws-bkp-03", Set(DECLARED_PLAN, "rule.0.schedule", "cron(0 3 * * ? 2020)")),
    mutation("bbws-bkp-03", Lacking(DECLARED_PLAN, "rule.0.schedule")),
    mutation("bbws-bkp-03", Set(DECLARED_PLAN, "rule.0.target_vault_name", "Default")),
    mutation("bbws-bkp-03", Recreated(PLAN, BackupPlan, remove_plan, {"target_vaults": ["Default"]})),
    mutation("bbws-bkp-03", Recreated(PLAN, BackupPlan, remove_plan, {"schedules": ["cron(0 3 31 6 ? *)"]})),
    mutation("bbws-bkp-04", Replaced(SOURCE, "    aws_dynamodb_table.products.arn,\n", "")),
    mutation("bbws-bkp-04", Set(SELECTION, "resources", TWO_OF_THREE.resources)),
    mutation("bbws-bkp-04", Recreated(PLAN, BackupPlan, remove_plan, {"selections": [TWO_OF_THREE]})),
    mutation("bbws-bkp-05", Replaced(SOURCE, '"backup.amazonaws.com"', '"ec2.amazonaws.com"')),
    mutation("bbws-bkp-05", Replaced(SOURCE, "= aws_iam_role.backup.arn", f'= "{ROLE}s"')),
    mutation("bbws-bkp-05", Set("aws_iam_role.backup", "assume_role_policy", trust("ec2.amazonaws.com"))),
    mutation("bbws-bkp-05", Set(SELECTION, "iam_role_arn", f"{ROLE}s")),
    mutation(
        "bbws-bkp-05",
        trusting("AWSBackupDefaultServiceRole", "ec2.amazonaws.com"),
        falls_with={"bbws-iam-04": "what AWS Backup may do to every table, a machine may"},
    ),
]
