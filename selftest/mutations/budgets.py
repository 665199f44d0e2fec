"""What may be done to the budget of an account, which moto keeps."""

from __future__ import annotations

from typing import Any

from selftest.mutations.edits import Described


class Kept(Described):
    """A change of what moto has of the only budget; budgets lie in no region."""

    def apply(self, aws: Any) -> None:
        """Change it."""
        from moto.budgets.models import budgets_backends

        [budget] = budgets_backends[aws.account]["aws"].budgets[aws.account].values()
        self.change(budget)


def otherwise(state: str, **told: Any) -> Kept:
    """Return that somebody changes the budget."""
    return Kept(state, lambda it: it.budget.update(told), "budgets")


def unheard(budget: Any) -> None:
    """Let nobody be told of anything."""
    budget.notifications = []


def told_late(budget: Any) -> None:
    """Let everybody be told of five times the amount."""
    for it in budget.notifications:
        it.details["Threshold"] = 500
