"""What CloudWatch measured of DynamoDB: throttled and failed requests."""

from __future__ import annotations

from plumbline.aws.measured import Metric, Values, count, measured
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model

_NAMESPACE = "AWS/DynamoDB"
_CONSUMED = ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits")
"""What DynamoDB writes of every table that is used."""
_THROTTLED = ("ReadThrottleEvents", "WriteThrottleEvents")
_OPERATIONS = (
    "GetItem",
    "BatchGetItem",
    "TransactGetItems",
    "Query",
    "Scan",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "TransactWriteItems",
)
"""The operations that SystemErrors is counted by."""
_MOST_TABLES = 100


class TableMetrics(Kind):
    """The requests to a table and its indexes that DynamoDB throttled or failed in the window.

    Source: Amazon DynamoDB Developer Guide, "DynamoDB metrics and dimensions". The metrics of a table do not
    count what its indexes throttle. The runbook's section 2.3.1 reads UserErrors for it, which counts no
    throttles and has no table.
    """

    noun = "table_metrics"
    plural = "metrics_of_tables"
    further_calls = (
        Call("cloudwatch:GetMetricData"),
        Call(
            "dynamodb:DescribeTable",
            {"TableName": "{name}"},
            of="arn:aws:dynamodb:{region}:{account}:table/{name}",
            absent=("ResourceNotFoundException",),
        ),
    )

    read_throttle_events: int = 0
    write_throttle_events: int = 0
    system_errors: int = 0
    """Requests that DynamoDB answered with HTTP 500."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read what CloudWatch measured; without a sign that the table was used there is no data."""
        aws, name = asked.aws, asked.name
        indexes = (
            asked.ask(cls.further_calls[1]).at("Table.GlobalSecondaryIndexes[].IndexName || `[]`").value()
        )
        values = measured(aws, _metrics(name, indexes), of=f"{_NAMESPACE} of {name}")
        unused = f"CloudWatch has no request to {name} from {aws.window}"

        def counted(metric: str) -> object:
            return values.map(lambda found: count(found, metric, _CONSUMED, unused))

        fields = {
            "read_throttle_events": counted("ReadThrottleEvents"),
            "write_throttle_events": counted("WriteThrottleEvents"),
            "system_errors": counted("SystemErrors"),
        }
        return Found(fields, values.call)


def _metrics(table: str, indexes: list[str]) -> list[Metric]:
    of_table = {"TableName": table}
    of_indexes = [of_table | {"GlobalSecondaryIndexName": index} for index in indexes]
    return [
        *(Metric(_NAMESPACE, name, of_table) for name in _CONSUMED),
        *(Metric(_NAMESPACE, name, of) for name in _THROTTLED for of in (of_table, *of_indexes)),
        *(Metric(_NAMESPACE, "SystemErrors", of_table | {"Operation": it}) for it in _OPERATIONS),
    ]


class AccountMetricsLimits(Model):
    """What can be expected of an account's metrics."""

    most_user_errors: int


class AccountMetrics(Kind):
    """The requests of an account and region that DynamoDB refused in the window as the caller's mistake."""

    noun = "account_metrics"
    plural = "metrics_of_accounts"
    further_calls = (
        Call("cloudwatch:GetMetricData"),
        Call(
            "cloudwatch:ListMetrics",
            {"Namespace": _NAMESPACE, "MetricName": _CONSUMED[0]},
            of=f"{_NAMESPACE} of account {{name}}",
        ),
    )
    limits = AccountMetricsLimits

    user_errors: int = 0
    """Requests that DynamoDB answered with HTTP 400, throttled ones not counted; of all tables together."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to read what CloudWatch measured; without any sign of a used table there is no data."""
        aws = asked.aws
        listed = asked.ask(cls.further_calls[1])
        tables = listed.at("Metrics[].Dimensions[?Name=='TableName'].Value[]").map(sorted).value()
        metrics = [
            Metric(_NAMESPACE, "UserErrors"),
            *(
                Metric(_NAMESPACE, metric, {"TableName": table})
                for table in dict.fromkeys(tables[:_MOST_TABLES])
                for metric in _CONSUMED
            ),
        ]
        values = measured(aws, metrics, of=f"{_NAMESPACE} of account {asked.name}")
        unused = f"CloudWatch has no request to a table in {aws.region} from {aws.window}"
        errors = values.map(lambda found: count(_with_consumed(found), "UserErrors", _CONSUMED, unused))
        return Found({"user_errors": errors}, values.call)


def _with_consumed(values: Values) -> Values:
    """Return the values with those that were not asked for, because no table has them."""
    return {**dict.fromkeys(_CONSUMED, ()), **values}
