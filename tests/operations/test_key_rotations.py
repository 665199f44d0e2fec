"""When keys were rotated."""

import pytest


@pytest.mark.invariant("operations.key-rotation")
def test_key_was_rotated_within_its_period(rotation_history, expected):
    assert rotation_history.days_late <= expected.most_days_late
