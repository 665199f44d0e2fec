"""Mutations for tests/inventory: of each kind one that nobody listed."""

from collections.abc import Iterator

from selftest.mutations.documents import Added
from selftest.mutations.edits import Edit, Replaced, call
from selftest.mutations.mutation import Mutation, mutation

KEY = {"AttributeName": "id", "AttributeType": "S"}
BY_ID = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "AttributeDefinitions": [KEY]}
HERE = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-3"}}
SCHEDULE = {"RuleName": "daily", "TargetBackupVaultName": "dp-prod-data-lake"}


def offender(
    inventory: str, file: str, beside: str, arguments: str, made: Edit, environment: str = "dev"
) -> Iterator[Mutation]:
    """Yield the mutations that add a resource beside one of its type, in source, in files, in an account."""
    *module, type_, label = beside.partition("[")[0].split(".")
    opening = f'resource "{type_}" "{label}" {{'
    added = f'resource "{type_}" "more" {{\n{arguments}\n}}\n\n{opening}'
    name, _, value = arguments.splitlines()[0].strip().partition(" = ")
    values = {name: value.strip('"')}
    address = ".".join([*module, type_, "more"])
    for edit in (Replaced(file, opening, added), Added(address, values, beside), made):
        yield mutation(f"data-lake-inv-0{inventory}", edit, environment=environment, unlisted=True)


MUTATIONS = [
    *offender(
        "1",
        "modules/data_lake/main.tf",
        'module.data_lake.aws_s3_bucket.dl["raw"]',
        '  bucket = "dp-dev-bronze"',
        call("s3:CreateBucket", Bucket="dp-dev-bronze", **HERE),
    ),
    *offender(
        "2",
        "global/remote-state/main.tf",
        "aws_dynamodb_table.locks",
        '  name = "tf-more"\n  billing_mode = "PAY_PER_REQUEST"\n  hash_key = "id"\n'
        '  attribute {\n    name = "id"\n    type = "S"\n  }',
        call("dynamodb:CreateTable", TableName="tf-more", BillingMode="PAY_PER_REQUEST", **BY_ID),
    ),
    *offender(
        "3",
        "modules/observability/alarms.tf",
        "module.observability.aws_sns_topic.alerts",
        '  name = "dp-dev-more"',
        call("sns:CreateTopic", Name="dp-dev-more"),
    ),
    *offender(
        "4",
        "modules/observability/alarms.tf",
        'module.observability.aws_cloudwatch_metric_alarm.bucket_4xx_errors["raw"]',
        '  alarm_name = "dp-dev-more"\n  comparison_operator = "GreaterThanThreshold"\n'
        "  evaluation_periods = 1\n  actions_enabled = false",
        call(
            "cloudwatch:PutMetricAlarm",
            AlarmName="dp-dev-more",
            Namespace="AWS/S3",
            MetricName="5xxErrors",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
            ActionsEnabled=False,
        ),
    ),
    *offender(
        "5",
        "modules/backup/main.tf",
        "module.backup.aws_backup_plan.this",
        '  name = "dp-prod-more"\n  rule {\n    rule_name = "daily"\n'
        '    target_vault_name = "dp-prod-data-lake"\n  }',
        call("backup:CreateBackupPlan", BackupPlan={"BackupPlanName": "dp-prod-more", "Rules": [SCHEDULE]}),
        environment="prod",
    ),
    *offender(
        "6",
        "modules/backup/main.tf",
        "module.backup.aws_backup_vault.this",
        '  name = "dp-prod-more"',
        call("backup:CreateBackupVault", BackupVaultName="dp-prod-more"),
        environment="prod",
    ),
]
