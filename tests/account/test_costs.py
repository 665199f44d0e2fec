"""What an account may cost."""

import pytest


@pytest.mark.invariant("account.budget")
def test_budget_is_of_the_amount(budget, expected):
    assert budget.budget_type == expected.budget_type
    assert budget.time_unit == expected.time_unit
    assert budget.limit_amount == expected.limit_amount
    assert budget.limit_unit == expected.limit_unit


@pytest.mark.invariant("account.budget-warns")
def test_somebody_is_told_when_the_account_costs_more(budget, expected):
    assert budget.limited_to == expected.limited_to
    assert budget.ended == expected.ended
    assert budget.begun == expected.begun
    assert budget.warns


@pytest.mark.invariant("account.cost")
def test_the_month_has_cost_less(cost, expected):
    assert cost.currency == expected.currency
    assert cost.amount < expected.below
