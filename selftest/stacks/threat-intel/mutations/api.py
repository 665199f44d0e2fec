"""Mutations for tests/api, and for what probes ask of the API and of the collector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set, Without
from selftest.mutations.edits import Described, Edited, Happened, Replaced
from selftest.mutations.mutation import Mutation, mutation, near_miss, on_each

API = "infrastructure/terraform/modules/networking/main.tf"
COLLECTOR = "terraform/threat-intel/lambda_functions/collector.py"
NAME, KEY, PLAN = (f"threat-intel-{it}-dev" for it in ("api", "api-key", "usage-plan"))
METHODS, PREFLIGHT, REFUSALS, STAGE, SETTINGS, A_KEY, A_PLAN, IN_PLAN = (
    f"module.networking.aws_api_gateway_{it}"
    for it in (
        "method.collect",
        "method.preflight",
        "gateway_response.failed",
        "stage.this",
        "method_settings.all",
        "api_key.this",
        "usage_plan.this",
        "usage_plan_key.this",
    )
)
MAPPED = "module.networking.aws_api_gateway_integration_response.preflight"
INTEGRATION = "module.networking.aws_api_gateway_integration"
ORIGIN = "Access-Control-Allow-Origin"
OF_METHOD = "method.response.header."
HEADERS = {
    f"{OF_METHOD}Access-Control-Allow-Headers": "'Content-Type,x-api-key'",
    f"{OF_METHOD}Access-Control-Allow-Methods": "'GET,POST,OPTIONS'",
    f"{OF_METHOD}{ORIGIN}": "'*'",
}
KEYED = "threat-intel-api-04 api.keys-required"
PROBED = "threat-intel-api-04 probes.anonymous"
READABLE = "threat-intel-api-08 api.readable"
REFUSED = "threat-intel-api-08 api.readable-refusals"
ANSWERED = "threat-intel-api-08 repository.answers"
TAKING = "threat-intel-api-09 api.takes-requests"
PLAN_TAKING = "threat-intel-api-09 api.plan-takes-requests"
BREAKER = "threat-intel-ext-05"
TYPE_OF_COLLECT = 'type                    = "AWS_PROXY"'
NO_SUCH_STAGE = {
    TAKING: "a stage that is not there takes no requests",
    "threat-intel-lambda-11": "whom the function lets in is told by the stage",
}
SET_TO_ZERO = """  settings {
    throttling_rate_limit  = 0
    throttling_burst_limit = 100
  }
}

resource "aws_api_gateway_method_settings" "post" {
  rest_api_id = aws_api_gateway_rest_api.threat_intel.id
  stage_name  = aws_api_gateway_stage.this.stage_name
  method_path = "collect/POST"

  settings {
"""


def of_api(told: str, change: Callable[[Any], None]) -> Described:
    """Return that somebody changes the API by hand."""
    return Described(told, lambda backend: change(_named(backend.apis, NAME)), "apigateway")


def of_key(told: str, change: Callable[[Any], None]) -> Described:
    """Return that somebody changes the key by hand."""
    return Described(told, lambda backend: change(_named(backend.keys, KEY)), "apigateway")


def of_plan(told: str, change: Callable[[Any, Any], None]) -> Described:
    """Return that somebody changes the usage plan, or what it holds, by hand."""
    return Described(told, lambda backend: change(backend, _named(backend.usage_plans, PLAN)), "apigateway")


def of_method(told: str, verb: str, change: Callable[[Any], None]) -> Described:
    """Return that somebody changes a method of /collect by hand."""
    return of_api(told, lambda api: change(_collect(api).resource_methods[verb]))


def patched(**paths: str) -> Described:
    """Return that somebody changes settings of the stage: `rateLimit="0"`."""
    return of_api(
        f"{paths} of the stage",
        lambda api: api.stages["dev"].apply_operations(
            [
                {"op": "replace", "path": f"/*/*/throttling/{name}", "value": value}
                for name, value in paths.items()
            ]
        ),
    )


def _named(held: dict[str, Any], name: str) -> Any:
    return next(it for it in held.values() if it.name == name)


def _collect(api: Any) -> Any:
    return next(it for it in api.resources.values() if it.get_path() == "/collect")


def _without_key(method: Any) -> None:
    method.api_key_required = False


def _other_stage(api: Any) -> None:
    stage = api.stages.pop("dev")
    stage.name = "v1"
    api.stages["v1"] = stage


def _answer(method: Any) -> Any:
    return method.method_integration.integration_responses["200"]


def _unmapped(header: str) -> Callable[[Any], None]:
    return lambda method: _answer(method).response_parameters.pop(f"{OF_METHOD}{header}")


def _no_longer_a_proxy(method: Any) -> None:
    method.method_integration.integration_type = "AWS"


def opened(only_on: str, *, falls_with: dict[str, str]) -> list[Mutation]:
    """Return that a method of /collect asks for no key any more."""
    return [
        mutation(
            KEYED,
            of_method(f"{verb} asks for no key, as {only_on} has it", verb, _without_key),
            falls_with=falls_with if verb == "GET" else {},
            only_on=only_on,
        )
        for verb in ("GET", "POST")
    ]


MUTATIONS = [
    *on_each(
        "threat-intel-api-01",
        Replaced(API, "  enabled     = true\n", "  enabled     = false\n"),
        Set(A_KEY, "enabled", False),
        of_key("somebody disables the key", lambda key: setattr(key, "enabled", False)),
    ),
    *on_each(
        "threat-intel-api-02",
        Replaced(API, "stage  = aws_api_gateway_stage.this.stage_name", 'stage = "v1"'),
        Set(A_PLAN, "api_stages.0.stage", "v1"),
        of_plan("somebody takes the stage out of the plan", lambda _, plan: plan.api_stages.clear()),
    ),
    mutation(
        "threat-intel-api-02",
        of_plan("the plan covers another API", lambda _, plan: plan.api_stages[0].update(apiId="other")),
    ),
    mutation(
        "threat-intel-api-03",
        Replaced(API, "aws_api_gateway_api_key.this.id", "aws_api_gateway_rest_api.threat_intel.id"),
    ),
    mutation("threat-intel-api-03", Without(IN_PLAN)),
    mutation(
        "threat-intel-api-03",
        of_plan(
            "somebody takes the key out of the plan",
            lambda backend, plan: backend.usage_plan_keys[plan.id].clear(),
        ),
    ),
    mutation(KEYED, Replaced(API, "  api_key_required = true\n", "")),
    mutation(KEYED, Replaced(API, "api_key_required = true", 'api_key_required = each.key != "POST"')),
    mutation(KEYED, Set(f'{METHODS}["POST"]', "api_key_required", False)),
    mutation(KEYED, Set(f'{METHODS}["GET"]', "api_key_required", False)),
    mutation(
        KEYED,
        Replaced(
            API,
            '  description = "Collects threat intelligence',
            '  api_key_source = "AUTHORIZER"\n  description = "Collects threat intelligence',
        ),
    ),
    *opened("moto", falls_with={}),
    *opened("live", falls_with={PROBED: "it answers without a key"}),
    mutation(
        PROBED,
        of_method("GET asks for no key", "GET", _without_key),
        falls_with={KEYED: "API Gateway tells that it asks for none"},
        only_on="live",
    ),
    mutation(
        "threat-intel-api-05",
        Replaced(API, "stage_name           = var.environment", 'stage_name = "v1"'),
        falls_with={
            **NO_SUCH_STAGE,
            "threat-intel-api-02": "the plan covers another stage",
            "threat-intel-tf-05 terraform.output-texts": "the URL ends in the stage",
        },
    ),
    mutation(
        "threat-intel-api-05",
        Set(STAGE, "stage_name", "v1"),
        falls_with={TAKING: NO_SUCH_STAGE[TAKING]},
        only_on="plan",
    ),
    mutation(
        "threat-intel-api-05", Set(STAGE, "stage_name", "v1"), falls_with=NO_SUCH_STAGE, only_on="state"
    ),
    mutation(
        "threat-intel-api-05",
        of_api("the stage is called v1", _other_stage),
        falls_with=NO_SUCH_STAGE,
        only_on="moto",
    ),
    mutation(
        "threat-intel-api-05",
        of_api("somebody calls the stage v1", _other_stage),
        falls_with={**NO_SUCH_STAGE, PROBED: "there is nothing to ask"},
        only_on="live",
    ),
    mutation(
        "threat-intel-api-05",
        of_api("the stage serves nothing", lambda api: setattr(api.stages["dev"], "deployment_id", "")),
    ),
    mutation("threat-intel-api-06", Replaced(API, "\"'GET,POST,OPTIONS'\"", "\"'GET,OPTIONS'\"")),
    mutation("threat-intel-api-06", Replaced(API, "'Content-Type,x-api-key'", "'Content-Type'")),
    mutation("threat-intel-api-06", Replaced(API, "\"'*'\"", '"*"')),
    mutation("threat-intel-api-06", Replaced(API, "\"'*'\"", "\"'https://threat-intel.example'\"")),
    mutation("threat-intel-api-06", Replaced(API, "jsonencode({ statusCode = 200 })", "jsonencode({})")),
    mutation(
        "threat-intel-api-06",
        Replaced(API, '    "method.response.header.Access-Control-Allow-Methods" = true\n', ""),
    ),
    mutation("threat-intel-api-06", Without(MAPPED)),
    mutation(
        "threat-intel-api-06",
        Set(MAPPED, "response_parameters", {**HEADERS, f"{OF_METHOD}{ORIGIN}": "'null'"}),
    ),
    mutation("threat-intel-api-06", of_method("the origin is not mapped", "OPTIONS", _unmapped(ORIGIN))),
    mutation(
        "threat-intel-api-06",
        of_method(
            "the only answer is for errors",
            "OPTIONS",
            lambda method: setattr(_answer(method), "selection_pattern", "5.."),
        ),
    ),
    *on_each(
        "threat-intel-api-07",
        Replaced(API, "api_key_required = false", "api_key_required = true"),
        Set(PREFLIGHT, "api_key_required", True),
        of_method(
            "the preflight asks for a key",
            "OPTIONS",
            lambda method: setattr(method, "api_key_required", True),
        ),
    ),
    *on_each(
        "threat-intel-api-07",
        Replaced(
            API,
            '  authorization    = "NONE"\n  api_key_required = false',
            '  authorization = "AWS_IAM"\n  api_key_required = false',
        ),
        Set(PREFLIGHT, "authorization", "AWS_IAM"),
        of_method(
            "the preflight asks for a signature",
            "OPTIONS",
            lambda method: setattr(method, "authorization_type", "AWS_IAM"),
        ),
    ),
    *on_each(
        READABLE,
        Replaced(API, TYPE_OF_COLLECT, 'type = "AWS"'),
        Set(f'{INTEGRATION}.collect["GET"]', "type", "AWS"),
        of_method("GET maps what the function answers", "GET", _no_longer_a_proxy),
    ),
    *on_each(
        REFUSED,
        Replaced(API, '["DEFAULT_4XX", "DEFAULT_5XX"]', '["DEFAULT_5XX"]'),
        Set(f'{REFUSALS}["DEFAULT_4XX"]', "response_parameters", {}),
        of_api(
            "somebody resets what is answered for errors",
            lambda api: api.gateway_responses.pop("DEFAULT_5XX"),
        ),
    ),
    mutation(
        REFUSED,
        of_api(
            "somebody changes what is answered to whoever has no key",
            lambda api: api.put_gateway_response("INVALID_API_KEY", "403", {}, {}),
        ),
    ),
    mutation(ANSWERED, Edited(COLLECTOR, '"headers": {**CORS, ', '"headers": {')),
    mutation(ANSWERED, Edited(COLLECTOR, f'CORS = {{"{ORIGIN}": "*"}}', f'CORS = {{"{ORIGIN}": "null"}}')),
    *on_each(
        TAKING,
        Replaced(API, "throttling_rate_limit  = 50", "throttling_rate_limit = 0"),
        Set(SETTINGS, "settings.0.throttling_rate_limit", 0),
        patched(rateLimit="0"),
    ),
    mutation(TAKING, Replaced(API, "throttling_burst_limit = 100", "throttling_burst_limit = 0")),
    mutation(TAKING, Replaced(API, "  settings {\n", SET_TO_ZERO)),
    mutation(TAKING, patched(burstLimit="0")),
    *on_each(
        PLAN_TAKING,
        Replaced(API, "    rate_limit  = 10\n", "    rate_limit = 0\n"),
        Set(A_PLAN, "throttle_settings.0.rate_limit", 0),
        of_plan("nobody who has a key may ask", lambda _, plan: plan.throttle.update(rateLimit=0.0)),
    ),
    mutation(PLAN_TAKING, Replaced(API, "    burst_limit = 20\n", "")),
    mutation(PLAN_TAKING, of_plan("of each day nothing is left", lambda _, plan: plan.quota.update(limit=0))),
    mutation(
        BREAKER,
        Happened(
            "the circuit is open",
            lambda aws: _breaker(aws, {"circuit_breaker": {"state": "open", "open_seconds": 280}}),
        ),
    ),
    mutation(BREAKER, Happened("the collector has no status", lambda aws: _breaker(aws, {"pulses": 3}))),
    mutation(
        BREAKER,
        Happened(
            "the collector does not reach Redis",
            lambda aws: _breaker(aws, {"circuit_breaker": {"state": "closed"}}, "Unhandled"),
        ),
    ),
    mutation(
        "threat-intel-inv-04",
        Replaced(API, '"threat-intel-api-${var.environment}"', '"threat-intel-apis-${var.environment}"'),
        falls_with={KEYED: "there is no API of that name"},
    ),
    mutation(
        "threat-intel-inv-08",
        Replaced(API, '"threat-intel-api-key-${var.environment}"', '"threat-intel-key-${var.environment}"'),
        falls_with={"threat-intel-api-01": "there is no key of that name"},
    ),
    mutation(
        "threat-intel-inv-09",
        Replaced(
            API, '"threat-intel-usage-plan-${var.environment}"', '"threat-intel-plan-${var.environment}"'
        ),
        falls_with={"threat-intel-api-02": "there is no plan of that name"},
    ),
]


def _breaker(aws: Aws, answer: object, error: str = "") -> None:
    """Let the collector answer so."""
    history.answers(aws, "threat-intel-collector-dev", answer, error)


NEAR_MISSES = [
    near_miss(
        "threat-intel-api-06",
        Replaced(API, "'Content-Type,x-api-key'", "'X-API-KEY, content-type, X-Request-Id'"),
        why="order, case, spaces and further headers say nothing to a browser",
    ),
    near_miss(
        "threat-intel-api-06",
        Replaced(API, "\"'GET,POST,OPTIONS'\"", "\"'*'\""),
        why="it stands for every method",
    ),
    near_miss(
        KEYED,
        Replaced(API, 'toset(["GET", "POST"])', 'toset(["GET", "POST", "PUT"])'),
        why="one route more asks for a key, too",
    ),
    near_miss(
        TAKING,
        patched(rateLimit="-1", burstLimit="-1"),
        why="without limits of its own the stage has the account's",
    ),
    near_miss(
        PLAN_TAKING,
        of_plan("the plan limits nothing", lambda _, plan: (plan.throttle.clear(), plan.quota.clear())),
        why="what is not limited is not switched off",
    ),
]
