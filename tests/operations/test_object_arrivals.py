"""What must have arrived in a bucket."""

import pytest


@pytest.mark.invariant("operations.object-arrivals")
def test_no_fewer_objects_arrived_than_must(object_arrivals, expected):
    assert object_arrivals.number >= expected.least
