"""An event rule tells somebody of an event: on the bus where it arrives, and by what its targets are."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.kinds.events import EventRule
from plumbline.kinds.registry import computed_attribute
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings
from plumbline.values.unknown import Missing, ReadError, Undetermined, Unknown
from selftest.kinds.agreement import differences
from selftest.kinds.models import ACCOUNT, REGION
from selftest.kinds.test_round_trip import created_and_read

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
DELETED = {"source": "aws.s3", "detail": {"eventName": "DeleteBucket", "readOnly": False}}
READ = {"source": "aws.s3", "detail": {"eventName": "GetBucketAcl", "readOnly": True}}
OWN = {"source": "shop.orders", "detail": {}}
PATTERN = 'event_pattern = jsonencode({ source = ["aws.s3", "shop.orders"] })'
RULE = """
resource "aws_cloudwatch_event_bus" "orders" {
  name = "orders"
}
resource "aws_lambda_function" "tell" {
  function_name = "tell"
  role          = "arn:aws:iam::123456789012:role/tell"
}
resource "aws_cloudwatch_event_rule" "r" {
  name = "r"
  RULE
}
resource "aws_cloudwatch_event_target" "t" {
  rule = aws_cloudwatch_event_rule.r.name
  TARGET
}
"""


PERMISSION = """
}
resource "aws_lambda_permission" "p" {
  function_name = aws_lambda_function.tell.function_name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
"""
OF_RULES = f"arn:aws:events:{REGION}:{ACCOUNT}:rule"


def declared(root: Path, arguments: str, target: str) -> Configuration:
    """The source of a rule with these arguments."""
    text = RULE.replace("RULE", arguments).replace("TARGET", target)
    (root / "main.tf").write_text(text, "utf-8")
    return evaluate(root, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)


def rule(root: Path, arguments: str, target: str = f'arn = "{TOPIC}"') -> EventRule:
    """The rule with these arguments, as its source declares it."""
    here = declared(root, arguments, target)
    [found] = here.of_type("aws_cloudwatch_event_rule")
    return EventRule.from_terraform(found, here)


@pytest.mark.parametrize(
    ("bus", "on_the_default_one"),
    [
        ("", True),
        ('event_bus_name = "default"', True),
        (f'event_bus_name = "arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"', True),
        (f'event_bus_name = "arn:aws:events:eu-north-1:{ACCOUNT}:event-bus/default"', False),
        (f'event_bus_name = "arn:aws:events:{REGION}:210987654321:event-bus/default"', False),
        ('event_bus_name = "orders"', False),
        ("event_bus_name = aws_cloudwatch_event_bus.orders.name", False),
        ("event_bus_name = aws_cloudwatch_event_bus.orders.arn", False),
    ],
)
def test_events_of_aws_arrive_on_the_default_bus_alone(
    tmp_path: Path, bus: str, on_the_default_one: bool
) -> None:
    found = rule(tmp_path, f"{PATTERN}\n  {bus}", f'arn = "{TOPIC}"\n  {bus}')
    assert found.matches(DELETED) is on_the_default_one
    assert found.matches(OWN)
    assert found.targets == [TOPIC]


def test_a_target_of_a_rule_of_another_bus_is_none_of_this_one(tmp_path: Path) -> None:
    assert rule(tmp_path, PATTERN, f'arn = "{TOPIC}"\n  event_bus_name = "orders"').targets == []


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (f'target_id = "alerts"\n  arn = "{TOPIC}-archive"', None),
        (f'target_id = "alerts"\n  arn = "{TOPIC}"', [TOPIC, TOPIC]),
        (f'target_id = "archive"\n  arn = "{TOPIC}-archive"', [TOPIC, f"{TOPIC}-archive"]),
        (f'target_id = "alerts"\n  event_bus_name = "orders"\n  arn = "{TOPIC}-archive"', [TOPIC]),
    ],
)
def test_a_target_of_the_same_id_replaces_another(
    tmp_path: Path, second: str, told: list[str] | None
) -> None:
    first = f'arn = "{TOPIC}"\n  target_id = "alerts"'
    other = '}\nresource "aws_cloudwatch_event_target" "u" {\n  rule = aws_cloudwatch_event_rule.r.name\n  '
    found = rule(tmp_path, PATTERN, f"{first}\n{other}{second}")
    if told is None:
        with pytest.raises(Undetermined, match=r"\.t and \S+\.u both configure target alerts of"):
            found.tells(TOPIC)
    else:
        assert found.targets == told


def test_a_rule_that_only_follows_a_schedule_matches_no_event(tmp_path: Path) -> None:
    assert not rule(tmp_path, 'schedule_expression = "rate(1 day)"').matches(DELETED)


@pytest.mark.parametrize(
    ("argument", "state", "reads"),
    [
        ("", "ENABLED", False),
        ("is_enabled = false", "DISABLED", False),
        ('state = "DISABLED"', "DISABLED", False),
        ('state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"', "ENABLED", True),
    ],
)
def test_calls_that_only_read_reach_just_the_rules_that_take_them(
    tmp_path: Path, argument: str, state: str, reads: bool
) -> None:
    found = rule(tmp_path, f"{PATTERN}\n  {argument}")
    assert (found.state, found.matches(READ)) == (state, reads)
    assert found.matches(DELETED)


@pytest.mark.parametrize(
    ("target", "tells"),
    [
        (f'arn = "{TOPIC}"', True),
        ("arn = aws_lambda_function.tell.arn", False),
        (f"arn = aws_lambda_function.tell.arn{PERMISSION}", True),
        (
            f"arn = aws_lambda_function.tell.arn{PERMISSION}  source_arn = aws_cloudwatch_event_rule.r.arn",
            True,
        ),
        (f'arn = aws_lambda_function.tell.arn{PERMISSION}  source_arn = "{OF_RULES}/r"', True),
        (f'arn = aws_lambda_function.tell.arn{PERMISSION}  source_arn = "{OF_RULES}/s"', False),
        (f"arn = aws_lambda_function.tell.arn{PERMISSION.replace('events.', 's3.')}", False),
        (f"arn = aws_lambda_function.tell.arn{PERMISSION.replace('InvokeFunction', 'GetPolicy')}", False),
        (f'arn = "arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:tell"', True),
        (f'arn = "{TOPIC}-of-others"', False),
        (f'arn = "arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/events"', False),
    ],
)
def test_somebody_learns_of_it_by_the_topic_or_by_what_acts_itself(
    tmp_path: Path, target: str, tells: bool
) -> None:
    assert rule(tmp_path, PATTERN, target).tells(TOPIC) is tells


@pytest.mark.parametrize(
    "target",
    [f"arn:aws:sqs:{REGION}:{ACCOUNT}:events", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:elsewhere"],
)
def test_who_reads_a_queue_and_what_a_function_elsewhere_lets_in_is_not_known(
    tmp_path: Path, target: str
) -> None:
    found = rule(tmp_path, PATTERN, f'arn = "{target}"')
    with pytest.raises(Undetermined, match=target):
        found.tells(TOPIC)
    assert found.model_copy(update={"targets": [target, TOPIC]}).tells(TOPIC)


def test_a_target_that_nobody_knows_yet_does_not_hide_the_topic(tmp_path: Path) -> None:
    unknown = 'arn = aws_cloudwatch_event_bus.orders.id == "" ? "" : terraform_data.x.output'
    text = '\nresource "terraform_data" "x" {\n  input = timestamp()\n}\n'
    found = rule(tmp_path, PATTERN + "\n}\n" + text + "locals {", unknown)
    with pytest.raises(Undetermined):
        found.tells(TOPIC)
    both = found.model_copy(update={"targets": [*found.targets, TOPIC]})
    assert both.tells(TOPIC)


def test_a_pattern_that_eventbridge_refuses_is_an_error_with_its_place(tmp_path: Path) -> None:
    found = rule(tmp_path, 'event_pattern = jsonencode({ source = "aws.s3" })')
    with pytest.raises(ReadError, match=r"main\.tf:\d+: EventBridge refuses the event pattern: source must"):
        found.matches(DELETED)


def test_a_pattern_that_is_nested_too_deeply_is_an_error_too(tmp_path: Path) -> None:
    deep = '{\\"a\\":' * 5_000
    found = rule(tmp_path, f'event_pattern = "{deep}"')
    with pytest.raises(ReadError, match="EventBridge refuses the event pattern: it is nested too deeply"):
        found.matches(DELETED)


@pytest.mark.parametrize(
    ("bus", "name"),
    [
        ("", "r"),
        ("event_bus_name = aws_cloudwatch_event_bus.orders.name", "orders/r"),
        (f'event_bus_name = "arn:aws:events:{REGION}:{ACCOUNT}:event-bus/orders"', "orders/r"),
        ('event_bus_name = "aws.partner/example.com/x"', "aws.partner/example.com/x/r"),
        ("event_bus_name = terraform_data.x.output", None),
    ],
)
def test_a_rule_is_called_as_its_arn_has_it(tmp_path: Path, bus: str, name: str | None) -> None:
    more = '\n}\nresource "terraform_data" "x" {\n  input = timestamp()'
    found = declared(tmp_path, f"{PATTERN}\n  {bus}{more}", f'arn = "{TOPIC}"')
    [resource] = found.of_type("aws_cloudwatch_event_rule")
    called = EventRule.named(resource, found)
    assert (None if isinstance(called, Unknown) else called) == name


def test_a_rule_of_another_bus_is_asked_for_there() -> None:
    pattern = {"source": ["shop.orders"]}
    model = EventRule(name="orders/r", event_bus="orders", event_pattern=pattern, targets=[TOPIC])
    assert differences(model, created_and_read(model)) == {}
    with pytest.raises(Missing, match="does not exist"):
        created_and_read(model, called="r")
