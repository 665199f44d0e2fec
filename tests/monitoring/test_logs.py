"""Log groups, and what is counted in them."""

import pytest


@pytest.mark.invariant("logs.exists")
def test_log_group_exists(log_group, expected):
    assert log_group.name == expected.name


@pytest.mark.invariant("logs.retention")
def test_log_group_keeps_lines_for_some_time_and_not_for_ever(log_group):
    assert not log_group.kept_for_ever


@pytest.mark.invariant("logs.key")
def test_cloudwatch_logs_may_use_the_key_of_the_group(log_group):
    assert log_group.is_let_into_its_key


@pytest.mark.invariant("logs.missing-templates")
def test_missing_templates_are_counted_and_raise_an_alarm(metric_filter, alarm, expected):
    assert metric_filter.log_group_name == expected.log_group_name
    assert metric_filter.counts(expected.counts)
    assert metric_filter.ignores(expected.ignores)
    assert alarm.tells_of(metric_filter.counted(expected.counts, expected.ignores, expected.within_seconds))
