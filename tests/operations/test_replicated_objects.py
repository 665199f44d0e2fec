"""What S3 has replicated."""

import pytest


@pytest.mark.invariant("operations.replicated-objects")
def test_every_object_is_in_the_replica_as_in_the_source(replication, expected):
    assert replication.unreplicated == expected.unreplicated


@pytest.mark.invariant("operations.replication-probe")
def test_no_probe_object_is_left_behind(replication, expected):
    assert replication.probes == expected.probes
