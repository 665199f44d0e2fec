"""Mutations for tests/monitoring."""

import json

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Happened, Removed, Replaced, call
from selftest.mutations.mutation import mutation, unnamed

WATCHING = "notes/watching.tf"
ALARM = "aws_cloudwatch_metric_alarm.throttled"
NAME = "notes-throttled-dev"
LOG_GROUP = "/aws/lambda/notes-api-dev"


def remove_group(aws: Aws, name: str) -> None:
    """Delete a log group."""
    aws.write("logs:DeleteLogGroup", logGroupName=name)


def _never_started(aws: Aws) -> None:
    aws.write("logs:DeleteLogGroup", logGroupName=LOG_GROUP)
    history.line(aws, LOG_GROUP, "a request was answered")


def _had_little(aws: Aws) -> None:
    history.report(aws, LOG_GROUP, used=32, of=64)


OTHER_THRESHOLD = {
    "AlarmName": NAME,
    "Namespace": "AWS/DynamoDB",
    "MetricName": "ReadThrottleEvents",
    "Dimensions": [{"Name": "TableName", "Value": "notes-dev"}],
    "Statistic": "Sum",
    "Period": 300,
    "EvaluationPeriods": 1,
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 10,
    "TreatMissingData": "notBreaching",
    "AlarmActions": ["arn:aws:sns:eu-central-1:111122223333:notes-alerts-dev"],
}

DASHBOARD = "delivery/dashboard.tf"
WITHOUT_S3 = json.dumps(
    {
        "widgets": [
            {
                "type": "metric",
                "properties": {"metrics": [["AWS/DynamoDB", "ReadThrottleEvents", "TableName", "notes-dev"]]},
            },
            {"type": "text", "properties": {"markdown": "AWS/S3"}},
        ]
    }
)

MUTATIONS = [
    mutation(
        "example-log-01",
        Replaced(WATCHING, "/notes-api-${", "/notes-${"),
        falls_with=unnamed("example-inv-01"),
    ),
    mutation(
        "example-log-01",
        Set("aws_cloudwatch_log_group.api", "name", "/aws/lambda/notes-dev"),
        falls_with=unnamed("example-inv-01"),
    ),
    mutation("example-log-01", Removed(LOG_GROUP, remove_group)),
    mutation("example-log-02", Happened("the API logs nothing of a start", _never_started)),
    mutation("example-log-03", Happened("the API reports an invocation with 64 MB", _had_little)),
    mutation("example-mon-01", Replaced(WATCHING, "= 0", "= 10")),
    mutation("example-mon-01", Set(ALARM, "threshold", 10)),
    mutation("example-mon-01", call("cloudwatch:PutMetricAlarm", **OTHER_THRESHOLD)),
    mutation("example-mon-02", Replaced(WATCHING, "[aws_sns_topic.alerts.arn]", "[]")),
    mutation("example-mon-02", Set(ALARM, "actions_enabled", False)),
    mutation(
        "example-mon-03",
        Replaced(
            DASHBOARD,
            '{ BucketName = "notes-attachments-${var.environment}", FilterId = "all" }',
            "{}",
        ),
    ),
    mutation(
        "example-mon-03",
        Set("aws_cloudwatch_metric_alarm.refused", "dimensions", {"BucketName": "notes-attachments-dev"}),
    ),
    mutation(
        "example-mon-03",
        call(
            "cloudwatch:PutMetricAlarm",
            AlarmName="notes-refused-dev",
            Namespace="AWS/S3",
            MetricName="4xxErrors",
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=2,
            ComparisonOperator="GreaterThanThreshold",
            Threshold=100,
        ),
    ),
    mutation("example-mon-04", Replaced(DASHBOARD, '"AWS/S3"', '"AWS/SNS"')),
    mutation("example-mon-04", Set("aws_cloudwatch_dashboard.notes", "dashboard_body", WITHOUT_S3)),
    mutation(
        "example-mon-04",
        call("cloudwatch:PutDashboard", DashboardName="notes-dev", DashboardBody=WITHOUT_S3),
    ),
    mutation("example-mon-02", call("cloudwatch:DisableAlarmActions", AlarmNames=[NAME])),
    mutation(
        "example-mon-05",
        Replaced("notes/keeping.tf", '"EntireBucket"', '"Uploads"\n  filter {\n    prefix = "up/"\n  }'),
    ),
    mutation("example-mon-05", Set("aws_s3_bucket_metric.attachments", "name", "Uploads")),
    mutation(
        "example-mon-05",
        call("s3:DeleteBucketMetricsConfiguration", Bucket="notes-attachments-dev", Id="EntireBucket"),
    ),
    mutation("example-mon-05", Replaced("notes/keeping.tf", '"AWS/S3"', '"Lake/S3"')),
    mutation("example-mon-05", Replaced("notes/keeping.tf", "= 100", "= 1000")),
]
