"""Objects that arrived in a bucket: logs that a service delivers, what a producer writes every day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from plumbline.kinds.bounds import Hours
from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Wanted
from plumbline.kinds.listed_objects import LISTED, told_of_the_bucket
from plumbline.kinds.measurement import Measured
from plumbline.kinds.proven_use import ProvenByUse, use_in
from plumbline.values.counting import AtLeast, Counted
from plumbline.values.model import Model
from plumbline.values.unknown import Unmeasured
from plumbline.values.window import Window

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact
    from plumbline.aws.reads import Answer, Aws

_STEP_SECONDS = 300
"""The steps in which use is looked for; CloudWatch keeps them for 63 days."""
_SORTED = ("%Y", "%m", "%d", "%H", "%M", "%S")


def _in_order(pattern: str) -> str:
    """Return a pattern of dates whose texts are sorted as the dates are: the year first, then the month."""
    parts = [f"%{it[0]}" for it in pattern.split("%")[1:] if it]
    if not parts or parts != [*_SORTED[: len(parts)]]:
        raise ValueError(f"{pattern!r} does not sort by date: write '%Y-%m-%d', '%Y/%m/%d' or the like")
    return pattern


class Arrived(Model):
    """Which objects are counted: those below a prefix that are no older than this."""

    looked_back_hours: Annotated[int, Field(gt=0, le=63 * 24)] | None = None
    """How long is looked back; as long as the run does, unless said."""
    dated: Annotated[str, AfterValidator(_in_order)] = ""
    """How their keys go on after the prefix, as `strftime` writes dates in UTC: `%Y-%m-%d`.

    Then what is older is not listed. Without it everything below the prefix is.
    """
    proves_use: list[Measured] = []
    """Metrics of which one has a value wherever there was something to deliver; else none is no data."""
    delivered_within_hours: Hours = 0
    """How long something may be on its way: use in the last so many hours proves nothing."""
    counted_up_to: Annotated[int, Field(gt=0)] = 1000
    """How many objects are looked at at most."""

    @model_validator(mode="after")
    def _looks_back_beyond_what_is_on_its_way(self) -> Self:
        if self.delivered_within_hours >= (self.looked_back_hours or 1) and self.delivered_within_hours:
            raise ValueError(
                f"what is used may be on its way for {self.delivered_within_hours} hours: "
                "write more `looked_back_hours`"
            )
        return self

    def window(self, of_the_run: Window) -> Window:
        """Return the time that it speaks of."""
        if self.looked_back_hours is None:
            return of_the_run
        return Window(of_the_run.end, timedelta(hours=self.looked_back_hours))

    def use(self, window: Window) -> Window:
        """Return the part of the window of which what was used has been delivered by its end."""
        late = timedelta(hours=self.delivered_within_hours)
        return Window(window.end - late, window.length - late)


class ObjectArrivalsLimits(Model):
    """What can be expected of arrivals."""

    least: Annotated[int, Field(gt=0)]


class ObjectArrivals(ProvenByUse):
    """Objects of a bucket that arrived below a prefix. Its name is `bucket/prefix`.

    They are counted by when they were last written; neither keys nor contents are kept.
    """

    noun = "object_arrivals"
    plural = "object_arrivals"
    call = LISTED
    limits = ObjectArrivalsLimits
    question = Arrived

    number: Counted = 0
    """How many arrived; there is no data where nothing was used of which they would tell."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list what arrived, and to look for use."""
        arrived: Arrived = asked.question
        window = arrived.window(asked.window)
        parameters: dict[str, Any] = {"PaginationConfig": {"MaxItems": arrived.counted_up_to}}
        if arrived.dated:
            prefix = asked.names["key"]
            parameters["StartAfter"] = prefix + window.start.strftime(arrived.dated)
        reply = asked.ask(cls.call, parameters=parameters, kept=lambda answer: _kept(answer, window.start))
        used = use_in(arrived.use(window), asked, _STEP_SECONDS) if arrived.proves_use else None
        number = reply.at("@").map(lambda answer: _counted(answer, used, asked, window))
        return Found({"number": number}, f"{reply.call}, {window}")

    @classmethod
    def from_aws(cls, aws: Aws, name: str, wanted: Wanted = None, question: Any = None) -> Self:
        """Return what arrived, and when. Raises `Missing` for the bucket."""
        with told_of_the_bucket(name):
            return super().from_aws(aws, name, wanted, question)


def _kept(answer: Answer, start: datetime) -> Answer:
    """Return how many objects are no older, and whether there are more; nothing else of them."""
    found = sum(it["LastModified"] >= start for it in answer.get("Contents", []))
    return {"found": found, "more": "NextToken" in answer}


def _counted(answer: Answer, used: Fact | None, asked: Asked, window: Window) -> int | Unmeasured:
    number: int = answer["found"]
    if answer["more"]:
        return AtLeast(number)
    if number or used is None:
        return number
    if any(steps for steps in used.value().values()):
        return 0
    use = asked.question.use(window)
    return Unmeasured(f"nothing was used from {use} that would arrive in {asked.name}")
