"""Hosted zones of Route 53."""

import pytest


@pytest.mark.invariant("dns.zone")
def test_hosted_zone_answers_whom_it_is_to(hosted_zone, expected):
    assert hosted_zone.private == expected.private
