"""Topics, and who listens."""

import pytest


@pytest.mark.invariant("topics.heard")
def test_somebody_has_subscribed_to_the_topic(topic):
    assert topic.subscriptions != []


@pytest.mark.invariant("topics.open-to-alarm")
def test_alarm_may_publish_to_the_topic_through_its_encryption(topic, alarm):
    assert topic.keeps_alarm_out(alarm.name) == []
