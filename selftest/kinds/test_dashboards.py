"""What the body of a dashboard plots, however it is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from plumbline.kinds.dashboard import Dashboard, DashboardLimits
from plumbline.kinds.dashboard_body import Plotted, read
from plumbline.sources.moto.account import account, empty_all
from plumbline.terraform.evaluation import evaluate
from plumbline.values.some_of import doubted
from plumbline.values.unknown import Undetermined
from selftest.mutations import history


def body(*metrics: Any, **properties: Any) -> str:
    """The body of a dashboard with one widget that plots these."""
    return json.dumps({"widgets": [{"type": "metric", "properties": {"metrics": [*metrics], **properties}}]})


def widget(sort: str, **properties: Any) -> str:
    """The body of a dashboard with one widget."""
    return json.dumps({"widgets": [{"type": sort, "properties": properties}]})


def unplotted(text: str, *namespaces: str) -> list[str]:
    """What of some namespaces a dashboard of this body does not plot."""
    found = read(text)
    return Dashboard(name="d", namespaces=doubted(found.namespaces, found.doubts)).unplotted([*namespaces])


ABOVE = ["AWS/S3", "4xxErrors", "BucketName", "raw", "FilterId", "all"]
WHOLE = {"BucketName": "raw", "FilterId": "all"}


@pytest.mark.parametrize(
    ("short", "metric", "dimensions"),
    [
        ([".", "5xxErrors", ".", ".", ".", "."], "5xxErrors", WHOLE),
        ([".", ".", ".", "silver", ".", "."], "4xxErrors", {"BucketName": "silver", "FilterId": "all"}),
        (["..."], "4xxErrors", WHOLE),
        (["...", "some"], "4xxErrors", {"BucketName": "raw", "FilterId": "some"}),
        (["..", "some"], "4xxErrors", {"BucketName": "raw", "FilterId": "some"}),
        ([".", "NumberOfObjects"], "NumberOfObjects", {}),
    ],
)
def test_what_is_left_out_stands_in_the_array_above(
    short: list[str], metric: str, dimensions: dict[str, str]
) -> None:
    [_, found] = read(body(ABOVE, [*short, {"stat": "Sum"}], region="eu-west-3")).metrics
    assert found == Plotted(
        namespace="AWS/S3", metric_name=metric, dimensions=dimensions, statistic="Sum", region="eu-west-3"
    )


def test_an_expression_between_two_metrics_is_not_repeated() -> None:
    found = read(body(ABOVE, [{"expression": "m1 * 2", "id": "e1"}], ["..."]))
    assert [it.metric_name for it in found.metrics] == ["4xxErrors", "4xxErrors"]
    assert found.expressions == ["m1 * 2"]


@pytest.mark.parametrize("expression", ["m1 * 2", "e2 + 1", "SUM(METRICS())"])
def test_a_hidden_metric_is_plotted_by_what_is_made_of_it(expression: str) -> None:
    hidden = ["AWS/KMS", "SecondsUntilKeyMaterialExpiration", {"id": "m1", "visible": False}]
    between = [{"expression": "m1", "id": "e2", "visible": False}]
    assert unplotted(body(hidden, between, [{"expression": expression}]), "AWS/KMS") == []
    assert unplotted(body(hidden, between, ABOVE), "AWS/KMS") == ["AWS/KMS"]


@pytest.mark.parametrize(
    "expression",
    [
        "SEARCH('{AWS/S3,BucketName} MetricName=\"NumberOfObjects\"', 'Average', 86400)",
        "SEARCH(' {\"AWS/S3\",BucketName} ', 'Sum')",
        "SUM(SEARCH('Namespace=\"AWS/S3\" errors', 'Sum', 300))",
        'SELECT SUM(AllRequests) FROM SCHEMA("AWS/S3", BucketName)',
        "SELECT SUM(AllRequests) FROM \"AWS/S3\" WHERE BucketName = 'raw'",
        'SORT(SEARCH("{AWS/S3,BucketName} MetricName=\\"BucketSizeBytes\\"", \'Sum\'), AVG, DESC, 5) / m1',
    ],
)
def test_a_search_plots_the_namespace_that_it_names(expression: str) -> None:
    assert unplotted(body([{"expression": expression}]), "AWS/S3", "AWS/KMS") == ["AWS/KMS"]


def test_an_expression_of_what_is_not_there_plots_nothing() -> None:
    search = {"expression": "SEARCH('{AWS/S3,BucketName} errors', 'Sum', 300)", "id": "found"}
    share = {"expression": "SEARCH('{AWS/KMS,KeyArn} errors', 'Sum', 300) / found"}
    assert unplotted(body([search], [share]), "AWS/S3", "AWS/KMS") == []
    assert unplotted(body([search | {"id": "others"}], [share]), "AWS/S3", "AWS/KMS") == ["AWS/KMS"]


@pytest.mark.parametrize(
    "text",
    [
        body([{"expression": "SEARCH('errors', 'Sum', 300)"}]),
        widget("explorer", metrics=[{"metricName": "CPUUtilization", "resourceType": "AWS::EC2::Instance"}]),
        widget("alarm", alarms=["arn:aws:cloudwatch:eu-west-3:123456789012:alarm:a"]),
        json.dumps({"widgets": [{"type": "metric", "properties": {"annotations": {"alarms": ["arn:a"]}}}]}),
        widget("chart"),
    ],
)
def test_what_only_cloudwatch_finds_is_not_known_to_be_plotted_or_not(text: str) -> None:
    with pytest.raises(Undetermined):
        unplotted(text, "AWS/S3")


@pytest.mark.parametrize("sort", ["text", "log", "custom"])
def test_what_a_widget_of_words_mentions_is_not_plotted(sort: str) -> None:
    assert unplotted(widget(sort, markdown="AWS/S3", query="AWS/S3"), "AWS/S3") == ["AWS/S3"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"widgets": {}}',
        '{"widgets": [1]}',
        '{"widgets": [{"properties": {}}]}',
        '{"widgets": [{"type": "metric"}]}',
        widget("metric"),
        body("AWS/S3"),
        body([]),
        body(["AWS/S3"]),
        body(["AWS/S3", "4xxErrors", "BucketName"]),
        body(["AWS/S3", 4]),
        body([".", "4xxErrors"]),
        body(ABOVE, [".", ".", ".", ".", ".", ".", ".", "."]),
        widget("alarm", alarms="arn:a"),
        widget("explorer", metrics=["x"]),
    ],
)
def test_a_body_that_cloudwatch_refuses_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)


HERE, THERE = "eu-west-3", "us-east-1"
OF_SITE = ["AWS/CloudFront", "CacheHitRate", "DistributionId", "E1", "Region", "Global"]


@pytest.mark.parametrize(
    ("text", "elsewhere"),
    [
        (body(ABOVE, region=HERE), []),
        (body(ABOVE, region=THERE), [THERE]),
        (body([*ABOVE, {"region": THERE}], region=HERE), [THERE]),
        (body([*ABOVE, {"region": HERE}], region=THERE), []),
        (body([*ABOVE, {"region": THERE, "visible": False}], ABOVE, region=HERE), []),
        (body([{"expression": "SEARCH('{AWS/S3,BucketName}', 'Sum', 300)"}], region=THERE), [THERE]),
        (body([{"expression": "m1 * 2 + gone"}], region=THERE), []),
        (body(ABOVE), []),
        (body(OF_SITE, region=THERE), []),
        (body(OF_SITE, region="eu-central-1"), ["eu-central-1"]),
        (body(OF_SITE, ABOVE, region=THERE), [THERE]),
        (body([{"expression": "SEARCH('{AWS/CloudFront,DistributionId}', 'Sum', 300)"}], region=THERE), []),
        (body([*OF_SITE, {"id": "m1"}], [{"expression": "m1 * 2"}], region=THERE), []),
        (body([*ABOVE, {"id": "m1", "region": HERE}], [{"expression": "m1 * 2"}], region=THERE), []),
        (body([{"expression": "SEARCH('errors', 'Sum', 300)"}], region=THERE), [THERE]),
        (widget("log", query="SOURCE 'a' | fields @message", region=THERE), [THERE]),
        (widget("text", markdown="of us-east-1", region=THERE), []),
    ],
)
def test_what_is_read_in_another_region_is_told(text: str, elsewhere: list[str]) -> None:
    assert dashboard(text).read_elsewhere([HERE]) == elsewhere


LATENCIES = "SEARCH('{AWS/AppSync,GraphQLAPIId} MetricName=\"Latency\"', 'p99', 300)"


def dashboard(text: str) -> Dashboard:
    """A dashboard of this body."""
    found = read(text)
    namespaces = doubted(found.namespaces, found.doubts)
    return Dashboard(
        name="d",
        titles=found.titles,
        metrics=found.metrics,
        expressions=found.expressions,
        namespaces=namespaces,
        log_groups=doubted(found.log_groups, found.of_logs_unread),
        regions=sorted(found.regions),
    )


ARN_OF_LOG = "arn:aws:logs:eu-west-3:123456789012:log-group"


@pytest.mark.parametrize(
    "query",
    [
        "SOURCE '/a' | SOURCE '/b' | fields @message",
        "SOURCE \"/a\"\n| source  '/b'\n| fields @message | filter @message like /SOURCE 'x'/",
        f"SOURCE '{ARN_OF_LOG}:/a' | SOURCE '{ARN_OF_LOG}:/b:*' | fields @message",
        "SOURCE '/a' | SOURCE '/b'",
    ],
)
def test_a_query_looks_through_the_log_groups_that_it_begins_with(query: str) -> None:
    shown = dashboard(widget("log", query=query))
    assert shown.unshown_logs(["/a", "/b", "/", "x", "/a/b"]) == ["/", "x", "/a/b"]


@pytest.mark.parametrize("query", ["", "fields @message", "fields @message | SOURCE '/a'", "| SOURCE '/a'"])
def test_a_query_that_begins_with_no_log_group_looks_through_none(query: str) -> None:
    assert dashboard(widget("log", query=query)).unshown_logs(["/a"]) == ["/a"]


def test_no_other_widget_looks_through_logs() -> None:
    shown = dashboard(widget("text", markdown="SOURCE '/a'", query="SOURCE '/a'"))
    assert shown.unshown_logs(["/a"]) == ["/a"]


@pytest.mark.parametrize(
    "text",
    [
        widget("log", query="SOURCE '/a' | SOURCE logGroups(namePrefix: ['/b']) | fields @message"),
        widget("log", query="SOURCE dataSource(['aws_cloudtrail']) | SOURCE '/a' | fields @message"),
        widget("log", query="SOURCE '/a' | SOURCE '/b', '/c' | fields @message"),
        json.dumps(
            {
                "widgets": [
                    {"type": "log", "properties": {"query": "SOURCE '/a' | fields @message"}},
                    {
                        "type": "log",
                        "properties": {"query": "SELECT * FROM `/b`", "queryLanguage": "SQL"},
                    },
                ]
            }
        ),
        json.dumps(
            {
                "widgets": [
                    {"type": "log", "properties": {"query": "SOURCE '/a' | fields @message"}},
                    {"type": "chart", "properties": {}},
                ]
            }
        ),
    ],
)
def test_which_log_groups_another_query_finds_is_not_known(text: str) -> None:
    shown = dashboard(text)
    assert shown.unshown_logs(["/a"]) == []
    with pytest.raises(Undetermined):
        shown.unshown_logs(["/b"])


def test_a_widget_of_any_type_has_its_title() -> None:
    titled = [{"type": "log", "properties": {"title": "Errors"}}, {"type": "text", "properties": {}}]
    found = dashboard(json.dumps({"widgets": titled}))
    assert found.untitled(["Errors", "errors", "Latency"]) == ["errors", "Latency"]


@pytest.mark.parametrize(
    "text",
    [
        body(["AWS/AppSync", "Latency", "GraphQLAPIId", "a"]),
        body([{"expression": LATENCIES}]),
        body([{"expression": 'SELECT AVG(Latency) FROM "AWS/AppSync"'}]),
    ],
)
def test_a_metric_is_plotted_by_itself_or_by_a_search_that_names_it(text: str) -> None:
    wanted = ["AWS/AppSync Latency", "AWS/AppSync 5XXError", "AWS/Lambda Latency"]
    assert dashboard(text).unplotted_metrics(wanted) == wanted[1:]


@pytest.mark.parametrize(
    "expression",
    [
        "SEARCH('{AWS/AppSync,GraphQLAPIId} Latency', 'p99', 300)",
        "SEARCH('MetricName=\"Latency\"', 'p99', 300)",
        "SEARCH('{AWS/AppSync,GraphQLAPIId} NOT MetricName=\"Errors\"', 'p99', 300)",
    ],
)
def test_whether_another_search_finds_a_metric_is_not_known(expression: str) -> None:
    with pytest.raises(Undetermined):
        dashboard(body([{"expression": expression}])).unplotted_metrics(["AWS/AppSync Latency"])


def test_what_only_cloudwatch_finds_may_plot_a_metric() -> None:
    shown = widget("alarm", alarms=["arn:aws:cloudwatch:eu-west-3:123456789012:alarm:a"])
    with pytest.raises(Undetermined):
        dashboard(shown).unplotted_metrics(["AWS/AppSync Latency"])


@pytest.mark.parametrize("metric", ["AWS/Lambda", "AWS/Lambda  Duration", "Lambda Duration p95"])
def test_a_metric_is_a_namespace_and_a_name(metric: str) -> None:
    with pytest.raises(ValidationError, match="is not a namespace, a blank, and a metric"):
        DashboardLimits(some_titles=[], some_metrics=[metric])


def of_nothing(
    *metrics: Sequence[str | dict[str, str]], measured: Sequence[str] = (), alarms: Sequence[str] = ()
) -> list[str]:
    """What is told of a dashboard of an account with one function, table, API, and alarm."""
    empty_all()
    aws = account("123456789012", "eu-west-3")
    aws.write(
        "lambda:CreateFunction",
        FunctionName="there",
        Role="arn:aws:iam::123456789012:role/there",
        Runtime="python3.13",
        Handler="there.handler",
        Code={"ZipFile": "no code"},
    )
    aws.write(
        "dynamodb:CreateTable",
        TableName="there",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    api = aws.write("apigateway:CreateRestApi", name="there")["id"]
    place = {
        "restApiId": api,
        "resourceId": aws.write("apigateway:GetResources", restApiId=api)["items"][0]["id"],
    }
    aws.write("apigateway:PutMethod", **place, httpMethod="GET", authorizationType="NONE")
    aws.write("apigateway:PutIntegration", **place, httpMethod="GET", type="MOCK")
    aws.write("apigateway:CreateDeployment", restApiId=api, stageName="prod")
    aws.write(
        "cloudwatch:PutDashboard",
        DashboardName="d",
        DashboardBody=body(*metrics, annotations={"alarms": [*alarms]}),
    )
    aws.write(
        "cloudwatch:PutMetricAlarm",
        AlarmName="there",
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Period=60,
        EvaluationPeriods=1,
        Statistic="Sum",
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    history.metric(aws, "AWS/AppSync", "Latency", 1, GraphQLAPIId="a")
    if measured:
        namespace, name, *of = measured
        dimensions: Any = dict(zip(of[::2], of[1::2], strict=True))
        history.metric(aws, namespace, name, 1, **dimensions)
    return [*Dashboard.from_aws(aws, "d").plotted_of_nothing]


@pytest.mark.parametrize(
    ("namespace", "dimension"),
    [("AWS/Lambda", "FunctionName"), ("AWS/DynamoDB", "TableName"), ("AWS/ApiGateway", "ApiName")],
)
def test_a_metric_is_of_what_is_there_or_of_nothing(namespace: str, dimension: str) -> None:
    there = [namespace, "Errors", dimension, "there", "Stage", "prod"]
    assert of_nothing(there) == []
    assert of_nothing(there, [namespace, "Errors", dimension, "gone"]) == [
        f"{namespace} Errors of {dimension} gone"
    ]
    assert of_nothing([*there, {"region": "eu-west-1"}]) == [
        f"{namespace} Errors of {dimension} there, Stage prod"
    ]


def test_a_stage_is_there_that_an_api_of_the_name_has() -> None:
    of_stage = ["AWS/ApiGateway", "Count", "ApiName", "there", "Stage"]
    assert of_nothing([*of_stage, "prod"]) == []
    assert of_nothing([*of_stage, "beta"]) == ["AWS/ApiGateway Count of ApiName there, Stage beta"]


@pytest.mark.parametrize(
    "metric",
    [
        ["AWS/ApiGateway", "Count", "ApiName", "there", "Stage", "prod", "Method", "GET", "Resource", "/"],
        ["AWS/DynamoDB", "ReadThrottleEvents", "TableName", "there", "GlobalSecondaryIndexName", "by-name"],
        ["AWS/Lambda", "Errors", "FunctionName", "there", "Resource", "there:live"],
    ],
)
def test_a_part_of_a_resource_is_there_where_it_was_measured(metric: list[str]) -> None:
    with pytest.raises(Undetermined, match="nothing else here tells whether that is there"):
        of_nothing(metric)
    assert of_nothing(metric, measured=metric) == []


ARN_OF_ALARM = "arn:aws:cloudwatch:eu-west-3:123456789012:alarm"


def test_an_alarm_that_is_shown_is_there_or_told() -> None:
    gone, elsewhere = f"{ARN_OF_ALARM}:gone", f"{ARN_OF_ALARM}:there".replace("eu-west-3", "eu-west-1")
    assert of_nothing(alarms=[f"{ARN_OF_ALARM}:there"]) == []
    assert of_nothing(alarms=[f"{ARN_OF_ALARM}:there", gone, elsewhere]) == [
        f"alarm {gone}",
        f"alarm {elsewhere}",
    ]
    with pytest.raises(Undetermined, match="is of another account, which is not asked"):
        of_nothing(alarms=[f"{ARN_OF_ALARM}:there".replace("123456789012", "210987654321")])


def test_what_is_of_no_known_kind_is_there_where_it_was_measured() -> None:
    assert of_nothing(["AWS/AppSync", "Latency", "GraphQLAPIId", "a"]) == []
    assert of_nothing([{"expression": LATENCIES}]) == []
    with pytest.raises(Undetermined, match="CloudWatch has measured nothing as AWS/AppSync Latency of Gr"):
        of_nothing(["AWS/AppSync", "Latency", "GraphQLAPIId", "b"])
    with pytest.raises(Undetermined, match="is of account 210987654321, which is not asked"):
        of_nothing(["AWS/Lambda", "Errors", "FunctionName", "there", {"accountId": "210987654321"}])


SHOP = """
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "id"
    type = "S"
  }
}
resource "aws_cloudwatch_dashboard" "shop" {
  dashboard_name = "shop"
  dashboard_body = jsonencode({ widgets = [{ type = "metric", properties = { metrics = [
    ["AWS/DynamoDB", "ThrottledRequests", "TableName", NAME]
  ] } }] })
}
"""


@pytest.mark.parametrize(
    ("name", "declared"), [('"orders"', True), ("aws_dynamodb_table.orders.name", True), ('"others"', False)]
)
def test_source_says_of_what_it_declares_that_it_will_be_there(
    tmp_path: Path, name: str, declared: bool
) -> None:
    (tmp_path / "main.tf").write_text(SHOP.replace("NAME", name))
    found = Dashboard.find(evaluate(tmp_path), "shop", "main.tf").plotted_of_nothing
    if declared:
        assert found == []
    else:
        with pytest.raises(Undetermined, match="plotted as AWS/DynamoDB ThrottledRequests of TableName oth"):
            _ = bool(found)
