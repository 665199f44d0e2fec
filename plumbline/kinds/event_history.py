"""What CloudTrail's event history holds: what was done in an account, by whom, and what was refused."""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from plumbline.aws.authorization import actions
from plumbline.aws.operations import operation_names
from plumbline.kinds.bounds import Minutes, Told, uncounted
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Wanted
from plumbline.kinds.kms import key_called
from plumbline.kinds.looking_back import LookingBack
from plumbline.values.counting import AtLeast, Counted
from plumbline.values.model import Model
from plumbline.values.patterns import is_found, pattern
from plumbline.values.unknown import Unmeasured
from plumbline.values.wildcards import wildcard
from plumbline.values.window import Window

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact
    from plumbline.aws.reads import Answer

KEPT = timedelta(days=90)
"""How far back management events can be looked up. Source: CloudTrail API reference, LookupEvents."""
LATE = timedelta(minutes=15)
"""How long an event may take to be there. Source: CloudTrail User Guide, "How CloudTrail works"."""
HOME = "us-east-1"
_GLOBAL = ("cloudfront", "iam", "organizations", "route53")
"""Services that are called in no region; their events are kept in one. Source: CloudTrail User Guide,
"Global service events"."""
_OF_DATA = {
    "dynamodb": "BatchExecuteStatement BatchGetItem BatchWriteItem DeleteItem ExecuteStatement"
    " ExecuteTransaction GetItem PutItem Query Scan TransactGetItems TransactWriteItems UpdateItem",
    "lambda": "Invoke InvokeFunction",
    "s3": "AbortMultipartUpload CompleteMultipartUpload CopyObject CreateMultipartUpload DeleteObject"
    " DeleteObjects GetObject HeadObject ListObjects ListObjectsV2 PutObject UploadPart UploadPartCopy",
    "sns": "Publish PublishBatch",
    "sqs": "DeleteMessage ReceiveMessage SendMessage",
}
"""What is done with data, which the history does not hold. Source: CloudTrail User Guide, "Logging data
events"."""


_VERSION = re.compile(r"[\d_v]*$")
"""The version that some services add: CreateFunction20150331v2, CreateDistribution2020_05_31."""
_NEARLY = 0.9
"""How much of a name must be that of an operation, as `difflib` counts it: a letter or two are wrong."""


def _misspelt(name: str, service: str) -> str:
    """Return the operation or action of a service that a name is a misspelling of; empty where it is none.

    An event may have a name of its own (ConsoleLogin, PutBucketPublicAccessBlock): only what is all but the
    name of an operation is taken for a mistake.
    """
    if name in actions(service):
        return ""
    known = {*actions(service), *operation_names(service)}
    if _VERSION.sub("", name) in known:
        return ""
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=_NEARLY)), "")


class Events(Model):
    """Which events are counted: those that meet all that is said."""

    source: Annotated[str, Field(pattern=r"^[a-z0-9.-]+\.amazonaws\.com$")]
    """The service that was asked, as CloudTrail names it: dynamodb.amazonaws.com."""
    names: list[str] = []
    """What was asked for, of which one: DeleteTable, ConsoleLogin; anything unless said."""
    resource: str = ""
    """A resource that CloudTrail lists with the event, by its name or ARN; a key of KMS by its alias, too."""
    user: str = ""
    """Who asked: the name of a user, or of the session of a role."""
    error_code: Annotated[str, AfterValidator(pattern)] = ""
    """A pattern found in the error code: `AccessDenied|Unauthorized`; `^$` finds what was not refused."""
    any_parameter: dict[str, Annotated[str, Field(min_length=1)]] = {}
    """Parameters of the request of which one must be so, as CloudTrail names them, each with a text in which
    `*` is any: `sourceTableName: orders-*`."""
    looked_back_minutes: Minutes | None = None
    looked_back_days: Annotated[int, Field(gt=0, le=3653)] | None = None
    """How long is looked back, in one of both; as long as the run does, unless said."""
    counted_up_to: Annotated[int, Field(gt=0)] = 1000
    """How many events of a name, a resource or a user are looked at at most."""

    @model_validator(mode="after")
    def _can_be_looked_up(self) -> Self:
        if self.resource and self.user:
            raise ValueError("give either `resource` or `user`: one of them can be looked up")
        if self.looked_back_minutes and self.looked_back_days:
            raise ValueError("give either `looked_back_minutes` or `looked_back_days`")
        if (length := self._length) and length > KEPT:
            raise ValueError(f"CloudTrail's event history holds {KEPT.days} days: look back no longer")
        for name in self.names:
            if name in _OF_DATA.get(self.service, "").split():
                raise ValueError(
                    f"{name} is a data event of {self.source}, and the event history holds none: "
                    "count it where a trail logs it, under `lines_of_logs`"
                )
            if meant := _misspelt(name, self.service):
                raise ValueError(f"{self.source} has no event {name} (did you mean {meant}?)")
        return self

    @property
    def service(self) -> str:
        """What stands before `.amazonaws.com`."""
        return self.source.removesuffix(".amazonaws.com")

    @property
    def by_alias(self) -> bool:
        """Whether the resource is a key that is named by its alias: CloudTrail lists it by its ARN."""
        return self.resource.startswith("alias/")

    @property
    def lookups(self) -> list[dict[str, str]]:
        """What is looked up: by one attribute at a time. Source: CloudTrail API reference, LookupEvents."""
        if self.resource:
            return [_attribute("ResourceName", self.resource)]
        if self.user:
            return [_attribute("Username", self.user)]
        if self.names:
            return [_attribute("EventName", name) for name in dict.fromkeys(self.names)]
        return [_attribute("EventSource", self.source)]

    def window(self, of_the_run: Window) -> Window:
        """Return the time that it speaks of; it ends where the history is complete."""
        end = of_the_run.end - LATE
        return Window(end, min(self._length or of_the_run.length, KEPT - LATE))

    def counts(self, name: str, source: str, error_code: str) -> bool:
        """Return whether an event that was looked up is one of these."""
        named = not self.names or name in self.names
        return named and source == self.source and is_found(self.error_code, error_code)

    def is_about(self, parameters: Any) -> bool:
        """Return whether the parameters of a request are such as are asked for."""
        found = parameters if isinstance(parameters, Mapping) else {}
        wanted = self.any_parameter.items()
        return not wanted or any(
            isinstance(value := found.get(name), str) and wildcard(text)(value) for name, text in wanted
        )

    @property
    def _length(self) -> timedelta | None:
        if self.looked_back_minutes:
            return timedelta(minutes=self.looked_back_minutes)
        return timedelta(days=self.looked_back_days) if self.looked_back_days else None


def _attribute(key: str, value: str) -> dict[str, str]:
    return {"AttributeKey": key, "AttributeValue": value}


_KEY = key_called("{resource}")


class EventHistoryLimits(Model):
    """What can be expected of events."""

    most: Annotated[int, Field(ge=0)]
    least: Annotated[int, Field(gt=0)]


class EventHistory(LookingBack):
    """Management events that CloudTrail's event history holds of an account. Its name says of what.

    Events are counted and not kept: of each only what was asked for, of which service, and the error code.
    """

    noun = "event_history"
    plural = "event_histories"
    call = Call("cloudtrail:LookupEvents", of="events of {source} ({name})", on="*")
    limits = EventHistoryLimits
    question = Events

    number: Counted = 0
    """How many of the events there were.

    A service of which nothing at all was recorded gives no data: it may be asked for in another region.
    """

    @classmethod
    def undecidable(cls, question: Any, expected: Mapping[str, Any]) -> Told:
        """Yield bounds that contradict each other, and those beyond what is counted."""
        yield from super().undecidable(question, expected)
        yield from uncounted(expected, question.counted_up_to, len(question.lookups))

    @classmethod
    def calls_for(cls, wanted: Wanted = None, question: Model | None = None) -> Iterator[Call]:
        """Yield the calls that the events are looked up with."""
        yield from super().calls_for(wanted, question)
        if isinstance(question, Events) and question.by_alias:
            yield _KEY

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to look the events up, and whether the service was asked for anything."""
        events: Events = asked.question
        if events.by_alias:
            key = asked.ask(_KEY, resource=events.resource).answer["KeyMetadata"]["Arn"]
            events = events.model_copy(update={"resource": key})
        of_service = _attribute("EventSource", events.source)
        whole = of_service in events.lookups and not events.any_parameter
        anything = _looked_up(asked, of_service, events.counted_up_to if whole else 1)
        found = [_looked_up(asked, it, events.counted_up_to, such=True) for it in events.lookups]
        number = anything.map(
            lambda any_: _counted([it.value() for it in found], events) or _nothing(any_, asked)
        )
        return Found({"number": number}, f"{anything.call}, {events.window(asked.window)}")


def _looked_up(asked: Asked, attribute: dict[str, str], most: int, *, such: bool = False) -> Fact:
    """Return how often each operation was asked for, by service and error code.

    Of all requests, or of `such` alone whose parameters are asked for.
    """
    events: Events = asked.question
    told = events.any_parameter if such else {}
    window = events.window(asked.window)
    narrowed: dict[str, Any] = {
        "LookupAttributes": [attribute],
        "StartTime": window.start.isoformat(),
        "EndTime": window.end.isoformat(),
        "PaginationConfig": {"MaxItems": most},
    }
    region = HOME if events.service in _GLOBAL else None
    kept = partial(_kept, events if told else None)
    part = json.dumps(told, sort_keys=True) if told else ""
    return asked.ask(EventHistory.calls()[0], parameters=narrowed, kept=kept, region=region, part=part).at(
        "@"
    )


def _kept(events: Events | None, answer: Answer) -> Answer:
    """Return how many events there are of each name, service and error code; nothing else of them."""
    records = [(it, json.loads(it["CloudTrailEvent"])) for it in answer["Events"]]
    counted = Counter(
        (event["EventName"], event["EventSource"], record.get("errorCode") or "")
        for event, record in records
        if events is None or events.is_about(record.get("requestParameters"))
    )
    listed = [[*told, number] for told, number in sorted(counted.items())]
    return {"counted": listed, "more": "NextToken" in answer}


def _counted(answers: list[Answer], events: Events) -> int:
    """Return how many events there are, or how many there are at least."""
    numbers: Iterator[int] = (
        number for it in answers for *told, number in it["counted"] if events.counts(*told)
    )
    total = sum(numbers)
    return AtLeast(total) if any(it["more"] for it in answers) else total


def _nothing(anything: Answer, asked: Asked) -> int | Unmeasured:
    """Return 0, or that there is no data."""
    events: Events = asked.question
    if anything["counted"]:
        return 0
    region = HOME if events.service in _GLOBAL else asked.region
    window = events.window(asked.window)
    return Unmeasured(f"the event history of {region} has nothing of {events.source} from {window}")
