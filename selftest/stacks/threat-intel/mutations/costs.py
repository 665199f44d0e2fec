"""Mutations for tests/account/test_costs.py."""

from selftest.mutations.budgets import Kept, otherwise, told_late, unheard
from selftest.mutations.documents import Set
from selftest.mutations.edits import Replaced
from selftest.mutations.mutation import mutation, near_miss, on_each

FILE = "infrastructure/terraform/modules/monitoring/budget.tf"
BUDGET = "module.monitoring.aws_budgets_budget.monthly"
AMOUNT, WARNS = "threat-intel-cost-02 account.budget", "threat-intel-cost-02 account.budget-warns"

MUTATIONS = [
    *on_each(
        AMOUNT,
        Replaced(FILE, 'limit_amount = "50"', 'limit_amount = "500"'),
        Set(BUDGET, "limit_amount", "50.5"),
        otherwise("it is of 51 dollars", BudgetLimit={"Amount": "51", "Unit": "USD"}),
    ),
    *on_each(
        WARNS,
        Replaced(FILE, '"MONTHLY"', '"MONTHLY"\n  time_period_end = "2020-01-01_00:00"'),
        Set(BUDGET, "notification", []),
        Kept("somebody is told of five times the amount", told_late, "budgets"),
    ),
    mutation(WARNS, Kept("nobody is told of anything", unheard, "budgets")),
]

NEAR_MISSES = [
    near_miss(AMOUNT, Replaced(FILE, '"50"', '"50.00"'), why="it is the same amount"),
]
