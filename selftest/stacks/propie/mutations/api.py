"""Mutations for tests/api, and for what the API answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set, Without
from selftest.mutations.edits import Described, Happened, Replaced, Written, call
from selftest.mutations.mutation import mutation, near_miss, on_each
from selftest.stacks.propie.log_roles import trusting_another

NAME = "prop-ie-dev"
MAIN, STAGE, API, LOGS = (f"infrastructure/{it}.tf" for it in ("main", "stage", "api", "logs"))
DEPLOYED, LIMITS, SERVER_ERRORS, CLIENT_ERRORS = (f"propie-apigw-{it}" for it in ("01", "05", "10", "11"))
LOGGED, LOG = "propie-apigw-02 api.execution-logging", "propie-apigw-02 api.execution-log"
ROLE, MEASURED, WAITED = (f"propie-apigw-{it}" for it in ("03", "04", "06"))
OPEN, ANSWERED = "propie-apigw-07 api.every-route-protected", "propie-apigw-07 probes.anonymous"
LOOKED_AT, TOKENS, ERROR_LINES = (f"propie-apigw-{it}" for it in ("08", "09", "12"))
SETTINGS, SESSION = "aws_api_gateway_method_settings.all", "aws_api_gateway_method.get_session"
OF_SESSION = """  http_method   = "GET"
  authorization = "COGNITO_USER_POOLS"
  authorizer_id = aws_api_gateway_authorizer.users.id
"""
ANOTHER = """
resource "aws_api_gateway_method" "another" {
  rest_api_id   = aws_api_gateway_rest_api.this.id
  resource_id   = aws_api_gateway_resource.session.id
  http_method   = "%s"
  authorization = "%s"
  authorizer_id = %s
}
"""
MOCKED = """
resource "aws_api_gateway_integration" "another" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  resource_id = aws_api_gateway_resource.session.id
  http_method = aws_api_gateway_method.another.http_method
  type        = "MOCK"
}
"""
ELSEWHERE = "arn:aws:cognito-idp:eu-west-1:100000000008:userpool/eu-west-1_Another00"
OTHER_POOL = 'resource "aws_cognito_user_pool" "other" {\n  name = "other"\n}\n'
ANOTHER_API = """
resource "aws_api_gateway_rest_api" "other" {
  name = "prop-ie-dev-other"
}

resource "aws_api_gateway_authorizer" "other" {
  name          = "users"
  rest_api_id   = aws_api_gateway_rest_api.other.id
  type          = "COGNITO_USER_POOLS"
  provider_arns = [aws_cognito_user_pool.users.arn]
}
"""
BY_ANOTHER = OF_SESSION.replace("authorizer.users", "authorizer.other")
OWN, OTHERS = (f"rest_api_id{' ' * 17}= aws_api_gateway_rest_api.{it}.id" for it in ("this", "other"))
ALSO_NAMED = {"propie-inv-04": "the other API is one that the stack does not name"}
USERS = "aws_api_gateway_authorizer.users.id"
DEPLOYS = "rest_api_id = aws_api_gateway_rest_api.this.id\n\n  triggers"
NO_ROLE = {"op": "replace", "path": "/cloudwatchRoleArn", "value": ""}
LOGS_ROLE = "prop-ie-dev-apigateway-logs"
PUSHING = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
WRITING = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}'
ONE_OF_ITS_OWN = {
    LOGGED: "what is set of one method alone is logged only where that says so",
    MEASURED: "what is set of one method alone is measured only where that says so",
}
RENAMED = Set("aws_api_gateway_stage.prod", "stage_name", "dev")
LETS_PROD_IN = {"propie-lambda-12": "the permission is for the stage prod"}
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


def of_method(told: str, method: str, change: Callable[[Any], None]) -> Described:
    """Return that somebody changes a method of the API by hand."""

    def changed(api: Any) -> None:
        found = [
            it.resource_methods[method] for it in api.resources.values() if method in it.resource_methods
        ]
        change(found[0])

    return of_api(told, changed)


def logged(message: str, minutes: float = 6) -> Happened:
    """Return that API Gateway logs something."""
    return Happened(
        f"`{message}`, {minutes:g} minutes ago",
        lambda aws: history.line(aws, history.execution_log(aws, NAME, "prod"), message, minutes),
    )


def no_log(aws: Aws) -> None:
    """Delete the execution log of the stage."""
    aws.write("logs:DeleteLogGroup", logGroupName=history.execution_log(aws, NAME, "prod"))


def _waits_shorter(method: Any) -> None:
    method.method_integration.timeout_in_millis = 3000


def _looks_at_parameters_alone(api: Any) -> None:
    next(iter(api.request_validators.values())).validate_request_body = False


def _takes_other_tokens(api: Any) -> None:
    next(iter(api.authorizers.values())).provider_arns = [ELSEWHERE]


def _asks_nobody(method: Any) -> None:
    method.authorization_type = "NONE"


def _open_route(api: Any) -> None:
    resource = next(it for it in api.resources.values() if it.path_part == "session")
    resource.add_method("DELETE", "NONE", api_key_required=False)
    resource.add_integration("DELETE", "MOCK", "")


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
            LOGGED: "the other stage is logged",
            MEASURED: "the other stage is measured",
            **LETS_PROD_IN,
        },
    ),
    mutation(DEPLOYED, RENAMED, falls_with=PROTECTED, only_on="plan"),
    mutation(DEPLOYED, RENAMED, falls_with=LETS_PROD_IN, only_on="state"),  # where the stage's ARN is known
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
    mutation(LIMITS, patched("/~1enquiries/POST/throttling/burstLimit", "0"), falls_with=ONE_OF_ITS_OWN),
    *on_each(
        LOGGED,
        Replaced(STAGE, '"ERROR"', '"OFF"'),
        Set(SETTINGS, "settings.0.logging_level", "OFF"),
        patched("/*/*/logging/loglevel", "OFF"),
    ),
    mutation(LOGGED, Replaced(STAGE, '    logging_level          = "ERROR"\n', "")),
    mutation(
        LOGGED,
        patched("/~1enquiries/POST/metrics/enabled", "true"),
        unlisted=True,
    ),
    mutation(LOG, Happened("the execution log of the stage is deleted", no_log)),
    *on_each(
        ROLE,
        Replaced(LOGS, '  cloudwatch_role_arn = aws_iam_role.logging["apigateway"].arn\n', ""),
        Without("aws_api_gateway_account.this"),
        call("apigateway:UpdateAccount", patchOperations=[NO_ROLE]),
    ),
    *on_each(
        ROLE,
        *trusting_another("apigateway"),
    ),
    *on_each(
        ROLE,
        Replaced(
            LOGS,
            "  for_each = local.logging\n\n  role ",
            '  for_each = { for key, it in local.logging : key => it if key == "appsync" }\n\n  role ',
        ),
        Without('aws_iam_role_policy_attachment.logging["apigateway"]'),
        call("iam:DetachRolePolicy", RoleName=LOGS_ROLE, PolicyArn=PUSHING),
    ),
    *on_each(
        MEASURED,
        Replaced(STAGE, "metrics_enabled        = true", "metrics_enabled = false"),
        Set(SETTINGS, "settings.0.metrics_enabled", False),
        patched("/*/*/metrics/enabled", "false"),
    ),
    *on_each(
        WAITED,
        Replaced(API, "timeout_milliseconds    = 29000", "timeout_milliseconds = 10000"),
        Set("aws_api_gateway_integration.get_session", "timeout_milliseconds", 3000),
        of_method("a method is waited for for three seconds", "POST", _waits_shorter),
    ),
    mutation(
        WAITED,
        Written("infrastructure/another.tf", ANOTHER % ("DELETE", "COGNITO_USER_POOLS", USERS)),
        unlisted=True,
    ),
    *on_each(
        OPEN,
        Replaced(API, OF_SESSION, '  http_method   = "GET"\n  authorization = "NONE"\n'),
        Set(SESSION, "authorization", "NONE"),
        of_method("anybody may ask for a route", "POST", _asks_nobody),
    ),
    mutation(
        OPEN,
        Written("infrastructure/another.tf", ANOTHER % ("DELETE", "NONE", "null") + MOCKED),
        unlisted=True,
    ),
    mutation(
        ANSWERED,
        of_method("anybody may ask for properties", "GET", _asks_nobody),
        falls_with={OPEN: "API Gateway tells that it is open"},
        only_on="live",
    ),
    mutation(  # called as its own is
        OPEN,
        Replaced(API, OF_SESSION, BY_ANOTHER),
        Written("infrastructure/another.tf", ANOTHER_API),
        falls_with=ALSO_NAMED | {TOKENS: "the API has no such authorizer"},
    ),
    mutation(
        LOOKED_AT,
        Replaced(API, OWN, OTHERS),
        Written("infrastructure/another.tf", ANOTHER_API),
        falls_with=ALSO_NAMED,
    ),
    mutation(
        DEPLOYED,
        Replaced(STAGE, DEPLOYS, DEPLOYS.replace(".this.id", ".other.id")),
        Written("infrastructure/another.tf", ANOTHER_API),
        falls_with=ALSO_NAMED,
    ),
    mutation(OPEN, of_api("a route more, that anybody may ask for", _open_route), unlisted=True),
    mutation(
        OPEN,
        of_api("the authorizer is deleted", lambda api: api.authorizers.clear()),
        falls_with={TOKENS: "nothing takes a token any more"},
    ),
    *on_each(
        LOOKED_AT,
        Replaced(API, "  request_validator_id = aws_api_gateway_request_validator.whole.id\n", ""),
        Set("aws_api_gateway_request_validator.whole", "validate_request_parameters", False),
        of_api("the validator looks at parameters alone", _looks_at_parameters_alone),
    ),
    *on_each(
        TOKENS,
        Replaced(API, 'type          = "COGNITO_USER_POOLS"', 'type          = "TOKEN"'),
        Set("aws_api_gateway_authorizer.users", "type", "REQUEST"),
        of_api("the authorizer takes tokens of another pool", _takes_other_tokens),
    ),
    mutation(
        TOKENS,
        Replaced(API, "[aws_cognito_user_pool.users.arn]", "[aws_cognito_user_pool.other.arn]"),
        Written("infrastructure/another.tf", OTHER_POOL),
        falls_with={"propie-inv-07": "the other pool is one that the runbook does not name"},
    ),
    mutation(ERROR_LINES, logged("Execution failed due to configuration error: Malformed response", 28)),
    mutation(SERVER_ERRORS, counted("5XXError", 1, 28)),
    mutation(CLIENT_ERRORS, counted("4XXError", 1)),
]

NEAR_MISSES = [
    near_miss(
        OPEN,
        Written("infrastructure/another.tf", ANOTHER % ("OPTIONS", "NONE", "null") + MOCKED),
        why="a browser asks for OPTIONS without a token",
    ),
    near_miss(
        OPEN,
        Written("infrastructure/another.tf", ANOTHER % ("DELETE", "AWS_IAM", "null") + MOCKED),
        why="IAM knows who asks",
    ),
    near_miss(
        WAITED,
        Replaced(API, "  timeout_milliseconds    = 29000\n", ""),
        why="that is how long API Gateway waits unless it is said",
    ),
    near_miss(LOGGED, patched("/*/*/logging/loglevel", "INFO"), why="it is logged, and more besides"),
    near_miss(
        ROLE,
        call("iam:PutRolePolicy", RoleName=LOGS_ROLE, PolicyName="own", PolicyDocument=WRITING),
        call("iam:DetachRolePolicy", RoleName=LOGS_ROLE, PolicyArn=PUSHING),
        why="what it may is written otherwise",
    ),
    near_miss(
        TOKENS,
        Replaced(
            API,
            "[aws_cognito_user_pool.users.arn]",
            f'["{ELSEWHERE}", aws_cognito_user_pool.users.arn]',
        ),
        why="it takes those of both",
    ),
    near_miss(
        ERROR_LINES,
        logged("Execution failed due to a timeout error", 33),
        why="it is of the half hour before",
    ),
    near_miss(ERROR_LINES, logged("Method completed with status: 403"), why="who has no token is refused"),
    near_miss(LIMITS, patched("/*/*/throttling/rateLimit", "5000"), why="it is more"),
    near_miss(SERVER_ERRORS, counted("5XXError", 1, 36), why="it is of the half hour before"),
]
