"""What tells Terraform that a function's code has changed, as its source writes that."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.kinds.functions import Function
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import Undetermined

REST = """
variable "given" {
  default = "x"
}
locals {
  files     = { a = { path = "a.js", hash = filebase64sha256("${path.module}/a.js") } }
  written   = { a = { path = "a.js", hash = "47DEQpj8HBSa" } }
  all       = base64sha256(join("", [for it in fileset(path.module, "*.js") : filesha256(it)]))
  anonymous = "47DEQpj8HBSa"
}
data "archive_file" "a" {
  type        = "zip"
  source_file = "${path.module}/a.js"
  output_path = "a.zip"
}
resource "aws_s3_object" "a" {
  bucket = "code"
  key    = "a-${filemd5("${path.module}/a.js")}.zip"
}
resource "aws_s3_object" "fixed" {
  bucket = "code"
  key    = "a.zip"
}
resource "aws_ecr_repository" "a" {
  name = "a"
}
data "aws_ecr_image" "a" {
  repository_name = "a"
  image_tag       = "latest"
}
"""


def function(folder: Path, arguments: str) -> Function:
    (folder / "a.js").write_text("exports.handler = async () => 1\n")
    body = f'function_name = "f"\n role = "arn:aws:iam::123456789012:role/f"\n {arguments}'
    (folder / "main.tf").write_text(f'resource "aws_lambda_function" "f" {{\n {body}\n}}\n{REST}')
    return Function.find(evaluate(folder), "f", "here")


@pytest.mark.parametrize(
    ("arguments", "follows"),
    [
        ('source_code_hash = filebase64sha256("${path.module}/a.js")', True),
        ("source_code_hash = local.all", True),
        ("source_code_hash = data.archive_file.a.output_base64sha256", True),
        ("for_each = local.files\n source_code_hash = each.value.hash", True),
        ('s3_bucket = "code"\n s3_key = "a.zip"\n s3_object_version = aws_s3_object.fixed.version_id', True),
        ('s3_bucket = "code"\n s3_key = aws_s3_object.a.key', True),
        ('filename = "a-${filemd5("${path.module}/a.js")}.zip"', True),
        ('package_type = "Image"\n image_uri = data.aws_ecr_image.a.image_uri', True),
        ("", False),
        ('source_code_hash = "47DEQpj8HBSa"', False),
        ("source_code_hash = local.anonymous", False),
        ("for_each = local.written\n source_code_hash = each.value.hash", False),
        ("filename = data.archive_file.a.output_path", False),
        ('s3_bucket = "code"\n s3_key = aws_s3_object.fixed.key', False),
        ('package_type = "Image"\n image_uri = "${aws_ecr_repository.a.repository_url}:latest"', False),
        (
            'source_code_hash = filebase64sha256("${path.module}/a.js")\n'
            " lifecycle {\n ignore_changes = [filename, source_code_hash]\n }",
            False,
        ),
        ("source_code_hash = local.all\n lifecycle {\n ignore_changes = all\n }", False),
    ],
)
def test_code_is_uploaded_where_what_it_is_made_of_tells_of_it(
    tmp_path: Path, arguments: str, follows: bool
) -> None:
    assert function(tmp_path, arguments).follows_source is follows


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ("source_code_hash = var.given", "whoever runs Terraform gives source_code_hash"),
        ('package_type = "Image"\n image_uri = "repository:${var.given}"', "gives image_uri"),
        (
            "lifecycle {\n replace_triggered_by = [aws_s3_object.a]\n }",
            "replaced with",
        ),
    ],
)
def test_what_is_decided_elsewhere_is_undetermined(tmp_path: Path, arguments: str, why: str) -> None:
    with pytest.raises(Undetermined, match=why):
        assert not function(tmp_path, arguments).follows_source


BESIDE = """resource "aws_lambda_function" "g" {
 function_name = "g"
 role = "arn:aws:iam::123456789012:role/f"
 filename = "%s"
 source_code_hash = %s
}
"""
OF_THE_FILE = 'filebase64sha256("${path.module}/a.js")'


def test_two_packages_are_not_made_of_one_file(tmp_path: Path) -> None:
    (tmp_path / "g.tf").write_text(BESIDE % ("g.zip", OF_THE_FILE))
    found = function(tmp_path, f'filename = "f.zip"\n source_code_hash = {OF_THE_FILE}')
    with pytest.raises(Undetermined, match=r"aws_lambda_function\.g, of other packages, is of one file"):
        assert not found.follows_source


@pytest.mark.parametrize(
    ("filename", "hashed"),
    [
        ("f.zip", OF_THE_FILE),  # one package
        ("g.zip", 'filebase64sha256("${path.module}/main.tf")'),
        ("g.zip", "local.all"),  # of each file, its own among them
    ],
)
def test_functions_may_share_a_package_or_a_hash_of_all_files(
    tmp_path: Path, filename: str, hashed: str
) -> None:
    (tmp_path / "g.tf").write_text(BESIDE % (filename, hashed))
    own = "local.all" if hashed == "local.all" else OF_THE_FILE
    assert function(tmp_path, f'filename = "f.zip"\n source_code_hash = {own}').follows_source is True


@pytest.mark.parametrize(
    ("passed", "follows"),
    [('filebase64sha256("${path.module}/a.js")', True), ('"47DEQpj8HBSa"', False), ("null", False)],
)
def test_a_module_is_given_the_hash(tmp_path: Path, passed: str, follows: bool) -> None:
    (tmp_path / "modules").mkdir()
    (tmp_path / "a.js").write_text("exports.handler = async () => 1\n")
    (tmp_path / "main.tf").write_text(f'module "f" {{\n source = "./modules"\n hash = {passed}\n}}\n')
    (tmp_path / "modules" / "main.tf").write_text(
        'variable "hash" {}\nresource "aws_lambda_function" "f" {\n function_name = "f"\n'
        ' role = "arn:aws:iam::123456789012:role/f"\n source_code_hash = var.hash\n}\n'
    )
    found = Function.find(evaluate(tmp_path), "f", "here")
    assert found.follows_source is follows
    assert found.address == "module.f.aws_lambda_function.f"


@pytest.mark.parametrize(
    ("hashed", "follows"), [('filebase64sha256("${path.module}/a.js")', True), ('"47DEQpj8HBSa"', False)]
)
def test_a_module_is_given_the_hash_of_each(tmp_path: Path, hashed: str, follows: bool) -> None:
    (tmp_path / "a.js").write_text("exports.handler = async () => 1\n")
    (tmp_path / "modules").mkdir()
    (tmp_path / "main.tf").write_text(
        f'module "f" {{\n for_each = {{ a = {{ hash = {hashed} }} }}\n source = "./modules"\n'
        " hash = each.value.hash\n}\n"
    )
    (tmp_path / "modules" / "main.tf").write_text(
        'variable "hash" {}\nresource "aws_lambda_function" "f" {\n function_name = "f"\n'
        ' role = "arn:aws:iam::123456789012:role/f"\n source_code_hash = var.hash\n}\n'
    )
    assert Function.find(evaluate(tmp_path), "f", "here").follows_source is follows
