"""What a log group holds of the window."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from plumbline.kinds.bounds import Minutes, Told, uncounted
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Wanted
from plumbline.kinds.log_retention import asked_for, why_lines_may_lack
from plumbline.kinds.looking_back import LookingBack, looked_back_on
from plumbline.kinds.told_durations import told
from plumbline.values.counting import AtLeast, Between, Counted
from plumbline.values.model import Model
from plumbline.values.unknown import Unmeasured
from plumbline.values.window import Window

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact
    from plumbline.aws.reads import Answer

_CLOSED_BY = {"{": "}", "[": "]", "%": "%"}
"""How a pattern of JSON fields, of columns, or a regular expression begins and ends. Source: CloudWatch Logs
User Guide, "Filter pattern syntax"."""


def _word(text: str) -> str:
    """Return a word or phrase. How a term has a quote in it, the syntax does not say."""
    if not text.strip():
        raise ValueError("an empty word is in every line: write the words that a line tells of it")
    if found := re.search(r'["\\]', text):
        raise ValueError(f"{text!r} holds {found[0]}, which no term can hold: write what stands around it")
    return text


def _closed(pattern: str) -> str:
    text = pattern.strip()
    end = _CLOSED_BY.get(text[:1], "")
    if end and (len(text) == 1 or not text.endswith(end)):
        raise ValueError(f"{pattern!r} is not closed: what begins with {text[0]} ends with {end}")
    if "%" not in text and len(re.findall(r'(?<!\\)"', text)) % 2:
        raise ValueError(f"{pattern!r} is not closed: it has a quote without its other")
    return pattern


class Lines(Model):
    """Which lines are counted: those that have one of some words, or that a pattern finds."""

    any_of: list[Annotated[str, AfterValidator(_word)]] = []
    """Words, or phrases, of which a line has one."""
    pattern: Annotated[str, AfterValidator(_closed)] = ""
    """A filter in the pattern syntax of CloudWatch Logs."""
    longer_than_milliseconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """Only those that say that something took longer than this."""
    looked_back_minutes: Minutes | None = None
    """How long is looked back; as long as the run does, unless said."""
    counted_up_to: Annotated[int, Field(gt=0)] = 1000
    """How many lines are looked at at most."""

    def window(self, of_the_run: Window) -> Window:
        """Return the time that it speaks of."""
        return looked_back_on(self.looked_back_minutes, of_the_run)

    @model_validator(mode="after")
    def _found_by_one(self) -> Self:
        if bool(self.any_of) == bool(self.pattern):
            raise ValueError("give either `any_of` or `pattern`")
        return self

    @property
    def filter(self) -> str:
        """The filter for these lines.

        Source: CloudWatch Logs User Guide, "Filter pattern syntax": `?` before a term means "or".
        """
        if self.pattern:
            return self.pattern
        words = [_term(word) for word in self.any_of]
        return words[0] if len(words) == 1 else " ".join(f"?{word}" for word in words)

    @property
    def told(self) -> str:
        """The lines as a sentence names them."""
        return self.pattern or " or ".join(self.any_of)

    def has(self, message: str) -> bool:
        """Return whether a line that the filter found is one of these."""
        return bool(self.pattern) or any(word in message for word in self.any_of)


def _term(word: str) -> str:
    return word if re.fullmatch(r"\w+", word) else f'"{word}"'


class LogLinesLimits(Model):
    """What can be expected of lines."""

    most: Annotated[int, Field(ge=0)]
    least: Annotated[int, Field(gt=0)]


class LogLines(LookingBack):
    """Lines of a log group that tell of something. Its name is the log group's.

    Lines are counted and not kept: what an application logs may be secret.
    """

    noun = "log_lines"
    plural = "lines_of_logs"
    call = Call(
        "logs:FilterLogEvents",
        {"logGroupName": "{name}"},
        of="arn:aws:logs:{region}:{account}:log-group:{name}",
        on="arn:aws:logs:{region}:{account}:log-group:{name}:*",
        absent=("ResourceNotFoundException",),
    )
    limits = LogLinesLimits
    question = Lines

    number: Counted = 0
    """How many lines of the window tell of it.

    How long something took is read in the line itself: Logs Insights' `@duration` is in Lambda's REPORT lines
    only, and these speak of nothing else.
    """

    @classmethod
    def undecidable(cls, question: Any, expected: Mapping[str, Any]) -> Told:
        """Yield bounds that contradict each other, and those beyond what is counted."""
        yield from super().undecidable(question, expected)
        yield from uncounted(expected, question.counted_up_to)

    @classmethod
    def calls_for(cls, wanted: Wanted = None, question: Any = None) -> Iterator[Call]:
        """Ask how long lines are kept only where a question looks back further than every group does."""
        yield from super().calls_for(wanted, question)
        yield from asked_for(question)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to count what was logged; a log group without a single line in the window gives no data."""
        lines: Lines = asked.question
        window = lines.window(asked.window)
        anything = logged(asked, window, 1, how_many)
        found = logged(
            asked, window, lines.counted_up_to, lambda answer: kept_of(answer, lines), lines.filter
        )
        lack = why_lines_may_lack(asked, asked.name, window)
        number = found.map(lambda answer: _nothing(anything.value(), asked) or counted(answer, asked, lack()))
        return Found({"number": number}, anything.call)


def logged(
    asked: Asked, window: Window, most: int, kept: Callable[[Answer], Answer], pattern: str = ""
) -> Fact:
    """Return what is kept of the lines of a window that a pattern finds, at most so many."""
    narrowed = looked_for(window, most, pattern)
    return asked.ask(LogLines.calls()[0], parameters=narrowed, kept=kept).at("@")


def looked_for(window: Window, most: int, pattern: str = "") -> dict[str, Any]:
    """Return what narrows a search to the lines of a window that a pattern finds, at most so many."""
    return {
        "startTime": int(window.start.timestamp() * 1000),
        "endTime": int(window.end.timestamp() * 1000),
        "PaginationConfig": {"MaxItems": most},
        **({"filterPattern": pattern} if pattern else {}),
    }


def how_many(answer: Answer) -> Answer:
    """Return how many lines were found, and whether there are more; nothing else of them."""
    return {"found": len(answer["events"]), "more": "NextToken" in answer}


def kept_of(answer: Answer, lines: Lines) -> Answer:
    """Return how many lines were found, and how many say what of a time; nothing else of them."""
    messages = [event["message"] for event in answer["events"] if lines.has(event["message"])]
    longer = lines.longer_than_milliseconds
    says = Counter(told(it, longer) for it in messages) if longer is not None else {}
    return {"found": len(messages), "says": dict(says), "more": "NextToken" in answer}


def _nothing(anything: Answer, asked: Asked) -> Unmeasured | None:
    """Return that there is no data, if so."""
    if not anything:
        return Unmeasured(f"there is no log group {asked.name}")
    if not anything["found"]:
        return Unmeasured(f"{asked.name} has no line from {asked.question.window(asked.window)}")
    return None


def counted(answer: Answer, asked: Asked, lack: str) -> int | Unmeasured:
    """Return how many lines there are, or how many took too long; none that says so gives no data.

    `lack` is why there may have been more of them, or nothing.
    """
    lines: Lines = asked.question
    of_more = AtLeast if answer.get("more") else int
    number = partial(AtLeast, reason=f"{lack}: {{}} of them") if lack else of_more
    if lines.longer_than_milliseconds is None:
        return number(answer["found"])
    if not answer["found"]:
        window = lines.window(asked.window)
        return Unmeasured(f"{asked.name} has no line with {lines.told} from {window}")
    says = answer["says"]
    if says.keys() <= {"nothing"}:
        return Unmeasured(f"no line with {lines.told} in {asked.name} says how long it took")
    found, doubtful = says.get("longer", 0), says.get("doubtful", 0)
    if doubtful and number is int:
        return Between(
            found, found + doubtful, f"{doubtful} of the lines tell several times, or none clearly; {{}}"
        )
    return number(found)
