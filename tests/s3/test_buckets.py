"""The buckets."""

import pytest


@pytest.mark.invariant("s3.exists")
def test_bucket_exists(bucket, expected):
    assert bucket.name == expected.name


@pytest.mark.invariant("s3.named-after")
def test_name_ends_in_what_is_made_up(bucket, expected):
    assert bucket.named_after == expected.named_after


@pytest.mark.invariant("s3.location")
def test_bucket_lies_in_its_region(bucket, expected):
    assert bucket.region == expected.region


@pytest.mark.invariant("s3.no-accidental-deletion")
def test_terraform_cannot_destroy_the_bucket_by_accident(bucket, expected):
    assert bucket.force_destroy == expected.force_destroy
    assert bucket.prevent_destroy == expected.prevent_destroy


@pytest.mark.invariant("s3.public-access-block")
def test_all_public_access_is_blocked(bucket, expected):
    assert bucket.public_access_block == expected.public_access_block


@pytest.mark.invariant("s3.not-public")
def test_neither_policy_nor_acl_makes_the_bucket_public(bucket, expected):
    assert bucket.policy_is_public == expected.policy_is_public
    assert bucket.public_grantees == expected.public_grantees


@pytest.mark.invariant("s3.versioning")
def test_versioning_is_enabled(bucket, expected):
    assert bucket.versioning == expected.versioning


@pytest.mark.invariant("s3.encryption")
def test_new_objects_are_encrypted_by_default(bucket, expected):
    assert bucket.sse_algorithm == expected.sse_algorithm


@pytest.mark.invariant("s3.bucket-key")
def test_bucket_key_is_enabled(bucket, expected):
    assert bucket.bucket_key_enabled == expected.bucket_key_enabled


@pytest.mark.invariant("s3.tags")
def test_bucket_carries_the_standard_tags(bucket, expected):
    assert bucket.tags.items() >= expected.tags.items()


@pytest.mark.invariant("s3.encryption-key")
def test_new_objects_are_encrypted_with_the_key(bucket, key, expected):
    assert bucket.sse_algorithm == expected.sse_algorithm
    assert key.is_named_by(bucket.kms_key)
    assert key.encrypts_data


@pytest.mark.invariant("s3.tls")
def test_policy_denies_every_request_without_tls(bucket):
    assert bucket.allowed_without_tls == []


@pytest.mark.invariant("s3.second-copy")
def test_all_that_the_bucket_holds_is_kept_a_second_time(bucket):
    assert bucket.second_copies
