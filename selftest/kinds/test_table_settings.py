"""By what items of a table expire, whether its keys are counted, and what its indexes are keyed by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from plumbline.aws.reads import Answers, Aws
from plumbline.kinds.dynamodb import Table
from plumbline.sources.moto.account import account
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import Undetermined

ACCOUNT, REGION = "123456789012", "us-east-1"
TABLE = """
resource "aws_dynamodb_table" "seen" {
  name         = "seen"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  %s
}
resource "aws_kms_key" "made" {}
resource "aws_instance" "made" {}
"""
INSIGHTS = 'resource "aws_dynamodb_contributor_insights" "it" {\n  table_name = %s\n  %s\n}\n'
OWN = "aws_dynamodb_table.seen.name"
INDEXES = """
  range_key    = "day"
  global_secondary_index {
    name            = "by-source"
    hash_key        = "source"
    range_key       = "modified"
    projection_type = "ALL"
  }
  global_secondary_index {
    name            = "by-type"
    hash_key        = "type"
    projection_type = "KEYS_ONLY"
  }
  local_secondary_index {
    name            = "by-week"
    range_key       = "week"
    projection_type = "ALL"
  }
"""
KEYS = {"by-source": ["source", "modified"], "by-type": ["type"], "by-week": ["id", "week"]}


def declared(folder: Path, inner: str = "", beside: str = "") -> Table:
    (folder / "main.tf").write_text(TABLE % inner + beside)
    return Table.find(evaluate(folder), "seen", "main.tf")


@pytest.mark.parametrize(
    ("block", "by"),
    [
        ("", None),
        ('ttl {\n attribute_name = "expires_at"\n enabled = true\n}', "expires_at"),
        ('ttl {\n attribute_name = "expires_at"\n enabled = false\n}', None),
        ('ttl {\n attribute_name = "expires_at"\n}', None),
        (
            'dynamic "ttl" {\n for_each = ["until"]\n content {\n attribute_name = ttl.value\n'
            " enabled = true\n}\n}",
            "until",
        ),
    ],
)
def test_items_expire_by_the_attribute_of_a_block_that_is_enabled(
    tmp_path: Path, block: str, by: str | None
) -> None:
    assert declared(tmp_path, block).expires_by == by


@pytest.mark.parametrize("unknown", ["attribute_name", "enabled"])
def test_what_only_apply_tells_of_expiry_is_not_decided(tmp_path: Path, unknown: str) -> None:
    said: dict[str, str] = {"attribute_name": '"expires_at"', "enabled": "true"}
    said[unknown] = (
        "aws_kms_key.made.key_id" if unknown == "attribute_name" else 'aws_kms_key.made.key_id != ""'
    )
    block = "ttl {\n" + "\n".join(f"{name} = {value}" for name, value in said.items()) + "\n}"
    with pytest.raises(Undetermined):
        assert declared(tmp_path, block).expires_by == "expires_at"


@pytest.mark.parametrize(
    ("beside", "on"),
    [
        ("", False),
        (INSIGHTS % (OWN, ""), True),
        (INSIGHTS % ('"seen"', ""), True),
        (INSIGHTS % ('"another"', ""), False),
        (INSIGHTS % (OWN, 'index_name = "by-type"'), False),
        (INSIGHTS % (OWN, "count = 0"), False),
        (INSIGHTS % (OWN, 'index_name = ""'), True),
        (INSIGHTS % (OWN, 'index_name = "by-type"') + INSIGHTS.replace('"it"', '"too"') % (OWN, ""), True),
    ],
)
def test_contributor_insights_of_an_index_are_none_of_the_table(
    tmp_path: Path, beside: str, on: bool
) -> None:
    assert declared(tmp_path, beside=beside).contributor_insights == on


@pytest.mark.parametrize(
    "beside",
    [
        INSIGHTS % (OWN, "index_name = aws_kms_key.made.key_id"),
        INSIGHTS % ("aws_instance.made.public_ip", ""),
    ],
)
def test_insights_of_what_only_apply_tells_are_not_decided(tmp_path: Path, beside: str) -> None:
    with pytest.raises(Undetermined):
        assert declared(tmp_path, beside=beside).contributor_insights


def test_a_local_index_is_keyed_by_the_hash_key_of_its_table(tmp_path: Path) -> None:
    assert declared(tmp_path, INDEXES).index_keys == KEYS


def test_an_account_tells_the_same_keys(tmp_path: Path) -> None:
    aws = made()
    keys = [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "day", "KeyType": "RANGE"}]
    all_of_it = {"ProjectionType": "ALL"}
    used = ("id", "day", "source", "modified", "type", "week")
    aws.write(
        "dynamodb:CreateTable",
        TableName="seen",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": it, "AttributeType": "S"} for it in used],
        GlobalSecondaryIndexes=[
            {"IndexName": name, "Projection": all_of_it, "KeySchema": schema(*KEYS[name])}
            for name in ("by-source", "by-type")
        ],
        LocalSecondaryIndexes=[
            {"IndexName": "by-week", "Projection": all_of_it, "KeySchema": schema(*KEYS["by-week"])}
        ],
    )
    assert read(aws).index_keys == KEYS


def schema(*names: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": it, "KeyType": sort} for it, sort in zip(names, ("HASH", "RANGE"), strict=False)
    ]


def made() -> Aws:
    """An account that holds nothing."""
    BackendDict.reset()
    return account(ACCOUNT, REGION)


def read(aws: Aws, **answers: Any) -> Table:
    """Read the table, with other answers of AWS to some calls."""

    class Answering(Answers):
        def ask(self, key: Any, call: Any) -> Any:
            if (operation := key[2].partition(":")[2]) in answers:
                self.known[key] = answers[operation]
            return super().ask(key, call)

    return Table.from_aws(Aws(lambda it, _: aws.client(it), ACCOUNT, REGION, Answering(), None), "seen")


def told(**answers: Any) -> Table:
    aws = made()
    Table(name="seen", billing_mode="PAY_PER_REQUEST", hash_key="id", attributes={"id": "S"}).create(aws)
    return read(aws, **answers)


@pytest.mark.parametrize(
    ("status", "by"), [("ENABLED", "expires_at"), ("DISABLED", None), ("DISABLING", None)]
)
def test_items_expire_while_that_is_enabled(status: str, by: str | None) -> None:
    answer = {"TimeToLiveDescription": {"TimeToLiveStatus": status, "AttributeName": "expires_at"}}
    assert told(DescribeTimeToLive=answer).expires_by == by


@pytest.mark.parametrize(("status", "on"), [("ENABLED", True), ("DISABLED", False), ("FAILED", False)])
def test_insights_are_on_where_dynamodb_enabled_them(status: str, on: bool) -> None:
    answer = {"ContributorInsightsStatus": status}
    assert told(DescribeContributorInsights=answer).contributor_insights == on


def test_what_is_being_switched_on_is_not_decided() -> None:
    expiry = {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLING", "AttributeName": "expires_at"}}
    table = told(
        DescribeTimeToLive=expiry, DescribeContributorInsights={"ContributorInsightsStatus": "ENABLING"}
    )
    with pytest.raises(Undetermined, match="switching on that items of seen expire"):
        assert table.expires_by == "expires_at"
    with pytest.raises(Undetermined, match="switching on Contributor Insights of seen"):
        assert table.contributor_insights
