"""Identity pools of Amazon Cognito: who is given credentials of AWS."""

import pytest


@pytest.mark.invariant("cognito.identity-pool")
def test_identity_pool_admits_who_has_signed_in_and_no_guest(
    identity_pool, user_pool, user_pool_client, expected
):
    assert identity_pool.admits(user_pool.endpoint, user_pool_client.id)
    assert identity_pool.allow_unauthenticated_identities == expected.allow_unauthenticated_identities
