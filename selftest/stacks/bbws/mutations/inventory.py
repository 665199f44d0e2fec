"""Mutations for tests/inventory: of each kind one that nobody listed, as bad as its others must not be."""

import json
from collections.abc import Iterator
from typing import Any

from selftest.mutations.documents import Added
from selftest.mutations.edits import Called, Replaced, call
from selftest.mutations.mutation import Mutation, mutation
from selftest.mutations.offenders import alarm

KEY = {"AttributeName": "id", "AttributeType": "S"}
BY_ID = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "AttributeDefinitions": [KEY]}
DELETED = json.dumps({"source": ["aws.dynamodb"]})
PITR = {"Owner": "AWS", "SourceIdentifier": "DYNAMODB_PITR_ENABLED"}
PUBLIC = """
resource "aws_s3_bucket_acl" "more" {
  bucket = aws_s3_bucket.more.id
  acl    = "public-read-write"
}
"""
DAILY = {"RuleName": "daily", "TargetBackupVaultName": "bbws-backup-vault-dev"}


def offender(
    kills: str,
    file: str,
    beside: str,
    argument: str,
    name: str,
    more: str,
    values: dict[str, Any],
    *made: Called,
) -> Iterator[Mutation]:
    """Yield the mutations that add a resource beside one of its type, in source, in files, in an account."""
    type_, _, own = beside.partition(".")
    label = own.partition("[")[0]
    opening = f'resource "{type_}" "{label}" {{'
    added = f'resource "{type_}" "more" {{\n  {argument} = "{name}"\n{more}\n}}\n'
    if type_ == "aws_s3_bucket":
        added += PUBLIC
    yield mutation(kills, Replaced(file, opening, f"{added}\n{opening}"), unlisted=True)
    yield mutation(kills, Added(f"{type_}.more", {argument: name, **values}, beside), unlisted=True)
    if made:
        yield mutation(kills, *made, unlisted=True)


MUTATIONS = [
    *offender(
        "bbws-inv-01",
        "dynamodb/main.tf",
        "aws_dynamodb_table.tenants",
        "name",
        "bbws-orders-dev",
        '  hash_key = "id"\n  read_capacity = 1\n  write_capacity = 1\n'
        '  attribute {\n    name = "id"\n    type = "S"\n  }',
        {"hash_key": "id"},
        call("dynamodb:CreateTable", TableName="bbws-orders-dev", BillingMode="PAY_PER_REQUEST", **BY_ID),
    ),
    *offender(
        "bbws-inv-02",
        "s3/main.tf",
        "aws_s3_bucket.templates",
        "bucket",
        "bbws-uploads-dev",
        "",
        {},
        call(
            "s3:CreateBucket",
            Bucket="bbws-uploads-dev",
            ACL="public-read-write",
            CreateBucketConfiguration={"LocationConstraint": "af-south-1"},
        ),
    ),
    *offender(
        "bbws-inv-04",
        "dynamodb/backup.tf",
        "aws_backup_vault.backup",
        "name",
        "bbws-old-vault-dev",
        "",
        {},
        call("backup:CreateBackupVault", BackupVaultName="bbws-old-vault-dev"),
    ),
    *offender(
        "bbws-inv-03",
        "dynamodb/backup.tf",
        "aws_backup_plan.dynamodb_backup",
        "name",
        "bbws-old-plan-dev",
        '  rule {\n    rule_name = "daily"\n    target_vault_name = "bbws-backup-vault-dev"\n  }',
        {"rule": [{"rule_name": "daily", "target_vault_name": "bbws-backup-vault-dev"}]},
        call("backup:CreateBackupPlan", BackupPlan={"BackupPlanName": "bbws-old-plan-dev", "Rules": [DAILY]}),
    ),
    *offender(
        "bbws-inv-06",
        "monitoring/alarms.tf",
        "aws_cloudwatch_metric_alarm.lock_held",
        "alarm_name",
        "bbws-try-dev",
        '  comparison_operator = "GreaterThanThreshold"\n  evaluation_periods = 1\n  actions_enabled = false',
        {"actions_enabled": False},
        alarm("bbws-try-dev"),
    ),
    *offender(
        "bbws-inv-05",
        "monitoring/main.tf",
        "aws_sns_topic.alerts",
        "name",
        "bbws-try-dev",
        "",
        {},
        call("sns:CreateTopic", Name="bbws-try-dev"),
    ),
    *offender(
        "bbws-inv-07",
        "monitoring/events.tf",
        'aws_cloudwatch_event_rule.noticed["table-deleted"]',
        "name",
        "bbws-try-dev",
        '  event_pattern = jsonencode({ source = ["aws.dynamodb"] })',
        {"event_pattern": DELETED},
        call("events:PutRule", Name="bbws-try-dev", EventPattern=DELETED),
    ),
    *offender(
        "bbws-inv-08",
        "monitoring/logs.tf",
        "aws_cloudwatch_log_metric_filter.missing_templates",
        "name",
        "bbws-try-dev",
        '  log_group_name = aws_cloudwatch_log_group.orders.name\n  pattern = "ERROR"\n'
        '  metric_transformation {\n    namespace = "BBWS"\n    name = "Errors"\n    value = "1"\n  }',
        {"pattern": "ERROR", "log_group_name": "/aws/lambda/bbws-order-lambda-dev"},
        call(
            "logs:PutMetricFilter",
            logGroupName="/aws/lambda/bbws-order-lambda-dev",
            filterName="bbws-try-dev",
            filterPattern="ERROR",
            metricTransformations=[{"metricName": "Errors", "metricNamespace": "BBWS", "metricValue": "1"}],
        ),
    ),
    *offender(
        "bbws-inv-09",
        "monitoring/logs.tf",
        "aws_cloudwatch_log_group.orders",
        "name",
        "/aws/lambda/bbws-mail-lambda-dev",
        "",
        {},
        call("logs:CreateLogGroup", logGroupName="/aws/lambda/bbws-mail-lambda-dev"),
    ),
    *offender(
        "bbws-inv-10",
        "monitoring/config.tf",
        'aws_config_config_rule.this["standard-tags-1"]',
        "name",
        "bbws-try",
        '  source {\n    owner = "AWS"\n    source_identifier = "DYNAMODB_PITR_ENABLED"\n  }',
        {"source": [{"owner": "AWS", "source_identifier": "DYNAMODB_PITR_ENABLED"}]},
        call("config:PutConfigRule", ConfigRule={"ConfigRuleName": "bbws-try", "Source": PITR}),
    ),
    *offender(
        "bbws-inv-11",
        "monitoring/config.tf",
        "aws_config_configuration_recorder.this",
        "name",
        "second",
        "  role_arn = aws_iam_role.config.arn",
        {},
    ),
    *offender(
        "bbws-inv-12",
        "monitoring/audit.tf",
        "aws_cloudtrail.audit",
        "name",
        "bbws-try-dev",
        "  s3_bucket_name = aws_s3_bucket.audit.id",
        {"s3_bucket_name": "bbws-audit-dev"},
        call("cloudtrail:CreateTrail", Name="bbws-try-dev", S3BucketName="bbws-audit-dev"),
    ),
]
