"""Distributions of CloudFront."""

import pytest


@pytest.mark.invariant("cloudfront.enabled")
def test_distribution_is_enabled(distribution, expected):
    assert distribution.enabled == expected.enabled


@pytest.mark.invariant("cloudfront.deployed")
def test_distribution_is_deployed(distribution, expected):
    assert distribution.status == expected.status


@pytest.mark.invariant("cloudfront.additional-metrics")
def test_additional_metrics_are_switched_on(distribution, expected):
    assert distribution.additional_metrics == expected.additional_metrics


@pytest.mark.invariant("cloudfront.https")
def test_nothing_is_served_over_plain_http(distribution):
    assert distribution.served_over_plain_http == []


@pytest.mark.invariant("cloudfront.minimum-tls")
def test_old_versions_of_tls_are_refused(distribution, expected):
    assert distribution.minimum_protocol_version in expected.minimum_protocol_version_one_of


@pytest.mark.invariant("cloudfront.invalidations")
def test_what_is_stale_is_soon_served_nowhere(distribution, expected):
    assert distribution.minutes_invalidating <= expected.most_minutes_invalidating
