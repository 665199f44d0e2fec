"""Where a resource lies and whose it is: its region, account and partition, by the provider that makes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore
import pytest

from plumbline.kinds.dynamodb import Table
from plumbline.kinds.registry import computed_attribute
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings
from plumbline.values.arns import SUFFIXES, in_partition, partition_of
from plumbline.values.unknown import Missing, Undetermined

HERE, ACCOUNT, OTHER = "af-south-1", "111122223333", "444455556666"
TABLE = 'resource "aws_dynamodb_table" "orders" {\n  name = "orders"\n  hash_key = "id"\n  %s\n}\n'
EUROPE = 'provider "aws" {\n  alias = "eu"\n  region = "eu-west-1"\n}\n'
ASSUMED = '  assume_role {\n    role_arn = "arn:aws:iam::%s:role/deploy"\n  }\n'
PROVIDER = 'provider "aws" {\n  region = "af-south-1"\n%s}\n'


@pytest.fixture
def declared(tmp_path: Path) -> Callable[..., Configuration]:
    """Return what evaluates a root that consists of some texts."""

    def evaluated(*texts: str, owner: str = ACCOUNT, region: str = HERE) -> Configuration:
        (tmp_path / "main.tf").write_text("\n".join(texts))
        settings = Settings(ACCOUNT, region, owner=owner)
        return evaluate(tmp_path, settings=settings, computed=computed_attribute)

    return evaluated


def partitions() -> list[dict[str, Any]]:
    """Return the partitions as botocore has them."""
    data = Path(botocore.__file__).parent / "data/partitions.json"
    found: list[dict[str, Any]] = json.loads(data.read_text())["partitions"]
    return found


def test_every_region_is_of_the_partition_that_botocore_says() -> None:
    for partition in partitions():
        named = {it for it in partition["regions"] if not it.endswith("-global")}
        assert {partition_of(region) for region in named} == {partition["id"]}
    assert {it["id"]: it["outputs"]["dnsSuffix"] for it in partitions()} == SUFFIXES


def test_arns_of_a_call_are_of_the_partition_of_its_region() -> None:
    arn = "arn:aws:iam::aws:policy/x"
    assert in_partition(arn, "aws") == arn
    assert in_partition(arn, "aws-cn") == "arn:aws-cn:iam::aws:policy/x"


@pytest.mark.parametrize(
    ("region", "arn"),
    [
        ("cn-north-1", f"arn:aws-cn:dynamodb:cn-north-1:{ACCOUNT}:table/orders"),
        ("us-gov-west-1", f"arn:aws-us-gov:dynamodb:us-gov-west-1:{ACCOUNT}:table/orders"),
        ("eusc-de-east-1", f"arn:aws-eusc:dynamodb:eusc-de-east-1:{ACCOUNT}:table/orders"),
    ],
)
def test_an_arn_and_data_aws_partition_are_of_the_partition_of_the_region(
    declared: Callable[..., Configuration], region: str, arn: str
) -> None:
    told = 'data "aws_partition" "p" {}\noutput "p" {\n  value = data.aws_partition.p.partition\n}\n'
    own = f'provider "aws" {{\n  region = "{region}"\n}}\n'
    root = declared(own, TABLE % "", told, region=region)
    assert Table.find_in(region, root, "orders", "").arn == arn
    assert root.outputs["p"] == arn.split(":")[1]


ELSEWHERE = {
    "the provider": (PROVIDER.replace(HERE, "eu-west-1") % "", TABLE % ""),
    "another provider": (PROVIDER % "", EUROPE, TABLE % "provider = aws.eu"),
    "the resource itself": (PROVIDER % "", TABLE % 'region = "eu-west-1"'),
}


@pytest.mark.parametrize("texts", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_table_in_another_region_is_missing_here_and_its_arn_is_of_there(
    declared: Callable[..., Configuration], texts: tuple[str, ...]
) -> None:
    newer = 'terraform {\n  required_providers {\n    aws = {\n      version = "~> 6.0"\n    }\n  }\n}\n'
    arn = 'output "arn" {\n  value = aws_dynamodb_table.orders.arn\n}\n'
    root = declared(newer.replace("version", 'source = "hashicorp/aws"\n      version'), *texts, arn)
    with pytest.raises(Missing, match="eu-west-1"):
        Table.find_in(HERE, root, "orders", "")
    there = Table.find_in("eu-west-1", root, "orders", "")
    assert there.arn == root.outputs["arn"] == f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"


def test_a_table_whose_region_only_apply_decides_is_undetermined(
    declared: Callable[..., Configuration],
) -> None:
    made = 'resource "terraform_data" "r" {\n  input = "x"\n}\n'
    root = declared(made, 'provider "aws" {\n  region = terraform_data.r.id\n}\n', TABLE % "")
    with pytest.raises(Undetermined, match=r"region of aws_dynamodb_table\.orders"):
        Table.find_in(HERE, root, "orders", "")


OF_ANOTHER = {"assumed": ASSUMED % OTHER, "bound": f'  allowed_account_ids = ["{OTHER}"]\n'}
OF_THIS = {
    "assumed": ASSUMED % ACCOUNT,
    "bound": f'  allowed_account_ids = ["{OTHER}", "{ACCOUNT}"]\n',
    "barred": f'  forbidden_account_ids = ["{OTHER}"]\n',
}


@pytest.mark.parametrize("says", OF_ANOTHER.values(), ids=OF_ANOTHER)
def test_a_table_of_another_account_is_missing_in_this_one(
    declared: Callable[..., Configuration], says: str
) -> None:
    with pytest.raises(Missing, match=f"account {OTHER}"):
        Table.find_in(HERE, declared(PROVIDER % says, TABLE % ""), "orders", "")
    nobody_says = declared(PROVIDER % says, TABLE % "", owner="")
    assert ACCOUNT in Table.find_in(HERE, nobody_says, "orders", "").arn


def test_nothing_is_made_by_a_provider_that_refuses_this_account(
    declared: Callable[..., Configuration],
) -> None:
    barred = declared(PROVIDER % f'  forbidden_account_ids = ["{ACCOUNT}"]\n', TABLE % "")
    with pytest.raises(Missing, match=f"another account than {ACCOUNT}, which its provider refuses"):
        Table.find_in(HERE, barred, "orders", "")


@pytest.mark.parametrize("says", OF_THIS.values(), ids=OF_THIS)
def test_a_table_of_this_account_is_there(declared: Callable[..., Configuration], says: str) -> None:
    assert Table.find_in(HERE, declared(PROVIDER % says, TABLE % ""), "orders", "").name == "orders"


def test_a_caller_identity_is_that_of_the_provider_it_is_read_with(
    declared: Callable[..., Configuration],
) -> None:
    read = 'data "aws_caller_identity" "me" {}\noutput "id" {\n  value = data.aws_caller_identity.me.id\n}\n'
    assert declared(PROVIDER % (ASSUMED % OTHER), read).outputs["id"] == OTHER
