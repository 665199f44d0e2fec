"""Roles that are assumed by tokens of an identity provider."""

import pytest


@pytest.mark.invariant("iam.federated")
def test_identity_provider_and_role_are_there(role, oidc_provider, expected):
    assert role.name == expected.name
    assert expected.audience in oidc_provider.audiences


@pytest.mark.invariant("iam.federated-trust")
def test_these_subjects_may_assume_the_role_and_nobody_else(role, oidc_provider, expected):
    assert role.strangers(oidc_provider.arn, expected.subjects, expected.audience) == []
    assert role.locked_out(oidc_provider.arn, expected.subjects, expected.audience) == []
