"""GraphQL APIs of AppSync, as Terraform declares them and as AWS describes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.kinds.graphql_apis import GraphqlApi
from plumbline.kinds.iam import Role
from plumbline.sources.moto.account import account, empty_all
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import Missing, Undetermined, Unknown, Unreadable
from selftest.kinds import stub
from selftest.kinds.test_role_grants import trusting

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/logs"
LOGS = """  log_config {
    cloudwatch_logs_role_arn = "arn:aws:iam::123456789012:role/logs"
    field_log_level          = "ERROR"
  }
"""
SHOP = f"""
resource "aws_appsync_graphql_api" "shop" {{
  name                = "shop"
  authentication_type = "API_KEY"
{LOGS}}}
resource "aws_kms_key" "made" {{}}
"""


@pytest.fixture(autouse=True)
def without_any() -> None:
    """Nobody has an API at first."""
    empty_all()


def declared(folder: Path, old: str = "", new: str = "") -> GraphqlApi:
    assert old in SHOP
    (folder / "main.tf").write_text(SHOP.replace(old, new, 1))
    return GraphqlApi.find(evaluate(folder), "shop", "main.tf")


@pytest.mark.parametrize(
    ("old", "new", "level"), [("", "", "ERROR"), ('"ERROR"', '"NONE"', "NONE"), (LOGS, "", "NONE")]
)
def test_source_says_what_is_logged(tmp_path: Path, old: str, new: str, level: str) -> None:
    assert declared(tmp_path, old, new).field_log_level == level


def test_what_only_apply_tells_is_not_decided(tmp_path: Path) -> None:
    assert isinstance(declared(tmp_path, '"ERROR"', "aws_kms_key.made.key_id").field_log_level, Unknown)


def test_an_account_says_the_same() -> None:
    aws = account(ACCOUNT, REGION)
    GraphqlApi(name="shop", field_log_level="ALL", log_role=ROLE).create(aws)
    GraphqlApi(name="silent").create(aws)
    found = GraphqlApi.from_aws(aws, "shop")
    assert (found.field_log_level, found.log_role) == ("ALL", ROLE)
    assert found.named_in_remedies() == {"graphql_api_id": found.id}
    silent = GraphqlApi.from_aws(aws, "silent")
    assert (silent.field_log_level, silent.log_role) == ("NONE", "")


def test_one_that_is_not_there_is_missing_and_of_two_nobody_knows_which_is_meant() -> None:
    aws = account(ACCOUNT, REGION)
    with pytest.raises(Missing, match="GraphQL API shop does not exist in eu-west-1"):
        GraphqlApi.from_aws(aws, "shop")
    for _ in range(2):
        GraphqlApi(name="shop").create(aws)
    with pytest.raises(Undetermined, match="2 GraphQL APIs in eu-west-1 are called shop"):
        _ = bool(GraphqlApi.from_aws(account(ACCOUNT, REGION), "shop").field_log_level)


def test_an_answer_without_a_list_is_no_empty_one() -> None:
    aws = stub.account({"ListGraphqlApis": stub.text("{}")})
    assert isinstance(GraphqlApi.from_aws(aws, "shop").field_log_level, Unreadable)


@pytest.mark.parametrize(
    ("service", "policy", "told"),
    [
        ("appsync", "service-role/AWSAppSyncPushToCloudWatchLogs", []),
        ("lambda", "service-role/AWSAppSyncPushToCloudWatchLogs", ["sts:AssumeRole"]),
    ],
)
def test_appsync_writes_as_a_role_that_it_may_assume(service: str, policy: str, told: list[str]) -> None:
    trust = trusting(f"{service}.amazonaws.com")
    role = Role(name="logs", arn=ROLE, trust=trust, attached_policies=[f"arn:aws:iam::aws:policy/{policy}"])
    assert GraphqlApi(name="shop", log_role=ROLE).kept_out(role) == told
