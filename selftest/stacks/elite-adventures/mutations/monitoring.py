"""Mutations for tests/monitoring and tests/operations."""

import json
from collections.abc import Mapping
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set, Without
from selftest.mutations.edits import Described, Edit, Happened, Removed, Replaced, call
from selftest.mutations.mutation import mutation, near_miss, on_each, unnamed

FOLDER = "infra/terraform"
ALARMS, LOGS, DASHBOARD, AUDIT = (f"{FOLDER}/{it}.tf" for it in ("alarms", "logs", "dashboard", "audit"))
PREFIX = "elite-adventures-leads-prod"
DATA = f"{PREFIX}-data"
LEADS = f"{PREFIX}-leads"
TOPIC = f"arn:aws:sns:us-east-1:100000000004:{PREFIX}-alerts"
ALARM = "aws_cloudwatch_metric_alarm"
ON_WEB_ACL = {"WebACL": PREFIX, "Region": "us-east-1", "Rule": "ALL"}


def alarm(
    name: str, namespace: str, metric: str, threshold: float, dimensions: Mapping[str, str], **other: object
) -> Edit:
    """Return that somebody makes an alarm of the stack anew, and otherwise."""
    request = {
        "AlarmName": f"{PREFIX}-{name}",
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": threshold,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": [TOPIC],
    }
    return call("cloudwatch:PutMetricAlarm", **(request | other))


def remove_group(aws: Aws, name: str) -> None:
    """Delete a log group."""
    aws.write("logs:DeleteLogGroup", logGroupName=name)


def counted(namespace: str, name: str, value: float, **dimensions: str) -> Happened:
    """Return that CloudWatch has a value of a metric."""
    return Happened(
        f"{value:g} {name}", lambda aws: history.metric(aws, namespace, name, value, **dimensions)
    )


def _quiet(aws: Aws) -> None:
    data = cloudwatch_backends[aws.account][aws.region].metric_data
    data[:] = [it for it in data if it.name != "Invocations"]
    history.metric(aws, "AWS/ApiGateway", "Count", 5, ApiName=PREFIX)
    for function in ("exports", "conference"):
        history.metric(aws, "AWS/Lambda", "Invocations", 5, FunctionName=f"{PREFIX}-{function}")


def refused_to_the_trail(backend: Any) -> None:
    """Let S3 have refused what every trail delivered."""
    for trail in backend.trails.values():
        told = trail.status.description
        trail.status.description = lambda told=told: {**told(), "LatestDeliveryError": "AccessDenied"}


LOGS_ELSEWHERE = {"elite-adventures-log-02 api.access-logs": "the stage logs to the group of the other name"}
API_ERRORS = f"{ALARM}.api_server_errors"
EMPTY = json.dumps(
    {
        "widgets": [
            {"type": "metric", "properties": {"metrics": [["AWS/Lambda", "Errors", "FunctionName", LEADS]]}},
            {"type": "text", "properties": {"markdown": "AWS/S3 AWS/WAFV2 AWS/DynamoDB AWS/ApiGateway"}},
        ]
    }
)
LOG_ROLE = "elite-adventures-log-02 api.log-role"
ATTACHED = 'resource "aws_iam_role_policy_attachment" "api_logs" {'
PUSHING = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
NAMESPACES = ("AWS/ApiGateway", "AWS/DynamoDB", "AWS/Lambda", "AWS/S3", "AWS/WAFV2")
ELSEWHERE = json.dumps(
    {
        "widgets": [
            {
                "type": "metric",
                "properties": {"region": region, "metrics": [[it, "Errors"] for it in NAMESPACES]},
            }
            for region in ("us-east-1", "eu-west-1")
        ]
    }
)

MUTATIONS = [
    *on_each(
        "elite-adventures-alarm-01",
        Replaced(ALARMS, "threshold           = 10\n", "threshold = 11\n"),
        Set(API_ERRORS, "threshold", 11),
        alarm("api-5xx", "AWS/ApiGateway", "5XXError", 11, {"ApiName": PREFIX}),
    ),
    *on_each(
        "elite-adventures-alarm-01",
        Replaced(ALARMS, '"GreaterThanThreshold"', '"GreaterThanOrEqualToThreshold"'),
        Set(API_ERRORS, "evaluation_periods", 2),
        alarm("api-5xx", "AWS/ApiGateway", "5XXError", 10, {"ApiName": PREFIX}, Period=60),
    ),
    *on_each(
        "elite-adventures-alarm-02",
        Replaced(ALARMS, "threshold           = 5\n", "threshold = 6\n"),
        Set(f'{ALARM}.function_errors["exports"]', "statistic", "Average"),
        alarm(
            "conference-errors",
            "AWS/Lambda",
            "Errors",
            5,
            {"FunctionName": f"{PREFIX}-conference"},
            EvaluationPeriods=2,
        ),
    ),
    mutation(
        "elite-adventures-alarm-02",
        Replaced(ALARMS, "for_each = local.functions", 'for_each = toset(["leads", "exports"])'),
    ),
    mutation(
        "elite-adventures-alarm-03",
        Replaced(ALARMS, '"Throttles"', '"Errors"'),
        falls_with=unnamed("elite-adventures-inv-03"),
    ),
    mutation("elite-adventures-alarm-03", Set(f'{ALARM}.function_throttles["leads"]', "threshold", 100)),
    mutation(
        "elite-adventures-alarm-03",
        alarm("leads-throttles", "AWS/Lambda", "Throttles", 10, {"FunctionName": LEADS}, Statistic="Average"),
    ),
    *on_each(
        "elite-adventures-alarm-04",
        Replaced(ALARMS, "threshold           = 100\n", "threshold = 1000\n"),
        Set(f"{ALARM}.blocked_requests", "treat_missing_data", "breaching"),
        alarm("waf-blocked", "AWS/WAFV2", "BlockedRequests", 1, ON_WEB_ACL),
    ),
    mutation(
        "elite-adventures-alarm-05",
        Replaced(ALARMS, "alarm_actions       = [aws_sns_topic.alerts.arn]", "alarm_actions = []"),
    ),
    mutation(
        "elite-adventures-alarm-05", Replaced(ALARMS, '"cloudwatch.amazonaws.com"', '"events.amazonaws.com"')
    ),
    mutation("elite-adventures-alarm-05", Set(API_ERRORS, "actions_enabled", False)),
    mutation(
        "elite-adventures-alarm-05", call("cloudwatch:DisableAlarmActions", AlarmNames=[f"{PREFIX}-api-5xx"])
    ),
    mutation(
        "elite-adventures-alarm-06",
        call(
            "cloudwatch:SetAlarmState",
            AlarmName=f"{PREFIX}-api-5xx",
            StateValue="ALARM",
            StateReason="eleven errors",
        ),
        only_on="live",
    ),
    *on_each(
        "elite-adventures-log-01 logs.exists",
        Replaced(LOGS, '"/aws/lambda/${', '"/lambda/${'),
        Set('aws_cloudwatch_log_group.function["leads"]', "name", "/aws/lambda/leads"),
        Removed(f"/aws/lambda/{PREFIX}-exports", remove_group),
    ),
    mutation(
        "elite-adventures-log-02 logs.exists",
        Replaced(LOGS, '"/aws/apigateway/${', '"/apigateway/${'),
        falls_with=LOGS_ELSEWHERE,
    ),
    mutation(
        "elite-adventures-log-02 logs.exists",
        Set("aws_cloudwatch_log_group.api", "name", "/aws/apigateway/leads"),
        only_on="plan",
        falls_with=LOGS_ELSEWHERE,
    ),
    mutation(
        "elite-adventures-log-02 logs.exists",
        Set("aws_cloudwatch_log_group.api", "name", "/aws/apigateway/leads"),
        only_on="state",
    ),
    mutation("elite-adventures-log-02 logs.exists", Removed(f"/aws/apigateway/{PREFIX}", remove_group)),
    *on_each(
        "elite-adventures-log-04 logs.exists",
        Replaced(LOGS, '"aws-waf-logs-elite-adventures"', '"waf-logs-elite-adventures"'),
        Set("aws_cloudwatch_log_group.waf", "name", "waf-logs"),
        Removed("aws-waf-logs-elite-adventures", remove_group),
    ),
    mutation(
        "elite-adventures-log-03",
        Happened("leads logs an error", lambda aws: history.line(aws, f"/aws/lambda/{LEADS}", "ERROR")),
    ),
    *on_each(
        LOG_ROLE,
        Replaced(LOGS, "  cloudwatch_role_arn = aws_iam_role.api_logs.arn\n", ""),
        Without("aws_api_gateway_account.this"),
        call(
            "apigateway:UpdateAccount",
            patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": ""}],
        ),
    ),
    *on_each(
        LOG_ROLE,
        Replaced(LOGS, f"{ATTACHED}\n", f"{ATTACHED}\n  count = 0\n"),
        Without("aws_iam_role_policy_attachment.api_logs"),
        call("iam:DetachRolePolicy", RoleName=f"{PREFIX}-api-logs", PolicyArn=PUSHING),
    ),
    *on_each(
        "elite-adventures-dash-01 dashboards.regions",
        Replaced(DASHBOARD, "region = var.region, view", 'region = "eu-west-1", view'),
        Set("aws_cloudwatch_dashboard.leads", "dashboard_body", ELSEWHERE),
        call("cloudwatch:PutDashboard", DashboardName=PREFIX, DashboardBody=ELSEWHERE),
    ),
    *on_each(
        "elite-adventures-dash-01 dashboards.namespaces",
        Replaced(DASHBOARD, '"AWS/WAFV2", "BlockedRequests"', '"AWS/SNS", "BlockedRequests"'),
        Set("aws_cloudwatch_dashboard.leads", "dashboard_body", EMPTY),
        call("cloudwatch:DeleteDashboards", DashboardNames=[PREFIX]),
    ),
    mutation("elite-adventures-ops-01", counted("AWS/ApiGateway", "5XXError", 1, ApiName=PREFIX)),
    mutation("elite-adventures-ops-02", counted("AWS/Lambda", "Errors", 1, FunctionName=f"{PREFIX}-exports")),
    mutation("elite-adventures-ops-03", counted("AWS/WAFV2", "BlockedRequests", 101, **ON_WEB_ACL)),
    mutation("elite-adventures-ops-07", Happened("nobody leaves a lead", _quiet)),
    *on_each(
        "elite-adventures-audit-01",
        Replaced(AUDIT, "enable_logging             = true", "enable_logging = false"),
        Set("aws_cloudtrail.audit", "enable_logging", False),
        call("cloudtrail:StopLogging", Name="elite-adventures-audit"),
    ),
    mutation(
        "elite-adventures-audit-02 trail.bucket",
        Replaced(AUDIT, '["audit"].bucket', '["data"].bucket'),
        falls_with={"elite-adventures-audit-02 trail.delivery": "its policy lets no trail in"},
    ),
    mutation(
        "elite-adventures-audit-02 trail.bucket",
        Set("aws_cloudtrail.audit", "s3_bucket_name", "my-cloudtrail-bucket"),
    ),
    mutation(
        "elite-adventures-audit-02 trail.bucket",
        call("cloudtrail:UpdateTrail", Name="elite-adventures-audit", S3BucketName=DATA),
    ),
    mutation(
        "elite-adventures-audit-02 trail.delivery",
        Replaced(AUDIT, 'actions   = ["s3:PutObject"]', 'actions = ["s3:GetObject"]'),
    ),
    mutation("elite-adventures-audit-02 trail.delivery", Set("aws_cloudtrail.audit", "s3_key_prefix", "x")),
    mutation(
        "elite-adventures-audit-02 trail.delivery",
        Described("S3 refused what the trail delivered", refused_to_the_trail, "cloudtrail"),
        only_on="live",
    ),
]

NEAR_MISSES = [
    near_miss(
        "elite-adventures-alarm-01",
        alarm(
            "api-5xx",
            "AWS/ApiGateway",
            "5XXError",
            11,
            {"ApiName": PREFIX},
            ComparisonOperator="GreaterThanOrEqualToThreshold",
        ),
        why="eleven or more is more than ten",
    ),
    near_miss(
        "elite-adventures-ops-03",
        counted("AWS/WAFV2", "BlockedRequests", 100, **ON_WEB_ACL),
        why="a hundred are borne",
    ),
]
