"""What became of it each time that an alarm fired."""

import pytest


@pytest.mark.invariant("operations.alarm-actions")
def test_somebody_was_told_each_time_that_the_alarm_fired(alarm_history, expected):
    assert alarm_history.unheard == expected.unheard
