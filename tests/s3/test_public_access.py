"""What holds for every bucket of the account."""

import pytest


@pytest.mark.invariant("s3.account-public-access-block")
def test_all_public_access_is_blocked_for_the_account(account_public_access, expected):
    assert account_public_access.public_access_block == expected.public_access_block
