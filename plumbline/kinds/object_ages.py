"""Objects that have become older than what a bucket's lifecycle lets them be where they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field

from plumbline.kinds.bounds import Days, Told, uncounted, unmeetable
from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind, Wanted
from plumbline.kinds.listed_objects import LISTED, told_of_the_bucket
from plumbline.values.counting import AtLeast, Counted
from plumbline.values.model import Model

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer, Aws

_ORDINARY = "STANDARD"
"""The storage class of an object of which S3 names none. Source: Amazon S3 API Reference, Object."""


class Aged(Model):
    """Which objects are counted: current versions below a prefix that meet all that is said."""

    older_than_days: Days
    """How long ago they were last written, at least. S3 applies lifecycle rules once a day."""
    not_in: list[Annotated[str, Field(min_length=1)]] = []
    """Storage classes that they are in none of; any class unless said."""
    least_bytes: Annotated[int, Field(ge=0)] = 0
    """How big they are at least: by default S3 leaves what is below 128 KB (131072) where it is."""
    looked_at_up_to: Annotated[int, Field(gt=0)] = 100_000
    """How many objects below the prefix are looked at at most."""

    def counts(self, listed: Mapping[str, Any], end: datetime) -> bool:
        """Return whether an object that S3 lists is one of these."""
        return (
            listed["LastModified"] < end - timedelta(days=self.older_than_days)
            and listed["Size"] >= self.least_bytes
            and not (self.not_in and listed.get("StorageClass", _ORDINARY) in self.not_in)
        )


class ObjectAgesLimits(Model):
    """What can be expected of the ages of objects."""

    most: Annotated[int, Field(ge=0)]


class ObjectAges(Kind):
    """Objects of a bucket below a prefix that should be gone, or in another class.

    Its name is `bucket/prefix`. They are counted; neither keys nor contents are kept.
    """

    noun = "object_ages"
    plural = "object_ages"
    call = LISTED
    limits = ObjectAgesLimits
    question = Aged

    number: Counted = 0
    """How many there are; at least so many where more objects lie below the prefix than were looked at."""

    @classmethod
    def undecidable(cls, question: Any, expected: Mapping[str, Any]) -> Told:
        """Yield bounds beyond what is looked at."""
        yield from unmeetable(expected)
        yield from uncounted(expected, question.looked_at_up_to)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list what lies below the prefix."""
        aged: Aged = asked.question
        end = asked.window.end
        reply = asked.ask(
            cls.call,
            parameters={"PaginationConfig": {"MaxItems": aged.looked_at_up_to}},
            kept=lambda answer: _kept(answer, aged, end),
        )
        return Found(
            {"number": reply.at("@").map(_counted)}, f"{reply.call}, older than {aged.older_than_days} days"
        )

    @classmethod
    def from_aws(cls, aws: Aws, name: str, wanted: Wanted = None, question: Model | None = None) -> Self:
        """Return how many there are. Raises `Missing` for the bucket."""
        with told_of_the_bucket(name):
            return super().from_aws(aws, name, wanted, question)


def _kept(answer: Answer, aged: Aged, end: datetime) -> Answer:
    """Return how many objects are older, and whether there are more to look at; nothing else of them."""
    found = sum(aged.counts(it, end) for it in answer.get("Contents", []))
    return {"found": found, "more": "NextToken" in answer}


def _counted(answer: Answer) -> int:
    number: int = answer["found"]
    return AtLeast(number) if answer["more"] else number
