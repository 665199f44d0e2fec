"""Mutations for tests/dynamodb, and for what became of the tables."""

from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Happened, Replaced, call
from selftest.mutations.mutation import mutation, near_miss, on_each

FILE = "infrastructure/dynamodb.tf"
PROPERTIES, ENQUIRIES = "prop-ie-dev-properties", "prop-ie-dev-enquiries"
THROTTLED, IN_A_WEEK, SCANS, LATENCY, RECOVERY = (f"propie-ddb-{it}" for it in ("01", "02", "08", "09", "10"))
AN_HOUR, DAYS = 60, 5 * 24 * 60
ALSO_IN_A_WEEK = {IN_A_WEEK: "half an hour is part of a week"}


def counted(name: str, value: float, minutes: float = 6, table: str = PROPERTIES, **more: str) -> Happened:
    """Return that DynamoDB counts so much of a table."""
    return Happened(
        f"{value:g} {name} of {table} {' '.join(more.values())}, {minutes:g} minutes ago",
        lambda aws: history.metric(aws, "AWS/DynamoDB", name, value, minutes, TableName=table, **more),
    )


MUTATIONS = [
    mutation(THROTTLED, counted("ThrottledRequests", 1, Operation="Query"), falls_with=ALSO_IN_A_WEEK),
    mutation(
        THROTTLED,
        counted("ThrottledRequests", 1, table=ENQUIRIES, Operation="BatchWriteItem"),
        falls_with=ALSO_IN_A_WEEK,
    ),
    mutation(IN_A_WEEK, counted("ThrottledRequests", 1, DAYS, Operation="GetItem")),
    mutation(SCANS, counted("SuccessfulRequestLatency", 12, 20 * AN_HOUR, table=ENQUIRIES, Operation="Scan")),
    mutation(LATENCY, counted("SuccessfulRequestLatency", 51, 50, Operation="Query")),
    *on_each(
        RECOVERY,
        Replaced(FILE, "recovery {\n    enabled = true", "recovery {\n    enabled = false"),
        Set("aws_dynamodb_table.enquiries", "point_in_time_recovery.0.enabled", False),
        call(
            "dynamodb:UpdateContinuousBackups",
            TableName=ENQUIRIES,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
        ),
    ),
    mutation(RECOVERY, Replaced(FILE, "  point_in_time_recovery {\n    enabled = true\n  }\n", "")),
]

NEAR_MISSES = [
    near_miss(
        SCANS,
        counted("SuccessfulRequestLatency", 12, Operation="GetItem"),
        why="one item was asked for, and not everything",
    ),
    near_miss(LATENCY, counted("SuccessfulRequestLatency", 50, Operation="Query"), why="it is borne"),
    near_miss(
        THROTTLED,
        counted("ThrottledRequests", 1, table="orders", Operation="Query"),
        why="it is no table of ours",
    ),
]
