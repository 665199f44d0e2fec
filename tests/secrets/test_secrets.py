"""Secrets: how they are kept, who may read them, and whether they hold what they must."""

import pytest


@pytest.mark.invariant("secrets.exists")
def test_secret_exists(secret, expected):
    assert secret.name == expected.name


@pytest.mark.invariant("secrets.kept")
def test_secret_is_not_scheduled_for_deletion(secret, expected):
    assert secret.being_deleted == expected.being_deleted


@pytest.mark.invariant("secrets.key")
def test_secret_is_encrypted_with_the_key(secret, key):
    assert key.is_named_by(secret.kms_key)


@pytest.mark.invariant(
    "secrets.use",
    reads=[
        "role.arn",
        "role.trust",
        "role.inline_policies",
        "role.attached_policies",
        "role.permissions_boundary",
        "authorization.policies",
    ],
)
def test_role_may_read_the_secret(secret, role, authorization, expected):
    assert secret.refused(expected.used_actions, role, authorization) == []


@pytest.mark.invariant(
    "secrets.no-others",
    reads=[
        "role.arn",
        "role.trust",
        "role.inline_policies",
        "role.attached_policies",
        "role.permissions_boundary",
        "authorization.policies",
    ],
)
def test_role_may_read_no_other_secret(secret, role, authorization):
    assert secret.others_read(role, authorization) == []


@pytest.mark.invariant("secrets.content")
def test_secret_holds_a_value_under_each_key_and_no_placeholder(secret_content, expected):
    assert secret_content.mistake == expected.mistake
    assert secret_content.lacking == expected.lacking
    assert secret_content.placeholders == expected.placeholders
