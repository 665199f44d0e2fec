"""A function that an event rule invokes in an account: its own policy says whether it lets the rule in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plumbline.kinds.events import EventRule
from plumbline.values.unknown import Undetermined
from selftest.kinds.stub import account, text

ACCOUNT, REGION = "123456789012", "eu-west-1"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:tell"
RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/deleted"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
READ = frozenset({"targets", "functions_let_in"})
NO_POLICY = text(
    '{"Message": "The resource you requested does not exist."}',
    404,
    x_amzn_ErrorType="ResourceNotFoundException",
)
PERMISSION = {
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "lambda:InvokeFunction",
    "Resource": FUNCTION,
    "Condition": {"ArnLike": {"AWS:SourceArn": RULE}},
}
OF_THE_ACCOUNT = {"StringEquals": {"AWS:SourceAccount": ACCOUNT}}


def policy(**changes: Any) -> Any:
    """What comes back where the function has one permission that differs in this from the right one."""
    document = {"Version": "2012-10-17", "Statement": [{**PERMISSION, **changes}]}
    return text(json.dumps({"Policy": json.dumps(document)}))


def rule(target: str, answer: Any) -> EventRule:
    """The rule with this target in an account that answers so what is asked of the function."""
    targets = text(json.dumps({"Targets": [{"Id": "1", "Arn": target}]}))
    described = text(json.dumps({"Name": "deleted", "Arn": RULE, "State": "ENABLED"}))
    aws = account({"ListTargetsByRule": targets, "DescribeRule": described, "GetPolicy": answer})
    return EventRule.from_aws(aws, "deleted", READ)


@pytest.mark.parametrize(
    ("tells", "answer"),
    [
        (True, policy()),
        (True, policy(Condition={})),
        (True, policy(Condition=OF_THE_ACCOUNT)),
        (True, policy(Condition={"ArnLike": {"AWS:SourceArn": RULE.replace("deleted", "*")}})),
        (False, policy(Condition={"ArnLike": {"AWS:SourceArn": f"{RULE}-2"}})),
        (False, policy(Condition={"StringEquals": {"AWS:SourceAccount": "210987654321"}})),
        (False, policy(Principal={"Service": "s3.amazonaws.com"})),
        (False, policy(Action="lambda:GetFunction")),
        (False, policy(Effect="Deny")),
        (False, NO_POLICY),
    ],
)
def test_a_function_is_told_where_its_policy_lets_the_rule_in(tells: bool, answer: Any) -> None:
    assert rule(FUNCTION, answer).tells(TOPIC) is tells


@pytest.mark.parametrize(
    "target", [FUNCTION.replace(ACCOUNT, "210987654321"), FUNCTION.replace(REGION, "eu-west-2")]
)
def test_a_function_that_lies_elsewhere_is_not_asked(target: str) -> None:
    with pytest.raises(Undetermined, match="is not known here"):
        rule(target, NO_POLICY).tells(TOPIC)


def test_a_condition_of_which_nothing_is_known_leaves_it_open() -> None:
    found = rule(FUNCTION, policy(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}))
    with pytest.raises(Undetermined, match="PrincipalOrgID"):
        found.tells(TOPIC)
