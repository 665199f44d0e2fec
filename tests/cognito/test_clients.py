"""The applications that users of a pool sign in to."""

import pytest


@pytest.mark.invariant("cognito.client")
def test_client_is_set_up_as_it_was_declared(user_pool_client, expected):
    assert user_pool_client.explicit_auth_flows == expected.explicit_auth_flows
    assert user_pool_client.generate_secret == expected.generate_secret
    assert user_pool_client.prevent_user_existence_errors == expected.prevent_user_existence_errors
    assert user_pool_client.enable_token_revocation == expected.enable_token_revocation


@pytest.mark.invariant("cognito.client-tokens")
def test_tokens_of_the_client_are_good_for_as_long(user_pool_client, expected):
    assert user_pool_client.access_token_seconds == expected.access_token_seconds
    assert user_pool_client.id_token_seconds == expected.id_token_seconds
    assert user_pool_client.refresh_token_seconds == expected.refresh_token_seconds


@pytest.mark.invariant("cognito.forbidden-flows")
def test_nobody_signs_in_by_a_forbidden_flow(user_pool_client, expected):
    assert user_pool_client.flows_among(expected.forbidden_auth_flows) == []


@pytest.mark.invariant("cognito.client-changes")
def test_nothing_but_deployments_changed_the_client(client_changes):
    assert client_changes.outside_deployments == []


@pytest.mark.invariant("cognito.client-sign-ins")
def test_few_sign_ins_to_the_client_fail(client_sign_ins, expected):
    assert client_sign_ins.succeeded >= expected.least
