"""Mutations for tests/dynamodb: what the tables are, whatever they hold."""

from typing import Any

from plumbline.aws.reads import Aws
from selftest.mutations.documents import Set
from selftest.mutations.edits import Edit, Removed, Replaced, call
from selftest.mutations.mutation import mutation, near_miss, on_each, unnamed
from selftest.stacks.bbws.mutations.dynamodb import index_status, status

FILE = "infrastructure/terraform/modules/storage/tables.tf"
MAIN, DEDUP = "threat-intel-dev", "threat-intel-dedup-dev"
IN_FILES = "module.storage.aws_dynamodb_table"
KEYS, EXPIRY, INSIGHTS = (f"threat-intel-ddb-{it}" for it in ("04", "06", "09"))
SWITCHED_ON = """resource "aws_dynamodb_contributor_insights" "threat_intel" {
  table_name = aws_dynamodb_table.threat_intel.name
}
"""
OF_AN_INDEX = """resource "aws_dynamodb_contributor_insights" "by_type" {
  table_name = aws_dynamodb_table.threat_intel.name
  index_name = "by-type"
}
"""
MAIN_IS, DEDUP_IS, INDEXED = (f"threat-intel-ddb-{it}" for it in ("01", "02", "03"))
OF_TABLES = unnamed("threat-intel-inv-01")
ON_DEMAND = '"threat-intel-${var.environment}"\n  billing_mode                = "PAY_PER_REQUEST"'
PROVISIONED = '"threat-intel-${var.environment}"\n  read_capacity = 5\n  write_capacity = 5'
BOTH_INDEXES = """  global_secondary_index {
    name            = "by-type"
    hash_key        = "object_type"
    range_key       = "modified"
    projection_type = "ALL"
  }

  global_secondary_index {
    name            = "by-source"
    hash_key        = "source"
    range_key       = "modified"
    projection_type = "ALL"
  }

"""
OF_KEYS = {KEYS: "it has none of the indexes that are declared"}
BY_TYPE = '    hash_key        = "object_type"\n    range_key       = "modified"\n'
ALL = {"projection_type": "ALL", "non_key_attributes": [], "on_demand_throughput": []}
BY_SOURCE = {"name": "by-source", "hash_key": "source", "range_key": "modified", **ALL}
UNSORTED = {"name": "by-type", "hash_key": "object_type", "range_key": "", **ALL}
BY_DAY = {
    "IndexName": "by-day",
    "KeySchema": [{"AttributeName": "modified", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}


def indexes(**update: Any) -> Edit:
    """Return that somebody changes an index of the main table."""
    return call("dynamodb:UpdateTable", TableName=MAIN, GlobalSecondaryIndexUpdates=[update])


def expiring(by: str, *, enabled: bool = True) -> Edit:
    """Return that somebody lets items of the deduplication table expire otherwise."""
    told = {"Enabled": enabled, "AttributeName": by}
    return call("dynamodb:UpdateTimeToLive", TableName=DEDUP, TimeToLiveSpecification=told)


def remove(aws: Aws, name: str) -> None:
    """Delete a table, for which its protection must go first."""
    aws.write("dynamodb:UpdateTable", TableName=name, DeletionProtectionEnabled=False)
    aws.write("dynamodb:DeleteTable", TableName=name)


MUTATIONS = [
    mutation(
        f"{MAIN_IS} dynamodb.exists",
        Replaced(FILE, '"threat-intel-${', '"threat-intels-${'),
        falls_with=OF_TABLES,
    ),
    mutation(
        f"{MAIN_IS} dynamodb.exists",
        Set(f"{IN_FILES}.threat_intel", "name", "threat-intels-dev"),
        falls_with=OF_TABLES,
    ),
    mutation(f"{MAIN_IS} dynamodb.exists", Removed(MAIN, remove)),
    mutation(f"{MAIN_IS} dynamodb.status", status(MAIN, "ARCHIVING"), only_on="live"),
    *on_each(
        f"{MAIN_IS} dynamodb.billing-mode",
        Replaced(FILE, ON_DEMAND, PROVISIONED),
        Set(f"{IN_FILES}.threat_intel", "billing_mode", "PROVISIONED"),
        call(
            "dynamodb:UpdateTable",
            TableName=MAIN,
            BillingMode="PROVISIONED",
            ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        ),
    ),
    mutation(
        f"{DEDUP_IS} dynamodb.exists",
        Replaced(FILE, '"threat-intel-dedup-${', '"threat-intel-seen-${'),
        falls_with=OF_TABLES,
    ),
    mutation(
        f"{DEDUP_IS} dynamodb.exists",
        Set(f"{IN_FILES}.dedup", "name", "threat-intel-seen-dev"),
        falls_with=OF_TABLES,
    ),
    mutation(f"{DEDUP_IS} dynamodb.exists", Removed(DEDUP, remove)),
    mutation(f"{DEDUP_IS} dynamodb.status", status(DEDUP, "ARCHIVING"), only_on="live"),
    mutation(f"{INDEXED} dynamodb.some-indexes", Replaced(FILE, BOTH_INDEXES, ""), falls_with=OF_KEYS),
    mutation(
        f"{INDEXED} dynamodb.some-indexes",
        Set(f"{IN_FILES}.threat_intel", "global_secondary_index", []),
        falls_with=OF_KEYS,
    ),
    mutation(
        f"{INDEXED} dynamodb.some-indexes",
        *(indexes(Delete={"IndexName": it}) for it in ("by-type", "by-source")),
        falls_with=OF_KEYS,
    ),
    mutation(f"{INDEXED} dynamodb.index-status", index_status(MAIN, "CREATING"), only_on="live"),
    *on_each(
        KEYS,
        Replaced(FILE, BY_TYPE, '    hash_key        = "object_type"\n'),
        Set(f"{IN_FILES}.threat_intel", "global_secondary_index", [BY_SOURCE, UNSORTED]),
        indexes(Delete={"IndexName": "by-type"}),
    ),
    mutation(KEYS, Replaced(FILE, BY_TYPE, BY_TYPE.replace("object_type", "object_id"))),
    mutation(KEYS, Replaced(FILE, '"object_type"\n    type = "S"', '"object_type"\n    type = "N"')),
    mutation(KEYS, indexes(Create=BY_DAY)),
    *on_each(
        EXPIRY,
        Replaced(FILE, 'attribute_name = "expires_at"', 'attribute_name = "expires"'),
        Set(f"{IN_FILES}.dedup", "ttl.0.enabled", False),
        expiring("expires"),
    ),
    mutation(EXPIRY, Replaced(FILE, "enabled        = true", "enabled = false")),
    mutation(EXPIRY, expiring("expires_at", enabled=False)),
    *on_each(
        INSIGHTS,
        Replaced(FILE, SWITCHED_ON, ""),
        Set("module.storage.aws_dynamodb_contributor_insights.threat_intel", "index_name", "by-type"),
        call(
            "dynamodb:UpdateContributorInsights",
            TableName=MAIN,
            ContributorInsightsAction="DISABLE",
        ),
    ),
    mutation(INSIGHTS, Replaced(FILE, SWITCHED_ON, OF_AN_INDEX)),
    mutation(
        INSIGHTS,
        Replaced(
            FILE, "table_name = aws_dynamodb_table.threat_intel", "table_name = aws_dynamodb_table.dedup"
        ),
    ),
]

NEAR_MISSES = [
    near_miss(
        KEYS,
        Replaced(FILE, 'projection_type = "ALL"', 'projection_type = "KEYS_ONLY"'),
        why="what an index holds besides is not what it is keyed by",
    ),
    near_miss(
        INSIGHTS,
        Replaced(FILE, SWITCHED_ON, SWITCHED_ON + OF_AN_INDEX),
        why="an index is looked at, too",
    ),
    near_miss(
        EXPIRY,
        Replaced(
            FILE,
            'ttl {\n    attribute_name = "expires_at"\n    enabled        = true\n  }',
            'dynamic "ttl" {\n    for_each = ["expires_at"]\n\n    content {\n'
            "      attribute_name = ttl.value\n      enabled        = true\n    }\n  }",
        ),
        why="it is the same block",
    ),
]
