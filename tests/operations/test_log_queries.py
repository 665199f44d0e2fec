"""What was logged, as a query sums it up."""

import pytest


@pytest.mark.invariant("operations.log-query")
def test_what_is_found_in_a_log_is_no_more_than_is_borne(log_query, expected):
    assert log_query.value <= expected.most


@pytest.mark.invariant("operations.log-query-at-least")
def test_what_is_found_in_a_log_is_no_less_than_must_be(log_query, expected):
    assert log_query.value >= expected.least
