"""AWS Budgets: what an account may cost, and who is told when it costs more. Who that is, is only counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Declaration, arn, known
from plumbline.values.arns import account_in, partition_of
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Placeholder, ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource

_ARN = "arn:aws:budgets::{account}:budget/{name}"
_ACTION = "budgets:ViewBudget"
"""Source: service authorization reference, "AWS Budget Service": one action for all reads."""
_OF_ACCOUNT = {"AccountId": "{account}"}
_OF_BUDGET = {**_OF_ACCOUNT, "BudgetName": "{name}"}
_SUBSCRIBERS = Call("budgets:DescribeSubscribersForNotification", _OF_BUDGET, of=_ARN, action=_ACTION)
_WAYS = {"GREATER_THAN": "above", "LESS_THAN": "below", "EQUAL_TO": "at"}
_TELLING = ("notification_type", "comparison_operator", "threshold", "threshold_type")
_OF_THE_API = ("NotificationType", "ComparisonOperator", "Threshold", "ThresholdType")
_TIME = "%Y-%m-%d_%H:%M"
"""How Terraform writes a time. Source: AWS provider, aws_budgets_budget, time_period_end."""


class Notification(Model):
    """What somebody is told of."""

    when: str
    """`ACTUAL above 80 PERCENTAGE`: of what it has cost, or, if FORECASTED, of what it will have cost."""
    subscribers: int
    """How many are told."""
    topics: list[Text] = []
    """The ARNs of those that are topics of SNS, in order."""


class Notifications(Facet):
    """Who is told of what."""

    call = Call("budgets:DescribeNotificationsForBudget", _OF_BUDGET, of=_ARN, action=_ACTION)
    further_calls: ClassVar[tuple[Call, ...]] = (_SUBSCRIBERS,)
    arguments: ClassVar = dict.fromkeys(("notifications", "warns"), "notification")

    if TYPE_CHECKING:
        arn: str
        limit_amount: float

    notifications: list[Notification] = []
    """In one order."""

    @property
    def warns(self) -> bool:
        """Whether anybody is told once it costs more than the limit, or before.

        Raises `Undetermined` where none but topics are: each has to let AWS Budgets publish. Source: AWS Cost
        Management user guide, "Creating an Amazon SNS topic for budget notifications".
        """
        limit = known(self.limit_amount)
        in_time = [it for it in self.notifications if _is_within(known(it.when), limit)]
        if any(known(it.subscribers) > len(known(it.topics)) for it in in_time):
            return True
        for topic in (topic for it in in_time for topic in it.topics):
            raise Undetermined(f"whether {topic} lets AWS Budgets publish is not read here")
        return False

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        found = declaration.blocks("notification")
        for it in found:
            if (way := known(it["comparison_operator"])) not in _WAYS:
                raise _mistaken(declaration, "notification", way, f"one of {', '.join(_WAYS)}")
        return {"notifications": lambda: _in_order(map(_declared, found))}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list them; who is told of each is then asked for, and counted."""
        reply = asked.ask(cls.call)
        found = reply.at("Notifications").map(lambda them: _in_order(_described(it, asked) for it in them))
        return Found({"notifications": found}, reply.call)

    def requested(self) -> Requests:
        for it in self.notifications:
            sort, way, threshold, measure = it.when.split()
            operator = next(key for key, word in _WAYS.items() if word == way)
            told = (sort, operator, float(threshold), measure)
            yield request(
                "budgets:CreateNotification",
                AccountId=account_in(self.arn),
                BudgetName=self.name,
                Notification=dict(zip(_OF_THE_API, told, strict=True)),
                Subscribers=[
                    *({"SubscriptionType": "SNS", "Address": topic} for topic in it.topics),
                    *(
                        {"SubscriptionType": "EMAIL", "Address": f"{number}@example.com"}
                        for number in range(it.subscribers - len(it.topics))
                    ),
                ],
            )


def _is_within(when: str, limit: float) -> bool:
    """Return whether a notification is sent no later than when it costs more than the limit."""
    match when.split():
        case [_, "above", threshold, measure]:
            return float(threshold) <= (100 if measure == "PERCENTAGE" else limit)
    return False


def _in_order(found: Any) -> list[Notification]:
    return sorted(found, key=lambda it: str(known(it.when)))


def _declared(block: Mapping[str, Any]) -> Notification:
    persons = known(block.get("subscriber_email_addresses")) or []
    topics = known(block.get("subscriber_sns_topic_arns")) or []
    when = _when([known(block[it]) for it in _TELLING])
    return Notification(when=when, subscribers=len(persons) + len(topics), topics=sorted(topics, key=str))


def _described(notification: Mapping[str, Any], asked: Asked) -> Notification:
    asks = {"Notification": {it: notification[it] for it in _OF_THE_API if it in notification}}
    told = asked.ask(_SUBSCRIBERS, parameters=asks, kept=_without_persons).answer
    measure = {"ThresholdType": "PERCENTAGE", **notification}
    when = _when([measure[it] for it in _OF_THE_API])
    return Notification(when=when, subscribers=told["number"], topics=told["topics"])


def _without_persons(answer: Answer) -> Answer:
    """Return how many are told, and which topics: nobody's address."""
    told = answer["Subscribers"]
    topics = sorted(it["Address"] for it in told if it["SubscriptionType"] == "SNS")
    return {"number": len(told), "topics": topics}


def _when(told: list[Any]) -> str:
    sort, operator, threshold, measure = told
    return f"{sort} {_WAYS[operator]} {float(threshold):g} {measure}"


class Budget(Notifications, Kind):
    """A budget of an account."""

    noun = "budget"
    plural = "budgets"
    terraform_type = "aws_budgets_budget"
    regional = False
    call = Call(
        "budgets:DescribeBudget",
        {**_OF_BUDGET, "ShowFilterExpression": True},  # without it a budget that is limited seems not to be
        of=_ARN,
        action=_ACTION,
        missing=("NotFoundException",),
    )
    listing = Listing(
        Call(
            "budgets:DescribeBudgets", _OF_ACCOUNT, of="arn:aws:budgets::{account}:budget/*", action=_ACTION
        ),
        "Budgets[].BudgetName",
        regional=False,
    )
    arguments: ClassVar = {
        "limited_to": "cost_filter",
        "ended": "time_period_end",
        "begun": "time_period_start",
    }
    computed: ClassVar = {
        "aws_budgets_budget.arn": lambda budget, settings: arn(
            settings, "budgets", "budget/", budget.get("name"), regional=False
        )
    }

    arn: str = ""
    budget_type: str = ""
    """COST, USAGE, ..."""
    limit_amount: float = 0
    limit_unit: str = ""
    """USD, or what is counted of a usage."""
    time_unit: str = ""
    """MONTHLY, QUARTERLY, ...: how long the amount is for."""
    limited_to: list[Text] = []
    """By what it is about a part of the account alone: Service, TagKeyValue, ...; sorted."""
    ended: bool = False
    """Whether its time was over when it was read: then it tells nobody of anything."""
    begun: bool = True
    """Whether its time had come."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return what it says. Raises `Undetermined` where only apply says whose budget it is."""
        if not _is_left_to_aws(declaration, "account_id"):
            known(declaration.at("account_id"))
        same = ("budget_type", "limit_unit", "time_unit")
        return {
            **{name: declaration.at(name) for name in same},
            "arn": cls.derive("arn", declaration.resource, declaration.configuration),
            "limit_amount": lambda: _amount(declaration),
            "limited_to": lambda: _limited_to(declaration),
            "ended": lambda: _is_past(declaration, "time_period_end", unless_said=False),
            "begun": lambda: _is_past(declaration, "time_period_start", unless_said=True),
        }

    @classmethod
    def declared_in(cls, configuration: Configuration) -> list[Resource]:
        """Return the budgets of the account; one may name another account of the organization.

        One of which only apply says whose it is may be the account's.
        """
        own = configuration.settings.owner
        accounts = ((it, it.values.get("account_id")) for it in super().declared_in(configuration))
        return [it for it, of in accounts if not own or isinstance(of, Placeholder) or of in (None, "", own)]

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        budget = answer["Budget"]
        filters = {**budget.get("CostFilters", {}), **budget.get("FilterExpression", {})}
        limit, time = budget.get("BudgetLimit", {}), budget["TimePeriod"]
        return {
            "arn": f"arn:{partition_of(asked.region)}:budgets::{asked.account}:budget/{asked.name}",
            "budget_type": budget["BudgetType"],
            "limit_amount": float(limit["Amount"]) if limit else 0,
            "limit_unit": limit.get("Unit", ""),
            "time_unit": budget["TimeUnit"],
            "limited_to": sorted(filters),
            "ended": time["End"] < asked.window.end,
            "begun": time["Start"] <= asked.window.end,
        }

    def requested(self) -> Requests:
        """Yield what creates it; what is over ended in 1970, and what has not begun does so in 2100."""
        starts = 0 if self.begun else 4102444800
        times = {"TimePeriod": {"Start": starts, "End": 1 if self.ended else 4133980800}}
        yield request(
            "budgets:CreateBudget",
            AccountId=account_in(self.arn),
            Budget={
                "BudgetName": self.name,
                "BudgetType": self.budget_type,
                "BudgetLimit": {"Amount": str(self.limit_amount), "Unit": self.limit_unit},
                "TimeUnit": self.time_unit,
                "CostFilters": {it: ["any"] for it in self.limited_to},
                **(times if self.ended or not self.begun else {}),
            },
        )


def _limited_to(declaration: Declaration) -> list[str]:
    """Return by what it is limited."""
    if _is_left_to_aws(declaration, "cost_filter"):
        return []
    return sorted(known(it["name"]) for it in declaration.blocks("cost_filter"))


def _is_left_to_aws(declaration: Declaration, argument: str) -> bool:
    """Return whether nobody configured an argument, which a plan calls unknown then."""
    budget = declaration.resource
    computed = isinstance(budget.values.get(argument), Placeholder)
    return computed and declaration.configuration.source == "plan" and argument not in budget.references


def _amount(declaration: Declaration) -> float:
    """Return the amount. Raises `Undetermined` for a budget that adjusts it by itself, or plans several."""
    for other in ("auto_adjust_data", "planned_limit"):
        if declaration.blocks(other):
            raise Undetermined(f"{declaration.place(other)}: the amount follows from {other}")
    amount = known(declaration.at("limit_amount", default=0))
    try:
        return float(amount)
    except ValueError:
        raise _mistaken(declaration, "limit_amount", amount, "a number") from None


def _is_past(declaration: Declaration, argument: str, *, unless_said: bool) -> bool:
    """Return whether a time is over now. Raises `ReadError` for what is none."""
    told = known(declaration.at(argument))
    if not told:
        return unless_said
    try:
        return datetime.strptime(told, _TIME).replace(tzinfo=UTC) < datetime.now(UTC)
    except ValueError:
        raise _mistaken(declaration, argument, told, "written as 2017-01-01_12:00") from None


def _mistaken(declaration: Declaration, argument: str, told: Any, right: str) -> ReadError:
    message = f"{declaration.place(argument)}: {argument} is {told!r}, and must be {right}"
    return ReadError(message, cause=message)
