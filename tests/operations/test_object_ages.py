"""What must no longer be in a bucket, or not where it was."""

import pytest


@pytest.mark.invariant("operations.object-ages")
def test_no_more_objects_are_too_old_than_are_borne(object_ages, expected):
    assert object_ages.number <= expected.most
