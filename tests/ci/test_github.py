"""What GitHub itself must ask for."""

import pytest


@pytest.mark.invariant("github.environment")
def test_deployment_needs_a_reviewer_and_comes_from_main(deployment_environment, expected):
    assert deployment_environment.reviewers >= expected.least_reviewers
    assert deployment_environment.branches == expected.branches


@pytest.mark.invariant("github.required-checks")
def test_merge_needs_the_workflow_to_succeed(protected_branch, expected):
    assert expected.workflow in protected_branch.required_workflows
