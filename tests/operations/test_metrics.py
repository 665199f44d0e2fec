"""What was measured."""

import pytest


@pytest.mark.invariant("operations.metric")
def test_no_more_was_measured_than_is_borne(metric, expected):
    assert metric.value <= expected.most
