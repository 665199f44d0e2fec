"""What the runbook says of itself."""

import pytest


@pytest.mark.invariant("runbook.reviewed")
def test_runbook_was_reviewed_within_its_cycle(runbook_record, expected):
    assert runbook_record.days_since_update >= -1  # no day to come, wherever on Earth it is written
    assert runbook_record.days_since_update <= expected.most_days_since_update


@pytest.mark.invariant("runbook.contacts")
def test_somebody_stands_behind_every_role_of_the_escalation(runbook_record, expected):
    assert runbook_record.roles_without_contact(expected.no_contact) == []
