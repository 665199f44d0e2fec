"""Who reaches what has a security group."""

import pytest


@pytest.mark.invariant("network.group-exists")
def test_security_group_exists(security_group, expected):
    assert security_group.name == expected.name


@pytest.mark.invariant("network.admits")
def test_security_group_admits_the_port(security_group, expected):
    assert security_group.admits(expected.port)
