"""Sections 2.3.2, 4.2.1 and 4.2.2: what the functions logged."""

import pytest


@pytest.mark.invariant("operations.error-lines")
def test_no_error_was_logged(log, expected):
    assert log.error_lines == expected.error_lines


@pytest.mark.invariant("operations.refused-calls")
def test_no_refused_call_was_logged(log, expected):
    assert log.refused_calls == expected.refused_calls


@pytest.mark.invariant("operations.missing-objects")
def test_no_missing_template_or_bucket_was_logged(log, expected):
    assert log.missing_objects == expected.missing_objects


@pytest.mark.invariant("operations.missing-tables")
def test_no_missing_table_was_logged(log, expected):
    assert log.missing_tables == expected.missing_tables


@pytest.mark.invariant("operations.slow-queries")
def test_no_slow_query_was_logged(log, expected):
    assert log.slow_queries == expected.slow_queries
