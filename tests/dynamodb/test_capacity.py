"""How the provisioned capacity of tables is scaled."""

import pytest


@pytest.mark.invariant("dynamodb.scaled-capacity")
def test_provisioned_capacity_is_scaled_between_its_bounds(table, expected):
    assert table.scaled_otherwise(expected.scaled) == []


@pytest.mark.invariant("dynamodb.capacity-follows-use")
def test_provisioned_capacity_follows_its_use(table, expected):
    assert table.follows_otherwise(expected.follows_use) == []


@pytest.mark.invariant("dynamodb.least-capacity")
def test_capacity_that_nobody_scales_is_large_enough(table, expected):
    assert table.provisioned_below(expected.least_capacity) == []
