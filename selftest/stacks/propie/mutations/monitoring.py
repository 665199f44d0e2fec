"""Mutations for tests/monitoring."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Called, Edit, Happened, Replaced, call
from selftest.mutations.mutation import mutation, near_miss, on_each, unnamed
from selftest.stacks.propie.mutations.frontend import SITE, Asked

FILE, DASHBOARD = "infrastructure/alarms.tf", "infrastructure/dashboard.tf"
OURS, ALARM = "prop-ie-dev", "aws_cloudwatch_metric_alarm"
TOPIC = f"arn:aws:sns:eu-west-1:100000000008:{OURS}-alerts"
OF_API = {"ApiName": OURS, "Stage": "prod"}
API_ERRORS, FRONTEND_ERRORS = (f"propie-alarm-01 alarms.{it}" for it in ("metric", "application"))
API_LATENCY, FRONTEND_LATENCY = (f"propie-alarm-02 alarms.{it}" for it in ("metric", "application"))
TABLES, FUNCTIONS, CLIENT_ERRORS, SIGN_INS, HEARD, QUIET = (f"propie-alarm-0{it}" for it in range(3, 9))
SHOWN, THERE = "propie-dash-01", "propie-dash-03"
TITLES, LOGS, PLOTTED, PLACES = (
    f"propie-dash-02 dashboards.{it}" for it in ("titles", "logs", "metrics", "regions")
)
RECORDED, WITH_DATA = "propie-alarm-09 alarms.recorded", "propie-alarm-09 alarms.has-data"
SEEN = ("Recent Error Logs", "Frontend Latency", "API Latency")
OF_APPLICATIONS = "SEARCH('{AWS/AmplifyHosting,App} Requests', 'Sum', 300)"
OF_SITE = "SEARCH('{AWS/CloudFront,DistributionId,Region} MetricName=\"CacheHitRate\"', 'Average', 300)"
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


def shows(
    titles: Sequence[str] = SEEN,
    metric: str = "Duration",
    function: str = "auth",
    logs: Sequence[str] = ("auth", "enquiries", "properties"),
    stage: str = "prod",
    region: str = "eu-west-1",
    more: Sequence[object] = (),
) -> str:
    """Return the body of a dashboard whose widgets have these titles, and plot a metric of a function."""
    searched = ("AWS/AmplifyHosting,App", "AWS/ApiGateway,ApiName", "AWS/AppSync,GraphQLAPIId")
    searches = [
        [{"expression": f"SEARCH('{{{it}}} MetricName=\"Latency\"', 'p95', 300)"}]
        for it in (*searched, "AWS/DynamoDB,TableName")
    ]
    errors = [
        ["AWS/Lambda", "Errors", "FunctionName", f"{OURS}-{function}"],
        *(["AWS/ApiGateway", it, "ApiName", OURS, "Stage", stage] for it in ("4XXError", "5XXError")),
    ]
    plotted = [*searches, *errors, ["AWS/Lambda", metric, "FunctionName", f"{OURS}-{function}"], *more]
    widgets = [{"type": "metric", "properties": {"title": it, "metrics": plotted}} for it in titles]
    query = " | ".join([*(f"SOURCE '/aws/lambda/{OURS}-{it}'" for it in logs), "fields @message"])
    return json.dumps(
        {"widgets": [*widgets, {"type": "log", "properties": {"query": query, "region": region}}]}
    )


def shown(body: str) -> Edit:
    """Return that somebody changes the dashboard."""
    return call("cloudwatch:PutDashboard", DashboardName=f"{OURS}-dashboard", DashboardBody=body)


def _by_pool_alone(aws: Aws) -> None:
    """Let the alarm on sign-ins be on what Cognito does not count, and count what it does."""
    on_pool = {"UserPool": OF_POOL["UserPool"]}
    alarm("sign-ins", "AWS/Cognito", "SignInSuccesses", 0.5, on_pool, **FEWER).apply(aws)
    history.metric(aws, "AWS/Cognito", "SignInSuccesses", 1, **OF_POOL)


def _no_errors(aws: Aws) -> None:
    held = cloudwatch_backends[aws.account][aws.region]
    held.metric_data = [it for it in held.metric_data if it.name != "Errors"]


def alarm(
    name: str, namespace: str, metric: str, threshold: float, dimensions: Mapping[str, str], **other: Any
) -> Called:
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


def of_app(name: str, metric: str, threshold: float, of: str = SITE, **other: Any) -> Edit:
    """Return that somebody makes an alarm on the front end anew, or on another application."""
    made = alarm(name, "AWS/AmplifyHosting", metric, threshold, {"App": of}, **other)

    def change(ask: Callable[..., Any]) -> None:
        [found] = [it["appId"] for it in ask("amplify:ListApps")["apps"] if it["name"] == of]
        ask(made.operation, **made.parameters | {"Dimensions": [{"Name": "App", "Value": found}]})

    return Asked(str(made), change)


def of_client(threshold: float, **other: Any) -> Edit:
    """Return that somebody makes the alarm on sign-ins anew."""
    made = alarm("sign-ins", "AWS/Cognito", "SignInSuccesses", threshold, OF_POOL, **other)

    def change(ask: Callable[..., Any]) -> None:
        [pool] = [it["Id"] for it in ask("cognito-idp:ListUserPools", MaxResults=60)["UserPools"]]
        listed = ask("cognito-idp:ListUserPoolClients", UserPoolId=pool)["UserPoolClients"]
        of = {"UserPool": pool, "UserPoolClient": listed[0]["ClientId"]}
        ask(
            made.operation,
            **made.parameters | {"Dimensions": [{"Name": k, "Value": v} for k, v in of.items()]},
        )

    return Asked(str(made), change)


OF_POOL = {"UserPool": "eu-west-1_0", "UserPoolClient": "c0"}
BY_SUM = """  namespace           = "AWS/ApiGateway"
  metric_name         = "5XXError"
  dimensions          = local.of_api
  statistic           = "Sum"
  period              = 300
"""
BY_SHARE = """
  metric_query {
    id          = "share"
    expression  = "IF(requests > 0, 100 * errors / requests, 0)"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { errors = "5XXError", requests = "Count" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApiGateway"
        metric_name = metric_query.value
        dimensions  = local.of_api
        stat        = "Sum"
        period      = 300
      }
    }
  }
"""
FEWER = {"Statistic": "Average", "EvaluationPeriods": 3, "ComparisonOperator": "LessThanThreshold"}
LATENCY = {"ExtendedStatistic": "p95", "EvaluationPeriods": 3}

MUTATIONS = [
    *on_each(
        API_ERRORS,
        Replaced(FILE, "threshold           = 5\n", "threshold = 5000\n"),
        Set(f"{ALARM}.api_server_errors", "threshold", 5000),
        alarm("api-5xx", "AWS/ApiGateway", "5XXError", 5000, OF_API),
    ),
    *on_each(  # of what is 0 or 1 for each request, nothing but the sum is above five
        API_ERRORS,
        Replaced(FILE, '"Sum"', '"Average"'),
        Set(f"{ALARM}.api_server_errors", "statistic", "Maximum"),
        alarm("api-5xx", "AWS/ApiGateway", "5XXError", 5, OF_API, Statistic="Average"),
    ),
    mutation(
        FRONTEND_ERRORS,
        Replaced(FILE, '"5xxErrors"', '"4xxErrors"'),
        falls_with=unnamed("propie-inv-05"),
    ),
    mutation(FRONTEND_ERRORS, Set(f"{ALARM}.frontend_server_errors", "threshold", 5000)),
    mutation(FRONTEND_ERRORS, of_app("frontend-5xx", "5xxErrors", 5000)),
    mutation(FRONTEND_ERRORS, Replaced(FILE, 'frontend["main"]', 'frontend["recovery"]')),
    mutation(FRONTEND_ERRORS, Set(f"{ALARM}.frontend_server_errors", "dimensions", {})),
    mutation(FRONTEND_ERRORS, of_app("frontend-5xx", "5xxErrors", 5, of=f"{SITE}-recovery")),
    *on_each(
        API_LATENCY,
        Replaced(FILE, "threshold           = 2000\n", "threshold = 20000\n"),
        Set(f"{ALARM}.api_latency", "threshold", 20000),
        alarm("api-latency", "AWS/ApiGateway", "Latency", 20000, OF_API, **LATENCY),
    ),
    *on_each(  # in milliseconds: two are as nothing
        API_LATENCY,
        Replaced(FILE, "threshold           = 2000\n", "threshold = 2\n"),
        Set(f"{ALARM}.api_latency", "threshold", 2),
        alarm("api-latency", "AWS/ApiGateway", "Latency", 2, OF_API, **LATENCY),
    ),
    mutation(FRONTEND_LATENCY, Replaced(FILE, "threshold           = 2\n", "threshold = 2000\n")),
    mutation(FRONTEND_LATENCY, Set(f"{ALARM}.frontend_latency", "threshold", 0)),
    mutation(FRONTEND_LATENCY, of_app("frontend-latency", "Latency", 2000, **LATENCY)),
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
    mutation(FUNCTIONS, Set(f'{ALARM}.function_errors["auth"]', "statistic", "Average")),
    *on_each(
        CLIENT_ERRORS,
        Replaced(FILE, "threshold           = 0.25\n", "threshold = 20\n"),
        Set(f"{ALARM}.api_client_errors", "threshold", 20),
        alarm("api-4xx", "AWS/ApiGateway", "4XXError", 20, OF_API, Statistic="Average"),
    ),
    mutation(SIGN_INS, Replaced(FILE, '"LessThanThreshold"', '"GreaterThanThreshold"')),
    mutation(SIGN_INS, Set(f"{ALARM}.sign_ins", "threshold", 5)),
    mutation(SIGN_INS, of_client(0.5)),  # it fires on more than that
    *(
        mutation(SIGN_INS, edit)
        for edit in (
            Replaced(FILE, "    UserPoolClient = aws_cognito_user_pool_client.web.id\n", ""),
            Set(f"{ALARM}.sign_ins", "dimensions", {"UserPool": "eu-west-1_other"}),
            alarm("sign-ins", "AWS/Cognito", "SignInSuccesses", 0.5, OF_POOL, **FEWER),
        )
    ),
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
    mutation(SHOWN, Replaced(DASHBOARD, "{AWS/AppSync,GraphQLAPIId}", "{AWS/SNS,TopicName}")),
    mutation(
        SHOWN,
        Set("aws_cloudwatch_dashboard.this", "dashboard_body", LESS_SHOWN),
        falls_with={
            TITLES: "no widget has a title",
            LOGS: "no query is shown",
            PLOTTED: "no duration is plotted",
        },
    ),
    mutation(SHOWN, call("cloudwatch:DeleteDashboards", DashboardNames=[f"{OURS}-dashboard"])),
    *on_each(
        TITLES,
        Replaced(DASHBOARD, '"Frontend Latency"', '"Latency"'),
        Set("aws_cloudwatch_dashboard.this", "dashboard_body", shows(SEEN[1:])),
        shown(shows(SEEN[:2])),
    ),
    *on_each(
        PLOTTED,
        Replaced(DASHBOARD, '["AWS/Lambda", "Duration"', '["AWS/Lambda", "Invocations"'),
        Set("aws_cloudwatch_dashboard.this", "dashboard_body", shows(metric="Errors")),
        shown(shows(metric="Errors")),
    ),
    *(  # the widget keeps its title
        mutation(PLOTTED, Replaced(DASHBOARD, was, now))
        for was, now in (
            ('["AWS/ApiGateway", "Latency"', '["AWS/ApiGateway", "Count"'),
            ("MetricName=\\\"Latency\\\"', 'p95'", "MetricName=\\\"Requests\\\"', 'p95'"),
            ("metrics = local.errors", "metrics = local.capacity"),
        )
    ),
    *on_each(
        LOGS,
        Replaced(DASHBOARD, "query = local.error_lines", 'query = "fields @message"'),
        Set("aws_cloudwatch_dashboard.this", "dashboard_body", shows(logs=["auth", "properties"])),
        shown(shows(logs=["auth", "enquiries"])),
    ),
    *on_each(
        PLACES,
        Replaced(DASHBOARD, "region = var.region, view", 'region = "us-east-1", view'),
        Set("aws_cloudwatch_dashboard.this", "dashboard_body", shows(region="us-east-1")),
        shown(shows(more=[[{"expression": OF_APPLICATIONS, "region": "us-east-1"}]])),
    ),
    mutation(THERE, shown(shows(function="gone"))),
    mutation(THERE, shown(shows(stage="dev"))),
    mutation(
        RECORDED,
        Happened("the alarm on sign-ins is on the pool alone", _by_pool_alone),
        falls_with={SIGN_INS: "it is of no client"},
    ),
    mutation(RECORDED, Happened("a function that is invoked has no metric Errors", _no_errors)),
    mutation(
        WITH_DATA,
        Happened(
            "an alarm lacks data",
            lambda aws: history.alarm_state(aws, f"{OURS}-api-5xx", "INSUFFICIENT_DATA", hours=1),
        ),
    ),
]

NEAR_MISSES = [
    near_miss(
        PLACES,
        shown(shows(more=[[{"expression": OF_SITE, "region": "us-east-1"}]])),
        why="CloudFront publishes nowhere else",
    ),
    near_miss(
        API_ERRORS,
        alarm("api-5xx", "AWS/ApiGateway", "5XXError", 19, OF_API),
        why="twenty are more than that",
    ),
    near_miss(
        API_ERRORS,
        alarm("api-5xx", "AWS/ApiGateway", "5XXError", 0.05, OF_API, Statistic="Average"),
        why="the average is the share of the requests that fail",
    ),
    near_miss(
        CLIENT_ERRORS,
        alarm("api-4xx", "AWS/ApiGateway", "4XXError", 50, OF_API),
        why="that an alarm watches them is asked: by their number, or by their share",
    ),
    near_miss(
        API_ERRORS,
        Replaced(FILE, BY_SUM, BY_SHARE),
        why="each error is a request, so that of no more requests than errors all fail",
    ),
]
