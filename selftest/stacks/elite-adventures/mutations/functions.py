"""Mutations for tests/functions and tests/api, and for what the roles of functions may do."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from plumbline.aws.reads import Aws
from selftest.mutations.documents import Added, Json, Moved, Set, lists
from selftest.mutations.edits import Described, Removed, Replaced, Written, call
from selftest.mutations.mutation import mutation, near_miss, on_each, unnamed
from selftest.mutations.policies import policy

FOLDER = "infra/terraform"
API, FUNCTIONS, STAGE = (f"{FOLDER}/{it}.tf" for it in ("api", "lambda", "stage"))
PREFIX = "elite-adventures-leads-prod"
LEADS, EXPORTS = f"{PREFIX}-leads", f"{PREFIX}-exports"
FUNCTION, SETTINGS = "aws_lambda_function.leads", "aws_api_gateway_method_settings.all"
ELSEWHERE = """  logging_config {
    log_format = "Text"
    log_group  = "/elsewhere"
  }
"""
ELSEWHERE_LOGGED = f"arn:aws:logs:eu-west-1:100000000004:log-group:/aws/apigateway/{PREFIX}"
GUARDED, EVERY_ROUTE, TOKENS, NO_OTHERS, ANSWERED = (
    f"elite-adventures-api-01 {it}"
    for it in (
        *("api.protected", "api.every-route-protected", "api.takes-tokens", "api.takes-no-other-tokens"),
        "probes.anonymous",
    )
)
OPENED = {EVERY_ROUTE: "the export is a route, too"}
OF_EXPORT, OF_PUT = (
    f'  resource_id   = aws_api_gateway_resource.{path}.id\n  http_method   = "{method}"\n  authorization = "'
    for path, method in (("export", "POST"), ("conference", "PUT"))
)
GET_LEADS = """resource "aws_api_gateway_method" "get_leads" {
  rest_api_id   = aws_api_gateway_rest_api.leads.id
  resource_id   = aws_api_gateway_resource.leads.id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "get_leads" {
  rest_api_id = aws_api_gateway_rest_api.leads.id
  resource_id = aws_api_gateway_resource.leads.id
  http_method = aws_api_gateway_method.get_leads.http_method
  type        = "MOCK"
}
"""
OTHER_POOL = "arn:aws:cognito-idp:us-east-1:100000000004:userpool/us-east-1_Another00"
OF_SOURCE = 'source_code_hash = filebase64sha256("${path.module}/../../lambdas/leads/index.js")'
OF_NOTHING = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
ANOTHER_STAGE = """resource "aws_api_gateway_stage" "test" {
  rest_api_id   = aws_api_gateway_rest_api.leads.id
  deployment_id = aws_api_gateway_deployment.leads.id
  stage_name    = "test"
}
"""
URL = """resource "aws_lambda_function_url" "exports" {
  function_name      = aws_lambda_function.exports.function_name
  authorization_type = "NONE"
}
"""
HASHES = """locals {
  hashes = { for it in ["leads"] : it => filebase64sha256("${path.module}/../../lambdas/${it}/index.js") }
}
"""
ARCHIVE = """data "archive_file" "leads" {
  type        = "zip"
  source_dir  = "${path.module}/../../lambdas/leads"
  output_path = "${path.module}/build/leads.zip"
}
"""
NODE_20 = Replaced(FUNCTIONS, 'runtime          = "nodejs22.x"', 'runtime = "nodejs20.x"')


def of_api(told: str, change: Callable[[Any], None]) -> Described:
    """Return that somebody changes the API of the stack by hand."""
    return Described(told, lambda backend: change(_api(backend)), "apigateway")


def patched(path: str, value: str) -> Described:
    """Return that somebody changes a setting of the stage."""
    change = {"op": "replace", "path": path, "value": value}
    return of_api(
        f"{path} of the stage is {value}", lambda api: api.stages["prod"].apply_operations([change])
    )


def _api(backend: Any) -> Any:
    return next(it for it in backend.apis.values() if it.name == PREFIX)


def _open_export(api: Any) -> None:
    export = next(it for it in api.resources.values() if it.get_path() == "/export")
    export.resource_methods["POST"].authorization_type = "NONE"


def _give_leads_away(api: Any) -> None:
    leads = next(it for it in api.resources.values() if it.get_path() == "/leads")
    leads.add_method("GET", "NONE", api_key_required=False)
    leads.add_integration("GET", "MOCK", "")


def _take_other_tokens(api: Any) -> None:
    next(iter(api.authorizers.values())).provider_arns = [OTHER_POOL]


def _take_other_tokens_too(api: Any) -> None:
    next(iter(api.authorizers.values())).provider_arns.append(OTHER_POOL)


class TakingOthers(Set):
    """An authorizer that takes the tokens of another pool besides its own."""

    def __str__(self) -> str:
        return f"{self.address}: `{self.path}` with `{self.value}` besides"

    def apply(self, document: Json) -> None:
        """Give the authorizer the ARN besides those that the document has."""
        [own] = [it["values"] for listed in lists(document) for it in listed if it["address"] == self.address]
        Set(self.address, self.path, [*own[self.path], self.value]).apply(document)


def _log_nothing(api: Any) -> None:
    api.stages["prod"].access_log_settings = None


def _open_stage(api: Any) -> None:
    api.stages["open"] = copy.deepcopy(api.stages["prod"])
    api.stages["open"].name = "open"


def _log_elsewhere(api: Any) -> None:
    api.stages["prod"].access_log_settings["destinationArn"] = ELSEWHERE_LOGGED


def remove_function(aws: Aws, name: str) -> None:
    """Delete a function."""
    aws.write("lambda:DeleteFunction", FunctionName=name)


def of_function(told: str, change: Callable[[Any], None]) -> Described:
    """Return that only AWS brings the function of leads to a state."""
    return Described(told, lambda backend: change(backend.get_function(LEADS)), "lambda")


def _failed(function: Any) -> None:
    configuration = function.get_configuration
    function.get_configuration = lambda **asked: {**configuration(**asked), "LastUpdateStatus": "Failed"}


STAGES = "elite-adventures-inv-08"
KEY_OF_TABLES = "elite-adventures-lambda-02 kms.use-through"
READING_ALONE = policy(
    {
        "Effect": "Allow",
        "Action": ["dynamodb:GetItem", "dynamodb:Query"],
        "Resource": f"arn:aws:dynamodb:us-east-1:100000000004:table/{LEADS}",
    }
)
"""What does not let a role write the leads."""
LEADS_ARN = f"arn:aws:dynamodb:us-east-1:100000000004:table/{LEADS}"
DENIED = policy({"Effect": "Deny", "Principal": "*", "Action": "dynamodb:PutItem", "Resource": LEADS_ARN})
BY_HAND = f"""resource "aws_dynamodb_resource_policy" "by_hand" {{
  resource_arn = aws_dynamodb_table.leads.arn
  policy       = jsonencode({DENIED})
}}

"""
TABLE = 'resource "aws_dynamodb_table" "leads" {'

MUTATIONS = [
    mutation(
        "elite-adventures-lambda-01 lambda.exists",
        Replaced(FUNCTIONS, '"${local.name_prefix}-leads"', '"${local.name_prefix}-lead"'),
        falls_with=unnamed("elite-adventures-inv-06"),
    ),
    mutation(
        "elite-adventures-lambda-01 lambda.exists",
        Set(FUNCTION, "function_name", f"{PREFIX}-lead"),
        falls_with=unnamed("elite-adventures-inv-06"),
    ),
    mutation("elite-adventures-lambda-01 lambda.exists", Removed(LEADS, remove_function)),
    mutation(
        "elite-adventures-lambda-01 lambda.state",
        of_function("Lambda could not make the function", lambda it: setattr(it, "state", "Failed")),
        only_on="live",
    ),
    mutation(
        "elite-adventures-lambda-01 lambda.state",
        of_function("the last update of the function failed", _failed),
        only_on="live",
    ),
    *on_each(
        "elite-adventures-lambda-02 lambda.role",
        Replaced(FUNCTIONS, 'aws_iam_role.function["leads"].arn', "aws_iam_role.api_logs.arn"),
        Set(FUNCTION, "role", f"arn:aws:iam::100000000004:role/{PREFIX}-api-logs"),
        call(
            "lambda:UpdateFunctionConfiguration",
            FunctionName=LEADS,
            Role=f"arn:aws:iam::100000000004:role/{PREFIX}-api-logs",
        ),
    ),
    mutation(
        "elite-adventures-lambda-02 iam.permissions",
        Replaced(
            f"{FOLDER}/iam.tf",
            '["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]',
            '["dynamodb:GetItem"]',
        ),
    ),
    mutation(
        "elite-adventures-lambda-02 iam.permissions",
        Set('aws_iam_role_policy.function["leads"]', "policy", READING_ALONE),
    ),
    mutation(
        "elite-adventures-lambda-02 iam.permissions",
        call("iam:DeleteRolePolicy", RoleName=EXPORTS, PolicyName="function"),
    ),
    *on_each(
        "elite-adventures-lambda-02 iam.resource-policies",
        Replaced(f"{FOLDER}/dynamodb.tf", TABLE, BY_HAND + TABLE),
        Added(
            "aws_dynamodb_resource_policy.by_hand",
            {"resource_arn": LEADS_ARN, "policy": DENIED},
            "aws_dynamodb_table.leads",
        ),
        call("dynamodb:PutResourcePolicy", ResourceArn=LEADS_ARN, Policy=DENIED),
    ),
    mutation(KEY_OF_TABLES, Replaced(f"{FOLDER}/iam.tf", '"kms:Decrypt", ', "")),
    mutation(KEY_OF_TABLES, Replaced(f"{FOLDER}/iam.tf", '"dynamodb.${var.region}.amazonaws.com", ', "")),
    mutation(KEY_OF_TABLES, Set('aws_iam_role_policy.key_use["leads"]', "policy", READING_ALONE)),
    mutation(
        KEY_OF_TABLES,
        call("iam:DeleteRolePolicy", RoleName=EXPORTS, PolicyName="key-use"),
        only_on="live",
    ),
    *on_each(
        "elite-adventures-lambda-03 lambda.reserved",
        Replaced(FUNCTIONS, "memory_size      = 256", "reserved_concurrent_executions = 0"),
        Set(FUNCTION, "reserved_concurrent_executions", 0),
        call("lambda:PutFunctionConcurrency", FunctionName=LEADS, ReservedConcurrentExecutions=0),
    ),
    mutation(
        "elite-adventures-lambda-03 lambda.concurrency",
        Described(
            "the account is a new one",
            lambda backend: vars(backend).update(concurrent_executions=10),
            "lambda",
        ),
        only_on="live",
    ),
    *on_each(
        "elite-adventures-lambda-04",
        NODE_20,
        Set(FUNCTION, "runtime", "nodejs18.x"),
        call("lambda:UpdateFunctionConfiguration", FunctionName=LEADS, Runtime="nodejs16.x"),
    ),
    mutation("elite-adventures-lambda-04", Set(FUNCTION, "runtime", "python3.13")),
    mutation(
        "elite-adventures-repo-02 lambda.address",
        Replaced(
            FUNCTIONS, 'resource "aws_lambda_function" "leads"', 'resource "aws_lambda_function" "lead"'
        ),
        Replaced(FUNCTIONS, "aws_lambda_function.leads.", "aws_lambda_function.lead."),
        Replaced(API, "aws_lambda_function.leads.", "aws_lambda_function.lead."),
    ),
    mutation("elite-adventures-repo-02 lambda.address", Moved(FUNCTION, "aws_lambda_function.lead")),
    *(
        mutation("elite-adventures-repo-02 lambda.follows-source", *edits)
        for edits in (
            [Replaced(FUNCTIONS, OF_SOURCE, "")],
            [Replaced(FUNCTIONS, OF_SOURCE, f'source_code_hash = "{OF_NOTHING}"')],
            [
                Replaced(FUNCTIONS, OF_SOURCE, "source_code_hash = local.hash"),
                Written(f"{FOLDER}/hash.tf", f'locals {{\n  hash = "{OF_NOTHING}"\n}}\n'),
            ],
            [
                Replaced(
                    FUNCTIONS,
                    OF_SOURCE,
                    f"{OF_SOURCE}\n  lifecycle {{\n    ignore_changes = [source_code_hash]\n  }}",
                )
            ],
        )
    ),
    mutation(
        GUARDED,
        Replaced(API, f"{OF_EXPORT}COGNITO_USER_POOLS", f"{OF_EXPORT}NONE"),
        falls_with=OPENED,
    ),
    mutation(
        GUARDED,
        Set("aws_api_gateway_method.post_export", "authorization", "NONE"),
        falls_with=OPENED,
    ),
    mutation(
        GUARDED,
        of_api("somebody opens the export", _open_export),
        falls_with=OPENED,
        only_on="moto",
    ),
    mutation(
        GUARDED,
        of_api("anybody may ask for the export", _open_export),
        falls_with={**OPENED, ANSWERED: "it answers without a token"},
        only_on="live",
    ),
    mutation(
        ANSWERED,
        of_api("somebody opens the export", _open_export),
        falls_with={**OPENED, GUARDED: "API Gateway tells that it is open"},
        only_on="live",
    ),
    mutation(GUARDED, Replaced(API, 'path_part   = "export"', 'path_part = "exports"')),
    *on_each(
        EVERY_ROUTE,
        Replaced(API, f"{OF_PUT}COGNITO_USER_POOLS", f"{OF_PUT}NONE"),
        Set("aws_api_gateway_method.put_conference", "authorization", "NONE"),
        of_api("anybody may ask for the leads in another way", _give_leads_away),
    ),
    mutation(EVERY_ROUTE, Written(f"{FOLDER}/another.tf", GET_LEADS)),
    *on_each(
        TOKENS,
        Replaced(API, 'type          = "COGNITO_USER_POOLS"', 'type = "TOKEN"'),
        Set("aws_api_gateway_authorizer.admin", "type", "REQUEST"),
        of_api("the authorizer takes tokens of another pool", _take_other_tokens),
    ),
    mutation(
        TOKENS,
        Replaced(API, "[aws_cognito_user_pool.admin.arn]", "[aws_cognito_user_pool.other.arn]"),
        Written(f"{FOLDER}/another.tf", 'resource "aws_cognito_user_pool" "other" {\n  name = "other"\n}\n'),
    ),
    mutation(
        NO_OTHERS,
        Replaced(
            API,
            "[aws_cognito_user_pool.admin.arn]",
            "[aws_cognito_user_pool.admin.arn, aws_cognito_user_pool.other.arn]",
        ),
        Written(f"{FOLDER}/another.tf", 'resource "aws_cognito_user_pool" "other" {\n  name = "other"\n}\n'),
    ),
    mutation(
        NO_OTHERS,
        TakingOthers("aws_api_gateway_authorizer.admin", "provider_arns", OTHER_POOL),
        only_on="state",
    ),
    mutation(NO_OTHERS, of_api("the authorizer takes tokens of another pool, too", _take_other_tokens_too)),
    *on_each(
        "elite-adventures-api-02",
        Replaced(STAGE, "throttling_rate_limit  = 100\n", ""),
        Set(SETTINGS, "settings.0.throttling_rate_limit", -1),
        patched("/*/*/throttling/rateLimit", "10000"),
    ),
    mutation("elite-adventures-api-02", Replaced(STAGE, 'method_path = "*/*"', 'method_path = "leads/POST"')),
    mutation("elite-adventures-api-02", patched("/~1export/POST/throttling/rateLimit", "5000")),
    *on_each(
        "elite-adventures-log-01 lambda.log-group",
        Replaced(
            FUNCTIONS,
            "  memory_size      = 256\n",
            f"  memory_size      = 256\n{ELSEWHERE}",
        ),
        Set(FUNCTION, "logging_config", [{"log_format": "Text", "log_group": "/elsewhere"}]),
        of_function(
            "somebody lets the function log elsewhere", lambda it: vars(it).update(logs={"LogGroup": "/x"})
        ),
    ),
    *on_each(
        "elite-adventures-log-02 api.access-logs",
        Replaced(
            STAGE,
            "destination_arn = aws_cloudwatch_log_group.api.arn",
            "destination_arn = aws_cloudwatch_log_group.waf.arn",
        ),
        Set("aws_api_gateway_stage.prod", "access_log_settings", []),
        of_api("the stage logs nothing", _log_nothing),
    ),
    *on_each(
        "elite-adventures-log-02 api.access-logs",
        Replaced(
            STAGE,
            "destination_arn = aws_cloudwatch_log_group.api.arn",
            f'destination_arn = "{ELSEWHERE_LOGGED}"',
        ),
        Set("aws_api_gateway_stage.prod", "access_log_settings.0.destination_arn", ELSEWHERE_LOGGED),
        of_api("the stage logs in another region", _log_elsewhere),
    ),
    *(
        mutation("elite-adventures-inv-09", edit, unlisted=True)
        for edit in (
            Written(f"{FOLDER}/url.tf", URL),
            Added(
                "aws_lambda_function_url.exports",
                {"function_name": EXPORTS, "authorization_type": "AWS_IAM"},
                "aws_lambda_function.exports",
            ),
            call("lambda:CreateFunctionUrlConfig", FunctionName=EXPORTS, AuthType="NONE"),
        )
    ),
    mutation(STAGES, Written(f"{FOLDER}/another.tf", ANOTHER_STAGE), unlisted=True),
    mutation(
        STAGES,
        Replaced(STAGE, "  triggers = {", '  stage_name = "open"\n\n  triggers = {'),
        unlisted=True,
    ),
    mutation(STAGES, Set("aws_api_gateway_deployment.leads", "stage_name", "open"), unlisted=True),
    mutation(STAGES, of_api("somebody opens another stage", _open_stage), unlisted=True),
]

NEAR_MISSES = [
    near_miss(
        EVERY_ROUTE,
        Replaced(API, f"{OF_PUT}COGNITO_USER_POOLS", f"{OF_PUT}AWS_IAM"),
        why="IAM knows who asks",
    ),
    near_miss(
        TOKENS,
        Replaced(API, "[aws_cognito_user_pool.admin.arn]", "toset([aws_cognito_user_pool.admin.arn])"),
        why="it is the same pool",
    ),
    near_miss(
        KEY_OF_TABLES,
        Replaced(
            f"{FOLDER}/iam.tf", '["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]', '["kms:De*"]'
        ),
        why="the pattern fits what is done when a table is read or written",
    ),
    near_miss(
        "elite-adventures-repo-02 lambda.follows-source",
        Replaced(FUNCTIONS, OF_SOURCE, "source_code_hash = local.hashes.leads"),
        Written(f"{FOLDER}/hash.tf", HASHES),
        why="the hash is of the sources, by way of a local value",
    ),
    near_miss(
        "elite-adventures-repo-02 lambda.follows-source",
        Replaced(FUNCTIONS, OF_SOURCE, "source_code_hash = data.archive_file.leads.output_base64sha256"),
        Written(f"{FOLDER}/hash.tf", ARCHIVE),
        why="the archive is made of the sources",
    ),
    near_miss(
        "elite-adventures-lambda-03 lambda.reserved",
        call("lambda:PutFunctionConcurrency", FunctionName=LEADS, ReservedConcurrentExecutions=1),
        why="one instance is not none",
    ),
    near_miss(
        "elite-adventures-api-02",
        patched("/~1export/POST/throttling/rateLimit", "5"),
        why="a route may be slower than its stage",
    ),
]
