"""The tags of a table are those of its own and those that a resource beside it gives."""

from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.dynamodb import Table
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import Undetermined

TABLE = """
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  tags         = { Owner = "shop" }
  attribute {
    name = "id"
    type = "S"
  }
}
"""
BESIDE = """
resource "aws_dynamodb_tag" "more" {
  resource_arn = %s
  key          = "%s"
  value        = "%s"
}
"""
OWN = "aws_dynamodb_table.orders.arn"


def tags(folder: Path, *beside: str) -> Any:
    (folder / "main.tf").write_text(TABLE + BESIDE % beside)
    return Table.find(evaluate(folder), "orders", "main.tf").tags


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ((OWN, "Team", "mail"), {"Owner": "shop", "Team": "mail"}),
        ((OWN, "Owner", "shop"), {"Owner": "shop"}),
    ],
)
def test_a_tag_beside_a_table_is_one_of_its_tags(
    tmp_path: Path, beside: tuple[str, ...], told: dict[str, str]
) -> None:
    assert tags(tmp_path, *beside) == told


def test_a_tag_that_contradicts_the_table_is_not_decided(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match=r"aws_dynamodb_table\.orders and aws_dynamodb_tag\.more both"):
        assert tags(tmp_path, OWN, "Owner", "mail")
