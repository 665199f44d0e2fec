"""What an account has cost this month, as Cost Explorer has it. AWS charges for each call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Found
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model
from plumbline.values.unknown import Unmeasured

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_REGION = "us-east-1"
"""Where Cost Explorer answers. Source: Cost Explorer API reference, "Endpoint"."""
_METRIC = "UnblendedCost"
_PRICE = "AWS charges 0.01 US dollars for the call"
"""Source: AWS Cost Management pricing, "AWS Cost Explorer API"."""


class CostLimits(Model):
    """What can be expected of costs."""

    below: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    """What the month must not have cost, nor more, in the currency."""


class Cost(Kind):
    """What an account has cost from the first of the month to the day before. Its name is the account's."""

    noun = "cost"
    plural = "costs"
    call = Call(
        "ce:GetCostAndUsage",
        {"TimePeriod": {"Start": "{start}", "End": "{end}"}, "Granularity": "MONTHLY", "Metrics": [_METRIC]},
        of="the costs of account {name} since {start}",
    )
    limits = CostLimits

    amount: float = 0
    """In the currency. Cost Explorer may learn of some of it a day later."""
    currency: str = ""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to ask; on the first day of a month there is nothing to ask for."""
        end = asked.window.end
        if end.day == 1:
            told = Unmeasured(f"on {end:%Y-%m-%d} Cost Explorer has no day of the month yet")
            return Found({"amount": told, "currency": told}, cls.call.operation)
        reply = asked.ask(cls.call, region=_REGION, start=_day(end.replace(day=1)), end=_day(end))
        found = reply.at("@").map(lambda answer: cls.described(answer, asked))
        return Found(found, f"{reply.call} ({_PRICE})")

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        totals: list[Mapping[str, Any]] = [it["Total"][_METRIC] for it in answer["ResultsByTime"]]
        if not totals:
            told = Unmeasured(f"Cost Explorer has nothing of account {asked.name}")
            return {"amount": told, "currency": told}
        [total] = totals
        return {"amount": float(total["Amount"]), "currency": total["Unit"]}


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
