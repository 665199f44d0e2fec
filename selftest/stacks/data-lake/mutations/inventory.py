"""Mutations for tests/inventory: of each kind one that nobody listed."""

from selftest.mutations.edits import call
from selftest.mutations.offenders import alarm, offender

KEY = {"AttributeName": "id", "AttributeType": "S"}
BY_ID = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "AttributeDefinitions": [KEY]}
HERE = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-3"}}
SCHEDULE = {"RuleName": "daily", "TargetBackupVaultName": "dp-prod-data-lake"}


MUTATIONS = [
    *offender(
        "data-lake-inv-01",
        "modules/data_lake/main.tf",
        'module.data_lake.aws_s3_bucket.dl["raw"]',
        "bucket",
        "dp-dev-bronze",
        "",
        call("s3:CreateBucket", Bucket="dp-dev-bronze", **HERE),
    ),
    *offender(
        "data-lake-inv-02",
        "global/remote-state/main.tf",
        "aws_dynamodb_table.locks",
        "name",
        "tf-more",
        '  billing_mode = "PAY_PER_REQUEST"\n  hash_key = "id"\n'
        '  attribute {\n    name = "id"\n    type = "S"\n  }',
        call("dynamodb:CreateTable", TableName="tf-more", BillingMode="PAY_PER_REQUEST", **BY_ID),
    ),
    *offender(
        "data-lake-inv-03",
        "modules/observability/alarms.tf",
        "module.observability.aws_sns_topic.alerts",
        "name",
        "dp-dev-more",
        "",
        call("sns:CreateTopic", Name="dp-dev-more"),
    ),
    *offender(
        "data-lake-inv-04",
        "modules/observability/alarms.tf",
        'module.observability.aws_cloudwatch_metric_alarm.bucket_4xx_errors["raw"]',
        "alarm_name",
        "dp-dev-more",
        '  comparison_operator = "GreaterThanThreshold"\n  evaluation_periods = 1\n  actions_enabled = false',
        alarm("dp-dev-more"),
    ),
    *offender(
        "data-lake-inv-05",
        "modules/backup/main.tf",
        "module.backup.aws_backup_plan.this",
        "name",
        "dp-prod-more",
        '  rule {\n    rule_name = "daily"\n    target_vault_name = "dp-prod-data-lake"\n  }',
        call("backup:CreateBackupPlan", BackupPlan={"BackupPlanName": "dp-prod-more", "Rules": [SCHEDULE]}),
        environment="prod",
    ),
    *offender(
        "data-lake-inv-06",
        "modules/backup/main.tf",
        "module.backup.aws_backup_vault.this",
        "name",
        "dp-prod-more",
        "",
        call("backup:CreateBackupVault", BackupVaultName="dp-prod-more"),
        environment="prod",
    ),
]
