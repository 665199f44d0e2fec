"""What AWS Backup has done, and what was backed up without it."""

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


@pytest.mark.invariant("operations.table-backups")
def test_table_has_backups_that_can_be_restored(table_backups, expected):
    assert table_backups.available >= expected.least_available
