"""Mutations for tests/monitoring and tests/operations."""

import json

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Happened, Replaced, call
from selftest.mutations.mutation import mutation, on_each

ALARMS = "modules/observability/alarms.tf"
DECLARED, NAME = (
    'module.observability.aws_cloudwatch_metric_alarm.bucket_4xx_errors["raw"]',
    "dp-dev-bucket-errors-raw",
)
RAW = "dp-dev-raw-100000000001"
ARN = "arn:aws:sns:eu-west-3:100000000001:dp-dev-alerts"


def alarm(**other: object) -> dict[str, object]:
    """Return the request that makes the alarm of a zone otherwise."""
    return {
        "AlarmName": NAME,
        "Namespace": "AWS/S3",
        "MetricName": "4xxErrors",
        "Dimensions": [{"Name": "BucketName", "Value": RAW}, {"Name": "FilterId", "Value": "EntireBucket"}],
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 2,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 100,
        "TreatMissingData": "notBreaching",
        "AlarmActions": [ARN],
        **other,
    }


def errors(name: str, number: float) -> Happened:
    """Return that S3 counts so many errors of a zone."""

    def happen(aws: Aws) -> None:
        history.metric(aws, "AWS/S3", name, number, BucketName=RAW, FilterId="EntireBucket")

    return Happened(f"{number:g} {name} of {RAW}", happen)


def _key(aws: Aws) -> dict[str, str]:
    """Return how CloudTrail tells that an event is of the key of the data lake."""
    aliases = aws.write("kms:ListAliases")["Aliases"]
    [key] = [it["TargetKeyId"] for it in aliases if it["AliasName"] == "alias/dp-dev-data-lake"]
    return {"ResourceType": "AWS::KMS::Key", "ResourceName": aws.arn("kms", f"key/{key}")}


def refused(code: str) -> Happened:
    """Return that KMS refuses a call."""
    return Happened(
        f"kms:Decrypt ends with {code}",
        lambda aws: history.event(aws, "kms.amazonaws.com", "Decrypt", code=code, Resources=[_key(aws)]),
    )


ZONES, DASHBOARD = "modules/data_lake/main.tf", "modules/observability/dashboard.tf"
OF_S3 = {"metrics": [["AWS/S3", "AllRequests", "BucketName", RAW, "FilterId", "EntireBucket"]]}
WITHOUT_KMS = json.dumps(
    {
        "widgets": [
            {"type": "metric", "properties": OF_S3},
            {"type": "text", "properties": {"markdown": "AWS/KMS"}},
        ]
    }
)

ELSEWHERE = json.dumps(
    {
        "widgets": [
            {
                "type": "metric",
                "properties": {
                    "metrics": [*OF_S3["metrics"], ["AWS/KMS", "SuccessfulRequest"]],
                    "region": "us-east-1",
                },
            }
        ]
    }
)

OF_REQUESTS = {"data-lake-mon-02 alarms.requests": "it does not fire on the requests that are counted"}
OF_ANOTHER_METRIC = {"data-lake-mon-01": "it does not fire on the errors of the zone", **OF_REQUESTS}

MUTATIONS = [
    *(
        mutation("data-lake-mon-01", edit, falls_with=OF_REQUESTS)
        for edit in (
            Replaced(ALARMS, "= 100\n", "= 1000\n"),
            Replaced(ALARMS, "= 2\n", "= 1\n"),
            Replaced(ALARMS, '"GreaterThanThreshold"', '"LessThanThreshold"'),
            Replaced(ALARMS, '"Sum"', '"Average"'),
            Replaced(ALARMS, '"notBreaching"', '"missing"'),
            Replaced(ALARMS, '"notBreaching"', '"ignore"'),
            Set(DECLARED, "threshold", 1000),
            call("cloudwatch:PutMetricAlarm", **alarm(Threshold=1000)),
            call("cloudwatch:PutMetricAlarm", **alarm(EvaluationPeriods=1)),
            call("cloudwatch:PutMetricAlarm", **alarm(TreatMissingData="missing")),
            call("cloudwatch:PutMetricAlarm", **alarm(TreatMissingData="ignore")),
        )
    ),
    *(
        mutation("data-lake-mon-02 alarms.dimensions", edit, falls_with=OF_ANOTHER_METRIC)
        for edit in (
            Replaced(ALARMS, '"4xxErrors"', '"5xxErrors"'),
            Replaced(ALARMS, "BucketName = each.value, ", ""),
            Set(DECLARED, "dimensions", {"BucketName": RAW}),
            call("cloudwatch:PutMetricAlarm", **alarm(Dimensions=[])),
        )
    ),
    *on_each(
        "data-lake-mon-02 alarms.requests",
        Replaced(
            ZONES, "  name   = var.request_metrics", '  name = "Uploads"\n  filter {\n    prefix = "up/"\n  }'
        ),
        Set('module.data_lake.aws_s3_bucket_metric.dl["raw"]', "name", "Uploads"),
        call("s3:DeleteBucketMetricsConfiguration", Bucket=RAW, Id="EntireBucket"),
    ),
    *on_each(
        "data-lake-mon-04 dashboards.namespaces",
        Replaced(DASHBOARD, "{AWS/KMS,KeyArn,Operation}", "{AWS/SNS,TopicName}"),
        Set("module.observability.aws_cloudwatch_dashboard.data_lake", "dashboard_body", WITHOUT_KMS),
        call("cloudwatch:PutDashboard", DashboardName="DataLake-Dev", DashboardBody=WITHOUT_KMS),
    ),
    *on_each(
        "data-lake-mon-04 dashboards.regions",
        Replaced(DASHBOARD, "region = var.region", 'region = "us-east-1"'),
        Set("module.observability.aws_cloudwatch_dashboard.data_lake", "dashboard_body", ELSEWHERE),
        call("cloudwatch:PutDashboard", DashboardName="DataLake-Dev", DashboardBody=ELSEWHERE),
    ),
    mutation("data-lake-mon-04 dashboards.namespaces", Replaced(DASHBOARD, '"DataLake-${', '"Lake-${')),
    mutation("data-lake-mon-03", Replaced(ALARMS, "[aws_sns_topic.alerts.arn]", "[]")),
    mutation("data-lake-mon-03", Replaced(ALARMS, '"cloudwatch.amazonaws.com"', '"events.amazonaws.com"')),
    mutation("data-lake-mon-03", Set(DECLARED, "actions_enabled", False)),
    mutation("data-lake-mon-03", call("cloudwatch:DisableAlarmActions", AlarmNames=[NAME])),
    mutation("data-lake-mon-05", errors("4xxErrors", 101)),
    mutation("data-lake-mon-05", errors("5xxErrors", 1)),
    mutation("data-lake-kms-06", refused("ThrottlingException")),
    mutation("data-lake-kms-07", refused("AccessDenied")),
    mutation("data-lake-kms-07", refused("AccessDeniedException")),
]
