"""What Config and CloudTrail write arrives where bucket, role and key let them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.cloudtrail import Trail
from plumbline.kinds.config import ConfigRecorder
from plumbline.kinds.registry import computed_attribute
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings
from plumbline.values.unknown import Undetermined
from selftest.kinds.models import ACCOUNT, REGION

CHANNEL = """
resource "aws_config_delivery_channel" "c" {
  s3_bucket_name = aws_s3_bucket.b.id
  s3_key_prefix  = "kept/"
}
"""
ROLE = """
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = jsonencode({
    Statement = { Effect = "Allow", Principal = { Service = "TRUSTED" }, Action = "sts:AssumeRole" }
  })
}
"""
LOOKS = """
resource "aws_iam_role_policy_attachment" "r" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"
}
"""
RECORDER = """
resource "aws_config_configuration_recorder" "r" {
  role_arn = ROLE
}
resource "aws_config_configuration_recorder_status" "r" {
  name       = aws_config_configuration_recorder.r.name
  is_enabled = true
}
resource "aws_s3_bucket" "b" {
  bucket = "recorded"
}
resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Statement = [POLICY] })
}
"""
OF_THE_SERVICE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
WRITTEN = f"arn:aws:s3:::recorded/kept/AWSLogs/{ACCOUNT}/Config/*"


def statement(
    service: str, resource: str = WRITTEN, action: str = "s3:PutObject", **more: Any
) -> dict[str, Any]:
    principal = {"Service": f"{service}.amazonaws.com"} if service else {"AWS": "*"}
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource, **more}


def declared(root: Path, text: str) -> Configuration:
    (root / "main.tf").write_text(text, "utf-8")
    return evaluate(root, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)


def source(arn: str) -> dict[str, Any]:
    return {"Condition": {"ArnLike": {"aws:SourceArn": arn}}}


ALLOWED = statement("config")
RECORDERS: dict[str, tuple[bool, list[dict[str, Any]], dict[str, str]]] = {
    "as documented": (
        True,
        [statement("config", **source(f"arn:aws:config:{REGION}:{ACCOUNT}:*"))],
        {},
    ),
    "as the service's own role": (True, [ALLOWED], {"ROLE": f'"{OF_THE_SERVICE}"', "MORE": CHANNEL}),
    "for another account": (
        False,
        [statement("config", **source(f"arn:aws:config:{REGION}:210987654321:*"))],
        {},
    ),
    "under another prefix": (False, [statement("config", WRITTEN.replace("kept", "elsewhere"))], {}),
    "with its own ACL": (
        True,
        [{**ALLOWED, "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}}],
        {},
    ),
    "another service": (False, [statement("cloudtrail")], {}),
    "nobody": (False, [ALLOWED, statement("", Effect="Deny")], {}),
    "without a channel": (False, [ALLOWED], {"MORE": ROLE + LOOKS}),
    "a role that Config may not be": (False, [ALLOWED], {"TRUSTED": "ec2.amazonaws.com"}),
    "a role that may do nothing": (False, [ALLOWED], {"MORE": CHANNEL + ROLE}),
}


@pytest.mark.parametrize(("arrives", "policy", "changes"), RECORDERS.values(), ids=RECORDERS)
def test_what_is_recorded_arrives_where_bucket_and_role_let_config(
    tmp_path: Path, arrives: bool, policy: list[dict[str, Any]], changes: dict[str, str]
) -> None:
    text = RECORDER + "MORE"
    usual = {"MORE": CHANNEL + ROLE + LOOKS, "ROLE": "aws_iam_role.r.arn", "TRUSTED": "config.amazonaws.com"}
    for name, value in {**usual, **changes}.items():
        text = text.replace(name, value)
    text = text.replace("POLICY", ", ".join(map(json.dumps, policy)))
    found = ConfigRecorder.find(declared(tmp_path, text), "default", "here")
    assert (found.delivered, found.recording) == (arrives, True)


@pytest.mark.parametrize("elsewhere", ["bucket", "role"])
def test_a_bucket_or_a_role_that_is_not_declared_leaves_it_open(tmp_path: Path, elsewhere: str) -> None:
    text = (
        RECORDER.replace("POLICY", json.dumps(ALLOWED))
        + CHANNEL
        + LOOKS.replace("aws_iam_role.r.name", '"r"')
    )
    text = text.replace(
        "ROLE", f'"arn:aws:iam::{ACCOUNT}:role/r"' if elsewhere == "role" else "aws_iam_role.r.arn"
    )
    if elsewhere == "bucket":
        text = text.replace("= aws_s3_bucket.b.id\n  s3_key", '= "central"\n  s3_key')
        text += ROLE.replace("TRUSTED", "config.amazonaws.com")
    found = ConfigRecorder.find(declared(tmp_path, text), "default", "here")
    with pytest.raises(Undetermined, match=f"declares no {elsewhere}"):
        found.delivered.refuse()  # type: ignore[attr-defined]


TRAIL = """
resource "aws_cloudtrail" "t" {
  name           = "t"
  s3_bucket_name = aws_s3_bucket.b.id
  MORE
}
resource "aws_s3_bucket" "b" {
  bucket = "logged"
}
resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Statement = [POLICY] })
}
resource "aws_kms_key" "k" {
  KEY
}
"""
LOGGED = f"arn:aws:s3:::logged/AWSLogs/{ACCOUNT}/*"
ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/t"
READS = statement("cloudtrail", "arn:aws:s3:::logged", "s3:GetBucketAcl")
WRITES = statement("cloudtrail", LOGGED, **source(ARN))
ENCRYPTED = "kms_key_id = aws_kms_key.k.arn"
ENCRYPTS = {**statement("cloudtrail", "*", "kms:GenerateDataKey*"), **source(ARN)}
TRAILS: dict[str, tuple[str, list[dict[str, Any]], str, str]] = {
    "as documented": ("", [READS, WRITES], "", ""),
    "of another trail": (
        "s3:PutObject",
        [READS, statement("cloudtrail", LOGGED, **source(f"{ARN}-2"))],
        "",
        "",
    ),
    "with a prefix that is not let in": ("s3:PutObject", [READS, WRITES], 's3_key_prefix = "x"', ""),
    "that may not look": ("s3:GetBucketAcl", [WRITES], "", ""),
    "encrypted": (
        "",
        [READS, WRITES],
        ENCRYPTED,
        f"policy = jsonencode({{ Statement = {json.dumps(ENCRYPTS)} }})",
    ),
    "encrypted by a key for the account alone": ("kms:GenerateDataKey", [READS, WRITES], ENCRYPTED, ""),
}


@pytest.mark.parametrize(("refused", "policy", "more", "key"), TRAILS.values(), ids=TRAILS)
def test_a_trail_is_delivered_where_bucket_and_key_let_cloudtrail(
    tmp_path: Path, refused: str, policy: list[dict[str, Any]], more: str, key: str
) -> None:
    text = (
        TRAIL.replace("MORE", more).replace("KEY", key).replace("POLICY", ", ".join(map(json.dumps, policy)))
    )
    found = Trail.find(declared(tmp_path, text), "t", "here")
    assert bool(found.delivery_error) is bool(refused)
    assert refused in found.delivery_error
