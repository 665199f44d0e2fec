"""What was logged."""

import pytest


@pytest.mark.invariant("operations.log-lines")
def test_no_more_lines_were_logged_than_are_borne(log_lines, expected):
    assert log_lines.number <= expected.most


@pytest.mark.invariant("operations.log-lines-at-least")
def test_no_fewer_lines_were_logged_than_must_be(log_lines, expected):
    assert log_lines.number >= expected.least


@pytest.mark.invariant("operations.api-log-lines")
def test_no_more_lines_were_logged_of_an_api_than_are_borne(api_log_lines, expected):
    assert api_log_lines.number <= expected.most
