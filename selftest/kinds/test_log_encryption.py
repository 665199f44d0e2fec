"""Whether CloudWatch Logs may use the key that a log group is encrypted with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from plumbline.kinds.key_access import with_resources
from plumbline.kinds.log_groups import LogGroup
from plumbline.kinds.registry import computed_attribute
from plumbline.policy import Policy
from plumbline.sources.moto.account import account
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings
from plumbline.values.unknown import Undetermined, Unknown

ACCOUNT, REGION = "123456789012", "eu-west-1"
ARN = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:g"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"
LOGS = f"logs.{REGION}.amazonaws.com"
WHOLE = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
CONTEXT = "kms:EncryptionContext:aws:logs:arn"


def allowing(service: str = LOGS, actions: Any = WHOLE, **condition: Any) -> dict[str, Any]:
    """Return a statement of a key that lets a service do something."""
    allowed = {"Effect": "Allow", "Principal": {"Service": service}, "Action": actions, "Resource": "*"}
    return allowed | ({"Condition": condition} if condition else {})


def policy(*statements: dict[str, Any]) -> Policy:
    """Return a policy of these statements."""
    return Policy.read({"Statement": list(statements)}, "here")


def group(**given: Any) -> LogGroup:
    """Return a group that a key encrypts."""
    return LogGroup(name="g", arn=ARN, **{"kms_key": KEY_ARN, **given})


# Source: CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS Key Management Service".
@pytest.mark.parametrize(
    ("key", "is_let_in"),
    [
        (policy(allowing()), True),
        (policy(allowing(actions="kms:*")), True),
        (policy(allowing(ArnEquals={CONTEXT: ARN})), True),
        (policy(allowing(ArnLike={CONTEXT: f"arn:aws:logs:{REGION}:{ACCOUNT}:*"})), True),
        (policy(allowing(ArnEquals={CONTEXT: f"{ARN}-other"})), False),
        (policy(allowing(ArnLike={CONTEXT: f"arn:aws:logs:{REGION}:210987654321:*"})), False),
        (policy(allowing(StringEquals={"aws:SourceAccount": "210987654321"})), False),
        (policy(allowing("logs.us-east-1.amazonaws.com")), False),
        (policy(allowing("cloudtrail.amazonaws.com")), False),
        (policy(allowing(actions=["kms:Encrypt*", "kms:Describe*"])), False),
        (policy(allowing(), allowing(actions="kms:Decrypt") | {"Effect": "Deny"}), False),
        (None, False),
    ],
)
def test_a_key_lets_the_logs_of_its_region_in_or_not(key: Policy | None, is_let_in: bool) -> None:
    assert group(key_policy=key).is_let_into_its_key is is_let_in


def test_a_group_without_a_key_needs_nobody_to_let_it_in() -> None:
    assert group(kms_key=None).is_let_into_its_key


def test_a_key_that_is_disabled_encrypts_nothing() -> None:
    assert not group(key_policy=policy(allowing()), key_enabled=False).is_let_into_its_key


@pytest.mark.parametrize("spec", ["RSA_2048", "HMAC_256", "ECC_NIST_P256"])
def test_a_key_with_two_halves_encrypts_no_lines(tmp_path: Path, spec: str) -> None:
    told = f'{LETTING_IN}\n  customer_master_key_spec = "{spec}"'
    assert not declared(tmp_path, ROOT % told).is_let_into_its_key
    assert declared(tmp_path, ROOT % f'{LETTING_IN}\n  key_usage = "ENCRYPT_DECRYPT"').is_let_into_its_key


@pytest.mark.parametrize("named", ["aws_kms_key.k.key_id", "aws_kms_key.k.id", '"alias/k"'])
def test_a_key_that_no_arn_names_is_undetermined(tmp_path: Path, named: str) -> None:
    with pytest.raises(Undetermined, match="no ARN, and CloudWatch Logs takes nothing else"):
        _ = declared(tmp_path, (ROOT % LETTING_IN).replace("aws_kms_key.k.arn", named)).is_let_into_its_key


def test_what_may_not_be_needed_is_undetermined() -> None:
    needed = policy(allowing(actions=["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"]))
    with pytest.raises(Undetermined, match="does not let CloudWatch Logs kms:Encrypt"):
        _ = group(key_policy=needed).is_let_into_its_key


def test_a_key_of_which_nothing_is_known_may_be_none() -> None:
    with pytest.raises(Undetermined, match=r"aws_kms_key\.k\.arn"):
        _ = group(kms_key=Unknown("data.aws_kms_key.k.arn")).is_let_into_its_key


ROOT = """
resource "aws_cloudwatch_log_group" "g" {
  name       = "g"
  kms_key_id = aws_kms_key.k.arn
}
resource "aws_kms_key" "k" {
  %s
}
"""
LETTING_IN = (
    'policy = jsonencode({ Statement = { Effect = "Allow", Action = "kms:*", Resource = "*", '
    f'Principal = {{ Service = "{LOGS}" }} }} }})'
)


def declared(tmp_path: Path, text: str) -> LogGroup:
    """Return the group that a root declares."""
    (tmp_path / "main.tf").write_text(text, "utf-8")
    here = evaluate(tmp_path, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)
    return LogGroup.find(here, "g", "here")


@pytest.mark.parametrize(("told", "is_let_in"), [(LETTING_IN, True), ("", False)])
def test_the_key_that_terraform_names_decides(tmp_path: Path, told: str, is_let_in: bool) -> None:
    assert declared(tmp_path, ROOT % told).is_let_into_its_key is is_let_in


@pytest.mark.parametrize(("service", "is_let_in"), [(LOGS, True), ("sns.amazonaws.com", False)])
def test_the_key_that_the_account_names_decides(service: str, is_let_in: bool) -> None:
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    text = with_resources(policy(allowing(service))).as_json()
    key = aws.write("kms:CreateKey", Policy=text)["KeyMetadata"]["Arn"]
    LogGroup(name="g", arn=ARN, kms_key=key).create(aws)
    LogGroup(name="g-other", arn=f"{ARN}-other").create(aws)
    found = LogGroup.from_aws(aws, "g")
    assert found.kms_key == key
    assert found.is_let_into_its_key is is_let_in
    assert LogGroup.from_aws(aws, "g-other").kms_key is None


def test_a_key_of_the_account_with_two_halves_encrypts_no_lines() -> None:
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    told = {"Policy": with_resources(policy(allowing())).as_json(), "KeyUsage": "SIGN_VERIFY"}
    key = aws.write("kms:CreateKey", KeySpec="RSA_2048", **told)["KeyMetadata"]["Arn"]
    LogGroup(name="g", arn=ARN, kms_key=key).create(aws)
    assert not LogGroup.from_aws(aws, "g").is_let_into_its_key
