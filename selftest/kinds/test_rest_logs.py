"""What a stage logs and counts of each method, by whose leave, and whether the log holds errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from moto.core.base_backend import BackendDict

from plumbline.aws.reads import Aws
from plumbline.kinds.api_gateway_settings import ApiGatewaySettings
from plumbline.kinds.api_log_lines import ApiLines, ApiLogLines
from plumbline.kinds.measurement import Measured
from plumbline.kinds.rest_api import RestApi
from plumbline.sources.moto.account import account
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings
from plumbline.values.unknown import Missing, NoData, Undetermined, Unknown
from selftest.mutations import history

ACCOUNT, REGION = "123456789012", "eu-west-1"
SETTINGS = """
resource "aws_api_gateway_rest_api" "a" {
  name = "a"
}
resource "aws_instance" "made" {}
resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  stage_name  = "prod"
  method_path = "*/*"
  settings {
    %s
  }
}
"""


def declared(folder: Path, settings: str) -> RestApi:
    (folder / "main.tf").write_text(SETTINGS % settings)
    return RestApi.find(evaluate(folder), "a", "main.tf")


@pytest.mark.parametrize(
    ("settings", "not_logged", "not_measured"),
    [
        ('logging_level = "ERROR"\n metrics_enabled = true', [], []),
        ('logging_level = "INFO"\n metrics_enabled = true', [], []),
        ('logging_level = "OFF"\n metrics_enabled = true', ["prod */*: OFF"], []),
        ('logging_level = "ERROR"', [], ["prod */*: False"]),
        ("metrics_enabled = true", ["prod */*: OFF"], []),
    ],
)
def test_source_says_what_a_stage_logs_and_counts(
    tmp_path: Path, settings: str, not_logged: list[str], not_measured: list[str]
) -> None:
    api = declared(tmp_path, settings)
    assert (api.not_logged(["prod"]), api.not_measured(["prod"])) == (not_logged, not_measured)


def also(first: str, second: str) -> str:
    """Two settings of one method, put as the settings of the first one."""
    [_, other] = SETTINGS.replace('"all"', '"others"').split('resource "aws_instance" "made" {}')
    return f"{first}\n}}\n}}\n{other % second}".rstrip(" }\n")


def test_settings_of_one_method_add_up(tmp_path: Path) -> None:
    api = declared(tmp_path, also('logging_level = "ERROR"', "metrics_enabled = true"))
    assert (api.not_logged(["prod"]), api.not_measured(["prod"])) == ([], [])


@pytest.mark.parametrize("levels", [("ERROR", "OFF"), ("OFF", "ERROR")])
def test_settings_of_one_method_that_differ_are_undetermined(tmp_path: Path, levels: tuple[str, str]) -> None:
    api = declared(tmp_path, also(*(f'logging_level = "{it}"' for it in levels)))
    with pytest.raises(Undetermined, match=r"both configure prod \*/\* of aws_api_gateway_rest_api\.a"):
        api.not_logged(["prod"])


@pytest.mark.parametrize("other", ["throttling_rate_limit = 5000", "metrics_enabled = true"])
def test_limits_that_settings_leave_out_are_set_to_none(tmp_path: Path, other: str) -> None:
    limits = "throttling_rate_limit = 50\n throttling_burst_limit = 50"
    api = declared(tmp_path, also(limits, other))
    with pytest.raises(Undetermined, match="both configure"):
        api.not_throttled({"prod": 100})


def test_what_only_apply_tells_is_not_decided(tmp_path: Path) -> None:
    api = declared(tmp_path, "logging_level = aws_instance.made.public_ip\n metrics_enabled = true")
    assert api.not_measured(["prod"]) == []
    with pytest.raises(Undetermined):
        api.not_logged(["prod"])


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        ({}, ["prod */*: not set"]),
        ({"test */*": "ERROR"}, ["prod */*: not set"]),
        ({"prod orders/GET": "ERROR"}, ["prod */*: not set"]),
        ({"prod */*": "ERROR", "test */*": "OFF"}, []),
        ({"prod */*": "ERROR", "prod orders/GET": "OFF"}, ["prod orders/GET: OFF"]),
    ],
)
def test_all_methods_of_the_stage_are_asked(levels: dict[str, str], told: list[str]) -> None:
    assert RestApi(name="a", logging_levels=levels).not_logged(["prod"]) == told


def within(*groups: str) -> Aws:
    """An account with one API, whose stages have these execution logs."""
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    RestApi(name="a").create(aws)
    for it in groups:
        aws.write("logs:CreateLogGroup", logGroupName=history.execution_log(aws, "a", it))
    return aws


def test_an_account_shows_which_stages_have_an_execution_log() -> None:
    aws = within("prod", "test")
    aws.write("logs:CreateLogGroup", logGroupName="API-Gateway-Execution-Logs_another1/dev")
    api = RestApi.from_aws(account(ACCOUNT, REGION), "a")
    assert api.execution_logs == ["prod", "test"]
    assert api.without_execution_log(["dev", "prod"]) == ["dev"]


def test_source_has_none_because_api_gateway_makes_it(tmp_path: Path) -> None:
    with pytest.raises(Undetermined):
        declared(tmp_path, "metrics_enabled = true").without_execution_log(["prod"])


COUNT = Measured(namespace="AWS/ApiGateway", name="Count", dimensions={"ApiName": "a"})


def errors(*, proven: bool = False) -> ApiLogLines:
    asked = ApiLines(stage="prod", any_of=["Error", "error"], proves_use=[COUNT] if proven else [])
    return ApiLogLines.from_aws(account(ACCOUNT, REGION), "a", question=asked)


def test_lines_of_the_log_of_the_stage_are_counted() -> None:
    aws = within()
    for message in ("Execution failed due to configuration error", "Error", "all is well"):
        history.line(aws, history.execution_log(aws, "a", "prod"), message)
    history.line(aws, history.execution_log(aws, "a", "test"), "Error")
    assert errors().number == 2


def test_a_log_without_a_line_is_silent_only_where_something_was_asked_for() -> None:
    aws = within("prod")
    for proven in (False, True):
        with pytest.raises(NoData, match="has no line"):
            _ = errors(proven=proven).number <= 0
    history.metric(aws, "AWS/ApiGateway", "Count", 3, ApiName="a")
    assert errors(proven=True).number == 0
    with pytest.raises(NoData, match="has no line"):
        _ = errors().number <= 0


def test_a_stage_without_a_log_tells_nothing_whatever_was_asked_for() -> None:
    history.metric(within(), "AWS/ApiGateway", "Count", 3, ApiName="a")
    with pytest.raises(NoData, match="has no execution log"):
        _ = errors(proven=True).number <= 0


def test_an_api_that_is_not_there_is_missing() -> None:
    BackendDict.reset()
    account(ACCOUNT, REGION)
    with pytest.raises(Missing):
        _ = errors().number


ROLE = f"arn:aws:iam::{ACCOUNT}:role/logs"


def settings(folder: Path, text: str) -> ApiGatewaySettings:
    (folder / "main.tf").write_text(text)
    there = evaluate(folder, settings=Settings(ACCOUNT, REGION))
    return ApiGatewaySettings.find(there, REGION, "main.tf")


def test_terraform_says_as_which_role_logs_are_written(tmp_path: Path) -> None:
    told = 'resource "aws_api_gateway_account" "a" {\n %s\n}\nresource "aws_instance" "made" {}'
    assert settings(tmp_path, told % f'cloudwatch_role_arn = "{ROLE}"').log_role == ROLE
    assert settings(tmp_path, told % "").log_role is None
    unknown = settings(tmp_path, told % "cloudwatch_role_arn = aws_instance.made.arn").log_role
    assert isinstance(unknown, Unknown)


def test_terraform_that_declares_no_settings_lacks_them(tmp_path: Path) -> None:
    elsewhere = 'provider "aws" {\n region = "us-east-1"\n}\nresource "aws_api_gateway_account" "a" {}'
    for text in ("", elsewhere):
        with pytest.raises(Missing):
            settings(tmp_path, text)


@pytest.mark.parametrize("role", [ROLE, None])
def test_an_account_says_as_which_role_logs_are_written(role: str | None) -> None:
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    ApiGatewaySettings(name=REGION, log_role=role).create(aws)
    assert ApiGatewaySettings.from_aws(account(ACCOUNT, REGION), REGION).log_role == role
