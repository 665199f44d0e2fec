"""What Terraform believes that it manages."""

import pytest


@pytest.mark.invariant("terraform.state-object")
def test_state_lists_every_declared_table_and_bucket(state_object, expected):
    assert set(state_object.managed) >= set(expected.managed)
