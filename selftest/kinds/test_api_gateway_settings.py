"""As which role API Gateway writes logs, and whether it may."""

from __future__ import annotations

from typing import Any

import pytest

from plumbline.kinds.api_gateway_settings import ApiGatewaySettings
from plumbline.kinds.iam import Role
from plumbline.policy import Policy
from plumbline.values.unknown import Undetermined
from selftest.kinds.test_role_grants import read, trusting

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/logs"
PUSHING = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
OTHER = f"arn:aws:iam::{ACCOUNT}:policy/logs"
WRITING = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]


def kept_out(*attached: str, service: str = "apigateway", **held: Any) -> list[str]:
    """What keeps API Gateway from writing as a role that a service may assume and that has these policies."""
    trust = trusting(f"{service}.amazonaws.com")
    role = Role(name="logs", arn=ROLE, trust=trust, attached_policies=[*attached], **held)
    return ApiGatewaySettings(name=REGION, log_role=ROLE).kept_out(role)


def of_logs(effect: str, actions: Any, resource: str = "*") -> dict[str, Policy]:
    return {"of-logs": read({"Effect": effect, "Action": actions, "Resource": resource})}


def test_a_role_that_may_write_logs_is_right() -> None:
    assert kept_out(PUSHING) == []
    assert kept_out(OTHER, PUSHING) == []
    assert kept_out(inline_policies=of_logs("Allow", WRITING)) == []


def test_a_role_that_may_write_no_logs_is_told() -> None:
    assert kept_out(PUSHING, service="lambda") == ["sts:AssumeRole"]
    assert kept_out() == WRITING
    assert kept_out(PUSHING, inline_policies=of_logs("Deny", "logs:Put*")) == ["logs:PutLogEvents"]


@pytest.mark.parametrize(
    ("attached", "held"),
    [
        ([OTHER], {}),
        ([PUSHING], {"permissions_boundary": OTHER}),
        (
            [],
            {"inline_policies": of_logs("Allow", "logs:*", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:x:*")},
        ),
    ],
)
def test_what_is_not_read_may_grant_it(attached: list[str], held: dict[str, Any]) -> None:
    with pytest.raises(Undetermined, match="is not read"):
        kept_out(*attached, **held)
