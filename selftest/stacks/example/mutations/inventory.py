"""Mutations for tests/inventory: of each kind one that nobody listed."""

from selftest.mutations.documents import Added
from selftest.mutations.edits import Edit, Replaced, call
from selftest.mutations.mutation import Mutation, mutation
from selftest.mutations.offenders import alarm

MAIN, WATCHING = "notes/main.tf", "notes/watching.tf"
KEY = {"AttributeName": "id", "AttributeType": "S"}
BY_ID = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "AttributeDefinitions": [KEY]}


def offender(file: str, beside: str, arguments: str, values: dict[str, object], made: Edit) -> list[Mutation]:
    """Return the mutations that add a resource beside one of its type, in source, in files, in an account."""
    type_, _, label = beside.partition(".")
    opening = f'resource "{type_}" "{label}" {{'
    added = f'resource "{type_}" "more" {{\n{arguments}\n}}\n\n{opening}'
    edits: list[Edit] = [Replaced(file, opening, added), Added(f"{type_}.more", values, beside), made]
    return [mutation("example-inv-01", edit, unlisted=True) for edit in edits]


MUTATIONS = [
    *offender(
        MAIN,
        "aws_dynamodb_table.notes",
        '  name = "notes-old-dev"\n  billing_mode = "PAY_PER_REQUEST"\n  hash_key = "id"\n'
        '  attribute {\n    name = "id"\n    type = "S"\n  }',
        {"name": "notes-old-dev"},
        call("dynamodb:CreateTable", TableName="notes-old-dev", BillingMode="PAY_PER_REQUEST", **BY_ID),
    ),
    *offender(
        MAIN,
        "aws_s3_bucket.attachments",
        '  bucket = "notes-old-dev"',
        {"bucket": "notes-old-dev"},
        call(
            "s3:CreateBucket",
            Bucket="notes-old-dev",
            CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
        ),
    ),
    *offender(
        WATCHING,
        "aws_cloudwatch_log_group.api",
        '  name = "/aws/lambda/notes-old-dev"',
        {"name": "/aws/lambda/notes-old-dev"},
        call("logs:CreateLogGroup", logGroupName="/aws/lambda/notes-old-dev"),
    ),
    *offender(
        WATCHING,
        "aws_sns_topic.alerts",
        '  name = "notes-old-dev"',
        {"name": "notes-old-dev"},
        call("sns:CreateTopic", Name="notes-old-dev"),
    ),
    *offender(
        WATCHING,
        "aws_cloudwatch_metric_alarm.throttled",
        '  alarm_name = "notes-old-dev"\n  comparison_operator = "GreaterThanThreshold"\n'
        "  evaluation_periods = 1\n  actions_enabled = false",
        {"alarm_name": "notes-old-dev", "actions_enabled": False},
        alarm("notes-old-dev"),
    ),
]
