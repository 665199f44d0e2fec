"""Mutations for tests/monitoring."""

import json
from collections.abc import Mapping
from typing import Any

from selftest.mutations.documents import Set
from selftest.mutations.edits import Edit, Replaced, call
from selftest.mutations.mutation import mutation, near_miss, on_each, unnamed

FILE, DASHBOARD = "infrastructure/alarms.tf", "infrastructure/dashboard.tf"
OURS, ALARM = "prop-ie-dev", "aws_cloudwatch_metric_alarm"
TOPIC = f"arn:aws:sns:eu-west-1:100000000008:{OURS}-alerts"
OF_API = {"ApiName": OURS, "Stage": "prod"}
API_ERRORS, FRONTEND_ERRORS = (f"propie-alarm-01 alarms.{it}" for it in ("metric", "fires"))
API_LATENCY, FRONTEND_LATENCY = (f"propie-alarm-02 alarms.{it}" for it in ("metric", "fires"))
TABLES, FUNCTIONS, CLIENT_ERRORS, SIGN_INS, HEARD, QUIET = (f"propie-alarm-0{it}" for it in range(3, 9))
SHOWN = "propie-dash-01"
LESS_SHOWN = json.dumps(
    {
        "widgets": [
            {
                "type": "metric",
                "properties": {"metrics": [["AWS/Lambda", "Errors", "FunctionName", f"{OURS}-auth"]]},
            },
            {"type": "text", "properties": {"markdown": "AWS/AmplifyHosting AWS/ApiGateway AWS/AppSync"}},
        ]
    }
)


def alarm(
    name: str, namespace: str, metric: str, threshold: float, dimensions: Mapping[str, str], **other: Any
) -> Edit:
    """Return that somebody makes an alarm of the stack anew, and otherwise."""
    request = {
        "AlarmName": f"{OURS}-{name}",
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": threshold,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": [TOPIC],
        **({} if "ExtendedStatistic" in other else {"Statistic": "Sum"}),
    }
    return call("cloudwatch:PutMetricAlarm", **(request | other))


def of_app(name: str, metric: str, threshold: float, **other: Any) -> Edit:
    """Return that somebody makes an alarm on the front end anew."""
    return alarm(name, "AWS/AmplifyHosting", metric, threshold, {"App": "d0123456789abc"}, **other)


OF_POOL = {"UserPool": "eu-west-1_0", "UserPoolClient": "c0"}
LATENCY = {"ExtendedStatistic": "p95", "EvaluationPeriods": 3}

MUTATIONS = [
    *on_each(
        API_ERRORS,
        Replaced(FILE, "threshold           = 5\n", "threshold = 5000\n"),
        Set(f"{ALARM}.api_server_errors", "threshold", 5000),
        alarm("api-5xx", "AWS/ApiGateway", "5XXError", 5000, OF_API),
    ),
    mutation(
        FRONTEND_ERRORS,
        Replaced(FILE, '"5xxErrors"', '"4xxErrors"'),
        falls_with=unnamed("propie-inv-05"),
    ),
    mutation(FRONTEND_ERRORS, Set(f"{ALARM}.frontend_server_errors", "threshold", 5000)),
    mutation(FRONTEND_ERRORS, of_app("frontend-5xx", "5xxErrors", 5000)),
    *on_each(
        API_LATENCY,
        Replaced(FILE, "threshold           = 2000\n", "threshold = 20000\n"),
        Set(f"{ALARM}.api_latency", "threshold", 20000),
        alarm("api-latency", "AWS/ApiGateway", "Latency", 20000, OF_API, **LATENCY),
    ),
    mutation(FRONTEND_LATENCY, Replaced(FILE, "threshold           = 2\n", "threshold = 20000\n")),
    mutation(FRONTEND_LATENCY, Set(f"{ALARM}.frontend_latency", "threshold", 0)),
    mutation(FRONTEND_LATENCY, of_app("frontend-latency", "Latency", 20000, **LATENCY)),
    *on_each(
        TABLES,
        Replaced(FILE, "threshold           = 0\n", "threshold = 1000\n"),
        Set(f'{ALARM}.table_throttles["enquiries-write"]', "threshold", 1000),
        alarm(
            "properties-read-throttles",
            "AWS/DynamoDB",
            "ReadThrottleEvents",
            1000,
            {"TableName": f"{OURS}-properties"},
        ),
    ),
    mutation(
        TABLES,
        Replaced(FILE, '"${pair[1]}ThrottleEvents"', '"ThrottledRequests"'),
        falls_with=unnamed("propie-inv-05"),
    ),
    *on_each(
        FUNCTIONS,
        Replaced(FILE, 'metric_name         = "Errors"', 'metric_name = "Invocations"'),
        Set(f'{ALARM}.function_errors["auth"]', "metric_name", "Invocations"),
        alarm("auth-errors", "AWS/Lambda", "Invocations", 5, {"FunctionName": f"{OURS}-auth"}),
        falls_with=unnamed("propie-inv-05"),
    ),
    *on_each(
        CLIENT_ERRORS,
        Replaced(FILE, "threshold           = 0.25\n", "threshold = 20\n"),
        Set(f"{ALARM}.api_client_errors", "threshold", 20),
        alarm("api-4xx", "AWS/ApiGateway", "4XXError", 20, OF_API, Statistic="Average"),
    ),
    mutation(SIGN_INS, Replaced(FILE, '"LessThanThreshold"', '"GreaterThanThreshold"')),
    mutation(SIGN_INS, Set(f"{ALARM}.sign_ins", "threshold", 5)),
    mutation(SIGN_INS, alarm("sign-ins", "AWS/Cognito", "SignInSuccesses", 0.5, OF_POOL)),
    mutation(HEARD, Replaced(FILE, "alarm_actions       = [aws_sns_topic.alerts.arn]", "alarm_actions = []")),
    mutation(HEARD, Replaced(FILE, '"cloudwatch.amazonaws.com"', '"events.amazonaws.com"')),
    mutation(HEARD, Set(f"{ALARM}.sign_ins", "actions_enabled", False)),
    mutation(HEARD, call("cloudwatch:DisableAlarmActions", AlarmNames=[f"{OURS}-api-5xx"])),
    mutation(
        QUIET,
        call(
            "cloudwatch:SetAlarmState",
            AlarmName=f"{OURS}-api-5xx",
            StateValue="ALARM",
            StateReason="twenty errors",
        ),
        only_on="live",
    ),
    *on_each(
        SHOWN,
        Replaced(DASHBOARD, "{AWS/AppSync,GraphQLAPIId}", "{AWS/SNS,TopicName}"),
        Set("aws_cloudwatch_dashboard.this", "dashboard_body", LESS_SHOWN),
        call("cloudwatch:DeleteDashboards", DashboardNames=[f"{OURS}-dashboard"]),
    ),
]

NEAR_MISSES = [
    near_miss(
        API_ERRORS,
        alarm("api-5xx", "AWS/ApiGateway", "5XXError", 19, OF_API),
        why="twenty are more than that",
    ),
]
