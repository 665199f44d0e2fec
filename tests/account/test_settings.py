"""Settings of a whole account."""

import pytest


@pytest.mark.invariant("account.support-plan")
def test_urgent_cases_can_be_opened(support_plan, expected):
    assert set(support_plan.severity_levels) >= set(expected.severity_levels)


@pytest.mark.invariant("backup.opted-in")
def test_aws_backup_is_opted_in(backup_settings, expected):
    assert backup_settings.opted_in.items() >= expected.opted_in.items()
