"""Alarms as CloudWatch evaluates them: its own tables, and what fires on a series and what does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.alarm_evaluation import Query
from plumbline.kinds.alarm_states import Breach, state_after
from plumbline.kinds.cloudwatch import Alarm
from plumbline.kinds.metric_series import Series
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings
from plumbline.values.unknown import Identity, Undetermined, Unknown

POINTS: dict[str, Breach] = {"0": False, "X": True, "-": None}
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")

# Source: CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data": both tables.
OF_AWS = [
    ("0 - X - X", 3, 3, "OK OK OK OK"),
    ("0 - - - -", 3, 3, "OK OK OK OK"),
    ("- - - - -", 3, 3, "INSUFFICIENT_DATA before ALARM OK"),
    ("0 X X - X", 3, 3, "ALARM ALARM ALARM ALARM"),
    ("- - X - -", 3, 3, "ALARM before ALARM OK"),
    ("0 - X - X", 3, 2, "ALARM ALARM ALARM ALARM"),
    ("0 0 X 0 X", 3, 2, "ALARM ALARM ALARM ALARM"),
    ("0 - X - -", 3, 2, "OK OK ALARM OK"),
    ("- - - - 0", 3, 2, "OK OK ALARM OK"),
    ("- - - X -", 3, 2, "ALARM before ALARM OK"),
]

ONE = Series(values=[1], every_seconds=300, within_seconds=900, sparse=True, units=["Count"])
AGES: list[float | None] = [float(minute * 60) for minute in range(16)]
HELD = Series(values=AGES, within_seconds=900, sparse=True, units=["Seconds"])
SHORT = Series(values=AGES[:11], sparse=True)
FAILED: dict[str, Any] = {
    "namespace": "AWS/Backup",
    "metric_name": "Failed",
    "statistic": "Sum",
    "period": 300,
    "comparison_operator": "GreaterThanThreshold",
    "threshold": 0,
    "treat_missing_data": "notBreaching",
}
LOCKED = FAILED | {"statistic": "Maximum", "period": 60, "threshold": 600}
OF_FAILED = {"namespace": "AWS/Backup", "statistic": "Sum", "period": 300, "return_data": False}
M1 = OF_FAILED | {"id": "m1", "metric_name": "Failed"}
M2 = OF_FAILED | {"id": "m2", "metric_name": "Aborted"}

OF_ACCOUNT = """
data "aws_caller_identity" "own" {}

resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name          = "a"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 0

  metric_query {
    id          = "m1"
    account_id  = %s
    return_data = true

    metric {
      namespace   = "AWS/Backup"
      metric_name = "Failed"
      period      = 300
      stat        = "Sum"
    }
  }
}
"""


@pytest.mark.parametrize(("points", "periods", "to_alarm", "states"), OF_AWS)
def test_missing_data_is_treated_as_aws_documents(
    points: str, periods: int, to_alarm: int, states: str
) -> None:
    latest = [POINTS[point] for point in points.split()]
    found = [state_after(latest, periods, to_alarm, treatment) for treatment in TREATMENTS]
    assert [it.removeprefix("as ") for it in found] == states.split()


@pytest.mark.parametrize(
    ("change", "tells"),
    [
        ({}, True),
        ({"statistic": "Maximum"}, True),
        ({"comparison_operator": "GreaterThanOrEqualToThreshold", "threshold": 1}, True),
        ({"treat_missing_data": "missing"}, True),
        ({"treat_missing_data": "ignore"}, True),
        ({"period": 86400}, True),  # a day that has one failure so far
        ({"evaluation_periods": 3, "datapoints_to_alarm": 1}, True),
        ({"statistic": "p99"}, True),
        ({"unit": "Count"}, True),
        ({"threshold": 1}, False),
        ({"comparison_operator": "LessThanThreshold", "threshold": 1}, False),
        ({"evaluation_periods": 2}, False),
        ({"evaluation_periods": 1440, "period": 60}, False),
        ({"evaluation_periods": 30, "period": 86400}, False),
        ({"statistic": "Minimum", "period": 86400}, False),
        ({"statistic": "SampleCount"}, False),
        ({"unit": "Percent"}, False),
        ({"unit": "Seconds"}, False),
        ({"treat_missing_data": "breaching"}, False),
        ({"evaluation_periods": 2, "datapoints_to_alarm": 3}, False),
        ({"period": 45}, False),
    ],
)
def test_alarm_on_a_failure(change: dict[str, Any], tells: bool) -> None:
    assert Alarm(name="a", **FAILED | change).tells(ONE, 0) is tells


def test_an_alarm_that_stays_in_alarm_amid_silence_tells_of_no_second_failure() -> None:
    each_time = ONE.model_copy(update={"each_time": True})
    for treatment in TREATMENTS[:2]:
        alarm = Alarm(name="a", **FAILED | {"treat_missing_data": treatment})
        assert alarm.tells(each_time, 0) is (treatment != "ignore")
    of_dynamodb = {
        "namespace": "AWS/DynamoDB",
        "metric_name": "SystemErrors",
        "treat_missing_data": "missing",
    }
    assert Alarm(name="a", **FAILED | of_dynamodb).tells(each_time, 0)


@pytest.mark.parametrize(
    ("change", "tells"),
    [
        ({}, True),
        ({"statistic": "Average"}, True),
        ({"evaluation_periods": 3}, True),
        ({"period": 300, "evaluation_periods": 1}, True),
        ({"comparison_operator": "GreaterThanOrEqualToThreshold", "threshold": 601}, True),
        ({"evaluation_periods": 12, "period": 3600}, False),
        ({"evaluation_periods": 10}, False),
        ({"statistic": "SampleCount"}, False),
        ({"statistic": "Average", "period": 3600}, False),
        ({"statistic": "Sum", "period": 300}, False),
        ({"threshold": 10}, False),
        ({"threshold": 6000}, False),
        ({"unit": "Milliseconds"}, False),
    ],
)
def test_alarm_on_a_lock_that_is_held(change: dict[str, Any], tells: bool) -> None:
    assert Alarm(name="a", **LOCKED | change).tells(HELD, SHORT) is tells


def of_math(expression: str, *metrics: dict[str, Any]) -> Alarm:
    """Return an alarm on an expression of the metrics."""
    queries = [*metrics, {"id": "e1", "expression": expression}]
    decides = {name: value for name, value in FAILED.items() if name not in ("statistic", "period")}
    return Alarm(name="a", **decides | {"namespace": None, "metric_name": None, "queries": queries})


@pytest.mark.parametrize(
    ("expression", "tells"),
    [
        ("m1 + m2", True),
        ("SUM(METRICS())", True),
        ('SUM(METRICS("m"))', True),
        ("MAX([m1, m2])", True),
        ("FILL(m1, 0) + FILL(m2, 0)", True),
        ("IF(m1 > 0, 1, 0)", True),
        ("(m1 > 0 OR m2 > 0) * 2 ^ 3", True),
        ("IF(m1 > 0 && m2 == 0, m1)", True),
        ("-1 * -m1", True),
        ("m2", False),
        ("m1 * m2", False),
        ("m1 - 1", False),
        ("m1 / m2", False),  # nothing by nothing is no datapoint
        ("MIN([m1, m2])", False),
        ("IF(m1 > 100, 1, 0)", False),
        ("m1 + 1", False),
    ],
)
def test_alarm_on_metric_math(expression: str, tells: bool) -> None:
    alarm = of_math(expression, M1, M2)
    always = ONE.model_copy(update={"sparse": False})
    assert alarm.watches("AWS/Backup", "Failed", {})
    assert alarm.tells(always, 0, "Failed", {}) is tells


@pytest.mark.parametrize(
    ("expression", "tells", "is_known"),
    [
        ("FILL(m1, 0) + FILL(m2, 0)", True, True),
        ("FILL(m1, 0) + m2", False, False),
        ("m1 + m2", False, False),
        ("m1", True, True),
        ("IF(FILL(m2, 0) > 0, 0, m1)", True, True),
        ("m1 / (m2 + 1)", False, False),
        ("m2", False, True),
        ("FILL(m1, 1)", False, True),  # it fires amid silence
    ],
)
def test_a_metric_that_may_be_silent_meanwhile_keeps_a_sum_silent(
    expression: str, tells: bool, is_known: bool
) -> None:
    alarm = of_math(expression, M1, M2)
    assert alarm.tells(ONE.model_copy(update={"alone": ["Aborted"]}), 0, "Failed", {}) is tells
    if is_known:
        assert alarm.tells(ONE, 0, "Failed", {}) is tells
    else:
        with pytest.raises(Undetermined, match="Aborted may be silent"):
            alarm.tells(ONE, 0, "Failed", {})


@pytest.mark.parametrize(
    ("expression", "tells"),
    [
        ("100 * m1 / m2", True),
        ("m1 / m2", False),
        ("100 * m2 / m2", False),
        ("100 * m1 / m1", True),  # where nothing fails there is no share
        ("100 - 100 * m1 / m2", False),
        ("100 * m1 / (m1 + m2)", True),
    ],
)
@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_share_is_of_what_is_said_of_the_other_metric(
    expression: str, tells: bool, elsewhere: bool
) -> None:
    other = M2 | {"namespace": "Shop"} if elsewhere else M2
    alarm = of_math(expression, M1, other).model_copy(update={"threshold": 5.0})
    share = Series(values=[20], repeats=True, meanwhile={"Aborted": 20})
    assert alarm.tells(share, 0, "Failed", {}) is tells


API_ERRORS: dict[str, Any] = FAILED | {
    "namespace": "AWS/ApiGateway",
    "metric_name": "5XXError",
    "threshold": 5,
}
OF_API: dict[str, Any] = {
    "namespace": "AWS/ApiGateway",
    "dimensions": {"ApiName": "a"},
    "statistic": "Sum",
    "period": 300,
}
ERRORS = OF_API | {"id": "errors", "metric_name": "5XXError", "return_data": False}
REQUESTS = OF_API | {"id": "requests", "metric_name": "Count", "return_data": False}


# Source: API Gateway developer guide, "Amazon API Gateway dimensions and metrics": Sum is the count, Average
# the share; Lambda developer guide, "Types of metrics for Lambda functions"; DynamoDB, "DynamoDB metrics".
@pytest.mark.parametrize(
    ("change", "tells"),
    [
        ({}, True),
        ({"statistic": "Average"}, False),
        ({"statistic": "Average", "threshold": 0.05}, True),
        ({"statistic": "Average", "threshold": 1}, False),
        ({"statistic": "Maximum"}, False),
        ({"statistic": "Maximum", "threshold": 0}, True),
        ({"statistic": "Minimum"}, False),
        ({"statistic": "SampleCount"}, False),  # of requests, whether they fail or not
        ({"namespace": "AWS/Lambda", "metric_name": "Errors", "statistic": "Maximum"}, False),
        ({"namespace": "AWS/Lambda", "metric_name": "Throttles", "statistic": "Average"}, False),
        ({"namespace": "AWS/S3", "metric_name": "4xxErrors", "statistic": "Average"}, False),
        ({"namespace": "AWS/DynamoDB", "metric_name": "ReadThrottleEvents", "statistic": "Average"}, False),
        (
            {"namespace": "AWS/DynamoDB", "metric_name": "ReadThrottleEvents", "statistic": "SampleCount"},
            True,
        ),
        ({"namespace": "Shop", "statistic": "Average"}, True),  # it may publish a sum a minute
    ],
)
def test_what_is_0_or_1_each_time_is_a_count_by_its_sum_alone(change: dict[str, Any], tells: bool) -> None:
    assert Alarm(name="a", **API_ERRORS | change).tells(20, 0) is tells


def test_how_many_fail_of_how_many_can_be_said() -> None:
    alarm = Alarm(name="a", **API_ERRORS | {"statistic": "Average", "threshold": 0.05})
    for requests, tells in ((100, True), (1000, False), (1, True)):
        some = Series(values=[20], repeats=True, meanwhile={"Count": requests})
        assert alarm.tells(some, 0) is tells


@pytest.mark.parametrize("metric", [("AWS/AmplifyHosting", "5xxErrors"), ("AWS/WAFV2", "BlockedRequests")])
def test_a_statistic_that_aws_does_not_document_is_undetermined(metric: tuple[str, str]) -> None:
    named = dict(zip(("namespace", "metric_name"), metric, strict=True))
    assert Alarm(name="a", **API_ERRORS | named).tells(20, 0)
    with pytest.raises(Undetermined, match="Sum alone"):
        Alarm(name="a", **API_ERRORS | named | {"statistic": "Maximum"}).tells(20, 0)


# Each error is a request: all of them fail, unless `meanwhile` says how many there are.
@pytest.mark.parametrize(
    ("expression", "tells"),
    [
        ("100 * errors / requests", True),
        ("IF(requests > 0, 100 * errors / requests, 0)", True),
        ("IF(requests > 10, 100 * errors / requests, 0)", True),
        ("IF(requests > 200, 100 * errors / requests, 0)", None),
        ("IF(requests > 0, errors, 0)", True),
        ("errors / requests", False),  # of which none is above 1
        ("FILL(100 * errors / requests, 0)", True),
        ("requests", False),
        ("errors + requests", False),  # it fires on requests that do not fail
        ("requests - errors", False),
    ],
)
def test_alarm_on_a_share_of_requests(expression: str, tells: bool | None) -> None:
    alarm = of_math(expression, ERRORS, REQUESTS).model_copy(update={"threshold": 5.0})
    if tells is not None:
        assert alarm.tells(20, 0, "5XXError", OF_API["dimensions"]) is tells
    else:
        with pytest.raises(Undetermined, match="how many Count there are"):
            alarm.tells(20, 0, "5XXError", OF_API["dimensions"])


@pytest.mark.parametrize(
    "change", [{"metric_name": "Latency"}, {"dimensions": {"ApiName": "b"}}, {"namespace": "AWS/Lambda"}]
)
def test_what_is_no_count_of_these_requests_publishes_what_nobody_says(change: dict[str, Any]) -> None:
    alarm = of_math("100 * errors / requests", ERRORS, REQUESTS | change)
    with pytest.raises(Undetermined, match="nothing says what"):
        alarm.tells(20, 0, "5XXError", OF_API["dimensions"])


# Source: CloudWatch API, MetricDataQuery, ReturnData; Terraform's `return_data` is false by itself.
@pytest.mark.parametrize(
    ("returned", "tells"),
    [
        ({"e1": True}, True),
        ({"m1": True}, True),
        ({}, False),
        ({"e1": True, "m1": True}, False),
    ],
)
def test_alarm_of_which_not_just_one_query_returns_data_is_refused(
    returned: dict[str, bool], tells: bool
) -> None:
    alarm = of_math("FILL(m1, 0)", M1)
    queries = [it.model_copy(update={"return_data": returned.get(it.id, False)}) for it in alarm.queries]
    assert alarm.model_copy(update={"queries": queries}).tells(ONE, 0, "Failed", {}) is tells


# Source: CloudWatch API, MetricStat, Period.
def test_alarm_on_a_metric_of_no_period_is_refused() -> None:
    assert of_math("FILL(m2, 0) + m1", M1, M2).tells(ONE, 0, "Failed", {})
    assert not of_math("FILL(m2, 0) + m1", M1, M2 | {"period": 0}).tells(ONE, 0, "Failed", {})


@pytest.mark.parametrize(
    "expression",
    [
        "ANOMALY_DETECTION_BAND(m1, 2)",
        "SEARCH('{AWS/Backup}', 'Sum')",
        "SELECT SUM(Failed) FROM x",
        "SUM(m1)",
        "RATE(m1)",
        "FILL(m1, LINEAR)",
        "e1",
        "m3",
        "m1 +",
        "m1 m2",
        "((((m1",
        "METRICS()",
        "ABS()",
        "",
        "m1 ; 'x",
        "(" * 5000 + "m1",
    ],
)
def test_what_is_no_known_math_is_undetermined(expression: str) -> None:
    with pytest.raises(Undetermined):
        of_math(expression, M1, M2).tells(ONE, 0, "Failed", {})


def test_metric_of_which_nothing_is_said_is_undetermined() -> None:
    requests = M2 | {"namespace": "Shop", "metric_name": "Requests"}
    with pytest.raises(Undetermined, match="Shop Requests"):
        of_math("m1 / m2", M1, requests).tells(ONE, 0, "Failed", {})


@pytest.mark.parametrize(
    "change", [{"threshold": None}, {"comparison_operator": "GreaterThanUpperThreshold"}]
)
def test_alarm_without_a_threshold_is_undetermined(change: dict[str, Any]) -> None:
    with pytest.raises(Undetermined, match="no fixed threshold"):
        Alarm(name="a", **FAILED | change).tells(ONE, 0)


def test_unit_that_nobody_says_is_undetermined() -> None:
    with pytest.raises(Undetermined, match="in which unit"):
        Alarm(name="a", **FAILED | {"unit": "Count"}).tells(1, 0)


def test_value_by_itself_stays() -> None:
    assert Alarm(name="a", **FAILED | {"evaluation_periods": 5}).tells(1, 0)
    assert not Alarm(name="a", **FAILED | {"evaluation_periods": 12, "period": 3600}).tells(1, 0)


def test_alarm_is_on_a_metric_with_its_dimensions() -> None:
    alarm = Alarm(name="a", **FAILED, dimensions={"Vault": "v", "Rule": "r"})
    assert alarm.watches("AWS/Backup", "Failed", {"Rule": "r", "Vault": "v"})
    assert alarm.is_among({"Vault": "v"})
    assert alarm.is_of_any([{"Vault": "v", "Rule": "s"}, {"Vault": "v", "Rule": "r"}])
    assert not alarm.watches("AWS/Backup", "Failed", {"Vault": "v"})
    assert not alarm.is_among({"Vault": "w"})
    assert not alarm.is_of_any([{"Vault": "v"}, {"Vault": "v", "Rule": "r", "Region": "e"}])
    assert not alarm.is_of_any([])


@pytest.mark.parametrize(
    ("told", "wanted", "watches"),
    [
        (Identity("r", "a.one", "id"), Identity("r", "a.one", "id"), True),
        (Identity("r", "a.one", "id"), Identity("r", "a.other", "id"), False),
        ("d1", "d2", False),
        ("d1", Identity("r", "a.one", "id"), None),
        (Unknown("a.one.id"), "d2", None),
    ],
)
def test_an_id_that_aws_chooses_is_that_of_one_address(told: Any, wanted: Any, watches: bool | None) -> None:
    alarm = Alarm(name="a", **FAILED, dimensions={"App": told, "Stage": "s"})
    assert not alarm.is_of({"App": wanted, "Stage": "t"})  # what differs decides, whatever else is not known
    if watches is not None:
        assert alarm.is_of({"App": wanted, "Stage": "s"}) is watches
    else:
        with pytest.raises(Undetermined, match="only after apply"):
            alarm.is_of({"App": wanted, "Stage": "s"})


def queried(**of_query: Any) -> Alarm:
    """An alarm on one metric, by a query."""
    rule = {name: FAILED[name] for name in ("comparison_operator", "threshold", "treat_missing_data")}
    return Alarm(name="a", queries=[Query(**{**M1, "return_data": True, **of_query})], **rule)


def test_the_metric_of_another_account_is_none_of_the_stack_s() -> None:
    own, other = queried(), queried(account_id="111122223333")
    assert (own.watches("AWS/Backup", "Failed"), other.watches("AWS/Backup", "Failed")) == (True, False)
    assert (own.is_in("AWS/Backup"), other.is_in("AWS/Backup")) == (True, False)
    assert (own.tells(ONE, ONE.with_values([None])), other.tells(ONE, ONE.with_values([None]))) == (
        True,
        False,
    )
    with pytest.raises(Undetermined):
        queried(account_id=Unknown("known only after apply")).watches("AWS/Backup", "Failed")


@pytest.mark.parametrize(
    ("written", "watches"),
    [('"123456789012"', True), ('"111122223333"', False), ("data.aws_caller_identity.own.account_id", True)],
)
def test_the_account_of_a_metric_is_the_alarm_s_own_or_another(
    tmp_path: Path, written: str, watches: bool
) -> None:
    (tmp_path / "main.tf").write_text(OF_ACCOUNT % written)
    configuration = evaluate(tmp_path, settings=Settings(account="123456789012", region="eu-west-1"))
    alarm = Alarm.from_terraform(configuration.at("aws_cloudwatch_metric_alarm.a"), configuration)
    assert alarm.watches("AWS/Backup", "Failed") is watches
