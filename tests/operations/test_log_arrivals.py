"""What must have been logged, whatever it says."""

import pytest


@pytest.mark.invariant("operations.log-arrivals")
def test_what_ran_has_written_to_its_log(log_arrivals, expected):
    assert log_arrivals.number >= expected.least
