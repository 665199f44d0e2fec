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
DISTRIBUTION = """  enabled = true

  origin {
    origin_id   = "o"
    domain_name = "o.example.com"
  }
  default_cache_behavior {
    target_origin_id       = "o"
    viewer_protocol_policy = "https-only"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
  }"""
ANOTHER = "dev.prop-ie.test"

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
    *offender(
        "propie-inv-11",
        f"{CODE}/cloudfront.tf",
        "aws_cloudfront_distribution.site",
        "comment",
        MORE,
        DISTRIBUTION,
        call(
            "cloudfront:CreateDistribution",
            DistributionConfig={
                "CallerReference": MORE,
                "Comment": MORE,
                "Enabled": True,
                "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "o.example.com"}]},
                "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
            },
        ),
    ),
    *offender(
        "propie-inv-12",
        f"{CODE}/amplify.tf",
        'aws_amplify_app.frontend["main"]',
        "name",
        MORE,
        "",
        call("amplify:CreateApp", name=MORE),
    ),
    *offender(
        "propie-inv-13",
        f"{CODE}/appsync.tf",
        "aws_appsync_graphql_api.this",
        "name",
        MORE,
        '  authentication_type = "API_KEY"',
        call("appsync:CreateGraphqlApi", name=MORE, authenticationType="API_KEY"),
    ),
    *offender(
        "propie-inv-14",
        f"{CODE}/dns.tf",
        "aws_route53_zone.site",
        "name",
        ANOTHER,
        "",
        call("route53:CreateHostedZone", Name=ANOTHER, CallerReference=MORE),
    ),
    *offender(
        "propie-inv-07",
        f"{CODE}/cognito.tf",
        "aws_cognito_user_pool.users",
        "name",
        MORE,
        "",
        call("cognito-idp:CreateUserPool", PoolName=MORE),
    ),
    *offender(
        "propie-inv-08",
        f"{CODE}/cognito.tf",
        "aws_cognito_identity_pool.users",
        "identity_pool_name",
        MORE,
        "",
        call(
            "cognito-identity:CreateIdentityPool",
            IdentityPoolName=MORE,
            AllowUnauthenticatedIdentities=False,
        ),
    ),
]
