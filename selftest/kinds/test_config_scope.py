"""What a recorder records and what a rule judges; of what AWS Config refuses, moto is asked the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core.base_backend import BackendDict

from plumbline.kinds.config import ConfigRecorder, ConfigRule
from plumbline.kinds.config_scope import ALL, EXCLUSION, INCLUSION, Judged
from plumbline.kinds.registry import computed_attribute, kinds
from plumbline.kinds.selection import Selection
from plumbline.sources.moto.account import account
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings
from plumbline.values.unknown import Missing, ReadError, Undetermined
from selftest.kinds.models import ACCOUNT, REGION
from selftest.kinds.test_incomplete_answers import account as answering

TABLE, BUCKET, ROLE = "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::IAM::Role"
GROUPS: list[tuple[dict[str, Any], bool, bool]] = [
    ({"all_supported": True}, True, True),
    ({"all_supported": True, "strategy": ALL}, True, True),
    ({"resource_types": [TABLE, BUCKET]}, True, True),
    ({"resource_types": [TABLE, BUCKET, ROLE], "strategy": INCLUSION}, True, True),
    ({"resource_types": [BUCKET]}, False, True),
    ({"excluded_types": [ROLE], "strategy": EXCLUSION}, True, True),
    ({"excluded_types": [TABLE], "strategy": EXCLUSION}, False, True),
    ({"excluded_types": [ROLE]}, False, False),
    ({"all_supported": True, "excluded_types": [ROLE], "strategy": EXCLUSION}, False, False),
    ({"all_supported": True, "resource_types": [TABLE, BUCKET]}, False, False),
    ({"resource_types": [TABLE, BUCKET], "strategy": EXCLUSION}, False, False),
    ({"resource_types": [TABLE, BUCKET], "excluded_types": [ROLE], "strategy": INCLUSION}, False, False),
    ({}, False, False),
]
"""A recording group, whether tables and buckets are recorded, and whether AWS Config takes it."""


@pytest.mark.parametrize(("group", "records", "taken"), GROUPS, ids=str)
def test_a_recorder_records_what_its_strategy_leaves(
    group: dict[str, Any], records: bool, taken: bool
) -> None:
    recorder = ConfigRecorder(name="recorder", **group)
    assert recorder.records([TABLE, BUCKET]) is records
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    if taken:
        recorder.create(aws)
        assert ConfigRecorder.from_aws(aws, "recorder").records([TABLE, BUCKET]) is records
    else:
        with pytest.raises(ClientError, match="InvalidRecordingGroup"):
            recorder.create(aws)


TAGS = {"Component": "dynamodb", "Owner": "us"}
ONE, OTHER = Judged(type=TABLE, id="orders", tags=TAGS), Judged(type=TABLE, id="returns", tags=TAGS)
JUDGES: list[tuple[dict[str, Any], list[str | Judged], bool]] = [
    ({}, [ONE, OTHER], True),
    ({"resource_types": [TABLE]}, [ONE, OTHER], True),
    ({"resource_types": [BUCKET]}, [ONE], False),
    ({"resource_types": [TABLE], "resource_id": "orders"}, [ONE], True),
    ({"resource_types": [TABLE], "resource_id": "orders"}, [ONE, OTHER], False),
    ({"resource_types": [TABLE], "resource_id": "orders"}, [TABLE], False),
    ({"resource_tag": {"Owner": None}}, [ONE, OTHER], True),
    ({"resource_tag": {"Owner": "us"}}, [ONE, OTHER], True),
    ({"resource_tag": {"Owner": "them"}}, [ONE], False),
    ({"resource_tag": {"Audited": None}}, [ONE], False),
    ({"resource_tag": {"Owner": None}}, [TABLE], False),
    ({"state": "EVALUATING"}, [ONE], True),
    ({"state": "DELETING_RESULTS"}, [ONE], True),
    ({"state": "DELETING"}, [ONE], False),
    ({"evaluation_modes": ["PROACTIVE"]}, [ONE], False),
    ({"evaluation_modes": ["DETECTIVE", "PROACTIVE"]}, [ONE], True),
    ({"excluded": ["orders"]}, [OTHER], True),
    ({"excluded": ["orders"]}, [ONE, OTHER], False),
]


@pytest.mark.parametrize(("scope", "resources", "covers"), JUDGES, ids=str)
def test_a_rule_judges_what_its_scope_leaves(
    scope: dict[str, Any], resources: list[str | Judged], covers: bool
) -> None:
    assert ConfigRule(name="rule", **scope).covers(resources) is covers


def test_what_a_custom_rule_looks_at_is_not_known() -> None:
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:judge"
    for source in (function, ""):
        with pytest.raises(Undetermined, match="what the custom rule mine looks at is not read"):
            ConfigRule(name="mine", source_identifier=source).is_one_of(["DYNAMODB_PITR_ENABLED"])


RULE = """
resource "aws_config_config_rule" "r" {
  name = "r"
  source {
    owner             = "AWS"
    source_identifier = "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED"
  }
  MORE
}
"""


def declared(folder: Path, text: str) -> Configuration:
    """The evaluation of a root with this text."""
    (folder / "main.tf").write_text(text, "utf-8")
    return evaluate(folder, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", {"evaluation_modes": ["DETECTIVE"], "resource_id": None, "resource_tag": {}}),
        ('evaluation_mode {\n    mode = "PROACTIVE"\n  }', {"evaluation_modes": ["PROACTIVE"]}),
        ('scope {\n    tag_key = "T"\n    tag_value = "v"\n  }', {"resource_tag": {"T": "v"}}),
        (
            f'scope {{\n    compliance_resource_id = "b"\n    compliance_resource_types = ["{BUCKET}"]\n  }}',
            {"resource_id": "b", "resource_types": [BUCKET]},
        ),
        ('input_parameters = jsonencode({ excludedPublicBuckets = "b, a" })', {"excluded": ["a", "b"]}),
    ],
)
def test_a_rule_is_read_from_its_source_as_moto_gives_it_back(
    more: str, expected: dict[str, Any], tmp_path: Path
) -> None:
    here = declared(tmp_path, RULE.replace("MORE", more))
    rule = ConfigRule.find(here, "r", "here")
    assert {name: getattr(rule, name) for name in expected} == expected
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    rule.create(aws)
    read = ConfigRule.from_aws(aws, "r")
    assert {name: getattr(read, name) for name in expected} == expected


@pytest.mark.parametrize("parameters", ["tag1Key", "[1]", "5", "null", '{"a":' * 5_000])
def test_parameters_that_are_no_object_are_an_error_with_their_place(tmp_path: Path, parameters: str) -> None:
    text = f'name = "r"\n input_parameters = {json.dumps(parameters)}\n source {{\n owner = "AWS"\n}}'
    (tmp_path / "main.tf").write_text(f'resource "aws_config_config_rule" "r" {{\n{text}\n}}')
    found = ConfigRule.find(evaluate(tmp_path), "r", "here")
    with pytest.raises(ReadError, match=r"main\.tf:3: AWS Config refuses the input parameters: "):
        found.requires(["Owner"])


def test_a_pack_may_make_the_rule_that_is_not_found(tmp_path: Path) -> None:
    pack = 'resource "aws_config_conformance_pack" "p" {\n  name = "p"\n  template_body = "x"\n}\n'
    wanted = Selection(kinds()["config_rule"], {"one_of": ["DYNAMODB_PITR_ENABLED"]})
    (tmp_path / "with").mkdir()
    with pytest.raises(Undetermined, match=r"aws_config_conformance_pack\.p \(.*\) may make the config rule"):
        wanted.in_source([declared(tmp_path / "with", pack)], REGION, "here", None)
    with pytest.raises(Missing):
        wanted.in_source([declared(tmp_path, RULE.replace("MORE", ""))], REGION, "here", None)


@pytest.mark.parametrize("own", [True, False])
def test_a_rule_that_a_service_made_is_meant_where_the_account_has_none_of_its_own(own: bool) -> None:
    def rule(name: str, **more: str) -> dict[str, Any]:
        source = {"Owner": "AWS", "SourceIdentifier": "DYNAMODB_PITR_ENABLED"}
        return {"ConfigRuleName": name, "Source": source, "ConfigRuleState": "ACTIVE", **more}

    made = rule("AWSControlTower_recovery", CreatedBy="config-conforms.amazonaws.com")
    rules = [made, *([rule("ours")] if own else [])]
    aws = answering(DescribeConfigRules=json.dumps({"ConfigRules": rules}))
    found = Selection(kinds()["config_rule"], {"one_of": ["DYNAMODB_PITR_ENABLED"]}).in_account(aws)
    assert found == ("ours" if own else "AWSControlTower_recovery")
