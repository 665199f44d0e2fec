"""What was logged."""

import pytest


@pytest.mark.invariant("operations.log-lines")
def test_no_more_lines_were_logged_than_are_borne(log_lines, expected):
    assert log_lines.number <= expected.most
