"""API keys and usage plans: in Terraform, and in an account that would tell more than is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plumbline.kinds.api_keys import ApiKey, PlanStage, UsagePlan
from plumbline.kinds.kind import Kind
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings
from plumbline.values.unknown import Undetermined, Unknown
from selftest.kinds.stub import account, text

SECRET = "fHh2Hx4iuNlGgOIzCTo6gv0aJSbxDn5k"
PLAN = """
resource "aws_api_gateway_rest_api" "a" {
  count = 2
  name  = "a-${count.index}"
}
resource "aws_api_gateway_api_key" "k" {
  name  = "k"
  value = "%s"
}
resource "aws_api_gateway_api_key" "other" {
  name    = "other"
  enabled = false
}
resource "aws_api_gateway_usage_plan" "p" {
  name = "p"
  api_stages {
    api_id = aws_api_gateway_rest_api.a[0].id
    stage  = "dev"
    %s
  }
  %s
}
resource "aws_api_gateway_usage_plan_key" "k" {
  key_id        = aws_api_gateway_api_key.k.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.p.id
}
"""


def find(kind: type[Kind], folder: Path, name: str, in_stage: str = "", more: str = "") -> Kind:
    (folder / "main.tf").write_text(PLAN % (SECRET, in_stage, more))
    return kind.find(evaluate(folder, settings=Settings(account="123456789012")), name, "here")


def plan(folder: Path, in_stage: str = "", more: str = "") -> UsagePlan:
    found = find(UsagePlan, folder, "p", in_stage, more)
    assert isinstance(found, UsagePlan)
    return found


def test_a_key_is_enabled_unless_said_otherwise_and_its_value_is_nowhere(tmp_path: Path) -> None:
    key, other = find(ApiKey, tmp_path, "k"), find(ApiKey, tmp_path, "other")
    assert (key.enabled, other.enabled) == (True, False)  # type: ignore[attr-defined]
    assert SECRET not in repr(key)


def test_a_plan_knows_its_keys_and_its_stages_before_aws_has_named_them(tmp_path: Path) -> None:
    found = plan(tmp_path)
    assert found.has_key(find(ApiKey, tmp_path, "k").id)  # type: ignore[attr-defined]
    assert not found.has_key(find(ApiKey, tmp_path, "other").id)  # type: ignore[attr-defined]
    [stage] = found.stages
    assert found.covers(stage.api, "dev")
    assert not found.covers(stage.api, "prod")


@pytest.mark.parametrize(
    ("in_stage", "more", "told"),
    [
        ("", "", []),
        ("", "throttle_settings {\n rate_limit = 5\n burst_limit = 5\n}", []),
        ("", "throttle_settings {\n rate_limit = 5\n}", ["burst_limit: 0"]),
        ("", "throttle_settings {\n rate_limit = 0\n burst_limit = 5\n}", ["rate_limit: 0"]),
        ("", 'quota_settings {\n limit = 0\n period = "DAY"\n}', ["quota_limit: 0"]),
        ('throttle {\n path = "/all/GET"\n rate_limit = 5\n burst_limit = 5\n}', "", []),
        ('throttle {\n path = "/all/GET"\n rate_limit = 5\n}', "", ["burst_limit of /all/GET: 0"]),
    ],
)
def test_a_limit_of_zero_switches_a_plan_off(
    tmp_path: Path, in_stage: str, more: str, told: list[str]
) -> None:
    assert plan(tmp_path, in_stage, more).switched_off == told


def test_zero_is_told_beside_a_limit_that_is_not_known() -> None:
    unknown = Unknown("var.rate")
    assert UsagePlan(name="p", rate_limit=unknown, burst_limit=0).switched_off == ["burst_limit: 0"]
    with pytest.raises(Undetermined):
        _ = UsagePlan(name="p", rate_limit=unknown).switched_off


def test_one_stage_that_is_meant_is_enough_beside_one_that_is_not_known() -> None:
    unknown = PlanStage(api="a", stage=Unknown("var.stage"))
    assert UsagePlan(name="p", stages=[unknown, PlanStage(api="a", stage="dev")]).covers("a", "dev")
    with pytest.raises(Undetermined):
        UsagePlan(name="p", stages=[unknown]).covers("a", "dev")
    assert not UsagePlan(name="p", stages=[PlanStage(api="b", stage="dev")]).covers("a", "dev")


def test_the_value_of_a_key_is_kept_nowhere_although_an_answer_has_it() -> None:
    keys = text(json.dumps({"item": [{"id": "1", "name": "k", "value": SECRET, "enabled": True}]}))
    plans = text(json.dumps({"item": [{"id": "2", "name": "p"}]}))
    aws = account({"GetApiKeys": keys, "GetUsagePlans": plans, "GetUsagePlanKeys": keys})
    key, found = ApiKey.from_aws(aws, "k"), UsagePlan.from_aws(aws, "p")
    assert found.has_key(key.id)
    assert SECRET not in repr((key, found, aws._answers.settle()))
