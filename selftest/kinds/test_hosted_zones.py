"""Hosted zones of Route 53, as Terraform declares them and as AWS describes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.kinds.call import Asked
from plumbline.kinds.hosted_zones import HostedZone
from plumbline.sources.moto.account import account, empty_all
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import Missing, Undetermined

ACCOUNT, REGION = "123456789012", "eu-west-1"
SHOP = """
resource "aws_route53_zone" "shop" {
  name = "shop.example"
}
resource "aws_kms_key" "made" {}
"""
VPC = """shop.example"
  vpc {
    vpc_id = "vpc-0"
  }
#"""


@pytest.fixture(autouse=True)
def without_any() -> None:
    """Nobody has a zone at first."""
    empty_all()


def declared(folder: Path, old: str = "", new: str = "") -> HostedZone:
    assert old in SHOP
    (folder / "main.tf").write_text(SHOP.replace(old, new, 1))
    return HostedZone.find(evaluate(folder), "shop.example", "main.tf")


def zone(*, private: bool = False, name: str = "shop.example") -> HostedZone:
    return HostedZone(name=name, private=private)


@pytest.mark.parametrize(
    ("old", "new", "private"),
    [
        ("", "", False),
        ('shop.example"', 'shop.example."', False),
        ('shop.example"', 'Shop.Example"', False),
        ('shop.example"', VPC, True),
    ],
)
def test_source_says_who_is_answered(tmp_path: Path, old: str, new: str, private: bool) -> None:
    assert declared(tmp_path, old, new).private == private


def test_what_is_called_by_what_only_apply_tells_may_be_the_one(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match=r"may be shop\.example: its name is known only after apply"):
        declared(tmp_path, '"shop.example"', "aws_kms_key.made.key_id")
    with pytest.raises(Missing):
        declared(tmp_path, "shop.example", "other.example")


@pytest.mark.parametrize("private", [True, False])
def test_an_account_says_the_same_whichever_region_asks(private: bool) -> None:
    zone(private=private).create(account(ACCOUNT, REGION))
    assert HostedZone.from_aws(account(ACCOUNT, "us-east-1"), "shop.example").private == private


def test_of_a_public_and_a_private_one_the_public_one_is_meant() -> None:
    aws = account(ACCOUNT, REGION)
    zone(private=True).create(aws)
    assert HostedZone.from_aws(aws, "shop.example").private
    zone().create(aws)
    assert not HostedZone.from_aws(account(ACCOUNT, REGION), "shop.example").private


def test_one_that_is_not_there_is_missing_and_of_two_nobody_knows_which_is_meant() -> None:
    aws = account(ACCOUNT, REGION)
    zone(name="www.shop.example").create(aws)
    with pytest.raises(Missing, match=r"hosted zone shop\.example does not exist"):
        HostedZone.from_aws(aws, "shop.example")
    for reference in "12":
        aws.write("route53:CreateHostedZone", Name="shop.example", CallerReference=reference)
    with pytest.raises(Undetermined, match=r"2 hosted zones in eu-west-1 are called shop\.example"):
        _ = bool(HostedZone.from_aws(account(ACCOUNT, REGION), "shop.example").private)


def test_a_list_has_names_as_a_stack_writes_them() -> None:
    aws = account(ACCOUNT, REGION)
    zone().create(aws)
    listed = HostedZone.listing
    assert listed is not None
    assert [*listed.named(Asked(aws, "").ask(listed.call).answer)] == ["shop.example"]
