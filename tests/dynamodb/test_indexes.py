"""Global secondary indexes."""

import pytest


@pytest.mark.invariant("dynamodb.indexes")
def test_table_has_its_indexes(table, expected):
    assert table.indexes.items() >= expected.indexes.items()
    assert table.attributes.items() >= expected.index_attributes.items()


@pytest.mark.invariant("dynamodb.has-index")
def test_table_has_an_index(table):
    assert table.index_names


@pytest.mark.invariant("dynamodb.index-status")
def test_every_index_is_active(table, expected):
    assert table.inactive_indexes == expected.inactive_indexes


@pytest.mark.invariant("dynamodb.index-limit")
def test_table_has_no_more_indexes_than_dynamodb_allows(table, expected):
    assert len(table.index_names) <= expected.most_indexes


@pytest.mark.invariant("dynamodb.some-indexes")
def test_table_has_at_least_so_many_indexes(table, expected):
    assert len(table.index_names) >= expected.least_indexes


@pytest.mark.invariant("dynamodb.declared-attributes")
def test_keys_and_attributes_are_declared_once_and_agree(table):
    assert sorted(table.declared_attributes) == sorted(table.key_attributes)
    assert len(table.index_names) == len(set(table.index_names))


@pytest.mark.invariant("dynamodb.only-declared-indexes")
def test_table_has_no_other_indexes_than_those_declared(table, expected):
    assert sorted(table.index_names) == sorted(expected.index_names)


@pytest.mark.invariant("dynamodb.index-lookup")
def test_a_lookup_through_an_index_is_answered(index_lookup, expected):
    assert index_lookup.answer == expected.answer


@pytest.mark.invariant("dynamodb.index-keys")
def test_every_index_has_its_keys_and_no_others(table, expected):
    assert table.index_keys == expected.index_keys
    assert table.attributes.items() >= expected.index_attributes.items()
