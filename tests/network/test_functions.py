"""Where functions run, and whom they reach from there."""

import pytest


@pytest.mark.invariant("network.beside-cache")
def test_function_runs_in_the_vpc_of_the_cluster(function, cache_cluster):
    assert function.is_within_reach(cache_cluster.vpc_id, cache_cluster.narrow_acls)


@pytest.mark.invariant("network.admitted")
def test_cluster_admits_the_function(function, cache_cluster):
    assert cache_cluster.lets_in_from(cache_cluster.port, function.security_group_ids, function.subnet_ranges)


@pytest.mark.invariant("network.way-to-cache")
def test_function_is_let_out_to_the_cluster(function, cache_cluster):
    assert function.lets_out_to(
        cache_cluster.port, cache_cluster.security_group_ids, cache_cluster.subnet_ranges
    )


@pytest.mark.invariant("network.way-to-internet")
def test_routes_lead_from_the_function_to_the_internet(function):
    assert function.cut_off == []


@pytest.mark.invariant("network.let-out-to-internet")
def test_function_is_let_out_to_the_internet(function, expected):
    assert function.lets_out_everywhere(expected.internet_port)
