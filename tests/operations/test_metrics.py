"""What was measured."""

import pytest


@pytest.mark.invariant("operations.metric")
def test_no_more_was_measured_than_is_borne(metric, expected):
    assert metric.value <= expected.most


@pytest.mark.invariant("operations.metric-of-timeout")
def test_no_invocation_took_too_much_of_its_time(metric, function, expected):
    assert metric.value < function.milliseconds(expected.below_share)


@pytest.mark.invariant("operations.metric-at-least")
def test_no_less_was_measured_than_must_be(metric, expected):
    assert metric.value >= expected.least
