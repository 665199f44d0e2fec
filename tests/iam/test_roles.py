"""The roles, and what they may do."""

import pytest


@pytest.mark.invariant("iam.execution-role")
def test_lambda_may_assume_the_execution_role(role):
    assert "lambda.amazonaws.com" in role.trusted_services


@pytest.mark.invariant("iam.permissions")
def test_role_may_do_what_it_is_for(simulation, expected):
    assert simulation.refused == expected.refused


@pytest.mark.invariant("iam.covered")
def test_policies_of_the_role_cover_the_resource(simulation):
    assert simulation.allowed != []


@pytest.mark.invariant("iam.deployer")
def test_deployment_role_exists_and_may_create_tables(simulation, role, expected):
    assert role.arn == simulation.role_arn
    assert simulation.refused == expected.refused
