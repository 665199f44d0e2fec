"""Mutations for tests/dynamodb and tests/operations."""

from moto.cloudwatch.models import cloudwatch_backends

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Happened, Removed, Replaced, call
from selftest.mutations.mutation import mutation, unnamed
from selftest.mutations.removals import remove_table

MAIN = "notes/main.tf"
TABLE = "aws_dynamodb_table.notes"
THROTTLED = Happened(
    "a read of notes-dev is throttled",
    lambda aws: history.metric(aws, "AWS/DynamoDB", "ReadThrottleEvents", 1, TableName="notes-dev"),
)
SOURCE = "dynamodb.amazonaws.com"
REFUSED = Happened(
    "an update of notes-dev is refused",
    lambda aws: history.event(
        aws,
        SOURCE,
        "UpdateTable",
        code="AccessDenied",
        Resources=[{"ResourceType": "AWS::DynamoDB::Table", "ResourceName": "notes-dev"}],
    ),
)


def _never_read(aws: Aws) -> None:
    data = cloudwatch_backends[aws.account][aws.region].metric_data
    data[:] = [it for it in data if it.name != "ConsumedReadCapacityUnits"]
    history.metric(aws, "AWS/DynamoDB", "ConsumedWriteCapacityUnits", 5, TableName="notes-dev")


def _not_backed_up(aws: Aws) -> None:
    history.forget_events(aws)
    history.event(aws, SOURCE, "DescribeTable")


_WATCHED = {"example-mon-01": "the alarm watches the table of the other name"}

MUTATIONS = [
    mutation(
        "example-ddb-01",
        Replaced(MAIN, '"notes-${', '"note-${'),
        falls_with={**_WATCHED, **unnamed("example-inv-01")},
    ),
    mutation("example-ddb-01", Set(TABLE, "name", "note-dev"), falls_with=unnamed("example-inv-01")),
    mutation("example-ddb-01", Removed("notes-dev", remove_table)),
    mutation("example-ddb-02", Replaced(MAIN, "enabled = true", "enabled = false")),
    mutation("example-ddb-02", Set(TABLE, "point_in_time_recovery.0.enabled", False)),
    mutation(
        "example-ddb-02",
        call(
            "dynamodb:UpdateContinuousBackups",
            TableName="notes-dev",
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
        ),
    ),
    mutation("example-ddb-03", Replaced("notes/prod.tfvars", "= true", "= false"), environment="prod"),
    mutation("example-ddb-03", Set(TABLE, "deletion_protection_enabled", False), environment="prod"),
    mutation(
        "example-ddb-03",
        call("dynamodb:UpdateTable", TableName="notes-prod", DeletionProtectionEnabled=False),
        environment="prod",
    ),
    mutation("example-ddb-04", THROTTLED),
    mutation("example-ddb-05", Happened("nobody reads notes-dev", _never_read)),
    mutation("example-ddb-06", REFUSED),
    mutation("example-ddb-07", Happened("nobody backs notes-dev up", _not_backed_up)),
]
