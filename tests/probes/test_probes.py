"""What the runbook tries out."""

import pytest


@pytest.mark.invariant("probes.backup")
def test_a_backup_that_is_started_completes(backup_probe, expected):
    assert backup_probe.state == expected.state


@pytest.mark.invariant("probes.replication")
def test_an_uploaded_object_reaches_the_replica(replication_probe, expected):
    assert replication_probe.seconds is not None
    assert replication_probe.seconds <= expected.most_seconds


@pytest.mark.invariant("probes.plain-http")
def test_a_request_over_plain_http_is_refused(plain_http_probe, expected):
    assert plain_http_probe.refused == expected.refused


@pytest.mark.invariant("probes.versions")
def test_an_overwritten_object_can_be_recovered(version_probe, expected):
    assert version_probe.recovered == expected.recovered


@pytest.mark.invariant("probes.anonymous")
def test_a_request_without_a_token_is_refused(anonymous_probe, expected):
    assert anonymous_probe.status in expected.refused_with


@pytest.mark.invariant("probes.invocation")
def test_a_function_that_is_invoked_answers_as_it_must(invocation_probe, expected):
    assert not invocation_probe.failure
    assert invocation_probe.unlike(expected.answers) == []


@pytest.mark.invariant("probes.https")
def test_a_distribution_serves_over_https(https_probe, expected):
    assert https_probe.unserved(expected.served_with) == []
