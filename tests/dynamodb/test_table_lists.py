"""Tables that are not where they belong."""

import pytest


@pytest.mark.invariant("dynamodb.no-strays")
def test_no_table_lies_where_it_does_not_belong(table_list, expected):
    assert set(table_list.table_names) & set(expected.none_of) == set()
