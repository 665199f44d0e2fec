"""Mutations for tests/inventory: of each kind one that nobody listed."""

from selftest.mutations.documents import Added
from selftest.mutations.edits import Written, call
from selftest.mutations.mutation import mutation
from selftest.mutations.offenders import alarm, offender

TERRAFORM = "infra/terraform"
KEY = {"AttributeName": "PK", "AttributeType": "S"}
BY_KEY = {
    "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
    "AttributeDefinitions": [KEY],
    "BillingMode": "PAY_PER_REQUEST",
}
RESTORED, OF_TABLES = "elite-adventures-leads-prod-leads-restored", "elite-adventures-inv-01"
MORE = "elite-adventures-more"
HTTP_API = f'''resource "aws_apigatewayv2_api" "more" {{
  name          = "{MORE}"
  protocol_type = "HTTP"
}}
'''
TABLE = """  hash_key     = "PK"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "PK"
    type = "S"
  }"""


MUTATIONS = [
    *offender(
        OF_TABLES,
        f"{TERRAFORM}/dynamodb.tf",
        "aws_dynamodb_table.leads",
        "name",
        MORE,
        TABLE,
        call("dynamodb:CreateTable", TableName=MORE, **BY_KEY),
    ),
    *offender(
        "elite-adventures-ddb-08",
        f"{TERRAFORM}/dynamodb.tf",
        "aws_dynamodb_table.leads",
        "name",
        RESTORED,
        TABLE,
        call("dynamodb:CreateTable", TableName=RESTORED, **BY_KEY),
        elite_adventures_inv_01="the stack names no such table either",
    ),
    *offender(
        "elite-adventures-inv-02",
        f"{TERRAFORM}/s3.tf",
        'aws_s3_bucket.this["data"]',
        "bucket",
        MORE,
        "",
        call("s3:CreateBucket", Bucket=MORE),
    ),
    *offender(
        "elite-adventures-inv-03",
        f"{TERRAFORM}/alarms.tf",
        "aws_cloudwatch_metric_alarm.api_server_errors",
        "alarm_name",
        MORE,
        '  comparison_operator = "GreaterThanThreshold"\n  evaluation_periods = 1\n  actions_enabled = false',
        alarm(MORE),
    ),
    *offender(
        "elite-adventures-inv-04",
        f"{TERRAFORM}/alarms.tf",
        "aws_sns_topic.alerts",
        "name",
        MORE,
        "",
        call("sns:CreateTopic", Name=MORE),
    ),
    *offender(
        "elite-adventures-inv-05",
        f"{TERRAFORM}/audit.tf",
        "aws_cloudtrail.audit",
        "name",
        MORE,
        '  s3_bucket_name = "elite-adventures-leads-prod-audit"',
        call("cloudtrail:CreateTrail", Name=MORE, S3BucketName="elite-adventures-leads-prod-audit"),
    ),
    *offender(
        "elite-adventures-inv-06",
        f"{TERRAFORM}/lambda.tf",
        "aws_lambda_function.leads",
        "function_name",
        MORE,
        '  role = aws_iam_role.function["leads"].arn\n  runtime = "nodejs22.x"\n  filename = "more.zip"\n'
        '  handler = "index.handler"',
        call(
            "lambda:CreateFunction",
            FunctionName=MORE,
            Role=f"arn:aws:iam::100000000004:role/{MORE}",
            Runtime="nodejs22.x",
            Handler="index.handler",
            Code={"ZipFile": "no code"},
        ),
    ),
    *offender(
        "elite-adventures-inv-07",
        f"{TERRAFORM}/api.tf",
        "aws_api_gateway_rest_api.leads",
        "name",
        MORE,
        "",
        call("apigateway:CreateRestApi", name=MORE),
    ),
    *(
        mutation("elite-adventures-inv-10", edit, unlisted=True)
        for edit in (
            Written(f"{TERRAFORM}/more.tf", HTTP_API),
            Added(
                "aws_apigatewayv2_api.more",
                {"name": MORE, "protocol_type": "HTTP"},
                "aws_api_gateway_rest_api.leads",
            ),
            call("apigatewayv2:CreateApi", Name=MORE, ProtocolType="HTTP"),
        )
    ),
]
