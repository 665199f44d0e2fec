"""Mutations for tests/dynamodb, and for what became of the tables."""

from plumbline.aws.reads import Aws
from plumbline.kinds.dynamodb import Table
from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Happened, Recreated, Removed, Replaced, call
from selftest.mutations.mutation import mutation, near_miss, on_each, unnamed
from selftest.stacks.bbws.mutations.dynamodb import index_status, status

TABLES = "infra/terraform/dynamodb.tf"
LEADS, CONFERENCES = "elite-adventures-leads-prod-leads", "elite-adventures-leads-prod-conferences"
DECLARED = "aws_dynamodb_table.leads"
OTHERWISE = "elite-adventures-leads-prod-lead"
OWN_KEY = '  hash_key                    = "PK"\n'
INDEX = """  global_secondary_index {
    name            = "by-conference"
    hash_key        = "conference_id"
    range_key       = "submitted_at"
    projection_type = "ALL"
  }
"""
ON_DEMAND = '"${local.name_prefix}-conferences"\n  billing_mode                = "PAY_PER_REQUEST"'
PROVISIONED = '"${local.name_prefix}-conferences"\n  read_capacity = 5\n  write_capacity = 5'
WITH_SORT_KEY = {"range_key": "SK", "attributes": {"PK": "S", "SK": "S"}, "indexes": {}, "index_keys": {}}
OF_THE_INDEX = {"elite-adventures-ddb-05 dynamodb.has-index": "it was made again without its index"}


def remove(aws: Aws, name: str) -> None:
    """Delete a table, for which its protection must go first."""
    aws.write("dynamodb:UpdateTable", TableName=name, DeletionProtectionEnabled=False)
    aws.write("dynamodb:DeleteTable", TableName=name)


def measured(name: str, value: float, **dimensions: str) -> Happened:
    """Return that DynamoDB counts so much of the leads."""
    return Happened(
        f"{value:g} {name} of {LEADS}",
        lambda aws: history.metric(aws, "AWS/DynamoDB", name, value, TableName=LEADS, **dimensions),
    )


def _nothing_restored(aws: Aws) -> None:
    history.forget_events(aws)
    history.event(aws, "dynamodb.amazonaws.com", "ListTagsForResource")
    history.event(aws, "dynamodb.amazonaws.com", "RestoreTableToPointInTime", code="AccessDenied")


def _another_restored(aws: Aws) -> None:
    _nothing_restored(aws)
    told = {"sourceTableName": "orders", "targetTableName": f"{LEADS}-restored"}
    history.event(aws, "dynamodb.amazonaws.com", "RestoreTableToPointInTime", parameters=told)


def _restored_from_a_backup(aws: Aws) -> None:
    _nothing_restored(aws)
    backup = f"arn:aws:dynamodb:us-east-1:100000000004:table/{CONFERENCES}/backup/01489602797149-73d8d5bc"
    told = {"backupArn": backup, "targetTableName": "tried"}
    history.event(aws, "dynamodb.amazonaws.com", "RestoreTableFromBackup", parameters=told)


MUTATIONS = [
    mutation(
        "elite-adventures-ddb-01 dynamodb.exists",
        Replaced(TABLES, '-leads"', '-lead"'),
        falls_with=unnamed("elite-adventures-inv-01"),
    ),
    mutation(
        "elite-adventures-ddb-01 dynamodb.exists",
        Set(DECLARED, "name", OTHERWISE),
        falls_with=unnamed("elite-adventures-inv-01"),
    ),
    mutation("elite-adventures-ddb-01 dynamodb.exists", Removed(CONFERENCES, remove)),
    mutation("elite-adventures-ddb-01 dynamodb.status", status(LEADS, "ARCHIVING"), only_on="live"),
    *on_each(
        "elite-adventures-ddb-02",
        Replaced(TABLES, "recovery {\n    enabled = true", "recovery {\n    enabled = false"),
        Set("aws_dynamodb_table.conferences", "point_in_time_recovery.0.enabled", False),
        call(
            "dynamodb:UpdateContinuousBackups",
            TableName=CONFERENCES,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
        ),
    ),
    *on_each(
        "elite-adventures-ddb-03",
        Replaced(TABLES, ON_DEMAND, PROVISIONED),
        Set(DECLARED, "billing_mode", "PROVISIONED"),
        call(
            "dynamodb:UpdateTable",
            TableName=CONFERENCES,
            BillingMode="PROVISIONED",
            ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        ),
    ),
    mutation(
        "elite-adventures-ddb-04",
        Replaced(
            TABLES,
            '  hash_key                    = "PK"\n',
            '  hash_key = "PK"\n  range_key = "submitted_at"\n',
        ),
    ),
    mutation("elite-adventures-ddb-04", Set(DECLARED, "hash_key", "conference_id")),
    mutation(
        "elite-adventures-ddb-04", Recreated(LEADS, Table, remove, WITH_SORT_KEY), falls_with=OF_THE_INDEX
    ),
    mutation("elite-adventures-ddb-05 dynamodb.has-index", Replaced(TABLES, INDEX, "")),
    mutation("elite-adventures-ddb-05 dynamodb.has-index", Set(DECLARED, "global_secondary_index", [])),
    mutation(
        "elite-adventures-ddb-05 dynamodb.has-index",
        call(
            "dynamodb:UpdateTable",
            TableName=LEADS,
            GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "by-conference"}}],
        ),
    ),
    mutation(
        "elite-adventures-ddb-05 dynamodb.index-status", index_status(LEADS, "CREATING"), only_on="live"
    ),
    mutation("elite-adventures-ddb-06", measured("ReadThrottleEvents", 1)),
    mutation(
        "elite-adventures-ddb-06",
        measured("WriteThrottleEvents", 1, GlobalSecondaryIndexName="by-conference"),
    ),
    mutation("elite-adventures-ddb-07", measured("SuccessfulRequestLatency", 12, Operation="Scan")),
    mutation("elite-adventures-ops-06", Happened("no table was restored", _nothing_restored)),
    mutation("elite-adventures-ops-06", Happened("another table was restored", _another_restored)),
]

NEAR_MISSES = [
    near_miss(
        "elite-adventures-ops-06",
        Happened("a table was restored from its backup", _restored_from_a_backup),
        why="it is a restore of one of the tables",
    ),
    near_miss(
        "elite-adventures-ddb-05 dynamodb.has-index",
        Replaced(TABLES, '"by-conference"', '"of-a-conference"'),
        why="the guide names no index",
    ),
    near_miss(
        "elite-adventures-ddb-07",
        measured("SuccessfulRequestLatency", 12, Operation="Query"),
        why="an index was asked, and not everything",
    ),
]
