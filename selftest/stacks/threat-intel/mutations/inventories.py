"""Mutations for tests/inventory: of each kind one that nobody listed."""

from selftest.mutations.edits import call
from selftest.mutations.offenders import alarm, offender

MODULES = "infrastructure/terraform/modules"
MORE = "threat-intel-more"
TABLE = """  hash_key     = "PK"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "PK"
    type = "S"
  }"""
ALARM = """  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  actions_enabled     = false"""
FUNCTION = """  role     = var.role_arn
  runtime  = "python3.13"
  filename = "more.zip"
  handler  = "more.handler\""""

MUTATIONS = [
    *offender(
        "threat-intel-inv-01",
        f"{MODULES}/storage/tables.tf",
        "module.storage.aws_dynamodb_table.dedup",
        "name",
        MORE,
        TABLE,
        call(
            "dynamodb:CreateTable",
            TableName=MORE,
            KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        ),
    ),
    *offender(
        "threat-intel-inv-02",
        f"{MODULES}/storage/buckets.tf",
        'module.storage.aws_s3_bucket.this["raw"]',
        "bucket",
        MORE,
        "",
        call("s3:CreateBucket", Bucket=MORE),
    ),
    *offender(
        "threat-intel-inv-03",
        f"{MODULES}/compute/main.tf",
        'module.compute.aws_lambda_function.this["collector"]',
        "function_name",
        MORE,
        FUNCTION,
        call(
            "lambda:CreateFunction",
            FunctionName=MORE,
            Role=f"arn:aws:iam::100000000005:role/{MORE}",
            Runtime="python3.13",
            Handler="more.handler",
            Code={"ZipFile": "no code"},
        ),
    ),
    *offender(
        "threat-intel-inv-04",
        f"{MODULES}/networking/main.tf",
        "module.networking.aws_api_gateway_rest_api.threat_intel",
        "name",
        MORE,
        "",
        call("apigateway:CreateRestApi", name=MORE),
    ),
    *offender(
        "threat-intel-inv-05",
        f"{MODULES}/monitoring/alarm.tf",
        "module.monitoring.aws_cloudwatch_metric_alarm.high_error_rate",
        "alarm_name",
        MORE,
        ALARM,
        alarm(MORE),
    ),
    *offender(
        "threat-intel-inv-06",
        f"{MODULES}/monitoring/alarm.tf",
        "module.monitoring.aws_sns_topic.alerts",
        "name",
        MORE,
        "",
        call("sns:CreateTopic", Name=MORE),
    ),
    *offender(
        "threat-intel-inv-08",
        f"{MODULES}/networking/main.tf",
        "module.networking.aws_api_gateway_api_key.this",
        "name",
        MORE,
        "",
        call("apigateway:CreateApiKey", name=MORE),
    ),
    *offender(
        "threat-intel-inv-09",
        f"{MODULES}/networking/main.tf",
        "module.networking.aws_api_gateway_usage_plan.this",
        "name",
        MORE,
        "",
        call("apigateway:CreateUsagePlan", name=MORE),
    ),
]
