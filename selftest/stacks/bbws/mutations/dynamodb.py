"""Mutations for tests/dynamodb."""

from datetime import UTC, datetime, timedelta
from typing import Any

from plumbline.kinds.dynamodb import Table
from plumbline.kinds.table_definition import Index
from selftest.mutations.documents import Added, Lacking, Set
from selftest.mutations.edits import Described, Recreated, Removed, Replaced, call
from selftest.mutations.mutation import mutation, unnamed
from selftest.mutations.removals import remove_table

MAIN = "dynamodb/main.tf"
VARIABLES = "dynamodb/variables.tf"
TENANTS_TABLE, PRODUCTS_TABLE = "aws_dynamodb_table.tenants", "aws_dynamodb_table.products"
TENANTS = "bbws-tenants-dev"
PRODUCTS = "bbws-products-dev"
ON_EMAIL = {
    "KeySchema": [{"AttributeName": "email", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}
FIVE_UNITS = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
TOO_MANY = {f"index-{number}": Index(hash_key="email", projection_type="ALL") for number in range(20)}
TWICE_OF_TEN = """concat(var.global_secondary_indexes, [
      for n in range(20) : merge(var.global_secondary_indexes[0], { name = "index-${n}" })
    ])"""
TWENTY_ONE = [
    {"name": name, "hash_key": "email", "projection_type": "ALL", "non_key_attributes": []}
    for name in ("email-index", *TOO_MANY)
]
ATTRIBUTE = '  attribute {\n    name = "PK"\n    type = "S"\n  }\n'


TWICE = """concat(var.global_secondary_indexes, [
      merge(var.global_secondary_indexes[0], { name = "by-hand" })
    ])"""
ONE_MORE = {
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK", "email")],
    "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "by-hand", **ON_EMAIL}}],
}
STRAY = {
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
}
OWN = 'resource "aws_dynamodb_table" "tenants"'
MORE = "aws_dynamodb_table.more"
EUROPE = 'provider "aws" {\n  alias  = "eu"\n  region = "eu-west-1"\n}\n\n'
OWN_NAME = 'name                        = "bbws-tenants-'
REPLICA = """resource "aws_dynamodb_table_replica" "tenants" {
  provider         = aws.eu
  global_table_arn = aws_dynamodb_table.tenants.arn
}

"""
_OTHERS = {"bbws-ddb-13": "other indexes than those declared are there"}


def stray(name: str, more: str = "") -> str:
    """Return what declares another table."""
    keys = '  hash_key = "id"\n  billing_mode = "PAY_PER_REQUEST"\n'
    keys += '  attribute {\n    name = "id"\n    type = "S"\n  }\n'
    return f'resource "aws_dynamodb_table" "more" {{\n  name = "{name}"\n{keys}  {more}\n}}\n\n'


def restorable_until(table: str, minutes: int) -> Described:
    """Return the edit that lets the restore window of a table end so many minutes ago."""

    def change(backend: Any) -> None:
        vars(backend.tables[table])["restorable_until"] = datetime.now(UTC).replace(tzinfo=None) - timedelta(
            minutes=minutes
        )

    return Described(f"{table} can be restored until {minutes} minutes ago", change)


def status(table: str, value: str) -> Described:
    """Return the edit that gives a table this status."""

    def change(backend: Any) -> None:
        described = backend.tables[table]
        describe = described.describe

        def describe_as(*arguments: Any, **named: Any) -> dict[str, Any]:
            answer = describe(*arguments, **named)
            next(iter(answer.values()))["TableStatus"] = value
            return dict(answer)

        described.describe = describe_as

    return Described(f"{table} is {value}", change)


def index_status(table: str, value: str) -> Described:
    """Return the edit that gives the indexes of a table this status."""

    def change(backend: Any) -> None:
        for index in backend.tables[table].global_indexes:
            index.status = value

    return Described(f"the indexes of {table} are {value}", change)


WITHOUT_INDEX = call(
    "dynamodb:UpdateTable",
    TableName=TENANTS,
    GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "email-index"}}],
)

MUTATIONS = [
    mutation(
        "bbws-ddb-03",
        call("dynamodb:CreateTable", region="eu-west-1", **STRAY, TableName=TENANTS),
        falls_with=unnamed("bbws-inv-01"),
    ),
    mutation(
        "bbws-ddb-03",
        Replaced("dynamodb/providers.tf", 'provider "aws"', f'{EUROPE}provider "aws"'),
        Replaced(MAIN, OWN, f"{stray('bbws-orders-dev', 'provider = aws.eu')}{OWN}"),
        falls_with=unnamed("bbws-inv-01"),
    ),
    mutation(
        "bbws-ddb-03",
        Added(MORE, {"name": "bbws-orders-dev", "hash_key": "id", "region": "eu-west-1"}, TENANTS_TABLE),
        falls_with=unnamed("bbws-inv-01"),
    ),
    mutation(
        "bbws-ddb-03",
        Replaced(MAIN, OWN_NAME, f'replica {{\n    region_name = "eu-west-1"\n  }}\n  {OWN_NAME}'),
        falls_with=unnamed("bbws-inv-01"),
    ),
    mutation(
        "bbws-ddb-03",
        Replaced("dynamodb/providers.tf", 'provider "aws"', f'{EUROPE}provider "aws"'),
        Replaced(MAIN, OWN, f"{REPLICA}{OWN}"),
        falls_with=unnamed("bbws-inv-01"),
    ),
    mutation(
        "bbws-ddb-03",
        Set(TENANTS_TABLE, "replica", [{"region_name": "eu-west-1"}]),
        falls_with=unnamed("bbws-inv-01"),
    ),
    mutation(
        "bbws-ddb-04",
        call("dynamodb:CreateTable", **STRAY, TableName="bbws-orders-prod"),
        falls_with=unnamed("bbws-inv-01"),
    ),
    mutation(
        "bbws-ddb-04",
        Replaced(MAIN, OWN, f"{stray('bbws-orders-sit')}{OWN}"),
        falls_with=unnamed("bbws-inv-01"),
    ),
    mutation(
        "bbws-ddb-04",
        Added(MORE, {"name": "bbws-orders-prod", "hash_key": "id"}, TENANTS_TABLE),
        falls_with=unnamed("bbws-inv-01"),
    ),
    mutation(
        "bbws-ddb-01",
        Replaced(MAIN, '"bbws-tenants-${', '"bbws-tenant-${'),
        falls_with=unnamed("bbws-inv-01"),
    ),
    mutation("bbws-ddb-01", Removed(TENANTS, remove_table)),
    mutation("bbws-ddb-01", Set(TENANTS_TABLE, "name", "bbws-tenant-dev"), falls_with=unnamed("bbws-inv-01")),
    mutation("bbws-ddb-02", status(PRODUCTS, "UPDATING"), only_on="live"),
    mutation(
        "bbws-ddb-05",
        Replaced(MAIN, '["PK", "SK"]', '["PK", "TS"]'),
        Replaced(MAIN, 'range_key                   = "SK"', 'range_key = "TS"'),
    ),
    mutation("bbws-ddb-05", Set(TENANTS_TABLE, "range_key", "TS")),
    mutation("bbws-ddb-05", Set(TENANTS_TABLE, "attribute.0.type", "N")),
    mutation(
        "bbws-ddb-05",
        Recreated(
            TENANTS,
            Table,
            remove_table,
            {"range_key": "TS", "attributes": {"PK": "S", "TS": "S", "email": "S"}},
        ),
    ),
    mutation("bbws-ddb-06", Replaced(MAIN, "PAY_PER_REQUEST", "PROVISIONED")),
    mutation("bbws-ddb-06", Set(TENANTS_TABLE, "billing_mode", "PROVISIONED")),
    mutation(
        "bbws-ddb-06",
        call(
            "dynamodb:UpdateTable",
            TableName=PRODUCTS,
            BillingMode="PROVISIONED",
            ProvisionedThroughput=FIVE_UNITS,
        ),
        falls_with={"bbws-ddb-07": "provisioned billing is billing by capacity"},
    ),
    mutation("bbws-ddb-07", Replaced(MAIN, "  hash_key ", "  read_capacity = 5\n  hash_key ")),
    mutation("bbws-ddb-07", Set(TENANTS_TABLE, "read_capacity", 5)),
    mutation(
        "bbws-ddb-07",
        call(
            "dynamodb:UpdateTable",
            TableName=TENANTS,
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK", "email")
            ],
            GlobalSecondaryIndexUpdates=[
                {"Create": {"IndexName": "by-hand", "ProvisionedThroughput": FIVE_UNITS, **ON_EMAIL}}
            ],
        ),
        falls_with=_OTHERS,
    ),
    mutation("bbws-ddb-08", Replaced(VARIABLES, '"email-index"', '"mail-index"'), falls_with=_OTHERS),
    mutation(
        "bbws-ddb-08",
        Set(TENANTS_TABLE, "global_secondary_index.0.name", "mail-index"),
        falls_with=_OTHERS,
    ),
    mutation("bbws-ddb-08", WITHOUT_INDEX, falls_with=_OTHERS, only_on="moto"),
    mutation(
        "bbws-ddb-08",
        WITHOUT_INDEX,
        falls_with=_OTHERS | {"bbws-ddb-14": "nothing can be looked up through an index that is not there"},
        only_on="live",
    ),
    mutation(
        "bbws-ddb-08",
        Replaced(MAIN, 'type = "S"', 'type = attribute.value == "email" ? "N" : "S"'),
    ),
    mutation(
        "bbws-ddb-08",
        Recreated(TENANTS, Table, remove_table, {"attributes": {"PK": "S", "SK": "S", "email": "N"}}),
        only_on="moto",
    ),
    mutation("bbws-ddb-13", Replaced(MAIN, "= var.global_secondary_indexes\n", f"= {TWICE}\n")),
    mutation("bbws-ddb-13", Set(TENANTS_TABLE, "global_secondary_index", TWENTY_ONE[:2])),
    mutation("bbws-ddb-13", call("dynamodb:UpdateTable", TableName=TENANTS, **ONE_MORE)),
    mutation("bbws-ddb-16", restorable_until(PRODUCTS, minutes=11), only_on="live"),
    mutation("bbws-ddb-09", index_status(TENANTS, "CREATING"), only_on="live"),
    mutation(
        "bbws-ddb-10",
        Replaced(MAIN, "= var.global_secondary_indexes\n", f"= {TWICE_OF_TEN}\n"),
        falls_with=_OTHERS,
    ),
    mutation("bbws-ddb-10", Set(TENANTS_TABLE, "global_secondary_index", TWENTY_ONE), falls_with=_OTHERS),
    mutation(
        "bbws-ddb-10",
        Recreated(
            TENANTS,
            Table,
            remove_table,
            {"indexes": {"email-index": Index(hash_key="email", projection_type="ALL"), **TOO_MANY}},
        ),
        falls_with=_OTHERS,
    ),
    mutation("bbws-ddb-12", Replaced(MAIN, ATTRIBUTE, ATTRIBUTE + ATTRIBUTE.replace("PK", "unused"))),
    mutation("bbws-ddb-12", Replaced(MAIN, ATTRIBUTE, "")),
    mutation("bbws-ddb-15", Replaced(MAIN, "enabled = true", "enabled = false")),
    mutation("bbws-ddb-15", Set(PRODUCTS_TABLE, "point_in_time_recovery.0.enabled", False)),
    mutation("bbws-ddb-15", Lacking(PRODUCTS_TABLE, "point_in_time_recovery")),
    mutation("bbws-ddb-15", Replaced(MAIN, "  point_in_time_recovery {\n    enabled = true\n  }\n", "")),
    mutation(
        "bbws-ddb-15",
        call(
            "dynamodb:UpdateContinuousBackups",
            TableName=TENANTS,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
        ),
    ),
    mutation("bbws-ddb-17", Replaced(MAIN, "= local.tags", "= var.tags")),
    mutation("bbws-ddb-18", Replaced(MAIN, "= local.tags", '= merge(local.tags, { Owner = "Tebogo" })')),
    mutation("bbws-ddb-17", Lacking(PRODUCTS_TABLE, "tags.Owner")),
    mutation("bbws-ddb-17", Set(PRODUCTS_TABLE, "tags.Environment", "prod")),
    mutation(
        "bbws-ddb-17",
        call(
            "dynamodb:UntagResource",
            ResourceArn="arn:aws:dynamodb:af-south-1:536580886816:table/bbws-campaigns-dev",
            TagKeys=["Owner"],
        ),
    ),
    mutation(
        "bbws-ddb-19", Replaced(MAIN, "prevent_destroy = true", "prevent_destroy = false"), environment="prod"
    ),
    mutation("bbws-ddb-20", Replaced("dynamodb/prod.tfvars", "= true", "= false"), environment="prod"),
    mutation("bbws-ddb-20", Set(TENANTS_TABLE, "deletion_protection_enabled", False), environment="prod"),
    mutation(
        "bbws-ddb-20",
        call("dynamodb:UpdateTable", TableName="bbws-campaigns-prod", DeletionProtectionEnabled=False),
        environment="prod",
    ),
]
