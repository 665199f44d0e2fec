"""One account for each environment."""

import pytest


@pytest.mark.invariant("account.identity")
def test_credentials_belong_to_the_account_of_the_environment(account, expected):
    assert account.id == expected.id
