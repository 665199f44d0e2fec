"""What the tables hold."""

import pytest


@pytest.mark.invariant("operations.item-count")
def test_table_is_not_empty(table, expected):
    assert table.item_count >= expected.least_items
