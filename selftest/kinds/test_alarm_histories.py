"""Whether somebody was told each time that an alarm fired, and for how long it has had no data."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.core.base_backend import BackendDict
from pydantic import ValidationError

from plumbline.aws.reads import Answers, Aws
from plumbline.kinds.alarm_history import AlarmHistory, LookedBack
from plumbline.kinds.cloudwatch import Alarm
from plumbline.sources.moto.account import account
from plumbline.values.unknown import Missing, Undetermined
from selftest.mutations import history

ACCOUNT, REGION, ALARM = "123456789012", "us-east-1", "errors"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
NOW = datetime.now(UTC)
CANARY = "planted-canary"


@pytest.fixture
def aws() -> Aws:
    """An account with an alarm that tells a topic."""
    BackendDict.reset()
    made = account(ACCOUNT, REGION)
    made.write(
        "cloudwatch:PutMetricAlarm",
        AlarmName=ALARM,
        Namespace="Shop",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[TOPIC],
    )
    return made


def unheard(days: int = 14) -> Any:
    asked = LookedBack(looked_back_days=days)
    return AlarmHistory.from_aws(account(ACCOUNT, REGION), ALARM, None, asked).unheard


def test_an_alarm_that_never_fired_was_heard_each_time(aws: Aws) -> None:
    assert unheard() == []
    history.alarm_state(aws, ALARM, "INSUFFICIENT_DATA", hours=3)
    assert unheard() == []


def test_each_time_that_somebody_was_told_is_well(aws: Aws) -> None:
    for hours in (30, 20):
        history.alarm_state(aws, ALARM, "ALARM", hours=hours)
        history.alarm_state(aws, ALARM, "OK", hours=hours - 1)
    assert unheard() == []


@pytest.mark.parametrize(("ends", "why"), [("Failed", "an action failed"), ("", "no action was executed")])
def test_a_time_that_nobody_was_told_is_named(aws: Aws, ends: str, why: str) -> None:
    history.alarm_state(aws, ALARM, "ALARM", hours=30)
    history.alarm_state(aws, ALARM, "OK", hours=29)
    history.alarm_state(aws, ALARM, "ALARM", hours=20, ends=ends)
    [told] = unheard()
    assert told.endswith(f"UTC: {why}")
    hours = {f"{it - timedelta(hours=20):%Y-%m-%d %H:}" for it in (NOW, datetime.now(UTC))}
    assert told.startswith(tuple(hours))  # an hour may have begun since this module was loaded


def test_actions_that_are_switched_off_tell_nobody(aws: Aws) -> None:
    aws.write("cloudwatch:DisableAlarmActions", AlarmNames=[ALARM])
    history.alarm_state(aws, ALARM, "ALARM", hours=20)
    assert len(unheard()) == 1


def test_what_fired_before_is_not_asked_about(aws: Aws) -> None:
    history.alarm_state(aws, ALARM, "ALARM", hours=50, ends="Failed")
    assert unheard(days=2) == []
    assert len(unheard(days=3)) == 1


def test_a_change_of_a_moment_ago_may_have_its_action_yet(aws: Aws) -> None:
    history.alarm_state(aws, ALARM, "ALARM", hours=0.05, ends="")
    assert unheard() == []


def test_an_alarm_that_is_gone_is_missing_whatever_its_history(aws: Aws) -> None:
    history.alarm_state(aws, ALARM, "ALARM", hours=20)
    aws.write("cloudwatch:DeleteAlarms", AlarmNames=[ALARM])
    with pytest.raises(Missing, match="alarm errors"):
        unheard()


def entry(type_: str, hours: float, summary: str = "", data: Any = None) -> dict[str, Any]:
    told = {"HistoryData": data if isinstance(data, str) else json.dumps(data)} if data is not None else {}
    at = NOW - timedelta(hours=hours)
    return {"Timestamp": at, "HistoryItemType": type_, "HistorySummary": summary, **told}


def fired(hours: float, **data: Any) -> dict[str, Any]:
    return entry("StateUpdate", hours, "Alarm updated from OK to ALARM", data or None)


def read(aws: Aws, *entries: dict[str, Any]) -> AlarmHistory:
    """Read the history that CloudWatch answers so."""

    class Watch:
        meta = aws.client("cloudwatch").meta

        def can_paginate(self, _: str) -> bool:
            return False

        def describe_alarms(self, **asked: Any) -> Any:
            return aws.client("cloudwatch").describe_alarms(**asked)

        def describe_alarm_history(self, **_: Any) -> Any:
            return {"AlarmHistoryItems": [*entries]}

    watch = Watch()
    place = Aws(lambda *_: watch, ACCOUNT, REGION, Answers(), None)
    return AlarmHistory.from_aws(place, ALARM, None, LookedBack())


SUCCEEDED = f"Successfully executed action {TOPIC}"
FAILED = f"Failed to execute action {TOPIC}. Received error: {CANARY}"


@pytest.mark.parametrize(
    ("entries", "number"),
    [
        ([fired(9), entry("Action", 8.9, SUCCEEDED)], 0),
        ([fired(9), entry("Action", 8.9, FAILED)], 1),
        ([fired(9), entry("Action", 8.9, SUCCEEDED), entry("Action", 8.8, FAILED)], 1),
        ([fired(9), entry("Action", 9.1, SUCCEEDED)], 1),
        ([fired(9), fired(5), entry("Action", 8.9, SUCCEEDED)], 1),
        (
            [fired(9), entry("StateUpdate", 5, "Alarm updated from ALARM to OK"), entry("Action", 4, FAILED)],
            1,
        ),
        ([fired(9), entry("Action", 8.9, SUCCEEDED, "no JSON")], 0),
        ([fired(9), entry("Action", 8.9, SUCCEEDED, "[]")], 0),
        ([entry("ConfigurationUpdate", 9, 'Alarm "errors" created')], 0),
        ([entry("AlarmContributorAction", 9, FAILED)], 0),
        ([fired(9, newState={"stateValue": "OK"})], 0),
    ],
)
def test_what_cloudwatch_tells_in_words_is_understood(
    aws: Aws, entries: list[dict[str, Any]], number: int
) -> None:
    found = read(aws, *entries)
    assert len(found.unheard) == number
    assert CANARY not in repr(found)


def of(hours: float, state: str) -> dict[str, Any]:
    """What an action says of the change of so many hours ago."""
    at = int((NOW - timedelta(hours=hours)).timestamp() * 1000)
    return {"actionState": state, "stateUpdateTimestamp": at, "publishedMessage": CANARY, "error": CANARY}


def test_what_an_action_published_is_not_kept(aws: Aws) -> None:
    place = account(ACCOUNT, REGION)
    history.alarm_state(aws, ALARM, "ALARM", hours=3)
    published = aws.client("cloudwatch").describe_alarm_history(
        AlarmName=ALARM, StartDate=NOW - timedelta(days=1), EndDate=NOW
    )
    assert "publishedMessage" in str(published)
    AlarmHistory.from_aws(place, ALARM, None, LookedBack())
    assert b"publishedMessage" not in pickle.dumps(place._answers.settle())


def test_an_action_is_of_the_change_that_it_names(aws: Aws) -> None:
    told = [fired(9), fired(5), entry("Action", 4.9, "", of(9, "Succeeded"))]
    assert len(read(aws, *told).unheard) == 1
    assert read(aws, *told, entry("Action", 4.8, "", of(5, "Succeeded"))).unheard == []


def test_an_action_that_is_not_over_decides_nothing(aws: Aws) -> None:
    with pytest.raises(Undetermined, match="does not say what came of an action"):
        assert read(aws, fired(9), entry("Action", 8.9, "", of(9, "InProgress"))).unheard == []


@pytest.mark.parametrize("days", [0, 15])
def test_no_further_is_looked_back_than_cloudwatch_keeps(days: int) -> None:
    with pytest.raises(ValidationError):
        LookedBack(looked_back_days=days)


@pytest.mark.parametrize(("state", "hours"), [("OK", 0), ("ALARM", 0), ("INSUFFICIENT_DATA", 30)])
def test_an_alarm_lacks_data_since_its_state_changed(aws: Aws, state: str, hours: float) -> None:
    history.alarm_state(aws, ALARM, state, hours=30)
    alarm = Alarm.from_aws(account(ACCOUNT, REGION), ALARM)
    assert alarm.hours_without_data == pytest.approx(hours, abs=0.1)
    assert alarm.fires == (state == "ALARM")
