"""What a kind from outside says of Terraform: what stands beside it, what AWS chooses, what nobody knows."""

from pathlib import Path

import pytest

from plumbline.kinds import Configuration, Undetermined
from plumbline.kinds.registry import computed_attribute
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings
from plumbline.values.unknown import Identity
from selftest.kinds.outside.lake_kinds import UserPool

POOL = """
resource "aws_cognito_user_pool" "lake" { name = "people of the lake" }
resource "aws_cognito_user_pool" "other" { name = "others" }
resource "aws_cognito_user_pool_domain" "lake" {
  domain       = "lake"
  user_pool_id = aws_cognito_user_pool.lake.id
}
resource "aws_cognito_user_pool_client" "query" {
  name         = "query"
  user_pool_id = aws_cognito_user_pool.lake.id
}
resource "aws_cognito_user_pool_client" "others" {
  name         = "others"
  user_pool_id = aws_cognito_user_pool.other.id
}
output "pool" { value = aws_cognito_user_pool.lake.id }
output "other" { value = aws_cognito_user_pool.other.id }
"""
INGEST = """
resource "aws_cognito_user_pool_client" "ingest" {
  count        = %s
  name         = "ingest-${count.index}"
  user_pool_id = aws_cognito_user_pool.lake.id
}
"""


def evaluated(folder: Path, source: str = POOL) -> Configuration:
    (folder / "main.tf").write_text(source)
    return evaluate(folder, settings=Settings("123456789012", "eu-west-1"), computed=computed_attribute)


def pool(configuration: Configuration) -> UserPool:
    return UserPool.find(configuration, "lake", "here")


def test_what_stands_beside_it_gives_its_name_and_its_fields(tmp_path: Path) -> None:
    found = pool(evaluated(tmp_path, POOL + INGEST % "2"))
    assert found.name == "lake"
    assert found.clients == ["query", "ingest-0", "ingest-1"]
    assert found.where("clients").startswith(f"{tmp_path}/main.tf:")


def test_what_aws_chooses_is_that_of_the_same_address(tmp_path: Path) -> None:
    configuration = evaluated(tmp_path)
    found = pool(configuration)
    assert isinstance(found.id, Identity)
    assert found.id == configuration.outputs["pool"]
    assert found.id != configuration.outputs["other"]


def test_one_field_that_nobody_knows_leaves_the_others_known(tmp_path: Path) -> None:
    configuration = evaluated(tmp_path, POOL + INGEST % "length(timestamp()) > 5 ? 1 : 2")
    found = pool(configuration)
    assert "query" in found.clients
    with pytest.raises(Undetermined, match=r"how many aws_cognito_user_pool_client\.ingest there are"):
        assert found.clients == ["query"]
    assert found.id == configuration.outputs["pool"]
