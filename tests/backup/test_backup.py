"""Backup plan, vault, selections and role."""

import pytest


@pytest.mark.invariant("backup.plan-exists")
def test_backup_plan_exists(backup_plan, expected):
    assert backup_plan.name == expected.name


@pytest.mark.invariant("backup.vault-exists")
def test_backup_vault_exists(backup_vault, expected):
    assert backup_vault.name == expected.name


@pytest.mark.invariant("backup.schedule")
def test_every_rule_is_scheduled_and_writes_to_the_stack_vault(backup_plan, expected):
    assert backup_plan.schedules
    assert backup_plan.never_started == []
    assert backup_plan.refused == []
    assert set(backup_plan.target_vaults) == set(expected.target_vaults)


@pytest.mark.invariant("backup.coverage")
def test_backup_plan_covers_the_table(table, backup_plan):
    assert backup_plan.covers(table.arn, table.tags)


@pytest.mark.invariant("backup.role")
def test_selections_name_a_role_that_the_backup_service_may_assume(backup_plan, role):
    assert backup_plan.selection_roles == [role.arn]
    assert "backup.amazonaws.com" in role.trusted_services
