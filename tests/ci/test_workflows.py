"""The workflows that check, plan, apply and verify."""

import pytest


@pytest.mark.invariant("workflow.exists")
def test_workflow_exists_and_has_triggers_and_jobs(workflow, expected):
    assert workflow.name == expected.name
    assert workflow.triggers >= 1
    assert workflow.jobs >= 1


@pytest.mark.invariant("workflow.plain-text")
def test_workflows_have_neither_tabs_nor_trailing_blanks(workflow, expected):
    assert workflow.tabs == expected.tabs
    assert workflow.trailing_blanks == expected.trailing_blanks


@pytest.mark.invariant("workflow.runner")
def test_every_job_runs_on_the_supported_runner(workflow, expected):
    assert workflow.runners == expected.runners


@pytest.mark.invariant("workflow.declared-names")
def test_every_name_that_an_expression_uses_is_declared(workflow, expected):
    assert workflow.undeclared == expected.undeclared


@pytest.mark.invariant("workflow.inputs")
def test_workflow_is_started_with_its_required_inputs(workflow, expected):
    assert workflow.required_inputs.items() >= expected.required_inputs.items()


@pytest.mark.invariant("workflow.confirmation")
def test_nothing_is_applied_unless_the_environment_is_confirmed(workflow, expected):
    assert workflow.confirmation == expected.confirmation


@pytest.mark.invariant("workflow.concurrency")
def test_runs_of_an_environment_wait_for_each_other(workflow, expected):
    assert workflow.stray_groups(expected.grouped_by) == []
    assert workflow.cancels_runs == expected.cancels_runs


@pytest.mark.invariant("workflow.backend")
def test_state_of_an_environment_is_kept_where_it_belongs(workflow, expected):
    assert workflow.other_backend_settings(expected.initialised_for, expected.backend) == []


@pytest.mark.invariant("workflow.time-limit")
def test_a_job_with_terraform_ends_before_it_holds_the_lock_for_long(workflow, expected):
    assert workflow.terraform_minutes <= expected.most_terraform_minutes


@pytest.mark.invariant("workflow.plan-artifact")
def test_plan_is_kept_for_review(workflow, expected):
    assert expected.plan_file in workflow.saved_plans
    assert expected.plan_file in workflow.artifacts.get(expected.plan_artifact, [])


@pytest.mark.invariant("workflow.gate")
def test_apply_waits_for_approval_and_for_a_plan(workflow, expected):
    assert workflow.apply_environments == expected.apply_environments
    assert workflow.checked_before_apply == expected.checked_before_apply


@pytest.mark.invariant("workflow.approval-notice")
def test_approvers_are_told_that_they_are_waited_for(workflow, expected):
    assert set(workflow.notified_channels) >= set(expected.notified_channels)


@pytest.mark.invariant("workflow.approval-address")
def test_approvers_are_told_which_run_waits_for_them(workflow, expected):
    assert workflow.notices_hold(expected.run_address)


@pytest.mark.invariant("workflow.tested")
def test_post_deployment_tests_follow_the_apply(workflow, expected):
    assert workflow.tested_after_apply == expected.tested_after_apply
    assert workflow.tests_stack(expected.tested_stack)


@pytest.mark.invariant("workflow.index-checks")
def test_validation_checks_the_indexes(workflow, expected):
    assert workflow.checks_any(expected.index_checks)


@pytest.mark.invariant("workflow.uploads-templates")
def test_deployment_uploads_the_templates(workflow, expected):
    assert workflow.uploads(expected.uploads)


@pytest.mark.invariant("workflow.debug-logging")
def test_debug_logging_is_switched_off(workflow, expected):
    assert workflow.debug_logging == expected.debug_logging


@pytest.mark.invariant("workflow.weekly-backup-check")
def test_backups_are_checked_every_week(workflow, expected):
    assert workflow.is_checked_every(expected.most_days_between_checks, expected.checked_for)


@pytest.mark.invariant("workflow.login")
def test_workflows_log_in_to_aws_by_a_token_and_keep_no_keys(workflow, expected):
    assert workflow.assumed_roles == expected.assumed_roles
    assert workflow.logins_without_token == expected.logins_without_token
    assert workflow.static_keys == expected.static_keys
