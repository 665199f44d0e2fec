"""Who may invoke a function: API Gateway for the requests of its API, and for those of no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.functions import Function
from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import computed_attribute
from plumbline.kinds.rest_api import RestApi
from plumbline.sources.moto.account import account
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings
from plumbline.values.encoding import decoded, encoded
from plumbline.values.unknown import Spelled, Undetermined
from selftest.kinds.stub import account as answering
from selftest.kinds.stub import text

ACCOUNT, REGION = "123456789012", "eu-west-1"
ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"
API = "aws_api_gateway_rest_api.a"
TERRAFORM = """
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  runtime       = "python3.13"
  publish       = true
}
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.f.function_name
  function_version = aws_lambda_function.f.version
}
resource "aws_api_gateway_rest_api" "a" {
  name = "a"
}
resource "aws_api_gateway_rest_api" "b" {
  name = "b"
}
resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  parent_id   = aws_api_gateway_rest_api.a.root_resource_id
  path_part   = "orders"
}
resource "aws_api_gateway_resource" "order" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  parent_id   = aws_api_gateway_resource.orders.id
  path_part   = "{id}"
}
locals {
  routes = {
    get  = { method = "GET", at = aws_api_gateway_resource.orders.id }
    post = { method = "POST", at = aws_api_gateway_resource.orders.id }
    one  = { method = "GET", at = aws_api_gateway_resource.order.id }
  }
}
resource "aws_api_gateway_method" "m" {
  for_each      = local.routes
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = each.value.at
  http_method   = each.value.method
  authorization = "NONE"
}
resource "aws_api_gateway_integration" "m" {
  for_each                = local.routes
  rest_api_id             = aws_api_gateway_rest_api.a.id
  resource_id             = each.value.at
  http_method             = each.value.method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = %(uri)s
  %(credentials)s
}
resource "aws_api_gateway_deployment" "a" {
  rest_api_id = aws_api_gateway_rest_api.a.id
}
resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  deployment_id = aws_api_gateway_deployment.a.id
  stage_name    = "prod"
}
"""
OF_FUNCTION, OF_ALIAS = "aws_lambda_function.f.invoke_arn", "aws_lambda_alias.live.invoke_arn"


def permission(name: str = "p", **arguments: str) -> str:
    """A permission that lets API Gateway invoke the function, unless it is said otherwise."""
    told = {
        "action": '"lambda:InvokeFunction"',
        "function_name": "aws_lambda_function.f.function_name",
        "principal": '"apigateway.amazonaws.com"',
        **arguments,
    }
    body = "\n  ".join(f"{key} = {value}" for key, value in told.items())
    return f'resource "aws_lambda_permission" "{name}" {{\n  {body}\n}}\n'


def of_api(path: str, api: str = API) -> dict[str, str]:
    """What a permission says that is for some requests of an API."""
    return {"source_arn": f'"${{{api}.execution_arn}}/{path}"'}


def declared(
    folder: Path, permissions: str, uri: str = OF_FUNCTION, credentials: str = ""
) -> tuple[Function, RestApi]:
    """The function and the API of a root with these permissions."""
    told = TERRAFORM % {"uri": uri, "credentials": credentials}
    (folder / "main.tf").write_text(told + permissions)
    root = evaluate(folder, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)
    return Function.find(root, "f", "here"), RestApi.find(root, "a", "here")


def judged(found: tuple[Function, RestApi]) -> tuple[list[str], list[str]]:
    """What is refused of what the API asks for, and what is let in besides."""
    function, api = found
    return function.refused(api.asked_for), function.lets_in_besides(api.execution_arn)


GET, POST, ONE = "GET /orders of stage prod", "POST /orders of stage prod", "GET /orders/{id} of stage prod"
ALL = [GET, ONE, POST]
ANY, ANYBODY_S = "any API", "any API of any account"
ID = "{%s aws_api_gateway_rest_api.%s}"


@pytest.mark.parametrize("path", ["*/*/*", "*", "prod/*/orders*", "prod/*", "*/*/orders*"])
def test_api_gateway_may_ask_for_what_a_permission_covers(tmp_path: Path, path: str) -> None:
    assert judged(declared(tmp_path, permission(**of_api(path)))) == ([], [])


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("prod/GET/orders", [ONE, POST]),
        ("prod/*/orders", [ONE]),
        ("dev/*/*", ALL),
        ("*/POST/*", [GET, ONE]),
        ("*/*/leads", ALL),
        ("", ALL),
    ],
)
def test_what_a_permission_does_not_cover_is_refused(tmp_path: Path, path: str, refused: list[str]) -> None:
    told, besides = judged(declared(tmp_path, permission(**of_api(path))))
    assert (sorted(told), besides) == (refused, [])


@pytest.mark.parametrize(("method", "refused"), [("POST", 0), ("GET", 3), ("ANY", 3)])
def test_lambda_takes_nothing_but_what_is_posted(tmp_path: Path, method: str, refused: int) -> None:
    text = TERRAFORM.replace('"POST"\n  uri', f'"{method}"\n  uri') % {"uri": OF_FUNCTION, "credentials": ""}
    (tmp_path / "main.tf").write_text(text + permission(**of_api("*/*/*")))
    root = evaluate(tmp_path, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)
    function, api = Function.find(root, "f", "here"), RestApi.find(root, "a", "here")
    told = function.refused(api.asked_for)
    assert len(told) == refused
    assert all(it.endswith(": not by POST, and Lambda takes nothing else") for it in told)


def test_each_route_may_have_a_permission_of_its_own(tmp_path: Path) -> None:
    paths = ("prod/GET/orders", "prod/POST/orders", "*/GET/orders/*")
    several = "".join(permission(f"p{number}", **of_api(it)) for number, it in enumerate(paths))
    assert judged(declared(tmp_path, several)) == ([], [])


@pytest.mark.parametrize(
    ("arguments", "refused", "besides"),
    [
        ({}, [], [ANY, ANYBODY_S]),
        ({"source_account": f'"{ACCOUNT}"'}, [], [ANY]),
        ({"source_account": '"210987654321"'}, ALL, []),
        ({"principal": '"*"'}, [], [ANY, ANYBODY_S]),
        ({"principal": '"events.amazonaws.com"'}, ALL, []),
        ({"principal": f'"{ACCOUNT}"'}, ALL, []),
        ({"action": '"lambda:GetFunction"', **of_api("*")}, ALL, []),
        ({"action": '"lambda:*"', **of_api("*")}, [], []),
        ({"function_name": '"g"', **of_api("*")}, ALL, []),
        ({"function_name": "aws_lambda_function.f.arn", **of_api("*")}, [], []),
        ({"qualifier": '"live"', **of_api("*")}, ALL, []),
        (
            {"source_arn": f'"arn:aws:execute-api:{REGION}:{ACCOUNT}:*/prod/*"'},
            [],
            [ANY_PROD := f"arn:aws:execute-api:{REGION}:{ACCOUNT}:*/prod/*"],
        ),
        (
            {"source_arn": f'"arn:aws:execute-api:{REGION}:{ACCOUNT}:*"'},
            [],
            [ANY, f"arn:aws:execute-api:{REGION}:{ACCOUNT}:*"],
        ),
        ({"source_arn": '"*"'}, [], [ANY, ANYBODY_S, "*"]),
        ({"source_arn": f'"${{{API}.arn}}/*"'}, ALL, []),
    ],
)
def test_what_a_permission_says_besides_decides(
    tmp_path: Path, arguments: dict[str, str], refused: list[str], besides: list[str]
) -> None:
    told, let_in = judged(declared(tmp_path, permission(**arguments)))
    assert (sorted(told), let_in) == (refused, besides)


def test_another_api_is_none_of_its_own(tmp_path: Path) -> None:
    both = permission("p", **of_api("*")) + permission("q", **of_api("*", "aws_api_gateway_rest_api.b"))
    refused, besides = judged(declared(tmp_path, both))
    own = ID % ("/".join(tmp_path.parts[-2:]).replace("/", "_"), "b")
    assert (refused, besides) == ([], [f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{own}/*"])


@pytest.mark.parametrize(
    "named",
    [
        '"${aws_api_gateway_rest_api.a.execution_arn}/*/*/*"',
        'format("%s", "${aws_api_gateway_rest_api.a.execution_arn}/*/*/*")',
        f'"arn:aws:execute-api:{REGION}:{ACCOUNT}:${{aws_api_gateway_rest_api.a.id}}/*"',
        '"${aws_api_gateway_stage.prod.execution_arn}/*"',
        '"${local.arn}/*"',
        'join("", [aws_api_gateway_rest_api.a.execution_arn, "/*"])',
    ],
)
def test_an_api_is_named_in_several_ways(tmp_path: Path, named: str) -> None:
    rest = 'locals {\n  arn = "${aws_api_gateway_rest_api.a.execution_arn}/prod"\n}\n'
    function, api = declared(tmp_path, rest + permission(source_arn=named))
    if named.startswith(("format", "join")):  # what a function makes of it is not followed
        with pytest.raises(Undetermined):
            function.refused(api.asked_for)
    else:
        assert judged((function, api)) == ([], [])


@pytest.mark.parametrize(
    ("at", "refused"),
    [("live", []), ("$LATEST", [f"{it} at live" for it in ALL]), ("", [f"{it} at live" for it in ALL])],
)
def test_an_alias_has_a_policy_of_its_own(tmp_path: Path, at: str, refused: list[str]) -> None:
    qualifier = {"qualifier": f'"{at}"'} if at else {}
    told, besides = judged(declared(tmp_path, permission(**of_api("*"), **qualifier), OF_ALIAS))
    assert (sorted(told), besides) == (refused, [])


def test_an_alias_that_lets_others_in_is_told(tmp_path: Path) -> None:
    both = permission("p", **of_api("*")) + permission("q", qualifier='"live"')
    assert judged(declared(tmp_path, both)) == ([], [f"{ANY} at live", f"{ANYBODY_S} at live"])


def test_an_api_that_calls_another_function_needs_no_leave_and_is_told(tmp_path: Path) -> None:
    other = f'"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{ARN}2/invocations"'
    told, _ = judged(declared(tmp_path, permission(**of_api("*")), other))
    assert told == ["the API calls it for no request"]


def test_a_role_needs_no_leave_of_the_function(tmp_path: Path) -> None:
    role = f'credentials = "arn:aws:iam::{ACCOUNT}:role/api"'
    assert judged(declared(tmp_path, "", credentials=role)) == ([], [])


@pytest.mark.parametrize(
    ("permissions", "uri"),
    [
        (permission(source_arn="random_pet.a.id"), OF_FUNCTION),
        (permission(principal="random_pet.a.id", **of_api("*")), OF_FUNCTION),
        (permission(qualifier="random_pet.a.id", **of_api("*")), OF_FUNCTION),
        (permission(function_name="random_pet.a.id", **of_api("*")), OF_FUNCTION),
        (permission(principal_org_id='"o-1"'), OF_FUNCTION),
        (permission(**of_api("*")), "random_pet.a.id"),
        (permission(count="random_integer.a.result", **of_api("*")), OF_FUNCTION),
    ],
)
def test_what_only_apply_decides_leaves_it_open(tmp_path: Path, permissions: str, uri: str) -> None:
    rest = 'resource "random_pet" "a" {}\nresource "random_integer" "a" {\n  min = 0\n  max = 9\n}\n'
    function, api = declared(tmp_path, rest + permissions, uri)
    with pytest.raises(Undetermined):
        function.refused(api.asked_for)


def test_what_is_spelled_is_as_unknown_as_anything(tmp_path: Path) -> None:
    _, api = declared(tmp_path, "")
    value = vars(api)["execution_arn"]
    assert isinstance(value, Spelled)
    with pytest.raises(Undetermined):
        _ = value == value.text
    kept = decoded(encoded({"a": value}))["a"]
    assert (type(kept), kept.origin, kept.text) == (Spelled, value.origin, value.text)


def test_any_method_stands_for_each(tmp_path: Path) -> None:
    told = permission(**of_api("prod/GET/orders"))
    main = (TERRAFORM % {"uri": OF_FUNCTION, "credentials": ""}).replace('"GET"', '"ANY"')
    (tmp_path / "main.tf").write_text(main + told)
    root = evaluate(tmp_path, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)
    function, api = Function.find(root, "f", "here"), RestApi.find(root, "a", "here")
    assert sorted(function.refused(api.asked_for))[0] == "ANY /orders of stage prod"


# In an account.

POLICY = {
    "Sid": "a",
    "Effect": "Allow",
    "Principal": {"Service": "apigateway.amazonaws.com"},
    "Action": "lambda:InvokeFunction",
    "Resource": ARN,
    "Condition": {"ArnLike": {"AWS:SourceArn": f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc123/*/*/*"}},
}
NO_POLICY = text('{"Message": "none"}', 404, x_amzn_ErrorType="ResourceNotFoundException")
READ = frozenset({"permissions", "arn", "address", "aliases", "refused"})


def answered(statement: dict[str, Any] | None, aliases: list[str], uri: str) -> tuple[Kind, Kind]:
    """The function and the API of an account where the function has this policy."""

    def policy(request: Any) -> Any:
        whole = json.dumps({"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})})
        of_alias = "Qualifier=" in request.url
        has = statement and (":live" in statement["Resource"]) == of_alias
        return (text(whole) if has else NO_POLICY)(request)

    integration = {"type": "AWS_PROXY", "httpMethod": "POST", "uri": uri}
    resources = [
        {
            "id": "r",
            "path": "/orders",
            "resourceMethods": {
                "GET": {
                    "authorizationType": "NONE",
                    "apiKeyRequired": False,
                    "methodIntegration": integration,
                }
            },
        }
    ]
    aws = answering(
        {
            "GetFunctionConfiguration": text(json.dumps(CONFIGURED)),
            "ListAliases": text(
                json.dumps({"Aliases": [{"Name": it, "FunctionVersion": "1"} for it in aliases]})
            ),
            "GetPolicy": policy,
            "GetRestApis": text(json.dumps({"item": [{"id": "abc123", "name": "a"}]})),
            "GetResources": text(json.dumps({"item": resources})),
            "GetStages": text(json.dumps({"item": [{"stageName": "prod", "deploymentId": "d"}]})),
        }
    )
    wanted = frozenset({"asked_for", "execution_arn"})
    return Function.from_aws(aws, "f", READ), RestApi.from_aws(aws, "a", wanted)


CONFIGURED = {
    "FunctionName": "f",
    "FunctionArn": ARN,
    "Role": f"arn:aws:iam::{ACCOUNT}:role/f",
    "State": "Active",
    "LastUpdateStatus": "Successful",
    "Runtime": "python3.13",
    "LoggingConfig": {"LogFormat": "Text", "LogGroup": "/aws/lambda/f"},
    "Timeout": 3,
    "MemorySize": 128,
    "TracingConfig": {"Mode": "PassThrough"},
}


def uri(qualifier: str = "") -> str:
    """Where API Gateway invokes the function."""
    return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{ARN}{qualifier}/invocations"


def changed(**changes: Any) -> dict[str, Any]:
    """The right statement with changes."""
    return {**POLICY, **changes}


def source(pattern: str) -> dict[str, Any]:
    """A statement that is for what a pattern matches."""
    return changed(Condition={"ArnLike": {"AWS:SourceArn": pattern}})


OTHER = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:other/*"


@pytest.mark.parametrize(
    ("statement", "called", "refused", "besides"),
    [
        (POLICY, uri(), [], []),
        (changed(Resource=f"{ARN}:live"), uri(":live"), [], []),
        (POLICY, uri(":live"), [f"{GET} at live"], []),
        (None, uri(), [GET], []),
        (source(OTHER), uri(), [GET], [OTHER]),
        (
            source(f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc12*"),
            uri(),
            [],
            [f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc12*"],
        ),
        (changed(Condition={"StringLike": {"aws:SourceArn": "*:abc123/*"}}), uri(), [], ["*:abc123/*"]),
        (changed(Condition={}), uri(), [], [ANY, ANYBODY_S]),
        (changed(Principal="*"), uri(), [], []),
        (changed(Effect="Deny"), uri(), [GET], []),
    ],
)
def test_an_account_tells_who_is_let_in(
    statement: dict[str, Any] | None, called: str, refused: list[str], besides: list[str]
) -> None:
    assert judged(answered(statement, ["live"], called)) == (refused, besides)  # type: ignore[arg-type]


def test_the_policy_of_a_version_is_not_read() -> None:
    function, api = answered(POLICY, [], uri(":7"))
    with pytest.raises(Undetermined, match="policy of version 7 is not read"):
        function.refused(api.asked_for)  # type: ignore[attr-defined]


def test_moto_holds_the_policy_of_a_function_and_of_an_alias() -> None:
    aws = account(ACCOUNT, REGION)
    Function(
        name="f",
        arn=ARN,
        role=f"arn:aws:iam::{ACCOUNT}:role/f",
        log_group="/x",
        publish=True,
        aliases={"live": "1"},
    ).create(aws)
    for named in ({"Qualifier": "live"}, {}):
        aws.write(
            "lambda:AddPermission",
            FunctionName="f",
            StatementId="a",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn="arn:x",
            **named,
        )
    aws.write("lambda:RemovePermission", FunctionName="f", StatementId="a")
    read = Function.from_aws(aws, "f", READ)
    assert [(it.qualifier, it.statement.resources) for it in read.permissions] == [("live", [f"{ARN}:live"])]
