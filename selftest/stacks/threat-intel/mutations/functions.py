"""Mutations for tests/functions: the functions, their packages, their logs, and who may call them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plumbline.aws.reads import Aws
from selftest.mutations import keys
from selftest.mutations.documents import Set
from selftest.mutations.edits import Deleted, Described, Edited, Listed, Removed, Replaced, Written, call
from selftest.mutations.mutation import mutation, near_miss, on_each, unnamed
from selftest.mutations.policies import policy

CODE = "infrastructure/terraform"
COMPUTE, API = (f"{CODE}/modules/{it}/main.tf" for it in ("compute", "networking"))
PUBLISHED = 'publish = each.key == "collector"'
KEYS = f"{CODE}/modules/security/keys.tf"
MAIN, VARIABLES = (f"{CODE}/environments/dev/{it}.tf" for it in ("main", "variables"))
CHECKOUT = "terraform/threat-intel"
PACKING = f"{CHECKOUT}/{CODE}/modules/compute/packages.tf"
PACKAGE, LAYER = (f"{CHECKOUT}/lambda_functions/{it}.zip" for it in ("lambda_deployment", "layer"))
LIMIT = 262_144_000
INDEX = 1 << 20
"""How many bytes of a package may be its index, and nothing that is unpacked."""
COLLECTOR, PROCESSOR, ENRICHMENT = (
    f"threat-intel-{it}-dev" for it in ("collector", "processor", "enrichment")
)
GROUP = f"/aws/lambda/{PROCESSOR}"
OF_COLLECTOR, OF_PROCESSOR, OF_ENRICHMENT = (
    f'module.compute.aws_lambda_function.this["{it}"]' for it in ("collector", "processor", "enrichment")
)
LOG = 'module.compute.aws_cloudwatch_log_group.function["processor"]'
READY = "module.compute.aws_lambda_provisioned_concurrency_config.collector"
NAME = 'function_name    = "threat-intel-${each.key}-${var.environment}"'
OTHER_NAME = (
    'function_name    = "threat-intel-${each.key == "processor" ? "process" : each.key}-${var.environment}"'
)
FOR_ITS_API = 'source_arn    = "${var.api_execution_arn}/${var.environment}/*/collect"'
WITHOUT_CACHES = " -x 'layer/*' 'build/*' '*__pycache__/*' '*.pyc' '*.git/*'"
ELSEWHERE = """  logging_config {
    log_format = "Text"
    log_group  = "/elsewhere"
  }

  tracing_config {
"""

EXISTS, STATE = (f"threat-intel-lambda-01 lambda.{it}" for it in ("exists", "state"))
DEPLOYED, BUILT = (f"threat-intel-lambda-02 lambda.{it}" for it in ("unpacked-size", "package-size"))
CONTENT, LAYOUT = "threat-intel-lambda-03", "threat-intel-lambda-04"
SECONDS, BY_VARIABLE = (f"threat-intel-lambda-05 lambda.{it}" for it in ("timeout", "by-variable"))
DEFAULT = "threat-intel-lambda-05 terraform.defaults"
MEMORY, MEMORY_BY_VARIABLE = (f"threat-intel-lambda-06 lambda.{it}" for it in ("memory", "by-variable"))
MEMORY_DEFAULT = "threat-intel-lambda-06 terraform.least-defaults"
ASKED_FOR, OF_API, THERE = (
    f"threat-intel-lambda-10 lambda.{it}"
    for it in ("provisioned", "provisioned-for-api", "provisioned-ready")
)
LEAST_SECONDS = "threat-intel-lambda-05 lambda.least-timeout"
FOR_ENRICHMENT = "memory_size = var.enrichment_memory_size\n      timeout     = var.lambda_timeout"
BY_API, LETS_IN = "threat-intel-lambda-11", 'module.compute.aws_lambda_permission.api["alias"]'
GROUP_EXISTS, RETENTION = (f"threat-intel-lambda-14 logs.{it}" for it in ("exists", "retention"))
KEY_OF_GROUP = "threat-intel-lambda-14 logs.key"
ALSO_OF_TRAIL = {"threat-intel-mon-06 logs.key": "one key encrypts all groups"}
OF_GROUP = "threat-intel-lambda-14 lambda.log-group"
TRACING = "threat-intel-mon-08"
A_NUMBER = {MEMORY_BY_VARIABLE: "a number stands in place of the variable"}
COLD = {OF_API: "nothing is kept ready for whoever calls"}
NOTHING_READY = {**COLD, THERE: "what nobody asks for is not there"}
NEXT = """resource "aws_lambda_alias" "next" {
  name             = "next"
  function_name    = aws_lambda_function.this["collector"].function_name
  function_version = "4"
}
"""
LET_IN = {
    "FunctionName": COLLECTOR,
    "StatementId": "another",
    "Action": "lambda:InvokeFunction",
    "Principal": "apigateway.amazonaws.com",
}
DATA_KEY = "alias/threat-intel-data-key-dev"
OF_ALARMS = policy(
    *(
        {"Effect": "Allow", "Principal": whose, "Action": "kms:*", "Resource": "*"}
        for whose in ({"AWS": "arn:aws:iam::100000000005:root"}, {"Service": "cloudwatch.amazonaws.com"})
    )
)
OTHER_API = "arn:aws:execute-api:us-east-1:100000000005:0123456789/*"


def of_function(name: str, told: str, change: Callable[[Any], None]) -> Described:
    """Return that only AWS brings a function to a state."""
    return Described(told, lambda backend: change(backend.get_function(name)), "lambda")


def of_versions(told: str, change: Callable[[Any], None]) -> Described:
    """Return that somebody changes what the alias of the collector has of its own."""
    return Described(told, change, "lambda")


def _failed(function: Any) -> None:
    configuration = function.get_configuration
    function.get_configuration = lambda **asked: {**configuration(**asked), "LastUpdateStatus": "Failed"}


def _starting(function: Any) -> None:
    ready = vars(function)["kept_ready"]["live"]
    ready |= {"Status": "IN_PROGRESS", "AllocatedProvisionedConcurrentExecutions": 0}


def _let_nobody_in(backend: Any) -> None:
    vars(backend)["policies_of_versions"][COLLECTOR, "live"].statements.clear()


def remove_function(aws: Aws, name: str) -> None:
    """Delete a function."""
    aws.write("lambda:DeleteFunction", FunctionName=name)


def remove_log_group(aws: Aws, name: str) -> None:
    """Delete a log group."""
    aws.write("logs:DeleteLogGroup", logGroupName=name)


MUTATIONS = [
    mutation(EXISTS, Replaced(COMPUTE, NAME, OTHER_NAME), falls_with=unnamed("threat-intel-inv-03")),
    mutation(
        EXISTS,
        Set(OF_PROCESSOR, "function_name", "threat-intel-process-dev"),
        falls_with=unnamed("threat-intel-inv-03"),
    ),
    mutation(EXISTS, Removed(PROCESSOR, remove_function)),
    mutation(
        STATE,
        of_function(
            PROCESSOR, "Lambda could not make the function", lambda it: setattr(it, "state", "Failed")
        ),
        only_on="live",
    ),
    mutation(
        STATE, of_function(ENRICHMENT, "the last update of the function failed", _failed), only_on="live"
    ),
    mutation(
        DEPLOYED,
        of_function(COLLECTOR, "its package has 251 MB", lambda it: setattr(it, "code_size", LIMIT + INDEX)),
        only_on="live",
    ),
    mutation(BUILT, Listed(PACKAGE, {"collector.py": LIMIT})),
    mutation(BUILT, Listed(PACKAGE, {"collector.py": 100}), Listed(LAYER, {"python/a.py": LIMIT - 100})),
    mutation(CONTENT, Listed(PACKAGE, {"collector.py": 9, "__pycache__/collector.cpython-313.pyc": 9})),
    mutation(CONTENT, Listed(PACKAGE, {"collector.py": 9, "vendor/.git/HEAD": 9})),
    mutation(CONTENT, Edited(PACKING, f" -i '*.py'{WITHOUT_CACHES}", "")),
    mutation(CONTENT, Edited(PACKING, f" -i '*.py'{WITHOUT_CACHES}", " -x '__pycache__/*' '*.pyo' '.git/*'")),
    mutation(LAYOUT, Listed(LAYER, {"layer/python/redis/__init__.py": 9})),
    mutation(LAYOUT, Listed(LAYER, {"python/lib/python3.9/site-packages/redis/__init__.py": 9})),
    mutation(
        LAYOUT,
        Deleted(LAYER),
        Edited(PACKING, "cd build\n      zip -qrX ../layer.zip python", "zip -qrX layer.zip build"),
    ),
    *on_each(
        SECONDS,
        Replaced(COMPUTE, "timeout     = min(29, var.lambda_timeout)", "timeout = 901"),
        Set(OF_COLLECTOR, "timeout", 901),
        call("lambda:UpdateFunctionConfiguration", FunctionName=COLLECTOR, Timeout=901),
    ),
    mutation(
        LEAST_SECONDS,
        Replaced(COMPUTE, "timeout     = var.lambda_timeout", "timeout = 300"),
        falls_with={BY_VARIABLE: "a number stands in place of the variable"},
    ),
    *on_each(
        LEAST_SECONDS,
        Replaced(COMPUTE, FOR_ENRICHMENT, FOR_ENRICHMENT.replace("var.lambda_timeout", "300")),
        Set(OF_ENRICHMENT, "timeout", 300),
        call("lambda:UpdateFunctionConfiguration", FunctionName=ENRICHMENT, Timeout=300),
    ),
    mutation(LEAST_SECONDS, Set(OF_PROCESSOR, "timeout", 300)),
    mutation(LEAST_SECONDS, call("lambda:UpdateFunctionConfiguration", FunctionName=PROCESSOR, Timeout=300)),
    mutation(BY_VARIABLE, Replaced(COMPUTE, "timeout     = var.lambda_timeout", "timeout = 900")),
    mutation(
        BY_VARIABLE,
        Replaced(COMPUTE, "timeout     = var.lambda_timeout", "timeout = max(900, var.lambda_timeout)"),
    ),
    mutation(BY_VARIABLE, Replaced(MAIN, "lambda_timeout           = var.lambda_timeout\n", "")),
    mutation(
        DEFAULT,
        Replaced(VARIABLES, "default     = 900", "default = 300"),
        falls_with={LEAST_SECONDS: "the functions have what the variable says"},
    ),
    *on_each(
        MEMORY,
        Replaced(COMPUTE, "memory_size = var.enrichment_memory_size", "memory_size = 1024"),
        Set(OF_ENRICHMENT, "memory_size", 1024),
        call("lambda:UpdateFunctionConfiguration", FunctionName=ENRICHMENT, MemorySize=2047),
        falls_with={},
    )[1:],
    mutation(
        MEMORY,
        Replaced(COMPUTE, "memory_size = var.enrichment_memory_size", "memory_size = 1024"),
        falls_with=A_NUMBER,
    ),
    mutation(
        MEMORY_BY_VARIABLE,
        Replaced(COMPUTE, "memory_size = var.enrichment_memory_size", "memory_size = 2048"),
    ),
    mutation(
        MEMORY_DEFAULT,
        Replaced(VARIABLES, "default     = 2048", "default = 1024"),
        Replaced(VARIABLES, "var.enrichment_memory_size >= 2048 &&", "var.enrichment_memory_size >= 128 &&"),
        falls_with={MEMORY: "the function has what the variable says"},
    ),
    mutation(
        ASKED_FOR,
        Replaced(
            COMPUTE, "qualifier                         = aws_lambda_alias.live.name", 'qualifier = "$LATEST"'
        ),
    ),
    mutation(ASKED_FOR, Set(READY, "provisioned_concurrent_executions", 0)),
    mutation(
        ASKED_FOR,
        call("lambda:DeleteProvisionedConcurrencyConfig", FunctionName=COLLECTOR, Qualifier="live"),
        falls_with=NOTHING_READY,
    ),
    mutation(ASKED_FOR, Replaced(COMPUTE, PUBLISHED, f"{PUBLISHED}\n  reserved_concurrent_executions = 0")),
    mutation(
        OF_API,
        Replaced(
            COMPUTE,
            'function_version = aws_lambda_function.this["collector"].version',
            'function_version = "3"',
        ),
        Replaced(
            COMPUTE,
            "= aws_lambda_alias.live.name\n  provisioned",
            "= aws_lambda_alias.next.name\n  provisioned",
        ),
        Written(f"{CODE}/modules/compute/next.tf", NEXT),
    ),
    mutation(
        OF_API,
        call("lambda:UpdateFunctionConfiguration", FunctionName=COLLECTOR, Description="the next one"),
        call("lambda:PublishVersion", FunctionName=COLLECTOR),
        call("lambda:CreateAlias", FunctionName=COLLECTOR, Name="next", FunctionVersion="2"),
        call("lambda:DeleteProvisionedConcurrencyConfig", FunctionName=COLLECTOR, Qualifier="live"),
        call(
            "lambda:PutProvisionedConcurrencyConfig",
            FunctionName=COLLECTOR,
            Qualifier="next",
            ProvisionedConcurrentExecutions=1,
        ),
    ),
    mutation(THERE, of_function(COLLECTOR, "Lambda is still making the instance", _starting)),
    *(
        mutation(BY_API, Replaced(COMPUTE, FOR_ITS_API, f'source_arn = "${{var.api_execution_arn}}/{path}"'))
        for path in ("${var.environment}/POST/collect", "live/*/collect", "${var.environment}/*/status")
    ),
    mutation(BY_API, Replaced(COMPUTE, "    alias    = aws_lambda_alias.live.name\n", "")),
    mutation(BY_API, Replaced(COMPUTE, '"apigateway.amazonaws.com"', '"events.amazonaws.com"')),
    mutation(BY_API, Replaced(API, 'integration_http_method = "POST"', 'integration_http_method = "GET"')),
    mutation(BY_API, Replaced(COMPUTE, FOR_ITS_API, ""), unlisted=True),
    mutation(BY_API, Set(LETS_IN, "principal", "events.amazonaws.com"), only_on="state"),
    mutation(BY_API, of_versions("nobody may call the alias", _let_nobody_in)),
    mutation(BY_API, call("lambda:AddPermission", **LET_IN), unlisted=True),
    mutation(
        BY_API,
        call("lambda:AddPermission", **LET_IN, Qualifier="live", SourceArn=OTHER_API),
        unlisted=True,
    ),
    mutation(
        GROUP_EXISTS,
        Replaced(
            COMPUTE,
            '"/aws/lambda/threat-intel-${each.key}-${var.environment}"',
            '"/aws/lambda/threat-intel-${replace(each.key, "processor", "process")}-${var.environment}"',
        ),
    ),
    mutation(GROUP_EXISTS, Set(LOG, "name", "/aws/lambda/threat-intel-process-dev")),
    mutation(GROUP_EXISTS, Removed(GROUP, remove_log_group), only_on="moto"),
    mutation(
        GROUP_EXISTS,
        Removed(GROUP, remove_log_group),
        falls_with={"threat-intel-lambda-15": "what is not there has no lines of a function that ran"},
        only_on="live",
    ),
    *on_each(
        RETENTION,
        Replaced(COMPUTE, "retention_in_days = var.log_retention_days", "retention_in_days = 0"),
        Set(LOG, "retention_in_days", 0),
        call("logs:DeleteRetentionPolicy", logGroupName=GROUP),
    ),
    *on_each(
        KEY_OF_GROUP,
        Replaced(
            KEYS, 'Principal = { Service = "logs.${var.region}', 'Principal = { Service = "log.${var.region}'
        ),
        Set("module.security.aws_kms_key.data", "policy", OF_ALARMS),
        keys.lets_in_no_more(DATA_KEY, "logs.us-east-1.amazonaws.com"),
        falls_with=ALSO_OF_TRAIL,
    ),
    mutation(
        KEY_OF_GROUP,
        Replaced(KEYS, '${var.account_id}:log-group:*"', '${var.account_id}:log-group:CloudTrail/*"'),
    ),
    mutation(
        KEY_OF_GROUP,
        Replaced(KEYS, '"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"', '"kms:DescribeKey", "kms:Encrypt"'),
        falls_with=ALSO_OF_TRAIL,
    ),
    *on_each(
        OF_GROUP,
        Replaced(COMPUTE, "  tracing_config {\n", ELSEWHERE),
        Set(OF_PROCESSOR, "logging_config", [{"log_format": "Text", "log_group": "/elsewhere"}]),
        of_function(
            PROCESSOR,
            "somebody lets the function log elsewhere",
            lambda it: vars(it).update(logs={"LogGroup": "/elsewhere"}),
        ),
    ),
    *on_each(
        TRACING,
        Replaced(COMPUTE, 'mode = "Active"', 'mode = "PassThrough"'),
        Set(OF_PROCESSOR, "tracing_config", [{"mode": "PassThrough"}]),
        call(
            "lambda:UpdateFunctionConfiguration",
            FunctionName=PROCESSOR,
            TracingConfig={"Mode": "PassThrough"},
        ),
    ),
    mutation(TRACING, Replaced(COMPUTE, '  tracing_config {\n    mode = "Active"\n  }\n', "")),
]

NEAR_MISSES = [
    near_miss(
        BUILT,
        Listed(PACKAGE, {"collector.py": 100}),
        Listed(LAYER, {"python/a.py": LIMIT - 101}),
        why="both together are one byte below the limit",
    ),
    near_miss(
        CONTENT,
        Edited(PACKING, f" -i '*.py'{WITHOUT_CACHES}", WITHOUT_CACHES),
        why="the patterns leave out byte code and Git data wherever they lie",
    ),
    near_miss(
        LAYOUT,
        Listed(LAYER, {"python/lib/python3.13/site-packages/redis/__init__.py": 9, "README.md": 9}),
        why="the runtime looks there, too, and loads no other file",
    ),
    near_miss(
        BY_API,
        Replaced(COMPUTE, FOR_ITS_API, 'source_arn = "${var.api_execution_arn}/*/*/*"'),
        why="all stages, methods and paths of the API are its own",
    ),
    near_miss(
        BY_API,
        call("lambda:AddPermission", **{**LET_IN, "Principal": "events.amazonaws.com"}),
        why="EventBridge is not API Gateway",
    ),
    near_miss(
        SECONDS,
        call("lambda:UpdateFunctionConfiguration", FunctionName=COLLECTOR, Timeout=900),
        why="900 seconds are the maximum",
    ),
    near_miss(
        ASKED_FOR,
        call(
            "lambda:PutProvisionedConcurrencyConfig",
            FunctionName=COLLECTOR,
            Qualifier="live",
            ProvisionedConcurrentExecutions=3,
        ),
        why="three instances are more than one",
    ),
]
