"""Mutations for tests/monitoring and tests/operations."""

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Happened, Replaced, call
from selftest.mutations.mutation import mutation

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


def refused(code: str) -> Happened:
    """Return that KMS refuses a call."""
    return Happened(
        f"kms:Decrypt ends with {code}",
        lambda aws: history.event(aws, "kms.amazonaws.com", "Decrypt", code=code),
    )


MUTATIONS = [
    *(
        mutation("data-lake-mon-01", Replaced(ALARMS, old, new))
        for old, new in (
            ("= 100\n", "= 1000\n"),
            ("= 2\n", "= 1\n"),
            ('"GreaterThanThreshold"', '"LessThanThreshold"'),
            ('"Sum"', '"Average"'),
            ('"4xxErrors"', '"5xxErrors"'),
            ("BucketName = each.value, ", ""),
        )
    ),
    mutation("data-lake-mon-01", Set(DECLARED, "threshold", 1000)),
    mutation("data-lake-mon-01", Set(DECLARED, "dimensions", {"BucketName": RAW})),
    mutation("data-lake-mon-01", call("cloudwatch:PutMetricAlarm", **alarm(Threshold=1000))),
    mutation("data-lake-mon-01", call("cloudwatch:PutMetricAlarm", **alarm(EvaluationPeriods=1))),
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
