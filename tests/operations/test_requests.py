"""Sections 2.3.1, 5.1 and 6.2.1: what happened to the tables."""

import pytest


@pytest.mark.invariant("operations.item-count")
def test_table_is_not_empty(table, expected):
    assert table.item_count >= expected.least_items


@pytest.mark.invariant("operations.throttles")
def test_no_request_to_the_table_was_throttled(table_metrics, expected):
    assert table_metrics.read_throttle_events == expected.read_throttle_events
    assert table_metrics.write_throttle_events == expected.write_throttle_events


@pytest.mark.invariant("operations.system-errors")
def test_no_request_to_the_table_met_a_system_error(table_metrics, expected):
    assert table_metrics.system_errors == expected.system_errors


@pytest.mark.invariant("operations.user-errors")
def test_no_more_requests_were_refused_than_are_borne(account_metrics, expected):
    assert account_metrics.user_errors <= expected.most_user_errors
