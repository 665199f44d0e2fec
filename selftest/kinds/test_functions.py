"""Functions of Lambda: which runtimes are supported, and until when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from botocore.session import get_session

from plumbline.kinds.functions import Function
from plumbline.kinds.iam import Role
from plumbline.kinds.lambda_runtimes import ENDS, family
from plumbline.kinds.rest_api import RestApi
from plumbline.policy import Policy
from plumbline.values.unknown import Undetermined, Unknown
from selftest.kinds.test_role_grants import read, trusting

LAMBDA = get_session().get_service_model("lambda")


def test_the_table_names_runtimes_as_aws_does() -> None:
    assert ENDS.keys() <= {*LAMBDA.shape_for("Runtime").enum}
    assert {date.fromisoformat(it).isoformat() for it in ENDS.values()} == {*ENDS.values()}


@pytest.mark.parametrize(
    ("runtime", "language"),
    [
        ("nodejs22.x", "nodejs"),
        ("nodejs", "nodejs"),
        ("java8.al2", "java"),
        ("dotnetcore3.1", "dotnet"),
        ("", ""),
    ],
)
def test_a_runtime_is_of_the_family_that_aws_names(runtime: str, language: str) -> None:
    assert family(runtime) == language


def test_a_container_image_has_no_runtime_that_is_supported() -> None:
    image = Function(name="f", runtime="")
    assert image.runtime_family == image.runtime_ends == ""


def test_of_a_runtime_that_is_not_in_the_table_nothing_is_known() -> None:
    for runtime in ("nodejs99.x", Unknown("var.runtime")):
        with pytest.raises(Undetermined):
            _ = Function(name="f", runtime=runtime).runtime_ends


@pytest.mark.parametrize(("reserved", "runs"), [(None, True), (0, False), (1, True)])
def test_a_function_that_reserves_nothing_may_run(reserved: int | None, runs: bool) -> None:
    assert Function(name="f", reserved_concurrent_executions=reserved).can_run(1) is runs


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"prod */*": 100}, []),
        ({}, ["prod */*: not set"]),
        ({"prod */*": -1}, ["prod */*: -1"]),
        ({"prod */*": 0}, ["prod */*: 0"]),
        ({"prod */*": 101}, ["prod */*: 101"]),
        ({"dev */*": 1}, ["prod */*: not set"]),
        ({"prod */*": 50, "prod all/POST": 500, "dev */*": 9000}, ["prod all/POST: 500"]),
        ({"prod all/POST": 50}, ["prod */*: not set"]),
    ],
)
def test_a_stage_is_throttled_for_all_and_for_each(limits: dict[str, float], told: list[str]) -> None:
    assert RestApi(name="a", throttles=limits).not_throttled({"prod": 100}) == told


def test_a_limit_that_is_not_known_leaves_it_undetermined() -> None:
    with pytest.raises(Undetermined):
        RestApi(name="a", throttles={"prod */*": Unknown("var.rate")}).not_throttled({"prod": 100})


@pytest.mark.parametrize(
    ("routes", "told"),
    [
        ({"POST /all": "AWS_IAM"}, []),
        ({"ANY /all": "AWS_IAM"}, []),
        ({"ANY /all": "AWS_IAM", "POST /all": "NONE"}, ["POST /all: NONE"]),
        ({"ANY /all": "NONE", "POST /all": "AWS_IAM"}, []),
        ({"GET /all": "AWS_IAM", "POST /all/more": "AWS_IAM"}, ["POST /all: there is no such route"]),
    ],
)
def test_a_route_of_its_own_comes_before_any(routes: dict[str, str], told: list[str]) -> None:
    assert RestApi(name="a", routes=routes).not_protected(["POST /all"], ["AWS_IAM"]) == told


ACCOUNT, REGION = "123456789012", "eu-west-3"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/f"
FUNCTION = Function(name="f", arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f", log_group="/aws/lambda/f")
OF_AWS = "arn:aws:iam::aws:policy/service-role/"
OUR_LOG = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/f:*"
INTO_IT = ["logs:CreateLogStream", "logs:PutLogEvents"]


def kept_from_its_log(*attached: str, service: str = "lambda", **held: Any) -> list[str]:
    """What keeps the function from its log as a role that a service may assume, and that has policies."""
    trust = trusting(f"{service}.amazonaws.com")
    return FUNCTION.kept_from_its_log(
        Role(name="f", arn=ROLE, trust=trust, attached_policies=[*attached], **held)
    )


def granting(*actions: str, resource: str = OUR_LOG) -> dict[str, Policy]:
    return {"f": read({"Effect": "Allow", "Action": list(actions), "Resource": resource})}


@pytest.mark.parametrize(
    "name",
    ["AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSLambdaSQSQueueExecutionRole"],
)
def test_a_function_may_write_its_log_by_a_policy_of_aws(name: str) -> None:
    assert kept_from_its_log(OF_AWS + name) == []


def test_a_function_needs_not_make_the_log_group_that_is_there() -> None:
    assert kept_from_its_log(inline_policies=granting(*INTO_IT)) == []
    assert kept_from_its_log(inline_policies=granting("logs:*", resource="*")) == []


def test_a_function_that_may_not_write_its_log_is_told_why() -> None:
    assert kept_from_its_log() == INTO_IT
    assert kept_from_its_log(inline_policies=granting("logs:CreateLogStream")) == ["logs:PutLogEvents"]
    assert kept_from_its_log(inline_policies=granting(*INTO_IT, resource=f"{OUR_LOG}-other")) == INTO_IT
    denied = {"no": read({"Effect": "Deny", "Action": "logs:Put*", "Resource": "*"})}
    managed = f"{OF_AWS}AWSLambdaBasicExecutionRole"
    assert kept_from_its_log(managed, inline_policies=denied) == ["logs:PutLogEvents"]
    assert kept_from_its_log(OF_AWS + "AWSLambdaBasicExecutionRole", service="edgelambda") == [
        "sts:AssumeRole"
    ]


@pytest.mark.parametrize(
    ("attached", "held"),
    [
        ([f"arn:aws:iam::{ACCOUNT}:policy/logs"], {}),
        (["arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole"], {}),
        ([OF_AWS + "AWSLambdaRole"], {}),
    ],
)
def test_what_another_managed_policy_grants_is_not_read(attached: list[str], held: dict[str, Any]) -> None:
    with pytest.raises(Undetermined, match="is not read"):
        kept_from_its_log(*attached, **held)


def test_a_share_of_the_timeout_is_told_as_lambda_measures() -> None:
    assert Function(name="f", timeout=10).milliseconds(0.5) == 5000
