"""Section 3.2.5: what S3 has replicated."""

import pytest


@pytest.mark.invariant("operations.replicated-objects")
def test_every_object_is_in_the_replica_as_in_the_source(replication, expected):
    assert replication.unreplicated == expected.unreplicated


@pytest.mark.invariant("operations.replication-failures")
def test_no_replication_failed(replication, expected):
    assert replication.failed_operations == expected.failed_operations


@pytest.mark.invariant("operations.replication-latency")
def test_the_replica_keeps_up_with_its_source(replication, expected):
    assert replication.latency_seconds <= expected.most_latency_seconds


@pytest.mark.invariant("operations.replication-probe")
def test_no_probe_object_is_left_behind(replication, expected):
    assert replication.probes == expected.probes
