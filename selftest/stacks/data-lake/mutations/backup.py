"""Mutations for tests/backup: production alone has a second copy."""

import json

from plumbline.kinds.backup import BackupPlan, Selection
from selftest.mutations.documents import Set
from selftest.mutations.edits import Recreated, Removed, Replaced, Written, call
from selftest.mutations.mutation import Mutation, mutation, unnamed
from selftest.mutations.removals import remove_plan

SOURCE = "modules/backup/main.tf"
DECLARED = "module.backup.aws_backup_{}.this"
PLAN = "dp-prod-data-lake"
ROLE = "arn:aws:iam::100000000003:role/dp-prod-backup"
ONE = Selection(name="zones", iam_role_arn=ROLE, resources=["arn:aws:s3:::dp-prod-raw-100000000003"])
BACKS_UP, RESTORES = (
    f"arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3{it}" for it in ("Backup", "Restore")
)
EC2 = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
TRUSTS_EC2 = json.dumps({"Version": "2012-10-17", "Statement": [EC2]})

ELSEWHERE = """provider "aws" {
  alias  = "elsewhere"
  region = "eu-west-1"
}

resource "aws_backup_plan" "elsewhere" {
  provider = aws.elsewhere
  name     = "copies"

  rule {
    rule_name         = "daily"
    target_vault_name = "Default"
    schedule          = "cron(0 3 * * ? *)"
  }
}

resource "aws_backup_selection" "elsewhere" {
  provider     = aws.elsewhere
  name         = "zones"
  plan_id      = aws_backup_plan.elsewhere.id
  iam_role_arn = aws_iam_role.this.arn
  resources    = [for bucket in values(var.buckets) : "arn:aws:s3:::${bucket}"]
}
"""
"""A plan that takes all buckets, in a region where they do not lie."""


def lacks(sentence: str, *edits: object, **more: object) -> Mutation:
    """Return the mutation that turns a sentence about the second copy red."""
    return mutation(f"data-lake-s3-13 {sentence}", *edits, environment="prod", **more)  # type: ignore[arg-type]


MUTATIONS = [
    lacks("s3.second-copy", Replaced(SOURCE, "values(var.buckets)", "slice(values(var.buckets), 0, 2)")),
    lacks("s3.second-copy", Set(DECLARED.format("selection"), "resources", ONE.resources)),
    lacks(
        "s3.second-copy",
        Replaced(SOURCE, "values(var.buckets)", "slice(values(var.buckets), 0, 2)"),
        Written("modules/backup/elsewhere.tf", ELSEWHERE),
        falls_with=unnamed("data-lake-inv-05"),
    ),
    lacks("s3.second-copy", Recreated(PLAN, BackupPlan, remove_plan, {"selections": [ONE]})),
    lacks(
        "backup.plan-exists",
        Replaced(
            SOURCE,
            'plan" "this" {\n  name = "${var.name_prefix}-data-lake"',
            'plan" "this" {\n  name = "daily"',
        ),
        falls_with=unnamed("data-lake-inv-05"),
    ),
    lacks(
        "backup.plan-exists",
        Set(DECLARED.format("plan"), "name", "daily"),
        falls_with=unnamed("data-lake-inv-05"),
    ),
    lacks(
        "backup.plan-exists",
        Removed(PLAN, remove_plan),
        falls_with={"data-lake-s3-13 s3.second-copy": "nothing else copies the zones"},
    ),
    lacks(
        "backup.vault-exists",
        Replaced(SOURCE, 'name        = "${var.name_prefix}-data-lake"', 'name = "copies"'),
        Replaced(SOURCE, "aws_backup_vault.this.name", '"${var.name_prefix}-data-lake"'),
        falls_with=unnamed("data-lake-inv-06"),
    ),
    lacks(
        "backup.vault-exists",
        Set(DECLARED.format("vault"), "name", "copies"),
        falls_with=unnamed("data-lake-inv-06"),
    ),
    lacks("backup.vault-exists", call("backup:DeleteBackupVault", BackupVaultName=PLAN)),
    lacks(
        "backup.schedule",
        Replaced(SOURCE, '"cron(0 3 * * ? *)"', '"cron(0 3 30 2 ? *)"'),
        falls_with={"data-lake-s3-13 s3.second-copy": "there is no 30 February, so nothing is copied"},
    ),
    lacks("backup.schedule", Replaced(SOURCE, "aws_backup_vault.this.name", '"Default"')),
    lacks("backup.schedule", Set(DECLARED.format("plan"), "rule.0.target_vault_name", "Default")),
    lacks("backup.schedule", Recreated(PLAN, BackupPlan, remove_plan, {"target_vaults": ["Default"]})),
    lacks("backup.role", Replaced(SOURCE, '"backup.amazonaws.com"', '"ec2.amazonaws.com"')),
    lacks("backup.role", Set("module.backup.aws_iam_role.this", "assume_role_policy", TRUSTS_EC2)),
    lacks(
        "backup.role",
        call("iam:UpdateAssumeRolePolicy", RoleName="dp-prod-backup", PolicyDocument=TRUSTS_EC2),
    ),
    lacks("iam.permissions", call("iam:DetachRolePolicy", RoleName="dp-prod-backup", PolicyArn=BACKS_UP)),
    lacks("iam.permissions", call("iam:DetachRolePolicy", RoleName="dp-prod-backup", PolicyArn=RESTORES)),
    lacks(
        "backup.opted-in",
        call("backup:UpdateRegionSettings", ResourceTypeOptInPreference={"S3": False}),
        only_on="live",
    ),
]
