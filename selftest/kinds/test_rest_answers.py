"""What a browser may do with the answers of a REST API: as models, and as Terraform declares them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.rest_answers import Integration, Mapped
from plumbline.kinds.rest_api import RestApi
from plumbline.kinds.rest_cors import lacking
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings
from plumbline.values.unknown import Undetermined, Unknown

ORIGIN = "Access-Control-Allow-Origin"
CORS = {
    ORIGIN: ["*"],
    "Access-Control-Allow-Methods": ["GET", "POST", "OPTIONS"],
    "Access-Control-Allow-Headers": ["Content-Type", "x-api-key"],
}
HEADERS = {
    ORIGIN: "'*'",
    "Access-Control-Allow-Methods": "'GET,POST,OPTIONS'",
    "Access-Control-Allow-Headers": "'Content-Type,x-api-key'",
}


@pytest.mark.parametrize(
    ("header", "value", "asked", "lacks"),
    [
        (ORIGIN, "*", ["*"], False),
        (ORIGIN, " * ", ["*"], False),
        (ORIGIN, "*", ["https://a.example"], False),
        (ORIGIN, "https://a.example", ["*"], True),
        (ORIGIN, "https://a.example", ["https://a.example"], False),
        (ORIGIN, "https://a.example,https://b.example", ["https://a.example"], True),
        ("Access-Control-Allow-Methods", "OPTIONS, POST,GET", ["GET", "POST"], False),
        ("Access-Control-Allow-Methods", "*", ["GET", "POST"], False),
        ("Access-Control-Allow-Methods", "GET,POST,DELETE", ["GET", "POST"], False),
        ("Access-Control-Allow-Methods", "GET", ["GET", "POST"], True),
        ("Access-Control-Allow-Methods", "get,post", ["GET", "POST"], True),
        ("Access-Control-Allow-Methods", "GET;POST", ["GET"], True),
        ("Access-Control-Allow-Methods", "GET POST", ["GET"], True),
        ("Access-Control-Allow-Headers", "X-API-KEY ,content-type", ["Content-Type", "x-api-key"], False),
        ("Access-Control-Allow-Headers", "*", ["Content-Type", "x-api-key"], False),
        ("Access-Control-Allow-Headers", "*", ["Authorization"], True),
        ("Access-Control-Allow-Headers", "", ["x-api-key"], True),
        ("Access-Control-Max-Age", "600", ["600"], False),
        ("Access-Control-Max-Age", "60", ["600"], True),
    ],
)
def test_a_value_is_read_as_a_browser_reads_it(
    header: str, value: str, asked: list[str], lacks: bool
) -> None:
    assert bool(lacking(header, value, asked)) is lacks


def api(**fields: Any) -> RestApi:
    """An API whose preflight is right, but for these fields."""
    right: dict[str, Any] = {
        "routes": {"OPTIONS /all": "NONE", "GET /all": "NONE"},
        "with_key": {"OPTIONS /all": False, "GET /all": True},
        "integrations": {
            "OPTIONS /all": Integration(type="MOCK", mocked="200"),
            "GET /all": Integration(type="AWS_PROXY"),
        },
        "mapped": {"OPTIONS /all 200": Mapped(headers=HEADERS)},
        "response_headers": {"OPTIONS /all 200": [*HEADERS]},
    }
    return RestApi(name="a", **right | fields)


def mock(**fields: Any) -> dict[str, Any]:
    return {"integrations": {"OPTIONS /all": Integration(**{"type": "MOCK", "mocked": "200"} | fields)}}


def answer(**fields: Any) -> dict[str, Any]:
    return {"mapped": {"OPTIONS /all 200": Mapped(**{"headers": HEADERS} | fields)}}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        answer(headers={name.lower(): value for name, value in HEADERS.items()}),
        answer(headers={**HEADERS, "Access-Control-Max-Age": "'600'"}),
        mock(type="HTTP"),
        {"mapped": {"OPTIONS /all 200": Mapped(headers=HEADERS), "OPTIONS /all 500": Mapped(pattern="5..")}},
        {
            "mapped": {
                "OPTIONS /all 200": Mapped(headers=HEADERS, pattern="2.."),
                "OPTIONS /all 500": Mapped(),
            }
        },
    ],
)
def test_a_preflight_lets_in(fields: dict[str, Any]) -> None:
    assert api(**fields).not_let_in(["/all"], CORS) == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"routes": {"GET /all": "NONE"}}, "there is no such route"),
        ({"integrations": {}}, "it has no integration"),
        (mock(mocked=""), "is given no status"),
        ({"mapped": {}}, "no answer is mapped"),
        (answer(pattern="5.."), "no answer is mapped"),
        (answer(headers={}), f"OPTIONS /all 200: no {ORIGIN}"),
        (answer(headers={**HEADERS, ORIGIN: "*"}), "no text in single quotes"),
        (answer(headers={**HEADERS, ORIGIN: "'https://a.example'"}), "must be or have *"),
        ({"response_headers": {}}, "the method does not say"),
        ({"response_headers": {"OPTIONS /all 200": [ORIGIN]}}, "Access-Control-Allow-Methods"),
        (
            {
                **mock(mocked="500"),
                "mapped": {"OPTIONS /all 500": Mapped(headers=HEADERS)},
            },
            "it answers 500",
        ),
    ],
)
def test_a_preflight_lets_nobody_in(fields: dict[str, Any], told: str) -> None:
    found = api(**fields).not_let_in(["/all"], CORS)
    assert found
    assert told in found[0]


@pytest.mark.parametrize(
    "fields",
    [
        mock(type="AWS_PROXY"),
        mock(type=Unknown("var.type")),
        mock(mocked=Unknown("var.template")),
        answer(overrides=True),
        answer(headers=Unknown("var.headers")),
        answer(headers={**HEADERS, ORIGIN: Unknown("var.origin")}),
        answer(headers={**HEADERS, ORIGIN: "integration.response.header.origin"}),
        answer(headers={**HEADERS, ORIGIN: "context.domainName"}),
        answer(pattern=Unknown("var.pattern")),
        {"routes": Unknown("the body")},
    ],
)
def test_what_is_not_known_decides_nothing(fields: dict[str, Any]) -> None:
    with pytest.raises(Undetermined):
        api(**fields).not_let_in(["/all"], CORS)


def test_what_is_wrong_for_certain_is_told_beside_what_is_not_known() -> None:
    headers = {**HEADERS, ORIGIN: Unknown("var.origin"), "Access-Control-Allow-Methods": "'GET'"}
    [told] = api(**answer(headers=headers)).not_let_in(["/all"], CORS)
    assert "Access-Control-Allow-Methods" in told


def test_a_route_of_any_method_is_the_preflights_too() -> None:
    fields = {
        "routes": {"ANY /{proxy+}": "NONE"},
        "integrations": {"ANY /{proxy+}": Integration(type="AWS_PROXY")},
    }
    with pytest.raises(Undetermined):
        api(**fields).not_let_in(["/all"], CORS)


@pytest.mark.parametrize(
    ("routes", "keys", "told"),
    [
        ({"OPTIONS /all": "NONE"}, {"OPTIONS /all": False}, []),
        ({"OPTIONS /all": "AWS_IAM"}, {"OPTIONS /all": False}, ["OPTIONS /all: AWS_IAM"]),
        ({"OPTIONS /all": "NONE"}, {"OPTIONS /all": True}, ["OPTIONS /all: an API key"]),
        ({"ANY /all": "NONE"}, {"ANY /all": True}, ["OPTIONS /all: an API key"]),
        ({"GET /all": "NONE"}, {"GET /all": True}, ["OPTIONS /all: there is no such route"]),
    ],
)
def test_a_preflight_brings_neither_key_nor_token(
    routes: dict[str, str], keys: dict[str, bool], told: list[str]
) -> None:
    assert api(routes=routes, with_key=keys).asked_of_preflight(["/all"]) == told


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"GET /all": True}, []),
        ({"ANY /{proxy+}": True}, []),
        ({"ANY /all": True, "GET /all": False}, ["GET /all: no key is asked for"]),
        ({"POST /all": True}, ["GET /all: there is no such route"]),
    ],
)
def test_a_route_asks_for_a_key(keys: dict[str, bool], told: list[str]) -> None:
    assert api(with_key=keys).without_key(["GET /all"]) == told


def test_whether_a_key_is_asked_for_may_be_unknown() -> None:
    with pytest.raises(Undetermined):
        api(with_key={"GET /all": Unknown("var.key")}).without_key(["GET /all"])


def test_a_proxy_answers_with_headers_of_its_own() -> None:
    assert api().unreadable_elsewhere(["GET /all"], ["GET /all"], ["*"]) == []
    with pytest.raises(Undetermined):
        api().unreadable_elsewhere(["GET /all"], [], ["*"])


@pytest.mark.parametrize(
    ("mapped", "told"),
    [
        ({"GET /all 200": Mapped(headers={ORIGIN: "'*'"})}, []),
        ({}, ["GET /all: no answer is mapped"]),
        ({"GET /all 200": Mapped()}, ["GET /all 200: no access-control-allow-origin"]),
        (
            {"GET /all 200": Mapped(headers={ORIGIN: "'*'"}), "GET /all 500": Mapped(pattern="5..")},
            ["GET /all 500: no access-control-allow-origin"],
        ),
    ],
)
def test_every_answer_that_is_mapped_can_be_read(mapped: dict[str, Mapped], told: list[str]) -> None:
    found = api(
        integrations={"GET /all": Integration(type="AWS")},
        mapped=mapped,
        response_headers={it: [ORIGIN] for it in mapped},
    )
    assert found.unreadable_elsewhere(["GET /all"], ["GET /all"], ["*"]) == told


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"DEFAULT_4XX": {ORIGIN: "'*'"}}, []),
        ({}, ["DEFAULT_4XX: no access-control-allow-origin"]),
        ({"DEFAULT_4XX": {}}, ["DEFAULT_4XX: no access-control-allow-origin"]),
        (
            {"DEFAULT_4XX": {ORIGIN: "'*'"}, "INVALID_API_KEY": {}},
            ["INVALID_API_KEY: no access-control-allow-origin"],
        ),
    ],
)
def test_a_refusal_can_be_read(headers: dict[str, dict[str, str]], told: list[str]) -> None:
    assert api(gateway_headers=headers).unreadable_refusals(["DEFAULT_4XX"], ["*"]) == told


@pytest.mark.parametrize(
    ("rates", "bursts", "told"),
    [
        ({}, {}, []),
        ({"prod */*": 50}, {"prod */*": -1}, []),
        ({"prod */*": -1}, {"prod */*": -1}, []),
        ({"prod */*": 0}, {"prod */*": 5}, ["prod */*: no request a second"]),
        ({"prod */*": 5}, {"prod */*": 0}, ["prod */*: no request at once"]),
        ({"prod */*": 5, "prod all/GET": 0}, {"prod */*": 5}, ["prod all/GET: no request a second"]),
        ({"dev */*": 0}, {}, []),
    ],
)
def test_a_limit_of_zero_switches_a_stage_off(
    rates: dict[str, float], bursts: dict[str, float], told: list[str]
) -> None:
    assert api(deployed={"prod": True}, throttles=rates, bursts=bursts).switched_off(["prod"]) == told


def test_zero_is_told_beside_a_limit_that_is_not_known() -> None:
    limits = {"prod */*": Unknown("var.rate"), "prod all/GET": 0}
    assert api(deployed={"prod": True}, throttles=limits).switched_off(["prod"])
    with pytest.raises(Undetermined):
        api(deployed={"prod": True}, throttles={"prod */*": Unknown("var.rate")}).switched_off(["prod"])


def test_a_stage_that_is_not_there_serves_nothing_and_takes_nothing() -> None:
    found = api(deployed={"dev": False})
    assert found.not_deployed(["dev", "prod"]) == [
        "prod: there is no such stage",
        "dev: nothing is deployed",
    ]
    assert found.switched_off(["prod"]) == ["prod: there is no such stage"]


API = """
variable "key" { default = true }
resource "aws_api_gateway_rest_api" "a" {
  name = "a"
  %s
}
resource "aws_api_gateway_resource" "all" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  parent_id   = aws_api_gateway_rest_api.a.root_resource_id
  path_part   = "all"
}
resource "aws_api_gateway_method" "m" {
  for_each         = { GET = true, POST = var.key, OPTIONS = null }
  rest_api_id      = aws_api_gateway_rest_api.a.id
  resource_id      = aws_api_gateway_resource.all.id
  http_method      = each.key
  authorization    = "NONE"
  api_key_required = each.value
}
resource "aws_api_gateway_integration" "m" {
  for_each          = aws_api_gateway_method.m
  rest_api_id       = aws_api_gateway_rest_api.a.id
  resource_id       = aws_api_gateway_resource.all.id
  http_method       = each.value.http_method
  type              = each.key == "OPTIONS" ? "MOCK" : "AWS_PROXY"
  request_templates = each.key == "OPTIONS" ? { "application/json" = "{statusCode: 204}" } : null
}
resource "aws_api_gateway_method_response" "p" {
  rest_api_id         = aws_api_gateway_rest_api.a.id
  resource_id         = aws_api_gateway_resource.all.id
  http_method         = "OPTIONS"
  status_code         = "204"
  response_parameters = { "method.response.header.X-A" = true }
}
resource "aws_api_gateway_integration_response" "p" {
  rest_api_id         = aws_api_gateway_rest_api.a.id
  resource_id         = aws_api_gateway_resource.all.id
  http_method         = "OPTIONS"
  status_code         = aws_api_gateway_method_response.p.status_code
  response_parameters = { "method.response.header.X-A" = "'b'" }
}
resource "aws_api_gateway_gateway_response" "g" {
  for_each            = toset(["DEFAULT_4XX"])
  rest_api_id         = aws_api_gateway_rest_api.a.id
  response_type       = each.key
  response_parameters = { "gatewayresponse.header.X-A" = "'b'" }
}
resource "aws_api_gateway_deployment" "d" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  stage_name  = "old"
}
resource "aws_api_gateway_stage" "s" {
  for_each      = toset(["dev"])
  rest_api_id   = aws_api_gateway_rest_api.a.id
  deployment_id = aws_api_gateway_deployment.d.id
  stage_name    = each.key
}
resource "aws_api_gateway_method_settings" "s" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  stage_name  = "dev"
  method_path = "*/*"
  settings { throttling_rate_limit = 0 }
}
"""


def declared(folder: Path, text: str) -> RestApi:
    (folder / "main.tf").write_text(text)
    settings = Settings(account="123456789012", owner="123456789012")
    return RestApi.find(evaluate(folder, settings=settings), "a", "here")


def test_terraform_says_it_all(tmp_path: Path) -> None:
    found = declared(tmp_path, API % "")
    assert found.with_key == {"GET /all": True, "POST /all": True, "OPTIONS /all": False}
    assert found.integrations["OPTIONS /all"] == Integration(type="MOCK", mocked="204")
    assert found.integrations["GET /all"] == Integration(type="AWS_PROXY")
    assert found.response_headers == {"OPTIONS /all 204": ["X-A"]}
    assert found.mapped == {"OPTIONS /all 204": Mapped(headers={"X-A": "'b'"})}
    assert found.gateway_headers == {"DEFAULT_4XX": {"X-A": "'b'"}}
    assert found.api_key_source == "HEADER"
    assert found.deployed == {"old": True, "dev": True}
    assert found.throttles == {"dev */*": 0}
    assert found.bursts == {"dev */*": -1}


ANSWERED = """
resource "aws_api_gateway_integration" "again" {
  rest_api_id       = aws_api_gateway_rest_api.a.id
  resource_id       = aws_api_gateway_resource.all.id
  http_method       = "OPTIONS"
  type              = "%s"
  request_templates = { "application/json" = "{statusCode: 204}" }
}
"""


def test_an_integration_replaces_another_of_its_method(tmp_path: Path) -> None:
    same = declared(tmp_path, API % "" + ANSWERED % "MOCK")
    assert same.integrations["OPTIONS /all"] == Integration(type="MOCK", mocked="204")
    other = declared(tmp_path, API % "" + ANSWERED % "HTTP")
    with pytest.raises(Undetermined, match=r"both configure OPTIONS /all of aws_api_gateway_rest_api\.a"):
        assert other.integrations["OPTIONS /all"]


@pytest.mark.parametrize(
    "field", ["with_key", "integrations", "response_headers", "mapped", "gateway_headers", "api_key_source"]
)
def test_a_document_of_openapi_is_not_read(tmp_path: Path, field: str) -> None:
    found = declared(tmp_path, API % 'body = jsonencode({ openapi = "3.0.1" })')
    with pytest.raises(Undetermined, match="is not read"):
        assert getattr(found, field) == {}


@pytest.mark.parametrize(
    ("template", "mocked"),
    [
        ('{"statusCode": 200}', "200"),
        ("{ statusCode : 200 }", "200"),
        ("{'statusCode': '204'}", "204"),
        ("{}", ""),
        ("", ""),
        ('#if($input.params("a"))\n{"statusCode": 200}\n#else\n{"statusCode": 500}\n#end', None),
    ],
)
def test_a_template_gives_a_mock_its_status(tmp_path: Path, template: str, mocked: str | None) -> None:
    text = (API % "").replace('"{statusCode: 204}"', f"<<-EOT\n{template}\nEOT\n")
    its = declared(tmp_path, text).integrations["OPTIONS /all"]
    if mocked is None:
        with pytest.raises(Undetermined, match="works out"):
            assert its.mocked == ""
    else:
        assert its.mocked == mocked


@pytest.mark.parametrize(
    ("rates", "bursts", "told"),
    [
        ({"prod */*": 50}, {"prod */*": 100}, []),
        ({"prod */*": 51, "prod a/GET": 50}, {"prod */*": 100}, []),
        ({"prod */*": 49}, {"prod */*": 100}, ["prod */*: 49 a second"]),
        ({"prod */*": 50, "prod a/GET": 0}, {"prod */*": 100}, ["prod a/GET: 0 a second"]),
        ({"prod */*": 50}, {"prod */*": 99.5}, ["prod */*: 99.5 at once"]),
        ({"prod */*": -1}, {"prod */*": 100}, ["prod */*: not set, a second"]),
        ({"prod a/GET": 50}, {"prod */*": 100}, ["prod */*: not set, a second"]),
        ({"test */*": 50}, {"test */*": 100}, ["prod */*: not set, a second", "prod */*: not set, at once"]),
    ],
)
def test_a_stage_takes_as_many_requests_as_it_must(
    rates: dict[str, float], bursts: dict[str, float], told: list[str]
) -> None:
    assert api(throttles=rates, bursts=bursts).throttled_below({"prod": 50}, {"prod": 100}) == told
