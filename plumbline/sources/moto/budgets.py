"""What moto lacks of AWS Budgets: who is told, tags, and that some is told only to whoever asks for it."""

import json
from typing import Any

from moto.budgets.responses import BudgetsResponse

_create_budget = BudgetsResponse.create_budget
_describe_budget = BudgetsResponse.describe_budget


class Budgets(BudgetsResponse):
    """The operations to add; never made, only a place to write them."""

    def describe_subscribers_for_notification(self) -> str:
        budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
        asked = self._get_param("Notification")
        told = [it.subscribers for it in budget.notifications if asked.items() <= it.details.items()]
        return json.dumps({"Subscribers": told[0] if told else []})

    def list_tags_for_resource(self) -> str:
        name = self._get_param("ResourceARN").rpartition("/")[2]
        budget = self.backend.budgets[self.current_account][name]
        return json.dumps({"ResourceTags": vars(budget).get("tags", [])})


def install() -> None:
    """Add what moto lacks, and keep the tags that a budget is created with."""
    for name in ("describe_subscribers_for_notification", "list_tags_for_resource"):
        if not hasattr(BudgetsResponse, name):
            setattr(BudgetsResponse, name, vars(Budgets)[name])
    setattr(BudgetsResponse, "create_budget", _create_budget_with_tags)  # noqa: B010 (mypy refuses it plainly)
    setattr(BudgetsResponse, "describe_budget", _describe_budget_as_asked)  # noqa: B010


def _create_budget_with_tags(self: BudgetsResponse) -> str:
    answer: str = _create_budget(self)
    name = self._get_param("Budget")["BudgetName"]
    budget = self.backend.budgets[self._get_param("AccountId")][name]
    vars(budget)["tags"] = self._get_param("ResourceTags", [])
    return answer


def _describe_budget_as_asked(self: BudgetsResponse) -> str:
    """Tell what a budget is limited to by an expression only to whoever asks, and when it began always.

    Source: AWS Budgets API reference, DescribeBudget, ShowFilterExpression; TimePeriod, Start.
    """
    answer: dict[str, Any] = json.loads(_describe_budget(self))
    answer["Budget"]["TimePeriod"].setdefault("Start", 0)
    if not self._get_param("ShowFilterExpression"):
        answer["Budget"].pop("FilterExpression", None)
    return json.dumps(answer)
