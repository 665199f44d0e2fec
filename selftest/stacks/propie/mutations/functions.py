"""Mutations for tests/functions: the functions, their logs, who may call them, and what became of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Called, Described, Happened, Removed, Replaced, call
from selftest.mutations.mutation import mutation, near_miss, on_each

FILE, LOGS, API, ROLES = (f"infrastructure/{it}.tf" for it in ("lambda", "logs", "api", "iam"))
PROPERTIES, ENQUIRIES, AUTH = (f"prop-ie-dev-{it}" for it in ("properties", "enquiries", "auth"))
OF_AUTH, OF_ENQUIRIES = (f'aws_lambda_function.this["{it}"]' for it in ("auth", "enquiries"))
STATE, LINES, THROTTLES, ERRORS = (f"propie-lambda-{it}" for it in ("01", "03", "04", "05"))
DURATION, MEMORY, BY_API = (f"propie-lambda-{it}" for it in ("06", "07", "12"))
GROUP = "propie-lambda-02 logs.exists"
OF_GROUP, MAY_LOG = "propie-lambda-02 lambda.log-group", "propie-lambda-02 lambda.may-log"
RESERVED, UNRESERVED = "propie-lambda-09 lambda.reserved", "propie-lambda-09 lambda.unreserved"
ALIAS = "propie-lambda-10"
PUBLISHES, VERSIONS = (f"propie-lambda-11 lambda.{it}" for it in ("publishes", "versions"))
MOST, LEAST = "propie-lambda-08 lambda.timeout", "propie-lambda-08 lambda.least-timeout"
IN_FORCE = "      timeout     = 10\n      memory_size = 512\n"
FOR_ITS_API = 'source_arn    = "${aws_api_gateway_rest_api.this.execution_arn}/${local.stage}/*"'
OF_VERSION = "  function_version = aws_lambda_function.this[each.key].version\n"
SHARED = """
  routing_config {
    additional_version_weights = { "$LATEST" = 0.1 }
  }
"""
OF_ALIAS = "  qualifier     = aws_lambda_alias.production[each.key].name\n"
ELSEWHERE = """  logging_config {
    log_format = "Text"
    log_group  = "/elsewhere"
  }

  tracing_config {
"""
LOGS_ELSEWHERE = Set(OF_AUTH, "logging_config", [{"log_format": "Text", "log_group": "/elsewhere"}])
OF_ITS_OWN = {MAY_LOG: "its policy names the log of its own name"}
LET_IN = {
    "FunctionName": AUTH,
    "StatementId": "another",
    "Action": "lambda:InvokeFunction",
    "Principal": "apigateway.amazonaws.com",
}
OF_TRACES = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Action": "xray:PutTraceSegments", "Resource": "*"}
]}"""
OTHER_API = "arn:aws:execute-api:eu-west-1:100000000008:abcdef1234/*/*/*"


def counted(name: str, value: float, function: str, minutes: float = 6) -> Happened:
    """Return that Lambda counts so much of a function."""
    return Happened(
        f"{value:g} {name} of {function}, {minutes:g} minutes ago",
        lambda aws: history.metric(aws, "AWS/Lambda", name, value, minutes, FunctionName=function),
    )


def logged(function: str, message: str, minutes: float = 6) -> Happened:
    """Return that a function logs something."""
    return Happened(
        f"{function}: `{message}`, {minutes:g} minutes ago",
        lambda aws: history.line(aws, f"/aws/lambda/{function}", message, minutes),
    )


def reported(function: str, used: float, of: float) -> Happened:
    """Return that Lambda reports an invocation."""
    return Happened(
        f"{function}: {used:g} of {of:g} MB",
        lambda aws: history.report(aws, f"/aws/lambda/{function}", used=used, of=of),
    )


def timed(function: str, seconds: int) -> Called:
    """Return that somebody gives a function so much time."""
    return call("lambda:UpdateFunctionConfiguration", FunctionName=function, Timeout=seconds)


def of_function(name: str, told: str, change: Callable[[Any], None]) -> Described:
    """Return that only AWS brings a function to a state."""
    return Described(told, lambda backend: change(backend.get_function(name)), "lambda")


def _failed(function: Any) -> None:
    configuration = function.get_configuration
    function.get_configuration = lambda **asked: {**configuration(**asked), "LastUpdateStatus": "Failed"}


def _let_nobody_in(backend: Any) -> None:
    vars(backend)["policies_of_versions"][AUTH, "production"].statements.clear()


def _first_version_alone(backend: Any) -> None:
    held = backend._lambdas._functions[AUTH]["versions"]
    held[:] = held[:1]


def remove_group(aws: Aws, name: str) -> None:
    """Delete a log group."""
    aws.write("logs:DeleteLogGroup", logGroupName=name)


MUTATIONS = [
    mutation(
        STATE,
        of_function(AUTH, "Lambda could not make the function", lambda it: setattr(it, "state", "Failed")),
        only_on="live",
    ),
    mutation(
        STATE, of_function(ENQUIRIES, "the last update of the function failed", _failed), only_on="live"
    ),
    *on_each(
        GROUP,
        Replaced(LOGS, '"/aws/lambda/${', '"/lambda/${'),
        Set('aws_cloudwatch_log_group.function["auth"]', "name", "/aws/lambda/auth"),
        Removed(f"/aws/lambda/{ENQUIRIES}", remove_group),
    ),
    *(
        mutation(OF_GROUP, edit, falls_with=OF_ITS_OWN)
        for edit in (
            Replaced(FILE, "  tracing_config {\n", ELSEWHERE),
            of_function(
                AUTH,
                "somebody lets the function log elsewhere",
                lambda it: vars(it).update(logs={"LogGroup": "/elsewhere"}),
            ),
        )
    ),
    mutation(OF_GROUP, LOGS_ELSEWHERE, only_on="plan"),  # which does not say whose role it has
    mutation(OF_GROUP, LOGS_ELSEWHERE, falls_with=OF_ITS_OWN, only_on="state"),
    mutation(
        MAY_LOG, Replaced(ROLES, '["logs:CreateLogStream", "logs:PutLogEvents"]', '["logs:CreateLogStream"]')
    ),
    mutation(MAY_LOG, Set('aws_iam_role_policy.function["auth"]', "policy", OF_TRACES), only_on="state"),
    mutation(
        MAY_LOG,
        call("iam:PutRolePolicy", RoleName=AUTH, PolicyName="function", PolicyDocument=OF_TRACES),
    ),
    mutation(
        MAY_LOG, Replaced(ROLES, "log-group:/aws/lambda/${local.name_prefix}-${each.key}:*", "log-group:*:x")
    ),
    mutation(MAY_LOG, Replaced(ROLES, '"lambda.amazonaws.com"', '"edgelambda.amazonaws.com"')),
    mutation(LINES, logged(ENQUIRIES, "[ERROR] KeyError: 'body'", 29)),
    mutation(THROTTLES, counted("Throttles", 1, AUTH)),
    mutation(ERRORS, counted("Errors", 1, PROPERTIES, 28)),
    mutation(DURATION, counted("Duration", 8000, PROPERTIES)),
    mutation(DURATION, counted("Duration", 4000, AUTH), timed(AUTH, 5), only_on="live"),
    mutation(MEMORY, reported(AUTH, 231, 256)),
    *on_each(
        MOST,
        Replaced(FILE, IN_FORCE, IN_FORCE.replace("10", "30")),
        Set(OF_AUTH, "timeout", 30),
        call("lambda:UpdateFunctionConfiguration", FunctionName=AUTH, Timeout=30),
    ),
    *on_each(
        LEAST,
        Replaced(FILE, "  timeout          = each.value.timeout\n", ""),
        Set(OF_ENQUIRIES, "timeout", 3),
        call("lambda:UpdateFunctionConfiguration", FunctionName=ENQUIRIES, Timeout=3),
    ),
    *on_each(
        RESERVED,
        Replaced(
            FILE,
            "  publish          = true\n",
            "  publish          = true\n  reserved_concurrent_executions = 0\n",
        ),
        Set(OF_AUTH, "reserved_concurrent_executions", 99),
        call("lambda:PutFunctionConcurrency", FunctionName=AUTH, ReservedConcurrentExecutions=50),
    ),
    mutation(
        UNRESERVED,
        call("lambda:PutFunctionConcurrency", FunctionName=AUTH, ReservedConcurrentExecutions=901),
        only_on="live",
    ),
    mutation(ALIAS, Replaced(FILE, "aws_lambda_function.this[each.key].version", '"$LATEST"')),
    mutation(
        ALIAS,
        Set('aws_lambda_alias.production["auth"]', "function_version", "$LATEST"),
        only_on="state",
    ),
    mutation(
        ALIAS,
        call("lambda:UpdateAlias", FunctionName=AUTH, Name="production", FunctionVersion="$LATEST"),
    ),
    mutation(
        ALIAS,
        Replaced(FILE, 'name             = "production"', 'name = "live"'),
    ),
    mutation(ALIAS, Replaced(FILE, OF_VERSION, OF_VERSION + SHARED)),
    mutation(
        ALIAS,
        Set(
            'aws_lambda_alias.production["auth"]',
            "routing_config",
            [{"additional_version_weights": {"$LATEST": 0.1}}],
        ),
        only_on="state",
    ),
    mutation(
        ALIAS,
        call(
            "lambda:UpdateAlias",
            FunctionName=AUTH,
            Name="production",
            RoutingConfig={"AdditionalVersionWeights": {"$LATEST": 0.1}},
        ),
    ),
    mutation(PUBLISHES, Replaced(FILE, "  publish          = true\n", "")),
    mutation(PUBLISHES, Set(OF_AUTH, "publish", False)),
    mutation(
        VERSIONS,
        Described("the first version of the function is its only one", _first_version_alone, "lambda"),
        only_on="live",
    ),
    *(
        mutation(BY_API, Replaced(FILE, FOR_ITS_API, FOR_ITS_API.replace("${local.stage}/*", path)))
        for path in ("${var.environment}/*", "${local.stage}/GET/status", "prod/DELETE/*")
    ),
    mutation(BY_API, Replaced(FILE, OF_ALIAS, "")),
    mutation(BY_API, Replaced(FILE, '"apigateway.amazonaws.com"', '"events.amazonaws.com"')),
    mutation(BY_API, Replaced(FILE, FOR_ITS_API, ""), unlisted=True),
    mutation(BY_API, Set('aws_lambda_permission.api["auth"]', "qualifier", ""), only_on="state"),
    mutation(BY_API, Described("nobody may call the alias", _let_nobody_in, "lambda")),
    mutation(BY_API, call("lambda:AddPermission", **LET_IN), unlisted=True),
    mutation(
        BY_API,
        call("lambda:AddPermission", **LET_IN, Qualifier="production", SourceArn=OTHER_API),
        unlisted=True,
    ),
]

NEAR_MISSES = [
    near_miss(
        RESERVED,
        call("lambda:PutFunctionConcurrency", FunctionName=AUTH, ReservedConcurrentExecutions=100),
        why="it is as many as the runbook reserves",
    ),
    near_miss(LINES, logged(ENQUIRIES, "[ERROR] KeyError: 'body'", 31), why="it is of the half hour before"),
    near_miss(DURATION, counted("Duration", 7999, PROPERTIES), why="it is less than four fifths"),
    near_miss(
        DURATION,
        counted("Duration", 15999, AUTH),
        timed(AUTH, 20),
        why="it is less than four fifths of the time that the function has by then",
    ),
    near_miss(MEMORY, reported(AUTH, 230, 256), why="it is less than nine tenths"),
    near_miss(
        MOST,
        call("lambda:UpdateFunctionConfiguration", FunctionName=AUTH, Timeout=29),
        why="the API waits for 29 seconds",
    ),
    near_miss(
        ALIAS,
        Replaced(FILE, OF_VERSION, OF_VERSION + SHARED.replace("$LATEST", "1")),
        why="what it shares its calls with is a published version, too",
    ),
    near_miss(
        BY_API,
        Replaced(FILE, FOR_ITS_API, FOR_ITS_API.replace("${local.stage}/*", "*")),
        why="all stages, methods and paths of the API are its own",
    ),
]
