"""Mutations for tests/inventory: of each kind one that nobody listed."""

from selftest.mutations.edits import call
from selftest.mutations.offenders import alarm, offender

CODE, MORE, RESTORED = "infrastructure", "prop-ie-more", "prop-ie-dev-enquiries-restored"
BY_KEY = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
TABLE = """  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "id"
    type = "S"
  }"""
ALARM = """  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  actions_enabled     = false"""
FUNCTION = """  role     = aws_iam_role.function["auth"].arn
  runtime  = "python3.13"
  filename = "more.zip"
  handler  = "more.handler\""""

MUTATIONS = [
    *offender(
        "propie-inv-01",
        f"{CODE}/dynamodb.tf",
        "aws_dynamodb_table.enquiries",
        "name",
        MORE,
        TABLE,
        call("dynamodb:CreateTable", TableName=MORE, **BY_KEY),
    ),
    *offender(
        "propie-ddb-12",
        f"{CODE}/dynamodb.tf",
        "aws_dynamodb_table.enquiries",
        "name",
        RESTORED,
        TABLE,
        call("dynamodb:CreateTable", TableName=RESTORED, **BY_KEY),
        propie_inv_01="the stack names no such table either",
    ),
    *offender(
        "propie-inv-02",
        f"{CODE}/s3.tf",
        'aws_s3_bucket.this["documents"]',
        "bucket",
        MORE,
        "",
        call("s3:CreateBucket", Bucket=MORE, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}),
    ),
    *offender(
        "propie-inv-03",
        f"{CODE}/lambda.tf",
        'aws_lambda_function.this["auth"]',
        "function_name",
        MORE,
        FUNCTION,
        call(
            "lambda:CreateFunction",
            FunctionName=MORE,
            Role=f"arn:aws:iam::100000000008:role/{MORE}",
            Runtime="python3.13",
            Handler="more.handler",
            Code={"ZipFile": "no code"},
        ),
    ),
    *offender(
        "propie-inv-04",
        f"{CODE}/api.tf",
        "aws_api_gateway_rest_api.this",
        "name",
        MORE,
        "",
        call("apigateway:CreateRestApi", name=MORE),
    ),
    *offender(
        "propie-inv-05",
        f"{CODE}/alarms.tf",
        "aws_cloudwatch_metric_alarm.api_latency",
        "alarm_name",
        MORE,
        ALARM,
        alarm(MORE),
    ),
    *offender(
        "propie-inv-06",
        f"{CODE}/alarms.tf",
        "aws_sns_topic.alerts",
        "name",
        MORE,
        "",
        call("sns:CreateTopic", Name=MORE),
    ),
]
