"""The clusters of ElastiCache."""

import pytest


@pytest.mark.invariant("cache.available")
def test_cluster_is_available(cache_cluster, expected):
    assert cache_cluster.status == expected.status


@pytest.mark.invariant("cache.engine")
def test_cluster_runs_the_engine_at_its_port(cache_cluster, expected):
    assert cache_cluster.engine in expected.engines
    assert cache_cluster.port == expected.port


@pytest.mark.invariant("cache.security-group")
def test_security_group_is_attached_to_the_cluster(cache_cluster, security_group):
    assert cache_cluster.is_in(security_group.id)


@pytest.mark.invariant("cache.admits-functions-alone")
def test_cluster_admits_functions_alone(cache_cluster, placements):
    assert cache_cluster.strangers(cache_cluster.port, placements.security_group_ids) == []
