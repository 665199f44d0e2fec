"""What belongs to a resource is found in every root of its environment, and two that differ are neither."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from plumbline.kinds.registry import computed_attribute
from plumbline.terraform.declared import companion, companions, identity
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Resource, Settings
from plumbline.values.unknown import Identity, Undetermined

ACCOUNT, REGION = "123456789012", "eu-west-1"
BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
VERSIONING = """
resource "aws_s3_bucket_versioning" "%s" {
  bucket = %s
  versioning_configuration {
    status = "%s"
  }
}
"""
PART = "aws_s3_bucket_versioning"


def root(folder: Path, text: str, account: str = ACCOUNT) -> Configuration:
    """The evaluation of a root with this text."""
    folder.mkdir()
    (folder / "main.tf").write_text(text, "utf-8")
    return evaluate(folder, settings=Settings(account, REGION), computed=computed_attribute)


def beside(tmp_path: Path, text: str, account: str = ACCOUNT) -> tuple[Resource, Configuration]:
    """A bucket whose root declares nothing else, beside a root with this text."""
    here, there = root(tmp_path / "here", BUCKET), root(tmp_path / "there", text, account)
    return here.resources[0], replace(here, others=lambda: (there,))


def found(bucket: Resource, configuration: Configuration) -> list[str]:
    """The addresses of the bucket's companions."""
    return [it.address for it in companions(bucket, configuration, PART, "bucket", "b")]


@pytest.mark.parametrize("name", ['"b"', "local.name", "data.aws_s3_bucket.b.id"])
def test_another_root_names_it_by_its_name(tmp_path: Path, name: str) -> None:
    declared = 'locals {\n  name = "b"\n}\ndata "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
    bucket, configuration = beside(tmp_path, declared + VERSIONING % ("v", name, "Enabled"))
    assert found(bucket, configuration) == [f"{PART}.v"]


def test_what_names_another_is_not_of_it(tmp_path: Path) -> None:
    other = BUCKET.replace('bucket = "b"', 'bucket_prefix = "c"')
    text = VERSIONING % ("v", '"c"', "Enabled") + other + VERSIONING % ("w", "aws_s3_bucket.b.id", "Enabled")
    bucket, configuration = beside(tmp_path, text)
    assert found(bucket, configuration) == []


def test_another_account_or_region_has_things_of_its_own(tmp_path: Path) -> None:
    text = VERSIONING % ("v", '"b"', "Enabled")
    (tmp_path / "a").mkdir()
    (tmp_path / "r").mkdir()
    assert found(*beside(tmp_path / "a", text, account="210987654321")) == []
    assert found(*beside(tmp_path / "r", 'provider "aws" {\n  region = "eu-central-1"\n}\n' + text)) == []


@pytest.mark.parametrize("name", ["data.aws_ssm_parameter.p.value", "aws_s3_bucket_acl.a.id"])
def test_one_that_cannot_be_followed_may_be_of_it(tmp_path: Path, name: str) -> None:
    declared = 'data "aws_ssm_parameter" "p" {\n  name = "p"\n}\n'
    declared += 'resource "aws_s3_bucket_acl" "a" {\n  bucket = "b"\n}\n'
    bucket, configuration = beside(tmp_path, declared + VERSIONING % ("v", name, "Enabled"))
    with pytest.raises(Undetermined, match=rf"{PART}\.v.*{name}"):
        found(bucket, configuration)


def test_its_own_root_is_asked_first(tmp_path: Path) -> None:
    here = root(tmp_path / "here", BUCKET + VERSIONING % ("v", "aws_s3_bucket.b.id", "Enabled"))

    def unasked() -> tuple[Configuration, ...]:
        raise AssertionError("no other root is evaluated")

    assert found(here.resources[0], replace(here, others=unasked)) == [f"{PART}.v"]


@pytest.mark.parametrize(("second", "differ"), [("Enabled", False), ("Suspended", True)])
def test_two_that_differ_are_named_and_neither_is_taken(tmp_path: Path, second: str, differ: bool) -> None:
    text = VERSIONING % ("v", '"b"', "Enabled") + VERSIONING % ("w", "aws_s3_bucket.b.id", second)
    here = root(tmp_path / "here", BUCKET + text)
    if not differ:
        part = companion(here.resources[0], here, PART, "bucket", "b")
        assert part is not None
        assert part.address == f"{PART}.v"
        return
    with pytest.raises(Undetermined, match=rf"{PART}\.v and {PART}\.w both configure aws_s3_bucket\.b"):
        companion(here.resources[0], here, PART, "bucket", "b")


def test_none_is_none(tmp_path: Path) -> None:
    here = root(tmp_path / "here", BUCKET)
    assert companion(here.resources[0], here, PART, "bucket", "b") is None


def test_a_resource_has_the_identity_that_others_refer_to(tmp_path: Path) -> None:
    text = 'resource "aws_kms_key" "k" {}\n'
    text += 'resource "aws_kms_alias" "a" {\n  target_key_id = aws_kms_key.k.key_id\n}\n'
    key, alias = root(tmp_path / "here", text).resources
    own = identity(key, "arn")
    assert isinstance(own, Identity)
    assert alias.values["target_key_id"] == own
    assert not isinstance(identity(key, "policy"), Identity)
