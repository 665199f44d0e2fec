"""Defaults of the provider are those of its plans, and stand for what nobody configured."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from plumbline.terraform import schema
from plumbline.terraform.conformity import conform
from plumbline.terraform.defaults import RECORD
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import Unknown
from selftest.sample import SEED, drawn, seed
from selftest.terraform import oracle
from selftest.terraform.record_defaults import answers
from selftest.terraform.record_schemas import schemas

RECORDED = json.loads(RECORD.read_text("utf-8"))
_TRIED = 6


def test_every_default_is_of_an_argument_and_of_its_type() -> None:
    for type_, told in RECORDED.items():
        its = schema.find("resource", type_)
        assert its is not None, type_
        for name, value in told.items():
            attribute = its.attribute(name)
            if its.block(name) is not None:
                assert value == [], (type_, name)
                continue
            assert attribute is not None, (type_, name)
            assert not attribute.computed, (type_, name)
            assert conform(name, value, its) == value, (type_, name)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("aws_lambda_function.x.memory_size", 128),
        ("aws_lambda_function.x.timeout", 3),
        ("aws_lambda_function.x.description", None),
        ("aws_iam_role.x.path", "/"),
        ("aws_sqs_queue.x.fifo_queue", False),
        ("aws_sqs_queue.x.kms_master_key_id", None),
        ("try(aws_lambda_function.x.environment[0].variables, {})", {}),
        ("length(aws_lambda_function.x.vpc_config)", 0),
        ("aws_lambda_function.x.dead_letter_config[*].target_arn", []),
        ("[for it in aws_dynamodb_table.x.replica : it.region_name]", []),
    ],
)
def test_what_nobody_configured_is_at_its_default(tmp_path: Path, read: str, value: object) -> None:
    (type_,) = re.findall(r"aws_\w+", read)
    text = f'resource "{type_}" "x" {{\n  name = "x"\n}}\n'
    arguments = {
        "aws_lambda_function": 'function_name = "x"\n role = "arn:aws:iam::123456789012:role/x"',
        "aws_dynamodb_table": 'name = "x"\n hash_key = "x"',
        "aws_iam_role": 'name = "x"\n assume_role_policy = "{}"',
    }
    text = text.replace('name = "x"', arguments.get(type_, 'name = "x"'))
    (tmp_path / "main.tf").write_text(f'{text}output "x" {{\n  value = {read}\n}}\n', "utf-8")
    assert evaluate(tmp_path).outputs.get("x") == value


@pytest.mark.parametrize(
    "read",
    [
        "aws_sqs_queue.x.arn",
        "aws_sqs_queue.x.url",
        "aws_sqs_queue.x.kms_data_key_reuse_period_seconds",
        "length(aws_s3_bucket.x.cors_rule)",
        "try(aws_s3_bucket.x.website[0], {})",
    ],
)
def test_what_the_provider_computes_has_none(tmp_path: Path, read: str) -> None:
    text = (
        'resource "aws_sqs_queue" "x" {\n  name = "x"\n}\nresource "aws_s3_bucket" "x" {\n  bucket = "x"\n}\n'
    )
    (tmp_path / "main.tf").write_text(f'{text}output "x" {{\n  value = {read}\n}}\n', "utf-8")
    assert isinstance(evaluate(tmp_path).outputs["x"], Unknown)


@pytest.mark.heavy
@pytest.mark.skipif(not oracle.is_available(), reason="needs terraform, and TF_PLUGIN_DIR for its provider")
def test_the_record_is_what_the_provider_plans() -> None:
    print(f"{SEED}={seed()}")
    _, provider = schemas()
    chosen = drawn("defaults", sorted(RECORDED), _TRIED)
    made = answers({it: provider["resource_schemas"][it]["block"] for it in chosen})
    assert made == {it: RECORDED[it] for it in chosen}
