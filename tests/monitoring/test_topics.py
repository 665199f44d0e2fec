"""Topics, and who listens."""

import pytest


@pytest.mark.invariant("topics.heard")
def test_somebody_has_subscribed_to_the_topic(topic):
    assert topic.subscriptions != []
