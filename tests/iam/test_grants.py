"""What policies grant, to whom, and who watches over it."""

import pytest


@pytest.mark.invariant("iam.no-wildcards")
def test_nobody_is_granted_every_table_or_every_action(authorization, expected):
    assert authorization.dynamodb_wildcards == expected.dynamodb_wildcards


@pytest.mark.invariant("iam.own-account")
def test_policies_name_no_table_of_another_account_or_region(authorization, expected):
    assert authorization.dynamodb_elsewhere == expected.dynamodb_elsewhere


@pytest.mark.invariant("iam.declared")
def test_every_role_and_policy_is_declared(authorization, expected):
    assert set(authorization.roles_and_policies) <= set(expected.roles_and_policies)


@pytest.mark.invariant("iam.still-declared")
def test_terraform_still_declares_what_the_stack_names(authorization, expected):
    assert set(expected.roles_and_policies) <= set(authorization.roles_and_policies)


@pytest.mark.invariant("iam.vpc-endpoints")
def test_no_vpc_endpoint_keeps_the_execution_role_from_the_table(table, vpc_endpoints, role, expected):
    assert vpc_endpoints.stops(expected.used_actions, table, role) == []


@pytest.mark.invariant("iam.resource-policies")
def test_no_resource_policy_denies_the_table_to_a_role_of_the_stack(table, authorization):
    assert table.denied(authorization) == []


@pytest.mark.invariant("iam.access-analyzer")
def test_an_access_analyzer_is_active(access_analyzers):
    assert access_analyzers.active != []
