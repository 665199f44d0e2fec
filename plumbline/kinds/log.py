"""What a log group holds of the window."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from pydantic import PrivateAttr

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind, Wanted
from plumbline.values.unknown import Unmeasured
from plumbline.values.window import Window

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact
    from plumbline.aws.reads import Answer, Aws

SLOW_MILLISECONDS = 1000
"""Source: the runbook's section 4.2.2."""
MOST_EVENTS = 1000
"""How many lines of a sort are counted at most."""
_QUERY = "DynamoDB Query"
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?ms\b|duration\W{1,4}([0-9]+(?:\.[0-9]+)?)", re.IGNORECASE)
"""How a line says how many milliseconds something took: `1234 ms`, `duration=1234`, `"duration": 1234`."""


class Log(Kind):
    """The lines of a log group that tell of trouble. Its name is the log group's.

    Lines are counted and not kept: what an application logs may be secret.
    """

    noun = "log"
    plural = "logs"
    call = Call(
        "logs:FilterLogEvents",
        {"logGroupName": "{name}"},
        of="arn:aws:logs:{region}:{account}:log-group:{name}",
        on="arn:aws:logs:{region}:{account}:log-group:{name}:*",
        absent=("ResourceNotFoundException",),
    )

    remedy_names = ("start", "end", "start_ms")
    _window: Window = PrivateAttr(default_factory=Window)

    error_lines: int = 0
    refused_calls: int = 0
    """Lines about a call that IAM refused."""
    missing_objects: int = 0
    """Lines about an object or a bucket that does not exist."""
    missing_tables: int = 0
    slow_queries: int = 0
    """Lines about a query to DynamoDB that took longer than a second.

    The runbook's section 4.2.2 filters by Logs Insights' `@duration`, which only Lambda's REPORT lines have,
    and these do not speak of queries: that can find nothing. So the time is read in the line itself.
    """

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to count what was logged; a log group without a single line in the window gives no data."""
        lines = _Lines(asked, cls.call)
        anything = lines.having()

        def counted(*words: str) -> Fact:
            return lines.having(*words).map(lambda answer: lines.nothing(anything.value()) or answer["found"])

        queries = lines.having(_QUERY, kept=_durations)
        fields = {
            "error_lines": counted("ERROR"),
            "refused_calls": counted("AccessDeniedException", "AccessDenied"),
            "missing_objects": counted("NoSuchKey", "NoSuchBucket"),
            "missing_tables": counted("ResourceNotFoundException"),
            "slow_queries": queries.map(lambda answer: lines.nothing(anything.value()) or lines.slow(answer)),
        }
        return Found(fields, anything.call)

    @classmethod
    def from_aws(cls, aws: Aws, name: str, wanted: Wanted = None) -> Self:
        """Return what was logged, and when."""
        log = super().from_aws(aws, name, wanted)
        log._window = aws.window
        return log

    def named_in_remedies(self) -> dict[str, str]:
        """Return where the window begins and ends, in seconds and milliseconds since 1970."""
        start, end = self._window.start.timestamp(), self._window.end.timestamp()
        return {"start": f"{start:.0f}", "end": f"{end:.0f}", "start_ms": f"{start * 1000:.0f}"}


class _Lines:
    """The lines of a log group in the window."""

    def __init__(self, asked: Asked, call: Call) -> None:
        self._asked, self._call, self._name = asked, call, asked.name

    def having(self, *words: str, kept: Callable[[Answer], Answer] | None = None) -> Fact:
        """Return what is kept of the lines that have one of the words: how many they are, unless said."""
        window = self._asked.window
        narrowed: dict[str, Any] = {
            "startTime": int(window.start.timestamp() * 1000),
            "endTime": int(window.end.timestamp() * 1000),
            "PaginationConfig": {"MaxItems": MOST_EVENTS if words else 1},
        }
        if words:
            narrowed["filterPattern"] = _pattern(words)
        counted = kept or (lambda answer: _number(answer, words))
        return self._asked.ask(self._call, parameters=narrowed, kept=counted).at("@")

    def nothing(self, anything: Answer) -> Unmeasured | None:
        """Return that there is no data, if so."""
        if not anything:
            return Unmeasured(f"there is no log group {self._name}")
        if not anything["found"]:
            return Unmeasured(f"{self._name} has no line from {self._asked.window}")
        return None

    def slow(self, answer: Answer) -> int | Unmeasured:
        """Return how many queries took too long; lines that do not say how long they took give no data."""
        if answer["lines"] and not answer["milliseconds"]:
            return Unmeasured(f"no line about a {_QUERY} in {self._name} says how long it took")
        if not answer["lines"]:
            return Unmeasured(f"{self._name} has no line about a {_QUERY} from {self._asked.window}")
        return len([it for it in answer["milliseconds"] if it > SLOW_MILLISECONDS])


def _pattern(words: tuple[str, ...]) -> str:
    """Return a filter for lines that have one of the words.

    Source: CloudWatch Logs User Guide, "Filter pattern syntax": `?` before a term means "or".
    """
    if len(words) > 1:
        return " ".join(f"?{word}" for word in words)
    return f'"{words[0]}"' if " " in words[0] else words[0]


def _number(answer: Answer, words: tuple[str, ...]) -> Answer:
    messages = [event["message"] for event in answer["events"]]
    return {"found": sum(not words or any(word in message for word in words) for message in messages)}


def _durations(answer: Answer) -> Answer:
    lines = [event["message"] for event in answer["events"] if _QUERY in event["message"]]
    found = [match for match in map(_DURATION.search, lines) if match]
    return {"lines": len(lines), "milliseconds": [float(match[1] or match[2]) for match in found]}
