"""Changes that look like faults and are none: the same to AWS, Terraform or GitHub, or better."""

import json

from selftest.mutations.documents import Set
from selftest.mutations.edits import Edited, Replaced, call
from selftest.mutations.mutation import Mutation, near_miss
from selftest.stacks.bbws.mutations.backup import VAULT, lock
from selftest.stacks.bbws.mutations.monitoring import BUCKET_POLICY, DEPENDS, MAY_LOOK, key_of_the_trail
from selftest.stacks.bbws.mutations.replication import DR, OF_DR, REPLICA, denied_in_source

TABLES, BACKUP = "dynamodb/main.tf", "dynamodb/backup.tf"
BUCKETS, REPLICATION = "s3/main.tf", "s3/replication.tf"
OBJECTS = "s3/templates.tf"
ALARMS, AUDIT, CONFIG = "monitoring/alarms.tf", "monitoring/audit.tf", "monitoring/config.tf"
MAY_WRITE = """resource "aws_iam_role_policy" "config" {
  name   = "deliver"
  role   = aws_iam_role.config.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "${local.audit_arn}/config/*" }]
  })
}

"""
TABLE = "bbws-tenants-dev"
TABLE_ARN = f"arn:aws:dynamodb:af-south-1:536580886816:table/{TABLE}"
BUCKET = "bbws-templates-dev"
PITR = "point_in_time_recovery {\n    enabled = true\n"
ARNS = """resources = [
    aws_dynamodb_table.tenants.arn,
    aws_dynamodb_table.products.arn,
    aws_dynamodb_table.campaigns.arn,
  ]
"""
BY_TAG = 'selection_tag {\n    type  = "STRINGEQUALS"\n    key   = "Component"\n    value = "dynamodb"\n  }\n'
WEEKLY = """  rule {
    rule_name         = "weekly"
    target_vault_name = aws_backup_vault.backup.name
    schedule          = "cron(0 3 ? * SUN *)"
  }

  rule {
    rule_name         = "daily"
"""
DAILY = '  rule {\n    rule_name         = "daily"\n'
LOCK_HELD = "aws_cloudwatch_metric_alarm.lock_held"
ONLY_TLS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}
FOR_AUDITORS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::536580886816:role/auditor"},
            "Action": "dynamodb:DescribeTable",
            "Resource": TABLE_ARN,
        }
    ],
}
_ORDERED = "more than none is one or more: the same series fires"
_SCHEMA = "what the sentence asks for is there; it asks nothing of the rest"

MUTATIONS: list[Mutation] = []
NEAR_MISSES = [
    near_miss(
        "bbws-ci-14",
        Edited(
            ".github/workflows/validate-schemas.yml",
            "  pull_request:\n",
            "  pull_request: {branches: [main], paths: ['terraform/**', '.github/**']}\n",
        ),
        why="each change of a table is one of these files",
    ),
    near_miss(
        "bbws-ci-09",
        Edited(
            ".github/workflows/terraform-plan.yml",
            "      - uses: actions/upload-artifact@",
            "      - run: rm -rf terraform/bbws/*/.terraform\n      - uses: actions/upload-artifact@",
        ),
        why="what is removed is no plan",
    ),
    near_miss(
        "bbws-ddb-15",
        Replaced(TABLES, PITR, f"{PITR}    recovery_period_in_days = 20\n"),
        why="recovery is on, with a shorter window: 1 to 35 days",
    ),
    near_miss(
        "bbws-ddb-15",
        call(
            "dynamodb:UpdateContinuousBackups",
            TableName=TABLE,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 20},
        ),
        why="recovery is on, with a shorter window: 1 to 35 days",
    ),
    near_miss(
        "bbws-ddb-17",
        Replaced(TABLES, 'Component   = "dynamodb"', 'Component   = "dynamodb"\n    Team        = "mail"'),
        why="a ninth tag takes none of the eight away",
    ),
    near_miss(
        "bbws-ddb-17",
        call("dynamodb:TagResource", ResourceArn=TABLE_ARN, Tags=[{"Key": "Team", "Value": "mail"}]),
        why="a ninth tag takes none of the eight away",
    ),
    near_miss(
        "bbws-ddb-17",
        Set("aws_dynamodb_table.tenants", "tags.Team", "mail"),
        why="a ninth tag takes none away",
    ),
    near_miss(
        "bbws-ddb-19",
        Replaced(TABLES, "prevent_destroy = true", "prevent_destroy = true\n    ignore_changes  = [tags]"),
        why=_SCHEMA,
    ),
    near_miss(
        "bbws-ddb-20",
        Replaced("dynamodb/prod.tfvars", "deletion_protection_enabled = true", ""),
        why="the variable's default is true",
        environment="prod",
    ),
    near_miss(
        "bbws-ddb-21",
        call("dynamodb:PutResourcePolicy", ResourceArn=TABLE_ARN, Policy=json.dumps(FOR_AUDITORS)),
        why="it allows another role something, and denies nobody anything",
    ),
    near_miss(
        "bbws-s3-14",
        Replaced(OBJECTS, 'resource "aws_s3_object"', 'resource "aws_s3_bucket_object"'),
        Replaced("s3/outputs.tf", "aws_s3_object.templates", "aws_s3_bucket_object.templates"),
        why="the provider takes the type's older name, too",
    ),
    near_miss("bbws-bkp-03", Replaced(BACKUP, DAILY, WEEKLY), why="one scheduled rule more"),
    near_miss(
        "bbws-bkp-03",
        Replaced(BACKUP, VAULT, f"{lock('min_retention_days = 7')}{VAULT}"),
        why="a locked vault takes what is kept as long as it asks for",
    ),
    near_miss(
        "bbws-bkp-04", Replaced(BACKUP, ARNS, BY_TAG), why="the runbook takes a tag that the tables carry"
    ),
    near_miss(
        "bbws-bkp-10",
        Replaced(ALARMS, '"GreaterThanThreshold"', '"GreaterThanOrEqualToThreshold"'),
        Replaced(ALARMS, "threshold           = 0", "threshold           = 1"),
        why=_ORDERED,
    ),
    near_miss(
        "bbws-tf-06",
        Replaced(ALARMS, "threshold           = 600", "threshold           = 600\n  datapoints_to_alarm = 1"),
        why="one of one evaluation period is what it is without being said",
    ),
    near_miss(
        "bbws-tf-06",
        Set(LOCK_HELD, "ok_actions", ["arn:aws:sns:af-south-1:536580886816:bbws-alerts-dev"]),
        why="who is told of the alarm is told of its end, too",
    ),
    near_miss(
        "bbws-mon-12 trail.logging",
        Replaced(AUDIT, "is_multi_region_trail      = true", "is_multi_region_trail      = false"),
        why="the trail's own region is the one that is asked for",
    ),
    near_miss(
        "bbws-mon-12 trail.delivery",
        Replaced(AUDIT, DEPENDS, f"  kms_key_id = aws_kms_key.trail.arn\n\n{DEPENDS}"),
        Replaced(AUDIT, BUCKET_POLICY, f"{key_of_the_trail('cloudtrail')}{BUCKET_POLICY}"),
        why="the key lets CloudTrail encrypt",
    ),
    near_miss(
        "bbws-mon-05 config.delivery",
        Replaced(AUDIT, '    "config.amazonaws.com" = {', '    "delivery.logs.amazonaws.com" = {'),
        Replaced(CONFIG, 'local.writers["config.amazonaws.com"].prefix', '"config"'),
        Replaced(CONFIG, MAY_LOOK, MAY_WRITE + MAY_LOOK),
        why="Config writes as the role of the recorder",
    ),
    near_miss(
        "bbws-s3-07",
        call("s3:PutBucketPolicy", Bucket=BUCKET, Policy=json.dumps(ONLY_TLS)),
        why="it names everybody, and only denies",
    ),
    near_miss(
        "bbws-s3-08",
        Replaced(BUCKETS, 'status = "Enabled"', 'status     = "Enabled"\n    mfa_delete = "Disabled"'),
        why="Disabled is how MFA delete is without being named",
    ),
    near_miss(
        "bbws-s3-08",
        call(
            "s3:PutBucketVersioning",
            Bucket=BUCKET,
            VersioningConfiguration={"Status": "Enabled", "MFADelete": "Disabled"},
        ),
        why="Disabled is how MFA delete is without being named",
    ),
    near_miss(
        "bbws-rep-02",
        Replaced(REPLICATION, "filter {}", 'filter {\n      prefix = ""\n    }'),
        why="every key begins with nothing",
        environment="prod",
    ),
    near_miss(
        "bbws-rep-01",
        Replaced(
            REPLICATION,
            'status = "Enabled"\n\n    # Empty',
            'status = "Enabled"\n\n    priority = 1\n\n    # Empty',
        ),
        why="a priority decides between rules, and there is one",
        environment="prod",
    ),
    near_miss(
        "bbws-rep-07 replication.let-in",
        denied_in_source(DR, REPLICA, "s3:*", OF_DR, Bool={"aws:SecureTransport": "false"}),
        why="S3 replicates over TLS",
        environment="prod",
    ),
    near_miss(
        "bbws-rep-07 replication.let-in",
        denied_in_source(DR, REPLICA, "s3:PutObject", OF_DR),
        why="nobody may write but S3, which replicates",
        environment="prod",
    ),
    near_miss(
        "bbws-ci-08",
        Edited(".github/workflows/terraform-apply.yml", "timeout-minutes: 30", "timeout-minutes: 20"),
        why="30 minutes or less",
    ),
    near_miss(
        "bbws-ci-15",
        Edited(".pre-commit-config.yaml", "repos:", "fail_fast: true\nrepos:"),
        why="the linter is still there",
    ),
]
