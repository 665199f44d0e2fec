"""Replication to a bucket in another region."""

import pytest


@pytest.mark.invariant("replication.destination")
def test_an_enabled_rule_replicates_to_the_replica(bucket, expected):
    assert set(bucket.replicates_to) >= set(expected.replicates_to)


@pytest.mark.invariant("replication.scope")
def test_every_object_is_replicated(bucket, expected):
    assert bucket.replicates_only.items() >= expected.replicates_only.items()


@pytest.mark.invariant("replication.versioning")
def test_source_and_replica_are_versioned(bucket, replica, expected):
    assert bucket.versioning == expected.versioning
    assert replica.versioning == expected.versioning


@pytest.mark.invariant("replication.role")
def test_s3_may_assume_the_role_that_replicates(bucket, role):
    assert bucket.replication_role == role.arn
    assert "s3.amazonaws.com" in role.trusted_services


@pytest.mark.invariant("replication.let-in")
def test_bucket_denies_the_role_nothing_that_replication_needs(bucket, role, expected):
    assert bucket.denied(role.arn, expected.denied_nothing_of) == []


@pytest.mark.invariant("replication.declared")
def test_replication_waits_for_versioning(bucket, expected):
    assert set(bucket.replication_depends_on) >= set(expected.replication_depends_on)


@pytest.mark.invariant("replication.hardening")
def test_replica_is_as_closed_and_encrypted_as_its_source(bucket, expected):
    assert bucket.public_access_block == expected.public_access_block
    assert bucket.sse_algorithm == expected.sse_algorithm


@pytest.mark.invariant("replication.none")
def test_bucket_outside_production_is_not_replicated(bucket, expected):
    assert bucket.replication_rules == expected.replication_rules


@pytest.mark.invariant("replication.metrics")
def test_every_rule_publishes_metrics(bucket, expected):
    assert bucket.replication_without_metrics == expected.replication_without_metrics
