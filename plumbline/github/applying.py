"""The applies that a run of a workflow comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from plumbline.github.programs import applies
from plumbline.github.runs import Happening, JobRun, Run
from plumbline.github.scripts import Scripts
from plumbline.github.starts import Start, started, starts, symbolic
from plumbline.github.workflows import WorkflowFile
from plumbline.values.unknown import Undetermined


@dataclass(frozen=True)
class Apply:
    """A command that changes infrastructure, or may."""

    job: JobRun
    position: int
    """Where it stands among what its job comes to."""
    happening: Happening
    known: bool
    """Whether it is known to apply; of one that is not, only its name speaks for it."""

    @property
    def told(self) -> str:
        """How a reason names it."""
        return f"{self.happening.command.line[:120]!r} at {self.happening.where}"


def applies_of(run: Run) -> list[Apply]:
    """Return the applies that a run comes to, or may."""
    return list(_applies(run))


def _applies(run: Run) -> Iterator[Apply]:
    for job, position, it in run.happened():
        known = applies(it.command)
        if known is not False:
            yield Apply(job, position, it, known is True)


def possible(file: WorkflowFile, scripts: Scripts) -> Run:
    """Return the run in which every input stands for itself and nothing keeps a step from being come to."""
    return scripts.once(("possible", file.shown), lambda: Run(file, scripts, symbolic(file), anything=True))


def happy(file: WorkflowFile, scripts: Scripts, start: Start) -> Run:
    """Return the run of a start in which nothing fails that is not bound to."""
    key = ("run", file.shown, tuple((name, str(value)) for name, value in start.values.items()))
    return scripts.once(key, lambda: Run(file, scripts, start.values))


def applying(files: list[WorkflowFile], scripts: Scripts) -> list[Apply]:
    """Return the applies that any start of these files may come to. Raises `Undetermined` for none."""
    found = [it for file in started(files) for it in applies_of(possible(file, scripts))]
    if not found:
        raise Undetermined(f"no job of {files[0].shown} runs terraform apply")
    return found


class Verdict(Enum):
    """What is said of one start of a workflow."""

    NOTHING = "nothing of it happens"
    HOLDS = "it holds"
    FAILS = "it does not hold"
    OPEN = "it cannot be decided"


Judge = Callable[[Start], Verdict]


def judged(file: WorkflowFile, scripts: Scripts, judge: Judge) -> Verdict:
    """Return what is true of every start of a file.

    It does not hold where somebody can choose a start in which it does not, whatever the run computes.
    """
    groups: dict[tuple[tuple[str, str], ...], set[Verdict]] = {}
    for start in starts(file, scripts):
        groups.setdefault(start.chosen, set()).add(judge(start))
    found = [told - {Verdict.NOTHING} for told in groups.values()]
    if {Verdict.FAILS} in found:
        return Verdict.FAILS
    whole = set().union(*found)
    if whole & {Verdict.FAILS, Verdict.OPEN}:
        return Verdict.OPEN
    return Verdict.HOLDS if whole else Verdict.NOTHING
