"""Functions of Lambda: which runtimes are supported, and until when."""

from __future__ import annotations

from datetime import date

import pytest
from botocore.session import get_session

from plumbline.kinds.functions import Function
from plumbline.kinds.lambda_runtimes import ENDS, family
from plumbline.kinds.rest_api import RestApi
from plumbline.values.unknown import Undetermined, Unknown

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
