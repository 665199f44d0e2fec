"""What AWS Backup has done."""

import pytest


@pytest.mark.invariant("operations.recovery-points")
def test_table_was_backed_up_within_the_interval(backup_history, expected):
    assert backup_history.hours_since_backup is not None
    assert backup_history.hours_since_backup <= expected.most_hours_between_backups


@pytest.mark.invariant("operations.backup-jobs")
def test_no_backup_job_was_unsuccessful(backup_history, expected):
    assert backup_history.unsuccessful_jobs == expected.unsuccessful_jobs


@pytest.mark.invariant("operations.restores")
def test_a_restore_was_rehearsed_in_the_days_looked_back_on(restore_history, expected):
    assert restore_history.completed_restores >= expected.least_restores
