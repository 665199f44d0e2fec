"""GraphQL APIs of AppSync."""

import pytest


@pytest.mark.invariant("appsync.logging")
def test_errors_of_resolvers_are_logged(graphql_api, expected):
    assert graphql_api.field_log_level in expected.field_log_level_one_of
