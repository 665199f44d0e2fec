"""State lock and state bucket."""

import pytest


@pytest.mark.invariant("terraform.lock-table")
def test_lock_table_is_keyed_by_lock_id(table, expected):
    assert table.hash_key == expected.hash_key
    assert table.attributes == expected.attributes


@pytest.mark.invariant("terraform.state-bucket")
def test_state_bucket_is_versioned_encrypted_and_closed(bucket, expected):
    assert bucket.versioning == expected.versioning
    assert bucket.sse_algorithm in expected.any_sse_algorithm
    assert bucket.public_access_block == expected.public_access_block


@pytest.mark.invariant("terraform.state-object")
def test_state_lists_every_declared_table_and_bucket(state_object, expected):
    assert set(state_object.managed) >= set(expected.managed)


@pytest.mark.invariant("terraform.state-versions")
def test_state_has_earlier_versions(state_object, expected):
    assert state_object.versions >= expected.least_versions


@pytest.mark.invariant("terraform.state-digest")
def test_lock_table_keeps_the_digest_of_the_state_as_it_is(state_object, lock_table):
    assert lock_table.has_digest(state_object.name, state_object.md5)
