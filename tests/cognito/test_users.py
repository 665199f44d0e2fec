"""The users of user pools: counted, or told by a short hash."""

import pytest


@pytest.mark.invariant("cognito.members")
def test_group_has_members_who_can_sign_in(pool_users, expected):
    assert pool_users.enabled_members >= expected.least_members


@pytest.mark.invariant("cognito.members-use-a-token")
def test_each_member_is_asked_for_a_code_of_an_authenticator_app(pool_users):
    assert pool_users.without_token == []


@pytest.mark.invariant("cognito.verified-email")
def test_each_user_has_a_verified_email_address(pool_users):
    assert pool_users.without_verified_email == []


@pytest.mark.invariant("cognito.temporary-passwords")
def test_nobody_has_held_a_temporary_password_for_long(pool_users):
    assert pool_users.waiting == []


@pytest.mark.invariant("cognito.new-users")
def test_nobody_new_is_unknown(pool_users, expected):
    assert pool_users.unapproved(expected.approved) == []


@pytest.mark.invariant("cognito.sign-ins")
def test_few_sign_ins_fail(pool_users, expected):
    assert pool_users.successful_sign_ins >= expected.least_successful_sign_ins
