"""Locks on the state."""

import pytest


@pytest.mark.invariant("terraform.stale-locks")
def test_no_state_lock_is_stale(lock_table):
    assert not lock_table.stale
