"""In which form some items of a table say when they expire: DynamoDB removes those that say it in its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from plumbline.kinds.bounds import Days, Hours
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model
from plumbline.values.unknown import Undetermined, Unmeasured

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_WRITTEN_SINCE = timedelta(hours=1)
"""How long after a run began an item may be written that it looks at, by the clock of whoever writes it."""
_FIRST = 1_000_000_000
"""A number below it is no time in seconds of anything that is kept today: it is of 2001."""
_MILLISECONDS = 100_000_000_000
"""A number from here on is no time in seconds of anybody's: it would be of the year 5138."""
_TYPES = {"S": "a text", "BOOL": "a truth value", "NULL": "null", "B": "bytes", "M": "a map", "L": "a list"}


class Sampled(Model):
    """Which items are looked at, and by what."""

    attribute: Annotated[str, Field(min_length=1)]
    """The attribute that holds when an item expires."""
    most_days_ahead: Days
    """How far ahead that may lie."""
    removed_within_hours: Hours = 48
    """How long an item may be there that has expired. Source: DynamoDB Developer Guide, "Time to Live"."""
    looked_at_up_to: Annotated[int, Field(gt=0, le=1000)] = 100
    """How many items are looked at at most: each is read whole, and paid for, whatever is asked of it."""

    @property
    def bounds(self) -> list[int]:
        """By what an item is judged."""
        return [self.most_days_ahead, self.removed_within_hours]

    @property
    def too_far(self) -> str:
        """How an item is called that expires later than it may."""
        return f"more than {self.most_days_ahead} days ahead"


class ItemSample(Kind):
    """Some items of a table, as far as they say when they expire. Its name is the table's.

    They are counted by the form in which they say it; neither keys nor values are kept. An encrypted table is
    read by whom its key lets decrypt.
    """

    noun = "item_sample"
    plural = "item_samples"
    call = Call(
        "dynamodb:Scan",
        {
            "TableName": "{name}",
            "ProjectionExpression": "#expiry",
            "ExpressionAttributeNames": {"#expiry": "{attribute}"},
        },
        of="arn:aws:dynamodb:{region}:{account}:table/{name}",
        missing=("ResourceNotFoundException",),
    )
    holder_call = call
    question = Sampled

    wrong_expiries: dict[str, int] = {}
    """How many items say it in a form that is none: a text, milliseconds, not at all, too far ahead."""
    overdue: int = 0
    """How many items have expired longer ago than they are removed after."""

    @classmethod
    def holder(cls, name: str) -> str:
        """Return the name of the table."""
        return name

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to look at some items."""
        sampled: Sampled = asked.question
        most = sampled.looked_at_up_to
        now = asked.window.end
        reply = asked.ask(
            cls.call,
            parameters={"PaginationConfig": {"MaxItems": most, "PageSize": most}},
            kept=lambda answer: _kept(answer, sampled, now),
        )
        found = reply.at("@").map(lambda answer: _fields(answer, asked))
        return Found(found, f"{reply.call}, {most} items at most")


def _kept(answer: Answer, sampled: Sampled, now: datetime) -> Answer:
    """Return how many items say it in which form, and how many are overdue; nothing else of them."""
    forms = Counter(_form(it.get(sampled.attribute), sampled, now) for it in answer["Items"])
    in_seconds = (_WELL, _OVERDUE, sampled.too_far)
    return {
        "judged_by": sampled.bounds,
        "looked_at": forms.total(),
        "in_seconds": sum(forms[it] for it in in_seconds),
        "overdue": forms[_OVERDUE],
        "wrong": {
            it: number for it, number in sorted(forms.items()) if it not in (_WELL, _OVERDUE) and number
        },
    }


_WELL, _OVERDUE = "well", "overdue"


def _form(value: Mapping[str, Any] | None, sampled: Sampled, now: datetime) -> str:
    """Return how an item says when it expires, or that it has."""
    if value is None:
        return "not there"
    [(type_, held)] = value.items()
    if type_ != "N":
        return _TYPES.get(type_, f"of type {type_}")
    seconds = Decimal(held)
    latest = now + timedelta(days=sampled.most_days_ahead) + _WRITTEN_SINCE
    if seconds >= _MILLISECONDS:
        return "finer than seconds"
    if seconds < _FIRST:
        return "no time in seconds"
    if seconds > Decimal(latest.timestamp()):
        return sampled.too_far
    earliest = now - timedelta(hours=sampled.removed_within_hours)
    return _OVERDUE if seconds < Decimal(earliest.timestamp()) else _WELL


def _fields(answer: Answer, asked: Asked) -> dict[str, Any]:
    """Return the fields; a table without an item gives no data, and one in which none can be overdue."""
    if answer["judged_by"] != asked.question.bounds:
        told = f"another entry samples {asked.name} by other bounds: give both the same"
        raise Undetermined(told)
    if not answer["looked_at"]:
        return dict.fromkeys(("wrong_expiries", "overdue"), Unmeasured(f"{asked.name} holds no item"))
    nobody_knows = Unmeasured(f"no item of {asked.name} that was looked at says in seconds when it expires")
    overdue = answer["overdue"] if answer["in_seconds"] else nobody_knows
    return {"wrong_expiries": answer["wrong"], "overdue": overdue}
