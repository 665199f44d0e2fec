"""Who may publish to a topic: by its policy, and by that of the key that it is encrypted with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from plumbline.kinds.key_access import with_resources
from plumbline.kinds.kms import Key, KeyAccess
from plumbline.kinds.registry import computed_attribute
from plumbline.kinds.sns import Topic
from plumbline.policy import Policy
from plumbline.sources.moto.account import account
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings
from plumbline.values.pseudonyms import pseudonym
from plumbline.values.unknown import ReadError, Undetermined, Unknown

ACCOUNT, REGION = "123456789012", "eu-west-1"
ARN = f"arn:aws:sns:{REGION}:{ACCOUNT}:t"
ALARM, RULE = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:a", f"arn:aws:events:{REGION}:{ACCOUNT}:rule/a"
ALARMS, EVENTS = "cloudwatch.amazonaws.com", "events.amazonaws.com"
BOTH = [ALARMS, EVENTS]
KEY_ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey*"]


def allowing(service: Any, action: Any = "sns:Publish", **condition: Any) -> dict[str, Any]:
    """Return a statement that lets services do something."""
    allowed = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": "*"}
    return allowed | ({"Condition": condition} if condition else {})


def policy(*statements: dict[str, Any]) -> Policy:
    """Return a policy of these statements."""
    return Policy.read({"Statement": list(statements)}, "here")


def hears(**given: Any) -> tuple[bool, bool]:
    """Return whether a topic hears an alarm, and an event rule."""
    topic = Topic(name="t", arn=ARN, **given)
    return topic.hears_alarm("a"), topic.hears_rule("a")


# Source: SNS developer guide, "Example cases for Amazon SNS access control"; EventBridge user guide.
@pytest.mark.parametrize(
    ("statements", "heard"),
    [
        ([allowing(BOTH)], (True, True)),
        ([allowing(ALARMS)], (True, False)),
        ([allowing(EVENTS)], (False, True)),
        ([allowing("budgets.amazonaws.com")], (False, False)),
        ([allowing(BOTH, "sns:Subscribe")], (False, False)),
        ([allowing(BOTH, "SNS:*")], (True, True)),
        ([allowing(BOTH, StringEquals={"aws:SourceAccount": ACCOUNT})], (True, True)),
        ([allowing(BOTH, StringEquals={"aws:SourceAccount": "210987654321"})], (False, False)),
        (
            [allowing(BOTH, ArnLike={"aws:SourceArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:*"})],
            (True, False),
        ),
        ([allowing(BOTH, ArnEquals={"aws:SourceArn": RULE})], (False, True)),
        ([allowing(BOTH, ArnEquals={"aws:SourceArn": f"{ALARM}b"})], (False, False)),
        ([allowing(BOTH, StringEquals={"AWS:SourceOwner": ACCOUNT})], (True, False)),
        ([allowing(BOTH), allowing(ALARMS) | {"Effect": "Deny"}], (False, True)),
        (
            [allowing(BOTH), allowing(BOTH, Bool={"aws:SecureTransport": "false"}) | {"Effect": "Deny"}],
            (True, True),
        ),
        ([allowing(BOTH) | {"Resource": f"{ARN}-other"}], (False, False)),
        ([allowing(BOTH) | {"Resource": ARN}], (True, True)),
        ([allowing(BOTH) | {"Principal": "*"}], (True, True)),
        ([allowing(BOTH) | {"Principal": {"AWS": ACCOUNT}}], (False, False)),
    ],
)
def test_policy_lets_a_service_in_or_not(statements: list[dict[str, Any]], heard: tuple[bool, bool]) -> None:
    assert hears(policy=policy(*statements)) == heard


def test_topic_that_has_no_policy_of_its_own_hears_alarms_alone() -> None:
    assert hears() == (True, False)


def test_condition_of_which_nothing_is_known_is_undetermined() -> None:
    with pytest.raises(Undetermined, match="aws:PrincipalOrgID"):
        hears(policy=policy(allowing(BOTH, StringEquals={"aws:PrincipalOrgID": "o-1"})))


@pytest.mark.parametrize(
    ("key", "heard"),
    [
        (policy(allowing(BOTH, KEY_ACTIONS)), (True, True)),
        (policy(allowing(BOTH, "kms:*")), (True, True)),
        (policy(allowing(ALARMS, KEY_ACTIONS)), (True, False)),
        (policy(allowing(BOTH, "kms:Decrypt")), (False, False)),
        (policy(allowing("sns.amazonaws.com", KEY_ACTIONS)), (False, False)),
        (None, (False, False)),
    ],
)
def test_key_lets_a_service_in_or_not(key: Policy | None, heard: tuple[bool, bool]) -> None:
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/alerts"
    assert hears(policy=policy(allowing(BOTH)), kms_key=arn, key_policy=key) == heard


def test_key_of_aws_lets_nobody_in() -> None:
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/aws/sns"
    assert hears(policy=policy(allowing(BOTH)), kms_key=arn) == (False, False)


TOPIC = """
resource "aws_sns_topic" "t" {
  name = "t"
  %s
}
"""
BESIDE = """
resource "aws_sns_topic_policy" "p" {
  arn    = aws_sns_topic.t.arn
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { Service = "%s" },
    Action = "sns:Publish", Resource = aws_sns_topic.t.arn }] })
}
"""
INLINE = """policy = jsonencode({ Statement = { Effect = "Allow",
  Principal = { Service = "events.amazonaws.com" }, Action = "sns:Publish", Resource = "*" } })"""
KEY = """
resource "aws_kms_key" "k" {
  %s
}
resource "aws_kms_alias" "k" {
  name          = "alias/alerts"
  target_key_id = aws_kms_key.k.key_id
}
"""
KEY_POLICY = """policy = jsonencode({ Statement = { Effect = "Allow",
  Principal = { Service = "events.amazonaws.com" },
  Action = ["kms:Decrypt", "kms:GenerateDataKey*"], Resource = "*" } })"""
KEY_BESIDE = """
resource "aws_kms_key_policy" "k" {
  key_id = aws_kms_key.k.id
  %s
}
"""


def declared(tmp_path: Path, text: str) -> Topic:
    """Return the topic that a root declares."""
    (tmp_path / "main.tf").write_text(text, "utf-8")
    here = evaluate(tmp_path, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)
    return Topic.find(here, "t", "here")


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        (TOPIC % "", (True, False)),
        (TOPIC % "" + BESIDE % EVENTS, (False, True)),
        (TOPIC % "" + BESIDE % "budgets.amazonaws.com", (False, False)),
        (TOPIC % INLINE, (False, True)),
    ],
)
def test_policy_is_found_in_the_topic_and_beside_it(
    tmp_path: Path, text: str, heard: tuple[bool, bool]
) -> None:
    topic = declared(tmp_path, text)
    assert (topic.hears_alarm("a"), topic.hears_rule("a")) == heard


@pytest.mark.parametrize(
    "named",
    [
        "aws_kms_key.k.id",
        "aws_kms_key.k.arn",
        "aws_kms_alias.k.name",
        '"alias/alerts"',
        "aws_kms_alias.k.arn",
    ],
)
def test_key_is_found_by_whatever_names_it(tmp_path: Path, named: str) -> None:
    text = TOPIC % f"kms_master_key_id = {named}" + BESIDE % EVENTS
    assert declared(tmp_path, text + KEY % KEY_POLICY).hears_rule("a")
    assert declared(tmp_path, text + KEY % "" + KEY_BESIDE % KEY_POLICY).hears_rule("a")
    assert not declared(tmp_path, text + KEY % "").hears_rule("a")


def test_key_of_which_nothing_is_known_may_be_none() -> None:
    with pytest.raises(Undetermined, match=r"known only after apply: data\.aws_kms_key\.k\.arn"):
        hears(policy=policy(allowing(BOTH)), kms_key=Unknown("data.aws_kms_key.k.arn"))


def test_key_that_is_disabled_lets_nobody_in(tmp_path: Path) -> None:
    text = TOPIC % "kms_master_key_id = aws_kms_key.k.arn" + BESIDE % EVENTS
    assert declared(tmp_path, text + KEY % f"{KEY_POLICY}\n  is_enabled = true").hears_rule("a")
    assert not declared(tmp_path, text + KEY % f"{KEY_POLICY}\n  is_enabled = false").hears_rule("a")


@pytest.mark.parametrize(("enabled", "heard"), [(True, (True, True)), (False, (False, False))])
def test_key_without_an_alias_is_asked_by_its_id(enabled: bool, heard: tuple[bool, bool]) -> None:
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    text = with_resources(policy(allowing(BOTH, KEY_ACTIONS))).as_json()
    key = aws.write("kms:CreateKey", Policy=text)["KeyMetadata"]["KeyId"]
    if not enabled:
        aws.write("kms:DisableKey", KeyId=key)
    Topic(name="t", arn=ARN, policy=policy(allowing(BOTH)), kms_key=key).create(aws)
    topic = Topic.from_aws(aws, "t")
    assert (topic.hears_alarm("a"), topic.hears_rule("a")) == heard


def test_key_without_an_alias_goes_by_the_id_that_was_chosen(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(f'resource "aws_kms_key" "k" {{\n{KEY_POLICY}\n}}', "utf-8")
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    made = aws.write("kms:CreateKey")["KeyMetadata"]
    chosen = {"aws_kms_key.k": {"key_id": made["KeyId"], "arn": made["Arn"]}}
    settings = Settings(ACCOUNT, REGION)
    here = evaluate(tmp_path, settings=settings, computed=computed_attribute, chosen=chosen)
    key = Key.from_terraform(here.at("aws_kms_key.k"), here)
    key.create_facet(KeyAccess, aws)
    assert key.name == made["KeyId"]
    assert Key.from_aws(aws, key.name, {"policy"}).policy == key.policy


def test_key_that_is_not_declared_is_undetermined(tmp_path: Path) -> None:
    text = TOPIC % 'kms_master_key_id = "alias/elsewhere"' + BESIDE % EVENTS
    with pytest.raises(
        Undetermined, match=r"no key of Terraform here is the one that aws_sns_topic\.t names"
    ):
        declared(tmp_path, text).hears_rule("a")


def test_two_policies_that_differ_are_undetermined(tmp_path: Path) -> None:
    other = (BESIDE % ALARMS).replace('"p"', '"q"')
    with pytest.raises(Undetermined, match="both configure"):
        declared(tmp_path, TOPIC % "" + BESIDE % EVENTS + other).hears_rule("a")


def test_a_policy_of_the_topic_itself_and_another_beside_it_are_undetermined(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match=r"p and aws_sns_topic\.t both configure aws_sns_topic\.t"):
        declared(tmp_path, TOPIC % INLINE + BESIDE % ALARMS).hears_alarm("a")


def test_a_policy_of_the_key_itself_and_another_beside_it_are_undetermined(tmp_path: Path) -> None:
    text = TOPIC % "kms_master_key_id = aws_kms_key.k.arn" + BESIDE % EVENTS + KEY % KEY_POLICY
    same = declared(tmp_path, text + KEY_BESIDE % KEY_POLICY)
    assert same.hears_rule("a")
    other = declared(tmp_path, text + KEY_BESIDE % KEY_POLICY.replace("events", "cloudwatch"))
    with pytest.raises(Undetermined, match=r"aws_kms_key_policy\.k and aws_kms_key\.k both configure"):
        other.hears_rule("a")


SUBSCRIPTION = """
resource "aws_sns_topic_subscription" "s" {
  topic_arn = aws_sns_topic.t.arn
  protocol  = "email"
  endpoint  = "a@b"
  %s
}
"""
SUBSCRIBER = f"email:{pseudonym('email', 'a@b')}"
# Source: SNS developer guide, "Amazon SNS subscription filter policies"; alarms and rules send no attributes.
FILTERS = [
    (None, None, True),
    ({}, None, True),
    ({"severity": ["critical"]}, None, False),
    ({"severity": [{"exists": True}]}, "MessageAttributes", False),
    ({"severity": [{"anything-but": "low"}]}, None, False),
    ({"severity": [{"exists": False}]}, None, None),
    ({"AlarmName": ["a"]}, "MessageBody", None),
]


@pytest.mark.parametrize(
    ("protocol", "endpoint"),
    [("email", "devops"), ("phone_number", "a@b"), ("https", "http://a.example"), ("sqs", "orders")],
)
def test_a_subscription_that_sns_refuses_is_an_error_with_its_place(
    tmp_path: Path, protocol: str, endpoint: str
) -> None:
    text = (SUBSCRIPTION % "").replace('"email"', f'"{protocol}"').replace('"a@b"', f'"{endpoint}"')
    with pytest.raises(ReadError, match=rf"main\.tf:\d+: SNS subscribes nobody by '{protocol}'"):
        _ = declared(tmp_path, TOPIC % "" + text).subscriptions == []


@pytest.mark.parametrize(("policy", "scope", "heard"), FILTERS, ids=str)
def test_subscription_whose_filter_keeps_everything_from_it_is_none(
    tmp_path: Path, policy: Any, scope: str | None, heard: bool | None
) -> None:
    text = "" if policy is None else f"filter_policy = {json.dumps(json.dumps(policy))}"
    scoped = "" if scope is None else f'\n  filter_policy_scope = "{scope}"'
    in_source = declared(tmp_path, TOPIC % "" + SUBSCRIPTION % (text + scoped))
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    aws.write("sns:CreateTopic", Name="t")
    filtered = {} if policy is None else {"FilterPolicy": json.dumps(policy)}
    asked = filtered | ({} if scope is None else {"FilterPolicyScope": scope})
    aws.write("sns:Subscribe", TopicArn=ARN, Protocol="email", Endpoint="a@b", Attributes=asked)
    for topic in (in_source, Topic.from_aws(aws, "t", {"subscriptions"})):
        if heard is None:
            with pytest.raises(Undetermined, match=f"filter of subscription {SUBSCRIBER}"):
                bool(topic.subscriptions)
        else:
            assert topic.subscriptions == ([SUBSCRIBER] if heard else [])


@pytest.mark.parametrize("policy", ["{", "[1]", "5", '{"a":' * 5_000], ids=["cut", "list", "number", "deep"])
def test_filter_that_is_no_object_is_an_error_with_its_place(tmp_path: Path, policy: str) -> None:
    topic = declared(tmp_path, TOPIC % "" + SUBSCRIPTION % f"filter_policy = {json.dumps(policy)}")
    with pytest.raises(ReadError, match=r"main\.tf:\d+: SNS refuses the filter policy"):
        bool(topic.subscriptions)
