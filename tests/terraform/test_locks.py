"""Sections 3.3.2 and 3.3.5: locks on the state."""

import pytest


@pytest.mark.invariant("terraform.stale-locks")
def test_no_state_lock_is_stale(lock_table):
    assert not lock_table.stale
