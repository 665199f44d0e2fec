"""`python -m plumbline resources` prints every instance, and its exit code tells how it went."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MAIN = """
variable "name" {}
resource "aws_s3_bucket" "b" {
  count  = 1
  bucket = var.name
  tags   = { "a.b" = terraform_data.t.id, plain = 1.50 }
}
resource "terraform_data" "t" {
  input = [1, timestamp(), null]
}
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b[0].id
  policy = "{}"
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(MAIN, "utf-8")
    return tmp_path


def resources(*arguments: object) -> subprocess.CompletedProcess[str]:
    """One run of the command."""
    command = [sys.executable, "-m", "plumbline", "resources", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def printed(*arguments: object) -> dict[str, Any]:
    """What the command prints as JSON."""
    found: dict[str, Any] = json.loads(resources(*arguments, "--json").stdout)
    return found


def test_json_lists_every_instance_with_its_unknown_values(root: Path) -> None:
    found = printed("--terraform", root, "--var", "name=b")
    assert found["errors"] == []
    assert found["resources"] == [
        {
            "address": "aws_s3_bucket.b[0]",
            "values": {"bucket": "b", "tags": {"plain": "1.5"}},
            "unknown": [["tags", "a.b"]],
            "file": str(root / "main.tf"),
            "line": 3,
        },
        {
            "address": "terraform_data.t",
            "values": {"input": [1, None, None]},
            "unknown": ["input[1]"],
            "file": str(root / "main.tf"),
            "line": 8,
        },
        {
            "address": "aws_s3_bucket_policy.p",
            "values": {"policy": "{}"},
            "unknown": ["bucket"],
            "file": str(root / "main.tf"),
            "line": 11,
        },
    ]


def test_variable_files_are_read_and_overruled(root: Path) -> None:
    (root / "x.tfvars").write_text('name = "from-file"\n', "utf-8")
    files = ["--terraform", root, "--var-file", root / "x.tfvars"]
    assert printed(*files)["resources"][0]["values"]["bucket"] == "from-file"
    assert printed(*files, "--var", "name=from-line")["resources"][0]["values"]["bucket"] == "from-line"


def test_the_table_is_for_people(root: Path) -> None:
    ran = resources("--terraform", root, "--var", "name=b")
    assert ran.returncode == 0
    assert f"aws_s3_bucket.b[0]  ({root / 'main.tf'}:3)" in ran.stdout
    assert "(known after apply: aws_s3_bucket.b[0].id)" in ran.stdout
    assert ran.stdout.endswith("3 resources\n")


def test_errors_are_printed_and_exit_with_1(root: Path) -> None:
    ran = resources("--terraform", root)
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"{root / 'main.tf'}:2:1: ")
    (error,) = printed("--terraform", root)["errors"]
    assert (error["file"], error["line"], error["column"]) == (str(root / "main.tf"), 2, 1)


def test_what_does_not_hang_on_an_error_is_printed_beside_it(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        """
resource "terraform_data" "spoilt" {
  input = upper(null)
}
resource "terraform_data" "other" {
  input = "a"
}
module "elsewhere" {
  source = "example/module/aws"
}
""",
        "utf-8",
    )
    found = printed("--terraform", tmp_path)
    assert [it["line"] for it in found["errors"]] == [3]
    assert [(it["address"], it["values"], it["unknown"]) for it in found["resources"]] == [
        ("terraform_data.spoilt", {}, ["input"]),
        ("terraform_data.other", {"input": "a"}, []),
    ]
    assert found["not_evaluated"] == ["module.elsewhere (example/module/aws)"]


@pytest.mark.parametrize(
    "arguments", [[], ["--terraform", ".", "--var", "novalue"], ["--terraform", ".", "--nope"]]
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    assert resources(*arguments).returncode == 2


def test_a_folder_one_level_off_says_which_is_meant(root: Path) -> None:
    (root / "modules").mkdir()
    (above := root / "above").mkdir()
    (root / "main.tf").rename(above / "main.tf")
    for given in (root, above / "below"):
        given.mkdir(exist_ok=True)
        told = resources("--terraform", given)
        assert told.returncode == 2
        assert f"{given} holds no Terraform" in told.stderr
        assert f"{above} does: --terraform {above}" in told.stderr
        assert told.stdout == ""
