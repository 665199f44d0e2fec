"""Mutations for tests/dynamodb and tests/operations."""

from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Happened, Removed, Replaced, call
from selftest.mutations.mutation import mutation
from selftest.mutations.removals import remove_table

MAIN = "notes/main.tf"
TABLE = "aws_dynamodb_table.notes"
THROTTLED = Happened(
    "a read of notes-dev is throttled",
    lambda aws: history.metric(aws, "AWS/DynamoDB", "ReadThrottleEvents", 1, TableName="notes-dev"),
)
_WATCHED = {"example-mon-01": "the alarm watches the table of the other name"}

MUTATIONS = [
    mutation("example-ddb-01", Replaced(MAIN, '"notes-${', '"note-${'), falls_with=_WATCHED),
    mutation("example-ddb-01", Set(TABLE, "name", "note-dev")),
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
]
