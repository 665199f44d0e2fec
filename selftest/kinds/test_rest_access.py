"""Who may ask for the routes of a REST API, what of a request is looked at, and how long is waited for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from plumbline.aws.reads import Aws
from plumbline.kinds.rest_api import RestApi
from plumbline.kinds.rest_authorizers import Authorizer
from plumbline.sources.moto.account import account
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import ReadError, Undetermined, Unknown, Unreadable

ACCOUNT, REGION = "123456789012", "eu-west-1"
POOL, OTHER = (f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{it}" for it in ("a", "b"))
WAYS = ["COGNITO_USER_POOLS", "CUSTOM", "AWS_IAM"]
API = """
resource "aws_api_gateway_rest_api" "a" {
  name = "a"
}
resource "aws_cognito_user_pool" "own" {
  name = "own"
}
resource "aws_cognito_user_pool" "other" {
  name = "other"
}
resource "aws_instance" "made" {}
resource "aws_api_gateway_authorizer" "users" {
  name          = "users"
  rest_api_id   = aws_api_gateway_rest_api.a.id
  type          = "COGNITO_USER_POOLS"
  provider_arns = [aws_cognito_user_pool.own.arn]
}
resource "aws_api_gateway_request_validator" "whole" {
  name                        = "whole"
  rest_api_id                 = aws_api_gateway_rest_api.a.id
  validate_request_body       = true
  validate_request_parameters = true
}
resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  parent_id   = aws_api_gateway_rest_api.a.root_resource_id
  path_part   = "orders"
}
resource "aws_api_gateway_method" "get" {
  rest_api_id          = aws_api_gateway_rest_api.a.id
  resource_id          = aws_api_gateway_resource.orders.id
  http_method          = "GET"
  authorization        = "COGNITO_USER_POOLS"
  authorizer_id        = aws_api_gateway_authorizer.users.id
  request_validator_id = aws_api_gateway_request_validator.whole.id
  request_parameters   = { "method.request.querystring.day" = true }
  request_models       = { "application/json" = "Order" }
}
resource "aws_api_gateway_integration" "get" {
  rest_api_id          = aws_api_gateway_rest_api.a.id
  resource_id          = aws_api_gateway_resource.orders.id
  http_method          = aws_api_gateway_method.get.http_method
  type                 = "MOCK"
  timeout_milliseconds = 29000
}
"""
UNKNOWN = "aws_instance.made.public_ip"
MORE = """
resource "aws_api_gateway_method" "more" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = aws_api_gateway_resource.orders.id
  http_method   = "%s"
  authorization = "%s"
}
"""


def declared(folder: Path, *changes: tuple[str, str], more: str = "") -> RestApi:
    """What Terraform declares of the API, with some changes."""
    text = API + more
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "main.tf").write_text(text)
    return RestApi.find(evaluate(folder), "a", "main.tf")


def open_(api: RestApi, *public: str) -> list[str]:
    return api.open_to_anybody(WAYS, public)


def test_source_says_who_is_let_in_what_is_looked_at_and_how_long(tmp_path: Path) -> None:
    api = declared(tmp_path)
    assert api.authorized_with == {"GET /orders": "users"}
    assert api.required == {"GET /orders": ["body", "parameters"]}
    assert api.validated == {"GET /orders": ["body", "parameters"]}
    assert (open_(api), api.unvalidated, api.not_waited_for(29_000)) == ([], [], [])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"COGNITO_USER_POOLS"\n  authorizer', '"NONE"\n  authorizer', "GET /orders: NONE"),
        (
            "  authorizer_id        = aws_api_gateway_authorizer.users.id\n",
            "",
            "GET /orders: COGNITO_USER_POOLS, and it names no authorizer",
        ),
    ],
)
def test_a_route_that_asks_nobody_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert open_(declared(tmp_path, (old, new))) == [told]


@pytest.mark.parametrize(
    ("method", "how", "public", "told"),
    [
        ("POST", "NONE", [], ["POST /orders: NONE"]),
        ("ANY", "NONE", [], ["ANY /orders: NONE"]),
        ("POST", "NONE", ["POST /orders"], []),
        ("POST", "NONE", ["GET /orders"], ["POST /orders: NONE"]),
        ("OPTIONS", "NONE", [], []),
        ("POST", "AWS_IAM", [], []),
        ("POST", "CUSTOM", [], ["POST /orders: CUSTOM, and it names no authorizer"]),
    ],
)
def test_every_route_is_asked_but_those_of_options_and_public_ones(
    tmp_path: Path, method: str, how: str, public: list[str], told: list[str]
) -> None:
    assert open_(declared(tmp_path, more=MORE % (method, how)), *public) == told


def test_an_api_without_routes_answers_nothing() -> None:
    bare = RestApi(name="a")
    assert open_(bare) == bare.not_waited_for(1) == ["there is no route"]
    assert bare.refusing(POOL) == ["no route has an authorizer"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("= aws_api_gateway_authorizer.users.id", f"= {UNKNOWN}"),
        ("= aws_api_gateway_authorizer.users.id", '= "abc123"'),
        ('"COGNITO_USER_POOLS"\n  authorizer', f"{UNKNOWN}\n  authorizer"),
    ],
)
def test_what_only_apply_tells_of_who_is_let_in_is_not_decided(tmp_path: Path, old: str, new: str) -> None:
    api = declared(tmp_path, (old, new))
    with pytest.raises(Undetermined):
        open_(api)
    certain = declared(tmp_path, (old, new), more=MORE % ("POST", "NONE"))
    assert open_(certain) == ["POST /orders: NONE"]


def test_a_document_of_openapi_is_not_read_and_so_not_decided(tmp_path: Path) -> None:
    api = declared(tmp_path, ('  name = "a"\n', '  name = "a"\n  body = "{}"\n'))
    for ask in (lambda: open_(api), lambda: api.unvalidated, lambda: api.not_waited_for(1)):
        with pytest.raises(Undetermined, match="the body of aws_api_gateway_rest_api"):
            ask()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([], []),
        ([("[aws_cognito_user_pool.own.arn]", "[aws_cognito_user_pool.other.arn]")], True),
        (
            [
                (
                    "[aws_cognito_user_pool.own.arn]",
                    "[aws_cognito_user_pool.other.arn, aws_cognito_user_pool.own.arn]",
                )
            ],
            [],
        ),
        (
            [('type          = "COGNITO_USER_POOLS"', 'type          = "REQUEST"')],
            ["users is of type REQUEST"],
        ),
        ([('  type          = "COGNITO_USER_POOLS"\n', "")], ["users is of type TOKEN"]),
    ],
)
def test_tokens_are_those_of_the_pool_that_is_meant(
    tmp_path: Path, changes: list[tuple[str, str]], told: list[str] | bool
) -> None:
    from plumbline.kinds.cognito import UserPool

    api = declared(tmp_path, *changes)
    pool = UserPool.find(evaluate(tmp_path), "own", "main.tf")
    wanted = ["users takes tokens of other pools alone"] if told is True else told
    assert api.refusing(pool.arn) == wanted


def test_a_pool_that_nobody_knows_yet_is_not_decided(tmp_path: Path) -> None:
    api = declared(tmp_path, ("[aws_cognito_user_pool.own.arn]", f"[{UNKNOWN}]"))
    with pytest.raises(Undetermined):
        api.refusing(POOL)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  request_validator_id = aws_api_gateway_request_validator.whole.id\n", "", ["body", "parameters"]),
        ("validate_request_body       = true", "validate_request_body = false", ["body"]),
        ("  validate_request_parameters = true\n", "", ["parameters"]),
        ('{ "application/json" = "Order" }', "{}", []),
        ('"method.request.querystring.day" = true', '"method.request.querystring.day" = false', []),
    ],
)
def test_what_is_declared_is_looked_at(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    api = declared(tmp_path, (old, new))
    assert api.unvalidated == [f"GET /orders: nobody looks at its {it}" for it in told]


def test_a_route_that_declares_nothing_needs_no_validator(tmp_path: Path) -> None:
    assert declared(tmp_path, more=MORE % ("POST", "AWS_IAM")).unvalidated == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("= aws_api_gateway_request_validator.whole.id", f"= {UNKNOWN}"),
        ("= aws_api_gateway_request_validator.whole.id", '= "abc123"'),
        ("validate_request_body       = true", f'validate_request_body = {UNKNOWN} == "x"'),
    ],
)
def test_what_only_apply_tells_of_a_validator_is_not_decided(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(Undetermined):
        _ = declared(tmp_path, (old, new)).unvalidated


@pytest.mark.parametrize(
    ("changes", "more", "told"),
    [
        ([("  timeout_milliseconds = 29000\n", "")], "", []),
        ([("= 29000", "= 5000")], "", ["GET /orders: 5000 ms"]),
        ([], MORE % ("POST", "AWS_IAM"), ["POST /orders: it has no integration"]),
        ([], MORE % ("OPTIONS", "NONE"), ["OPTIONS /orders: it has no integration"]),
    ],
)
def test_every_route_is_waited_for_as_long(
    tmp_path: Path, changes: list[tuple[str, str]], more: str, told: list[str]
) -> None:
    assert declared(tmp_path, *changes, more=more).not_waited_for(29_000) == told


def test_a_time_that_nobody_knows_is_not_decided(tmp_path: Path) -> None:
    api = declared(tmp_path, ("= 29000", f"= length({UNKNOWN})"))
    with pytest.raises(Undetermined):
        api.not_waited_for(29_000)


def within(**more: Any) -> Aws:
    """An account with one API, which has one route."""
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    api = RestApi(
        name="a",
        routes={"GET /orders": "COGNITO_USER_POOLS"},
        with_key={"GET /orders": False},
        authorizers={"users": Authorizer(type="COGNITO_USER_POOLS", providers=[POOL])},
        authorized_with={"GET /orders": "users"},
        required={"GET /orders": ["body", "parameters"]},
        validated={"GET /orders": ["body", "parameters"]},
        timeouts={"GET /orders": 29_000},
    )
    api.model_copy(update=more).create(aws)
    return aws


def read() -> RestApi:
    return RestApi.from_aws(account(ACCOUNT, REGION), "a")


def test_an_account_says_the_same() -> None:
    within()
    api = read()
    assert (open_(api), api.unvalidated, api.not_waited_for(29_000), api.refusing(POOL)) == ([], [], [], [])
    assert api.refusing(OTHER) == ["users takes tokens of other pools alone"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"routes": {"GET /orders": "NONE"}}, ["GET /orders: NONE"]),
        (
            {"authorized_with": {"GET /orders": ""}},
            ["GET /orders: COGNITO_USER_POOLS, and it names no authorizer"],
        ),
        (
            {"authorized_with": {"GET /orders": "gone99"}},
            ["GET /orders: its authorizer gone99 is not there"],
        ),
    ],
)
def test_an_account_tells_who_is_let_in(more: dict[str, Any], told: list[str]) -> None:
    within(**more)
    assert open_(read()) == told


def test_an_account_tells_what_is_not_looked_at_and_not_waited_for() -> None:
    within(validated={"GET /orders": ["body"]}, timeouts={"GET /orders": 50})
    assert read().unvalidated == ["GET /orders: nobody looks at its parameters"]
    assert read().not_waited_for(29_000) == ["GET /orders: 50 ms"]
    within(timeouts={})
    assert read().not_waited_for(29_000) == ["GET /orders: it has no integration"]


def test_what_could_not_be_read_is_an_error() -> None:
    denied = Unreadable(ReadError("denied", cause="denied"))
    api = RestApi(name="a", routes={"GET /a": "CUSTOM"}, authorized_with=denied, authorizers={})
    with pytest.raises(ReadError, match="denied"):
        open_(api)


def test_what_is_not_known_of_one_authorizer_hides_nothing_of_another() -> None:
    api = RestApi(
        name="a",
        authorized_with={"GET /a": "one", "GET /b": "two"},
        authorizers={
            "one": Authorizer(type="COGNITO_USER_POOLS", providers=[Unknown("it")]),
            "two": Authorizer(type="TOKEN"),
        },
    )
    assert api.refusing(POOL) == ["two is of type TOKEN"]
