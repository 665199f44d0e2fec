"""Mutations for tests/api, and for what the API answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Described, Happened, Replaced
from selftest.mutations.mutation import mutation, near_miss, on_each

NAME = "prop-ie-dev"
MAIN, STAGE = "infrastructure/main.tf", "infrastructure/stage.tf"
DEPLOYED, LIMITS, SERVER_ERRORS, CLIENT_ERRORS = (f"propie-apigw-{it}" for it in ("01", "05", "10", "11"))
RENAMED = Set("aws_api_gateway_stage.prod", "stage_name", "dev")
PROTECTED = {"propie-waf-01 waf.association": "the web ACL stands before the other stage"}


def of_api(told: str, change: Callable[[Any], None]) -> Described:
    """Return that somebody changes the API by hand."""
    return Described(told, lambda backend: change(_api(backend)), "apigateway")


def patched(path: str, value: str) -> Described:
    """Return that somebody changes a setting of the stage."""
    change = {"op": "replace", "path": path, "value": value}
    return of_api(
        f"{path} of the stage is {value}", lambda api: api.stages["prod"].apply_operations([change])
    )


def _api(backend: Any) -> Any:
    return next(it for it in backend.apis.values() if it.name == NAME)


def counted(name: str, value: float, minutes: float = 6) -> Happened:
    """Return that API Gateway counts so much of the stage."""
    of_stage = {"ApiName": NAME, "Stage": "prod"}
    return Happened(
        f"{value:g} {name}, {minutes:g} minutes ago",
        lambda aws: history.metric(aws, "AWS/ApiGateway", name, value, minutes, **of_stage),
    )


MUTATIONS = [
    mutation(
        DEPLOYED,
        Replaced(STAGE, "stage_name           = local.stage", "stage_name           = var.environment"),
        falls_with={
            **PROTECTED,
            LIMITS: "the limits are those of the other stage",
            "propie-lambda-12": "the permission is for the stage prod",
        },
    ),
    mutation(DEPLOYED, RENAMED, falls_with=PROTECTED, only_on="plan"),
    mutation(DEPLOYED, RENAMED, only_on="state"),  # where the ARN of the stage is known
    mutation(
        DEPLOYED,
        of_api("the stage serves nothing", lambda api: setattr(api.stages["prod"], "deployment_id", "")),
    ),
    *on_each(
        LIMITS,
        Replaced(STAGE, "throttling_burst_limit = 2000", "throttling_burst_limit = 1000"),
        Set("aws_api_gateway_method_settings.all", "settings.0.throttling_rate_limit", 999),
        patched("/*/*/throttling/rateLimit", "100"),
    ),
    mutation(LIMITS, Replaced(STAGE, "    throttling_rate_limit  = 1000\n", "")),
    mutation(LIMITS, patched("/~1enquiries/POST/throttling/burstLimit", "0")),
    mutation(SERVER_ERRORS, counted("5XXError", 1, 28)),
    mutation(CLIENT_ERRORS, counted("4XXError", 1)),
]

NEAR_MISSES = [
    near_miss(LIMITS, patched("/*/*/throttling/rateLimit", "5000"), why="it is more"),
    near_miss(SERVER_ERRORS, counted("5XXError", 1, 34), why="it is of the half hour before"),
]
