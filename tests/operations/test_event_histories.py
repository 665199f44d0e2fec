"""What was done in the account."""

import pytest


@pytest.mark.invariant("operations.event-history")
def test_no_more_events_were_recorded_than_are_borne(event_history, expected):
    assert event_history.number <= expected.most


@pytest.mark.invariant("operations.event-history-at-least")
def test_no_fewer_events_were_recorded_than_must_be(event_history, expected):
    assert event_history.number >= expected.least
