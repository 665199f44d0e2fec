"""User pools of Amazon Cognito, as they are set up."""

import pytest


@pytest.mark.invariant("cognito.exists")
def test_user_pool_exists(user_pool, expected):
    assert user_pool.name == expected.name


@pytest.mark.invariant("cognito.group")
def test_user_pool_has_the_group(user_pool, expected):
    assert expected.group in user_pool.groups


@pytest.mark.invariant("cognito.software-token")
def test_user_pool_offers_codes_of_authenticator_apps(user_pool, expected):
    assert user_pool.mfa in expected.mfa_one_of
    assert user_pool.software_token_mfa == expected.software_token_mfa


@pytest.mark.invariant("cognito.threat-protection")
def test_sign_ins_are_recorded(user_pool, expected):
    assert user_pool.threat_protection in expected.threat_protection_one_of
    assert user_pool.tier == expected.tier


@pytest.mark.invariant("cognito.clients")
def test_user_pool_has_these_clients_and_no_others(user_pool, expected):
    assert user_pool.clients == expected.clients
