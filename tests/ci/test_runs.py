"""How the workflows ran lately."""

import pytest


@pytest.mark.invariant("workflow-runs.failures")
def test_no_workflow_fails_again_and_again(run_history, expected):
    assert run_history.failing(expected.recurring_failures) == []


@pytest.mark.invariant("workflow-runs.waiting")
def test_no_deployment_is_kept_waiting(run_history, expected):
    assert not run_history.waits_longer_than(expected.most_hours_waiting)
