"""The keys of KMS."""

import pytest


@pytest.mark.invariant("kms.enabled")
def test_key_is_switched_on(key, expected):
    assert key.enabled == expected.enabled


@pytest.mark.invariant("kms.state")
def test_key_is_enabled_and_not_about_to_be_deleted(key, expected):
    assert key.state == expected.state


@pytest.mark.invariant("kms.rotation")
def test_key_is_rotated_by_itself(key, expected):
    assert key.rotation == expected.rotation


@pytest.mark.invariant("kms.alias")
def test_alias_stands_for_the_key(key, aliased_key):
    assert key.arn == aliased_key.arn


@pytest.mark.invariant("kms.policy")
def test_policy_leaves_the_key_to_its_account_and_lets_nobody_else_in(key, expected):
    assert key.withheld(expected.account_actions) == []
    assert key.outsiders == expected.outsiders


@pytest.mark.invariant(
    "kms.use",
    reads=[
        "role.arn",
        "role.trust",
        "role.inline_policies",
        "role.attached_policies",
        "role.permissions_boundary",
        "authorization.policies",
    ],
)
def test_role_may_use_the_key(key, role, authorization, expected):
    assert key.refused(expected.used_actions, role, authorization) == []


@pytest.mark.invariant(
    "kms.use-through",
    reads=[
        "role.arn",
        "role.trust",
        "role.inline_policies",
        "role.attached_policies",
        "role.permissions_boundary",
        "authorization.policies",
    ],
)
def test_role_may_use_the_key_through_a_service(key, role, authorization, expected):
    assert key.refused(expected.used_actions, role, authorization, expected.used_through) == []
