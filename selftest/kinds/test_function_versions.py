"""The versions of a function that are kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from moto.core.base_backend import BackendDict

from plumbline.aws.reads import Aws
from plumbline.kinds.functions import Function
from plumbline.sources.moto.account import account
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import Missing, Undetermined

ACCOUNT, REGION, ROLE = "123456789012", "eu-west-1", "arn:aws:iam::123456789012:role/f"
SECRET = "of-the-environment"


def made(*, publish: bool, changes: int = 0) -> Aws:
    """An account with a function that was changed, and published, so many times."""
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    Function(name="f", role=ROLE, runtime="python3.13", log_group="/aws/lambda/f", publish=publish).create(
        aws
    )
    for number in range(changes):
        told = {"Description": f"change {number}", "Environment": {"Variables": {"TOKEN": SECRET}}}
        aws.write("lambda:UpdateFunctionConfiguration", FunctionName="f", **told)
        aws.write("lambda:PublishVersion", FunctionName="f")
    return aws


def versions(aws: Aws) -> list[str]:
    return [str(it) for it in Function.from_aws(aws, "f").versions]


@pytest.mark.parametrize(
    ("publish", "changes", "kept"),
    [(False, 0, []), (True, 0, ["1"]), (True, 1, ["1", "2"]), (True, 2, ["1", "2", "3"])],
)
def test_the_latest_is_no_version_that_is_kept(publish: bool, changes: int, kept: list[str]) -> None:
    assert versions(made(publish=publish, changes=changes)) == kept


def test_nothing_of_the_environment_is_kept() -> None:
    aws = made(publish=True, changes=1)
    assert SECRET not in repr(Function.from_aws(aws, "f"))


def test_a_function_that_is_not_there_is_missing() -> None:
    BackendDict.reset()
    with pytest.raises(Missing):
        versions(account(ACCOUNT, REGION))


def test_terraform_says_whether_changes_are_published_and_not_how_many_were(tmp_path: Path) -> None:
    told = f'function_name = "f"\n role = "{ROLE}"\n publish = true'
    (tmp_path / "main.tf").write_text(f'resource "aws_lambda_function" "f" {{\n {told}\n}}')
    found = Function.find(evaluate(tmp_path), "f", "here")
    assert found.publish
    with pytest.raises(Undetermined):
        len(found.versions)


SHARED = """
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = "{role}"
  publish       = true
}}

resource "aws_lambda_alias" "live" {{
  name             = "live"
  function_name    = aws_lambda_function.f.function_name
  function_version = {version}

  routing_config {{
    additional_version_weights = {weights}
  }}
}}
"""


def aliased(folder: Path, version: str, weights: str) -> Function:
    (folder / "main.tf").write_text(SHARED.format(role=ROLE, version=version, weights=weights))
    return Function.find(evaluate(folder), "f", "here")


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ('{ "1" = 0.1 }', []),
        ("{}", []),
        ("null", []),
        ('{ "$LATEST" = 0.1 }', ["live shares its calls with $LATEST"]),
        ('{ "1" = 0.1, "$LATEST" = 0.1 }', ["live shares its calls with $LATEST"]),
    ],
)
def test_what_an_alias_shares_its_calls_with_is_published(
    weights: str, told: list[str], tmp_path: Path
) -> None:
    assert aliased(tmp_path, '"3"', weights).unpublished(["live"]) == told
    assert aliased(tmp_path, "aws_lambda_function.f.version", weights).unpublished(["live"]) == told


def test_what_an_alias_shares_its_calls_with_may_be_known_after_apply_alone(tmp_path: Path) -> None:
    weights = "{ (aws_lambda_function.f.version) = 0.1 }"
    found = aliased(tmp_path, '"3"', weights)
    with pytest.raises(Undetermined):
        found.unpublished(["live"])
    assert aliased(tmp_path, '"$LATEST"', weights).unpublished(["live"]) == ["live is no published version"]
