"""What there is, and the stack does not name."""

import pytest


@pytest.mark.invariant("inventory.named")
def test_nothing_of_the_stack_is_unnamed(inventory, expected):
    assert inventory.beyond(expected.named) == []


@pytest.mark.invariant("inventory.none-like")
def test_nothing_is_called_as_nothing_of_the_stack_may_be(inventory, expected):
    assert inventory.like(expected.none_of) == []
