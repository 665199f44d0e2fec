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


BY_KEY = CHANNEL.replace("s3_key_prefix", "s3_kms_key_arn = aws_kms_key.k.arn\n  s3_key_prefix")
BY_DEFAULT = """
resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
  bucket = aws_s3_bucket.b.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k.arn
    }
  }
}
"""
KEY = 'resource "aws_kms_key" "k" {\n  POLICY_OF_KEY\n}\n'
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/r"
TO_ROLE = {"Effect": "Allow", "Principal": {"AWS": ROLE_ARN}, "Action": "kms:*", "Resource": "*"}
TO_CONFIG = statement("config", "*", "kms:GenerateDataKey*")


@pytest.mark.parametrize("channel", [BY_KEY, CHANNEL + BY_DEFAULT], ids=["of the channel", "of the bucket"])
@pytest.mark.parametrize(
    ("as_service", "policy", "arrives"),
    [
        (False, [TO_ROLE], True),
        (False, [], None),  # the policies of the role may let it
        (False, [{**TO_ROLE, "Effect": "Deny"}], False),
        (True, [TO_CONFIG], True),
        (True, [TO_ROLE], False),
    ],
)
def test_what_is_recorded_arrives_where_the_key_lets_whoever_delivers(
    tmp_path: Path, channel: str, as_service: bool, policy: list[dict[str, Any]], arrives: bool | None
) -> None:
    said = f"policy = jsonencode({{ Statement = {json.dumps(policy)} }})" if policy else ""
    text = RECORDER + channel + ROLE + LOOKS + KEY.replace("POLICY_OF_KEY", said)
    text = text.replace("ROLE", f'"{OF_THE_SERVICE}"' if as_service else "aws_iam_role.r.arn")
    text = text.replace("TRUSTED", "config.amazonaws.com").replace("[POLICY]", json.dumps([ALLOWED]))
    found = ConfigRecorder.find(declared(tmp_path, text), "default", "here")
    if arrives is None:
        with pytest.raises(Undetermined, match="its policy does not say"):
            assert found.delivered
    else:
        assert found.delivered is arrives


def test_of_two_channels_of_a_region_one_is_refused(tmp_path: Path) -> None:
    other = 'resource "aws_s3_bucket" "o" {\n  bucket = "other"\n}\n' + CHANNEL.replace('"c"', '"d"')
    text = RECORDER + CHANNEL + ROLE + LOOKS + other.replace("aws_s3_bucket.b.id", "aws_s3_bucket.o.id")
    text = text.replace("TRUSTED", "config.amazonaws.com").replace("ROLE", "aws_iam_role.r.arn")
    found = ConfigRecorder.find(
        declared(tmp_path, text.replace("[POLICY]", json.dumps([ALLOWED]))), "default", "here"
    )
    with pytest.raises(Undetermined, match="a region has one delivery channel, and here are 2"):
        assert found.delivered


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
TOPICS = """
resource "aws_sns_topic" "deaf" {
  name = "deaf"
}
resource "aws_sns_topic" "heard" {
  name   = "heard"
  policy = jsonencode({ Statement = [PUBLISHED] })
}
"""
GROUP = "cloud_watch_logs"
LOGGED = f"arn:aws:s3:::logged/AWSLogs/{ACCOUNT}/*"
ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/t"
READS = statement("cloudtrail", "arn:aws:s3:::logged", "s3:GetBucketAcl")
WRITES = statement("cloudtrail", LOGGED, **source(ARN))
PUBLISHED = {**statement("cloudtrail", "*", "sns:Publish"), **source(ARN)}
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
    "with a log group alone": (
        "InvalidParameter",
        [READS, WRITES],
        f'{GROUP}_group_arn = "arn:x"',
        "",
    ),
    "with a log group and a role": (
        "",
        [READS, WRITES],
        f'{GROUP}_group_arn = "arn:x"\n  {GROUP}_role_arn = "arn:y"',
        "",
    ),
    "that tells a topic": ("", [READS, WRITES], "sns_topic_name = aws_sns_topic.heard.name", ""),
    "that tells a topic by its ARN": ("", [READS, WRITES], "sns_topic_name = aws_sns_topic.heard.arn", ""),
    "that tells a deaf topic": ("SnsTopicPolicy", [READS, WRITES], 'sns_topic_name = "deaf"', ""),
}


@pytest.mark.parametrize(("refused", "policy", "more", "key"), TRAILS.values(), ids=TRAILS)
def test_a_trail_is_delivered_where_bucket_and_key_let_cloudtrail(
    tmp_path: Path, refused: str, policy: list[dict[str, Any]], more: str, key: str
) -> None:
    text = (
        TRAIL.replace("MORE", more).replace("KEY", key).replace("POLICY", ", ".join(map(json.dumps, policy)))
    )
    text += TOPICS.replace("PUBLISHED", json.dumps(PUBLISHED))
    found = Trail.find(declared(tmp_path, text), "t", "here")
    assert bool(found.delivery_error) is bool(refused)
    assert refused in found.delivery_error
