"""What the tables hold."""

import pytest


@pytest.mark.invariant("operations.item-count")
def test_table_is_not_empty(table, expected):
    assert table.item_count >= expected.least_items


@pytest.mark.invariant("operations.expiry-form")
def test_items_say_when_they_expire_in_a_form_that_counts(item_sample, expected):
    assert item_sample.wrong_expiries == expected.wrong_expiries


@pytest.mark.invariant("operations.expired-items")
def test_items_that_have_expired_are_gone(item_sample, expected):
    assert item_sample.overdue == expected.overdue
