"""The alarms."""

import pytest


@pytest.mark.invariant("alarms.metric")
def test_alarm_fires_on_what_it_watches(alarm, expected):
    assert alarm.namespace == expected.namespace
    assert alarm.metric_name == expected.metric_name
    assert alarm.dimensions == expected.dimensions
    assert alarm.tells(expected.bad, expected.good)


@pytest.mark.invariant("alarms.heard")
def test_alarm_reaches_somebody(alarm, topic):
    assert alarm.actions_enabled
    assert topic.arn in alarm.alarm_actions
    assert topic.subscriptions
