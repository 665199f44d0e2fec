"""What a query of CloudWatch Logs Insights makes of a log group: one number, such as the longest time.

AWS charges for each gigabyte of the log group that a query looks at.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from plumbline.aws.reads import Waiting
from plumbline.kinds.bounds import Minutes
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Wanted
from plumbline.kinds.log_retention import asked_for, why_lines_may_lack
from plumbline.kinds.looking_back import LookingBack, looked_back_on
from plumbline.values.model import Model
from plumbline.values.unknown import ReadError, Undetermined, Unmeasured
from plumbline.values.window import Window

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

NUMBER, USE = "number", "proves_use"
"""How a query calls what it finds out, and what is above 0 wherever there was something to find out."""

_LITERAL = re.compile(
    r"""(?:(?<=like)|(?<=LIKE)|(?<==~))\s*/(?:\\.|[^/\\])+/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`"""
    r"|#[^\n]*"
)
"""What is no part of the language in a query: texts, regular expressions, comments."""
_SOURCE = re.compile(r"(?:^|[|(])\s*source\b", re.IGNORECASE)
"""The command that queries other log groups. Source: CloudWatch Logs User Guide, "SOURCE"."""
_NAMED = r"\bas\s+{}\b"

_WAITING = Waiting(lambda answer: answer["status"] not in ("Scheduled", "Running"), every_seconds=1, times=60)
_PRICE = "AWS charges for each GB that a query scans"
"""Source: Amazon CloudWatch pricing, "Logs Insights"."""


def _gives_a_number(query: str) -> str:
    """Return a query that gives one number, of its own log group alone."""
    plain = _LITERAL.sub(" _ ", query)
    if _SOURCE.search(plain):
        raise ValueError("a query names no log groups (SOURCE): it is asked of the one that the entry names")
    last = plain.rpartition("|")[2].strip()
    if not re.match(r"stats\b", last, re.IGNORECASE):
        raise ValueError("a query ends in `stats`, so that it gives a number and no lines")
    if re.search(r"\bby\b", last, re.IGNORECASE):
        raise ValueError("a query gives one number: write its `stats` without `by`")
    if not re.search(_NAMED.format(NUMBER), last, re.IGNORECASE):
        raise ValueError(f"a query calls what it finds out `{NUMBER}`: `stats max(@duration) as {NUMBER}`")
    return query


class Query(Model):
    """What is asked of a log group."""

    query: Annotated[str, AfterValidator(_gives_a_number)]
    """In the language of Logs Insights. Its last command is a `stats` without `by`, `... as number`.

    Where it gives `... as proves_use` too, and that is above 0, there was something to find out: then no
    number is 0. Else it is no data.
    """
    looked_back_minutes: Minutes | None = None
    """How long is looked back; as long as the run does, unless said."""

    def window(self, of_the_run: Window) -> Window:
        """Return the time that it speaks of."""
        return looked_back_on(self.looked_back_minutes, of_the_run)


class LogQueryLimits(Model):
    """What can be expected of the number."""

    most: Annotated[float, Field(allow_inf_nan=False)]
    least: Annotated[float, Field(allow_inf_nan=False)]


_GROUP = "arn:aws:logs:{region}:{account}:log-group:{name}"
_START = Call(
    "logs:StartQuery",
    {"logGroupName": "{name}", "queryString": "{query}"},
    of=_GROUP,
    on=f"{_GROUP}:*",
    absent=("ResourceNotFoundException",),
)
_RESULTS = Call("logs:GetQueryResults", {"queryId": "{started}"}, of=_GROUP, on=f"{_GROUP}:*")
_STOP = Call(
    "logs:StopQuery",
    {"queryId": "{started}"},
    of="a query of {name}",
    on="*",
    absent=("InvalidParameterException", "ResourceNotFoundException"),  # it has ended meanwhile
)


class LogQuery(LookingBack):
    """A number that Logs Insights makes of a log group. Its name is the log group's.

    The number is kept, and no line: what an application logs may be secret.
    """

    noun = "log_query"
    plural = "log_queries"
    further_calls = (_START, _RESULTS, _STOP)
    limits = LogQueryLimits
    question = Query

    value: float = 0

    @classmethod
    def calls_for(cls, wanted: Wanted = None, question: Model | None = None) -> Iterator[Call]:
        """Yield the calls; a query that is not over in time is stopped."""
        yield from cls.further_calls
        yield from asked_for(question)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start the query and wait for its end; one that is not over in time is stopped, as it costs."""
        window = asked.question.window(asked.window)
        times = {"startTime": int(window.start.timestamp()), "endTime": int(window.end.timestamp())}
        reply = asked.ask(_START, parameters=times)
        where = f"{reply.call}, {window} ({_PRICE})"
        if not reply.answer:
            return Found({"value": Unmeasured(f"there is no log group {asked.name}")}, where)
        started = reply.at("queryId").map(str).value()
        lack = why_lines_may_lack(asked, asked.name, window)
        results = asked.ask(_RESULTS, kept=_kept, waiting=_WAITING, started=started)

        def value(answer: Answer) -> float | Unmeasured:
            found = _value(answer, asked, window, started)
            if not isinstance(found, Unmeasured) and (why := lack()):
                raise Undetermined(why)
            return found

        return Found({"value": results.at("@").map(value)}, where)


def _kept(answer: Answer) -> Answer:
    """Return how the query ended, how many rows it gave, and the numbers of the first; nothing else."""
    rows = answer["results"]
    first = {it["field"]: it.get("value", "") for it in rows[0]} if rows else {}
    return {
        "status": answer["status"],
        "rows": len(rows),
        **{it: _number(first.get(it)) for it in (NUMBER, USE)},
    }


def _number(text: str | None) -> float | str | None:
    """Return a number; None where there is none, and of any other text only that it is one."""
    if text is None or not text.strip() or text.strip() == "null":
        return None
    try:
        number = float(text)
    except ValueError:
        return "a text"
    return number if math.isfinite(number) else "infinite"


def _value(answer: Answer, asked: Asked, window: Window, started: str) -> float | Unmeasured:
    """Return the number. Raises `ReadError` for a query that did not end well, or gave something else."""
    if answer["status"] in ("Scheduled", "Running"):
        asked.ask(_STOP, started=started).answer  # noqa: B018
        raise _unread(asked, f"is not over after {_WAITING.times} seconds, and was stopped")
    if answer["status"] != "Complete":
        raise _unread(asked, f"ended as {answer['status']}")
    if answer["rows"] > 1:
        raise _unread(asked, f"gave {answer['rows']} rows instead of one")
    number, use = answer[NUMBER], answer[USE]
    for it in (number, use):
        if isinstance(it, str):
            raise _unread(asked, f"gave {it} instead of a number")
    if number is not None:
        return float(number)
    return 0.0 if use else Unmeasured(f"{asked.name} has nothing from {window} that the query asks for")


def _unread(asked: Asked, why: str) -> ReadError:
    told = f"a query of {asked.name} {why}"
    advice = "Try it in CloudWatch Logs Insights; look back less far where it takes long."
    return ReadError(told, cause=told, advice=advice)
