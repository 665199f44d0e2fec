"""The edits that are made of a file and of a request, and what becomes of some whose fate is known."""

from pathlib import Path

import pytest

from plumbline.terraform.directory import read
from plumbline.terraform.problems import Problems
from plumbline.values.files import Tree
from selftest.stacks.proven import EXAMPLE
from selftest.survivors import account_edits, terraform_edits
from selftest.survivors.sweep import Sort, edits, swept

FILE = """\
locals {
  days = { dev = 7, prod = 0 }
}

resource "aws_dynamodb_table" "a" {
  name         = "a-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  read_capacity = 3
  stream_enabled = true
  tags = local.tags
  replicas = ["eu-west-1", var.region]
  ttl {
    attribute_name = "ttl"
  }
}
"""
NAMES = terraform_edits.Names(
    {"var string": ["environment", "region"], "local": ["days", "tags"]},
    {"environment": "string", "region": "string"},
    ("aws.dr",),
)
A = "aws_dynamodb_table.a"
EXPECTED = {
    "local: removed",
    "local.days: removed",
    "local.days.dev: removed",
    "local.days.dev: zero",
    "local.days.dev: halved",
    "local.days.dev: doubled",
    "local.days.prod: removed",
    "local.days.prod: one",
    f"{A}: removed",
    f"{A}: copied under another name",
    f"{A}: provider changed to aws.dr",
    f"{A}.name: removed",
    f"{A}.name: changed",
    f"{A}.name: turned to var.region",
    f"{A}.billing_mode: removed",
    f"{A}.billing_mode: changed to PROVISIONED",
    f"{A}.read_capacity: removed",
    f"{A}.read_capacity: zero",
    f"{A}.read_capacity: halved",
    f"{A}.read_capacity: doubled",
    f"{A}.stream_enabled: removed",
    f"{A}.stream_enabled: flipped",
    f"{A}.tags: removed",
    f"{A}.tags: turned to local.days",
    f"{A}.replicas: removed",
    f"{A}.replicas: emptied",
    f"{A}.replicas[0]: removed",
    f"{A}.replicas[1]: removed",
    f"{A}.replicas[1]: turned to var.environment",
    f"{A}.ttl: removed",
    f"{A}.ttl: doubled",
    f"{A}.ttl.attribute_name: removed",
    f"{A}.ttl.attribute_name: changed",
}


def test_a_file_is_edited_in_each_place_in_each_way() -> None:
    made = list(terraform_edits.edits("x.tf", FILE, NAMES))
    told = {f"{it.where}: {it.way}" for it in made if "replicas[0]: changed" not in f"{it.where}: {it.way}"}
    assert told == EXPECTED
    assert len({it.applied(FILE) for it in made}) == len(made)


def test_every_edit_is_a_file_that_parses(tmp_path: Path) -> None:
    path = tmp_path / "x.tf"
    for edit in terraform_edits.edits("x.tf", FILE, NAMES):
        path.write_text(edit.applied(FILE))
        problems = Problems()
        read(tmp_path, problems, Tree.around(tmp_path, tmp_path))
        assert not len(problems), edit


def test_a_request_is_edited_in_each_place_in_each_way() -> None:
    parameters = {
        "Bucket": "a",
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": True},
        "Policy": '{"Statement": [{"Effect": "Allow", "Resource": ["*"]}]}',
    }
    request = account_edits.Requested(0, "s3:PutBucketVersioning", parameters)
    made = list(account_edits.edits([request], {"a"}))
    told = {f"{it.place.removeprefix('s3:PutBucketVersioning a')}: {it.way}" for it in made}
    assert told >= {
        ": left out",
        ".Bucket: removed",
        ".Bucket: changed",
        ".Bucket: made again under another name",
        ".PublicAccessBlockConfiguration: removed",
        ".PublicAccessBlockConfiguration.BlockPublicAcls: flipped",
        ".Policy.Statement[0]: doubled",
        ".Policy.Statement[0].Effect: changed to Deny",
        ".Policy.Statement[0].Resource[0]: removed",
    }
    flipped = next(it for it in made if it.way == "flipped").applied(parameters)
    assert flipped["PublicAccessBlockConfiguration"] == {"BlockPublicAcls": False}
    assert parameters["PublicAccessBlockConfiguration"] == {"BlockPublicAcls": True}


@pytest.mark.parametrize(
    ("sort", "place", "way", "fate"),
    [
        ("terraform", "aws_dynamodb_table.notes.point_in_time_recovery.enabled", "flipped", "red"),
        ("terraform", "aws_dynamodb_table.notes", "copied under another name", "red"),
        ("terraform", "aws_s3_bucket_public_access_block.attachments.bucket", "removed", "refused"),
        ("terraform", "aws_s3_bucket.attachments.bucket", "removed", "open"),
        ("account", "dynamodb:CreateTable notes-prod.TableName", "made again under another name", "red"),
        ("account", "s3:PutBucketVersioning notes-attachments-prod", "left out", "red"),
        ("account", "dynamodb:CreateTable notes-prod.TableName", "removed", "refused"),
    ],
)
def test_what_becomes_of_an_edit(sort: Sort, place: str, way: str, fate: str) -> None:
    edit = next(it for it in edits(EXAMPLE, sort) if it.place.endswith(place) and it.way == way)
    [(_, outcome)] = swept(EXAMPLE, [edit], 1)
    assert outcome.fate == fate, outcome
