"""Whether CloudWatch has recorded what an alarm is on."""

from __future__ import annotations

from typing import Any

import pytest

from plumbline.aws.reads import Aws
from plumbline.kinds.alarm_evaluation import Query
from plumbline.kinds.cloudwatch import Alarm
from plumbline.sources.moto.account import account, empty_all
from plumbline.values.unknown import Undetermined
from selftest.mutations import history

TABLE, OF_QUERIES = {"TableName": "t"}, {"TableName": "t", "Operation": "Query"}


@pytest.fixture
def aws() -> Aws:
    """An account in which nothing was measured."""
    empty_all()
    return account("123456789012", "eu-west-1")


def alarm(aws: Aws, metric_name: str, **dimensions: str) -> Alarm:
    """Make an alarm, and return it."""
    Alarm(
        name="a",
        namespace="AWS/DynamoDB",
        metric_name=metric_name,
        dimensions=dimensions,
        statistic="Sum",
        period=60,
        comparison_operator="GreaterThanThreshold",
        threshold=0,
    ).create(aws)
    return Alarm.from_aws(aws, "a")


def recorded(aws: Aws, name: str, **dimensions: str) -> None:
    history.metric(aws, "AWS/DynamoDB", name, 1, 60, **dimensions)


def test_what_is_recorded_is_right(aws: Aws) -> None:
    recorded(aws, "ThrottledRequests", **OF_QUERIES)
    assert alarm(aws, "ThrottledRequests", **OF_QUERIES).unrecorded([]) == []


def test_a_metric_that_is_recorded_by_more_dimensions_is_another_one(aws: Aws) -> None:
    recorded(aws, "ThrottledRequests", **OF_QUERIES)
    [told] = alarm(aws, "ThrottledRequests", **TABLE).unrecorded([])
    assert told == "AWS/DynamoDB ThrottledRequests of TableName t is recorded by TableName, Operation alone"


def test_a_metric_that_would_be_recorded_with_another_one_is_none(aws: Aws) -> None:
    recorded(aws, "ConsumedReadCapacityUnits", **TABLE)
    found = alarm(aws, "ConsumedReadUnits", **TABLE)
    [told] = found.unrecorded(["ConsumedReadCapacityUnits"])
    assert (
        told == "AWS/DynamoDB ConsumedReadCapacityUnits of TableName t is recorded, and no ConsumedReadUnits"
    )
    with pytest.raises(Undetermined):
        _ = found.unrecorded(["ConsumedWriteCapacityUnits"]) == []


@pytest.mark.parametrize(
    "others", [{}, {"TableName": "another"}, {"TableName": "another", "Operation": "Query"}]
)
def test_of_what_was_never_used_nothing_is_known(aws: Aws, others: dict[str, str]) -> None:
    if others:
        recorded(aws, "ReadThrottleEvents", **others)
    found = alarm(aws, "ReadThrottleEvents", **TABLE)
    with pytest.raises(Undetermined, match="CloudWatch has recorded nothing as AWS/DynamoDB ReadThrottleEve"):
        _ = found.unrecorded(["ConsumedReadCapacityUnits"]) == []


def test_a_metric_without_dimensions_is_found_by_its_name(aws: Aws) -> None:
    recorded(aws, "AccountMaxReads")
    assert alarm(aws, "AccountMaxReads").unrecorded([]) == []


def test_each_metric_of_an_expression_counts(aws: Aws) -> None:
    of: dict[str, Any] = {"namespace": "AWS/DynamoDB", "statistic": "Sum", "period": 60, "return_data": False}
    Alarm(
        name="a",
        queries=[
            Query(id="e", expression="m / n"),
            Query(id="m", metric_name="ThrottledRequests", dimensions=TABLE, **of),
            Query(id="n", metric_name="ConsumedReadCapacityUnits", dimensions=TABLE, **of),
        ],
        comparison_operator="GreaterThanThreshold",
        threshold=0,
    ).create(aws)
    recorded(aws, "ThrottledRequests", **OF_QUERIES)
    recorded(aws, "ConsumedReadCapacityUnits", **TABLE)
    assert len(Alarm.from_aws(aws, "a").unrecorded([])) == 1


def test_a_metric_of_another_account_is_not_asked_for() -> None:
    other = Query(
        id="m", namespace="AWS/DynamoDB", metric_name="ThrottledRequests", account_id="210987654321"
    )
    with pytest.raises(Undetermined, match="is of account 210987654321, which is not asked"):
        _ = Alarm(name="a", queries=[other], recorded=[]).unrecorded([]) == []


@pytest.mark.parametrize(
    "expression",
    [
        'SELECT SUM(ThrottledRequests) FROM "AWS/DynamoDB"',
        "SEARCH('{AWS/DynamoDB,TableName} MetricName=\"ThrottledRequests\"', 'Sum', 60)",
    ],
)
def test_nobody_knows_what_a_search_is_on(expression: str) -> None:
    found = Alarm(name="a", queries=[Query(id="q", expression=expression)], recorded=[])
    with pytest.raises(Undetermined, match="which metrics it finds is not known of S"):
        _ = found.unrecorded([]) == []
