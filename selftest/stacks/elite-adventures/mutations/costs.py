"""Mutations for tests/account/test_costs.py."""

from selftest.mutations import history
from selftest.mutations.budgets import Kept, otherwise, told_late, unheard
from selftest.mutations.documents import Set
from selftest.mutations.edits import Happened, Replaced
from selftest.mutations.mutation import mutation, near_miss, on_each

FILE, BUDGET = "infra/terraform/budget.tf", "aws_budgets_budget.monthly"
AMOUNT, WARNS = "elite-adventures-ops-05 account.budget", "elite-adventures-ops-05 account.budget-warns"


LATE = {
    "comparison_operator": "GREATER_THAN",
    "threshold": 100,
    "threshold_type": "ABSOLUTE_VALUE",
    "notification_type": "ACTUAL",
    "subscriber_email_addresses": ["somebody@example.com"],
    "subscriber_sns_topic_arns": [],
}
"""Of a hundred dollars, which is five times the amount."""
UNHEARD_IN_SOURCE = [
    Replaced(FILE, "[var.alerts_email]", "[]"),
    Replaced(FILE, "subscriber_email_addresses = [var.alerts_email]", "subscriber_email_addresses = []"),
]
MUTATIONS = [
    *on_each(
        AMOUNT,
        Replaced(FILE, 'limit_amount = "20"', 'limit_amount = "200"'),
        Set(BUDGET, "limit_amount", "20.5"),
        otherwise("it is of 21 dollars", BudgetLimit={"Amount": "21", "Unit": "USD"}),
    ),
    *on_each(
        AMOUNT,
        Replaced(FILE, 'time_unit    = "MONTHLY"', 'time_unit    = "QUARTERLY"'),
        Set(BUDGET, "budget_type", "USAGE"),
        otherwise("it is of a quarter", TimeUnit="QUARTERLY"),
    ),
    *on_each(
        WARNS,
        Replaced(
            FILE,
            '"MONTHLY"',
            '"MONTHLY"\n\n  cost_filter {\n    name   = "Service"\n    values = ["AWS WAF"]\n  }',
        ),
        Set(BUDGET, "cost_filter", [{"name": "Service", "values": ["AWS WAF"]}]),
        otherwise("it is of one service", CostFilters={"Service": ["AWS WAF"]}),
    ),
    mutation(
        WARNS,
        otherwise(
            "it is of one service, by an expression",
            FilterExpression={"Dimensions": {"Key": "SERVICE", "Values": ["AWS WAF"]}},
        ),
    ),
    *on_each(
        WARNS,
        Replaced(FILE, '"MONTHLY"', '"MONTHLY"\n  time_period_end = "2020-01-01_00:00"'),
        Set(BUDGET, "time_period_end", "2020-01-01_00:00"),
        otherwise("its time is over", TimePeriod={"Start": 0, "End": 1577836800}),
    ),
    *on_each(
        WARNS,
        Replaced(FILE, '"MONTHLY"', '"MONTHLY"\n  time_period_start = "2099-01-01_00:00"'),
        Set(BUDGET, "time_period_start", "2099-01-01_00:00"),
        otherwise("its time has not come", TimePeriod={"Start": 4070908800, "End": 4133980800}),
    ),
    mutation(
        "elite-adventures-ops-04",
        Happened("the month has cost twenty dollars", lambda aws: history.cost(aws, 20)),
    ),
    mutation(
        WARNS,
        Replaced(FILE, "threshold                  = 100", "threshold = 101"),
        Replaced(FILE, "threshold                  = 80", "threshold = 500"),
    ),
    mutation(WARNS, Set(BUDGET, "notification", [LATE])),
    mutation(WARNS, Kept("somebody is told of five times the amount", told_late, "budgets")),
    mutation(WARNS, *UNHEARD_IN_SOURCE),
    mutation(WARNS, Set(BUDGET, "notification", [])),
    mutation(WARNS, Kept("nobody is told of anything", unheard, "budgets")),
]

NEAR_MISSES = [
    near_miss(
        "elite-adventures-ops-04",
        Happened("the month has cost a cent less", lambda aws: history.cost(aws, 19.99)),
        why="it is less",
    ),
    near_miss(AMOUNT, Replaced(FILE, '"20"', '"20.0"'), why="it is the same amount"),
    near_miss(
        WARNS,
        Set(BUDGET, "notification", [{**LATE, "threshold": 20}]),
        why="it is told of what is above twenty dollars",
    ),
    near_miss(WARNS, Replaced(FILE, "}-monthly", "}-costs"), why="nobody says what it is called"),
]
