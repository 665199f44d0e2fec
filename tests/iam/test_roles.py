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


@pytest.mark.invariant("iam.named")
def test_policy_of_the_role_names_the_table_and_its_indexes(table, role, expected):
    assert role.leaves_out(expected.named_in, table.arns) == []
    assert role.names_lost(expected.named_in, table.arns) == []


@pytest.mark.invariant("iam.named-alone")
def test_policy_of_the_role_names_nothing_else(role, expected):
    assert role.names_besides(expected.named_alone) == []


@pytest.mark.invariant(
    "iam.bucket",
    reads=[
        "role.arn",
        "role.trust",
        "role.inline_policies",
        "role.attached_policies",
        "role.permissions_boundary",
        "authorization.policies",
    ],
)
def test_role_may_use_the_objects_of_the_bucket(bucket, role, authorization, expected):
    assert bucket.refused(expected.used_actions, role, authorization) == []


@pytest.mark.invariant("iam.no-broad-grants", reads=["authorization.policies"])
def test_role_is_granted_no_whole_service_and_not_all_that_one_keeps(role, authorization, expected):
    assert role.too_wide(authorization, expected.data_services) == []
