"""What the execution log of a REST API holds of the window: its name has the API's id in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Wanted
from plumbline.kinds.log_lines import Lines, LogLinesLimits, counted, how_many, kept_of, looked_for
from plumbline.kinds.log_retention import asked_for, why_lines_may_lack
from plumbline.kinds.measurement import Measured
from plumbline.kinds.proven_use import ProvenByUse, use_in
from plumbline.kinds.rest_calls import APIS, id_of
from plumbline.kinds.rest_logs import GROUP
from plumbline.values.counting import Counted
from plumbline.values.unknown import Unmeasured

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact
    from plumbline.aws.reads import Answer

_STEP_SECONDS = 60
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


class ApiLogLines(ProvenByUse):
    """Lines of the execution log of a stage that tell of something. Its name is the API's.

    Lines are counted and not kept: requests of users may be in them.
    """

    noun = "api_log_lines"
    plural = "lines_of_api_logs"
    call = _LINES
    further_calls = (APIS,)
    limits = LogLinesLimits
    question = ApiLines

    number: Counted = 0
    """How many lines of the window tell of it. No data without a log, or with one that nothing was written to
    and nothing proves use."""

    @classmethod
    def calls_for(cls, wanted: Wanted = None, question: Any = None) -> Iterator[Call]:
        """Ask how long lines are kept only where a question looks back further than every group does."""
        yield from super().calls_for(wanted, question)
        yield from asked_for(question)

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
        used = use_in(window, asked, _STEP_SECONDS) if lines.proves_use else None
        lack = why_lines_may_lack(asked, f"{GROUP.format(api=api)}/{lines.stage}", window)
        number = found.map(lambda answer: _number(answer, anything.value(), used, asked, lack()))
        return Found({"number": number}, anything.call)


def _number(answer: Answer, anything: Answer, used: Fact | None, asked: Asked, lack: str) -> int | Unmeasured:
    stage, window = asked.question.stage, asked.question.window(asked.window)
    if not anything:
        return Unmeasured(f"stage {stage} of {asked.name} has no execution log")
    if anything["found"]:
        return counted(answer, asked, lack)
    if used is not None and any(used.value().values()):
        return 0
    return Unmeasured(f"the execution log of stage {stage} of {asked.name} has no line from {window}")
