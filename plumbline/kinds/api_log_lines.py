"""What the execution log of a REST API holds of the window: its name has the API's id in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, PrivateAttr

from plumbline.aws.measured import measured
from plumbline.kinds.bounds import Told, uncounted, unmeetable
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind, Wanted
from plumbline.kinds.log_lines import Lines, LogLinesLimits, counted, how_many, kept_of, looked_for
from plumbline.kinds.measurement import Measured
from plumbline.kinds.metric import measuring, series_of
from plumbline.kinds.rest_calls import APIS, id_of
from plumbline.kinds.rest_logs import GROUP
from plumbline.values.counting import Counted
from plumbline.values.model import Model
from plumbline.values.unknown import Unmeasured
from plumbline.values.window import Window

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact
    from plumbline.aws.reads import Answer, Aws

_STEP = timedelta(minutes=1)
"""The steps in which use is looked for. CloudWatch keeps them for 15 days."""
_AT = "arn:aws:logs:{region}:{account}:log-group:"
_LINES = Call(
    "logs:FilterLogEvents",
    {"logGroupName": f"{GROUP}/{{stage}}"},
    of=f"{_AT}{GROUP}/{{stage}}",
    on=f"{_AT}{GROUP.format(api='*')}/*",
    absent=("ResourceNotFoundException",),
)


class ApiLines(Lines):
    """Which lines are counted, and of which stage."""

    stage: Annotated[str, Field(min_length=1)]
    proves_use: list[Measured] = []
    """Metrics of which one has a value wherever there was a request: then a log without a line holds none.

    A stage that logs errors alone writes nothing while all is well.
    """


class ApiLogLines(Kind):
    """Lines of the execution log of a stage that tell of something. Its name is the API's.

    Lines are counted and not kept: requests of users may be in them.
    """

    noun = "api_log_lines"
    plural = "lines_of_api_logs"
    call = _LINES
    further_calls = (APIS,)
    limits = LogLinesLimits
    question = ApiLines

    remedy_names = ("start", "end", "start_ms")
    _window: Window = PrivateAttr(default_factory=Window)

    number: Counted = 0
    """How many lines of the window tell of it. No data without a log, or with one that nothing was written to
    and nothing proves use."""

    @classmethod
    def undecidable(cls, question: Any, expected: Mapping[str, Any]) -> Told:
        """Yield bounds that contradict each other, and those beyond what is counted."""
        yield from unmeetable(expected)
        yield from uncounted(expected, question.counted_up_to)

    @classmethod
    def calls_for(cls, wanted: Wanted = None, question: Model | None = None) -> Iterator[Call]:
        """Ask CloudWatch only where use is to be proven."""
        yield from super().calls_for(wanted, question)
        if not isinstance(question, ApiLines) or question.proves_use:
            used = question.proves_use if isinstance(question, ApiLines) else []
            yield from measuring(lists=not used or any(it.lists for it in used))

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to count what was logged, and to look for use."""
        lines: ApiLines = asked.question
        window = lines.window(asked.window)
        api = id_of(asked.ask(APIS).answer, asked)

        def logged(most: int, kept: Callable[[Answer], Answer], pattern: str = "") -> Fact:
            narrowed = looked_for(window, most, pattern)
            return asked.ask(_LINES, parameters=narrowed, kept=kept, api=api).at("@")

        anything = logged(1, how_many)
        found = logged(lines.counted_up_to, lambda it: kept_of(it, lines), lines.filter)
        used = _used(asked, window)
        number = found.map(lambda answer: _number(answer, anything.value(), used, asked))
        return Found({"number": number}, anything.call)

    @classmethod
    def from_aws(cls, aws: Aws, name: str, wanted: Wanted = None, question: Model | None = None) -> Self:
        """Return what was logged, and when."""
        lines = super().from_aws(aws, name, wanted, question)
        lines._window = question.window(aws.window) if isinstance(question, ApiLines) else aws.window
        return lines

    def named_in_remedies(self) -> dict[str, str]:
        """Return where the window begins and ends, in seconds and milliseconds since 1970."""
        return self._window.named


def _used(asked: Asked, window: Window) -> Fact | None:
    """Return what was measured of what proves use; None where nothing is to."""
    if not asked.question.proves_use:
        return None
    series = list(series_of(asked, asked.question.proves_use, int(_STEP.total_seconds())))
    return measured(asked.aws, series, window, f"use of {asked.name}")


def _number(answer: Answer, anything: Answer, used: Fact | None, asked: Asked) -> int | Unmeasured:
    stage, window = asked.question.stage, asked.question.window(asked.window)
    if not anything:
        return Unmeasured(f"stage {stage} of {asked.name} has no execution log")
    if anything["found"]:
        return counted(answer, asked)
    if used is not None and any(used.value().values()):
        return 0
    return Unmeasured(f"the execution log of stage {stage} of {asked.name} has no line from {window}")
