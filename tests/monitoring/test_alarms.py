"""The alarms."""

import pytest


@pytest.mark.invariant("alarms.metric")
def test_alarm_fires_on_what_it_watches(alarm, expected):
    assert alarm.watches(expected.namespace, expected.metric_name, expected.dimensions)
    assert alarm.tells(expected.bad, expected.good, expected.metric_name, expected.dimensions)


@pytest.mark.invariant("alarms.fires")
def test_alarm_fires_when_what_it_counts_goes_wrong(alarm, expected):
    assert alarm.watches(expected.namespace, expected.metric_name)
    assert alarm.tells(expected.bad, expected.good, expected.metric_name)


@pytest.mark.invariant("alarms.application")
def test_alarm_fires_on_what_it_watches_of_the_application(alarm, amplify_app, expected):
    assert alarm.watches(expected.namespace, expected.metric_name)
    assert alarm.tells(expected.bad, expected.good, expected.metric_name)
    assert alarm.watches(expected.namespace, expected.metric_name, amplify_app.measured_by)


@pytest.mark.invariant("alarms.client")
def test_alarm_fires_on_what_it_watches_of_the_client(alarm, user_pool_client, expected):
    assert alarm.watches(expected.namespace, expected.metric_name)
    assert alarm.tells(expected.bad, expected.good, expected.metric_name)
    assert alarm.watches(expected.namespace, expected.metric_name, user_pool_client.measured_by)


@pytest.mark.invariant("alarms.among")
def test_alarm_fires_on_a_metric_that_has_these_dimensions_among_others(alarm, expected):
    assert alarm.watches(expected.namespace, expected.metric_name)
    assert alarm.is_among(expected.some_dimensions)
    assert alarm.tells(expected.bad, expected.good, expected.metric_name)


@pytest.mark.invariant("alarms.replication")
def test_alarm_fires_when_replication_fails(alarm, bucket, expected):
    assert alarm.watches(expected.namespace, expected.metric_name)
    assert alarm.is_among(expected.some_dimensions)
    assert alarm.is_of_any(bucket.measured_replication())
    assert alarm.tells(expected.bad, expected.good, expected.metric_name)


@pytest.mark.invariant("alarms.heard")
def test_alarm_reaches_somebody(alarm, topic):
    assert alarm.actions_enabled
    assert topic.arn in alarm.alarm_actions
    assert topic.keeps_alarm_out(alarm.name) == []
    assert topic.subscriptions


@pytest.mark.invariant("alarms.dimensions")
def test_alarm_is_on_the_metric_of_these_dimensions(alarm, expected):
    assert alarm.watches(expected.namespace, expected.metric_name, expected.dimensions)


@pytest.mark.invariant("alarms.requests")
def test_alarm_fires_on_requests_that_the_bucket_counts(alarm, bucket, expected):
    assert alarm.watches(expected.namespace, expected.metric_name)
    assert alarm.is_of_any(bucket.measured_requests())
    assert alarm.tells(expected.bad, expected.good, expected.metric_name)


@pytest.mark.invariant("alarms.quiet")
def test_alarm_does_not_fire_now(alarm, expected):
    assert alarm.fires == expected.fires


@pytest.mark.invariant("alarms.has-data")
def test_alarm_has_data_or_lacks_it_for_a_short_time(alarm, expected):
    assert alarm.hours_without_data <= expected.most_hours_without_data


@pytest.mark.invariant("alarms.recorded")
def test_alarm_is_on_what_cloudwatch_records(alarm, expected):
    assert alarm.unrecorded(expected.recorded_with) == []
