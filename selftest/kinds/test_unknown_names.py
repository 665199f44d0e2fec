"""A name that only apply decides may be any other one, unless its beginning is known and is another."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.kinds.registry import kinds
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings
from plumbline.values.unknown import Missing, Undetermined
from selftest.kinds.models import ACCOUNT, REGION

SUFFIX = 'resource "random_id" "x" { byte_length = 4 }\n'


def declared(folder: Path, bucket: str) -> Configuration:
    """A root with a random text and one bucket."""
    (folder / "main.tf").write_text(f'{SUFFIX}resource "aws_s3_bucket" "b" {{\n  {bucket}\n}}\n')
    return evaluate(folder, settings=Settings(account=ACCOUNT, region=REGION))


@pytest.mark.parametrize("bucket", ['bucket = "logs-${random_id.x.hex}"', 'bucket_prefix = "logs-"'])
def test_what_begins_otherwise_is_missing(tmp_path: Path, bucket: str) -> None:
    with pytest.raises(Missing, match="uploads"):
        kinds()["bucket"].find(declared(tmp_path, bucket), "uploads", "here")


@pytest.mark.parametrize(
    "bucket",
    ['bucket = "logs-${random_id.x.hex}"', 'bucket_prefix = "logs-"', "bucket = random_id.x.hex", ""],
)
def test_what_begins_so_is_not_known(tmp_path: Path, bucket: str) -> None:
    with pytest.raises(Undetermined, match="may be logs-1"):
        kinds()["bucket"].find(declared(tmp_path, bucket), "logs-1", "here")
