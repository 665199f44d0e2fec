"""GraphQL APIs of AppSync."""

import pytest


@pytest.mark.invariant("appsync.logging")
def test_errors_of_resolvers_are_logged(graphql_api, expected):
    assert graphql_api.field_log_level in expected.field_log_level_one_of


@pytest.mark.invariant(
    "appsync.log-role",
    reads=["role.trust", "role.inline_policies", "role.attached_policies", "role.permissions_boundary"],
)
def test_errors_of_resolvers_reach_the_log(graphql_api, role):
    assert graphql_api.log_role == role.arn
    assert graphql_api.kept_out(role) == []
