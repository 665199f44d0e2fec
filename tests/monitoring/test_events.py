"""What must not happen unnoticed, and the trail that shows it."""

import pytest


@pytest.mark.invariant("events.noticed")
def test_event_is_reported_to_somebody(event_rule, topic, expected):
    assert event_rule.state == expected.state
    assert event_rule.matches(expected.event)
    assert event_rule.tells(topic.arn)
    assert topic.keeps_to_itself(event_rule.name) == []


@pytest.mark.invariant("trail.logging")
def test_trail_records_management_events_of_the_region(trail, expected):
    assert trail.is_logging == expected.is_logging
    assert trail.records(expected.covers)
    assert trail.management_events == expected.management_events


@pytest.mark.invariant("trail.delivery")
def test_trail_delivered_what_it_recorded(trail, expected):
    assert trail.delivery_error == expected.delivery_error


@pytest.mark.invariant("trail.log-delivery")
def test_trail_delivers_to_its_log_group(trail, expected):
    assert trail.log_delivery_error == expected.log_delivery_error
    assert trail.minutes_since_log_delivery is not None
    assert trail.minutes_since_log_delivery <= expected.most_minutes_since_log_delivery


@pytest.mark.invariant("trail.log-group")
def test_trail_writes_to_the_log_group(trail, expected):
    assert trail.log_group_arn == expected.log_group_arn


@pytest.mark.invariant(
    "trail.log-role",
    reads=[
        "role.trust",
        "role.inline_policies",
        "role.attached_policies",
        "role.permissions_boundary",
        "authorization.policies",
    ],
)
def test_trail_may_write_to_its_log_group_as_its_role(trail, role, authorization):
    assert trail.log_role == role.arn
    assert trail.kept_out(role, authorization) == []


@pytest.mark.invariant("trail.bucket")
def test_trail_writes_to_a_bucket_that_is_for_nothing_else(trail, expected):
    assert trail.s3_bucket_name not in expected.not_buckets
