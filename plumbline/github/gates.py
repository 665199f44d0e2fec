"""What stands around an apply: its confirmation, its approval, and what comes before it.

Each function returns a value with file and line where it stands. Raises `Undetermined` where no job applies,
and where an apply that cannot be read would decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from plumbline.github.applying import Apply, Verdict, applies_of, applying, happy, judged
from plumbline.github.expressions import condition
from plumbline.github.jobs import Files, Found
from plumbline.github.programs import applies, may_plan, plans_or_tests, tells
from plumbline.github.runs import JobRun, Run, environment
from plumbline.github.scripts import Scripts
from plumbline.github.shell.path import FAILS, SUCCEEDS, Command, Status
from plumbline.github.starts import Start, started, starts
from plumbline.github.workflows import WorkflowFile
from plumbline.values.unknown import Undetermined

CONFIRMATION = "inputs.confirmation"
JudgeOfFile = Callable[[WorkflowFile, Scripts, Start], Verdict]


def apply_environments(files: Files, scripts: Scripts) -> Found:
    """Return the GitHub environments of the jobs that apply, each once; empty for a job without one."""
    found = applying(list(files), scripts)
    known = _environments(it for it in found if it.known)
    every = _environments(found)
    if "" not in known and [*known] != [*every]:
        unread = next(it for it in found if not it.known)
        raise Undetermined(f"whether this applies cannot be read: {unread.told}")
    return list(known), [*known.values()][-1]


def _environments(found: Iterable[Apply]) -> dict[str, str]:
    environments: dict[str, str] = {}
    for it in found:
        job = it.job.name.rpartition(" / ")[2]
        environments.setdefault(
            environment(it.job.data, it.job.values), it.job.file.where("jobs", job, "environment")
        )
    return environments


def checked_before_apply(files: Files, scripts: Scripts) -> Found:
    """Return whether no apply is come to where what its job waits for failed: a plan, a validation, tests."""
    return of_every_apply(files, scripts, _is_checked, "needs")


def _is_checked(file: WorkflowFile, scripts: Scripts, start: Start) -> Verdict:
    found = applies_of(happy(file, scripts, start))
    applying_jobs = {it.job.name for it in found}

    def failing(job: JobRun, command: Command) -> Status:
        return FAILS if job.name not in applying_jobs and plans_or_tests(command) else SUCCEEDS

    left = applies_of(Run(file, scripts, start.values, failing))
    if not left:
        return Verdict.HOLDS if found else Verdict.NOTHING
    if not any(it.known and (it.happening.sure or it.job.sure) for it in left):
        return Verdict.OPEN

    known_jobs = {it.job.name for it in found if it.known}

    def failing_too(job: JobRun, command: Command) -> Status:
        unread = job.name not in known_jobs and may_plan(command)
        return FAILS if unread else failing(job, command)

    held = found and not any(it.known for it in applies_of(Run(file, scripts, start.values, failing_too)))
    return Verdict.OPEN if held else Verdict.FAILS


def of_every_apply(files: Files, scripts: Scripts, judge: JudgeOfFile, key: str) -> Found:
    """Return whether something holds of every file that applies, and where the last one fails or applies."""
    found = applying(list(files), scripts)
    verdicts = {it.shown: judged(it, scripts, partial(judge, it, scripts)) for it in started(files)}
    failing = next((name for name, it in verdicts.items() if it is Verdict.FAILS), None)
    if failing is None and (open_ones := [name for name, it in verdicts.items() if it is Verdict.OPEN]):
        unread = next((it for it in found if not it.known), found[0])
        raise Undetermined(f"{open_ones[0]}: it cannot be read what comes to {unread.told}")
    if Verdict.HOLDS not in verdicts.values() and failing is None:
        raise Undetermined(f"{files[0].shown}: no start that was gone through comes to {found[0].told}")
    place = next((it for it in found if it.job.file.shown == failing), found[0])
    return failing is None, place.job.file.where("jobs", place.job.name.rpartition(" / ")[2], key)


def confirmation(files: Files, scripts: Scripts) -> Found:
    """Return what the input `confirmation` must equal before anything is applied; None for a way around it.

    Raises `Undetermined` where it is used in a way that is not understood.
    """
    found = applying(list(files), scripts)
    asked = {it.shown: _Confirmed(it, scripts).text() for it in started(files)}
    told = {shown: it for shown, it in asked.items() if it != _NOTHING}
    if not told:
        raise Undetermined(f"{files[0].shown}: no start that was gone through comes to {found[0].told}")
    shown = next((shown for shown, it in told.items() if it is None), next(iter(told)))
    place = next((it for it in found if it.job.file.shown == shown), found[0])
    return told[shown], place.job.where


_NOTHING = ""
"""Stands for the confirmation of a file of which no start comes to an apply."""


class _Confirmed:
    """What the applies of one file are held back by."""

    def __init__(self, file: WorkflowFile, scripts: Scripts) -> None:
        self._file, self._scripts = file, scripts
        written = [(place[-1], it) for place, it in file.strings()]
        conditions = [condition(it).casefold() for key, it in written if key == "if"]
        asks_for = [CONFIRMATION]
        if any(CONFIRMATION in it.casefold() for _, it in written):
            asks_for.append(".outputs.")  # of what looked at it
        self._asks = any(asked in it for it in conditions for asked in asks_for)

    def text(self) -> str | None:
        """Return the text under which, and under nothing else, an apply is come to."""
        accepted: set[str] = set()
        undecided = ""
        for start in starts(self._file, self._scripts):
            found = applies_of(happy(self._file, self._scripts, start))
            if not found:
                continue
            if start.met.get(CONFIRMATION):
                accepted.add(start.met[CONFIRMATION])
            elif (reason := self._undecided(start, found)) is None:
                return None
            else:
                undecided = reason
        if undecided:
            raise Undetermined(undecided)
        return " or ".join(sorted(accepted))

    def _undecided(self, start: Start, found: list[Apply]) -> str | None:
        """Return why it is not decided that an apply is come to unconfirmed; None where it is."""
        known = [it for it in found if it.known]
        if not known:
            return f"whether this applies cannot be read: {found[0].told}"
        given = str(start.values.get(CONFIRMATION) or "")

        def asks(command: Command) -> bool:
            takes = bool(given) and (given in command.line or given in command.variables.values())
            reads = CONFIRMATION in command.line.casefold()
            return (takes or reads) and not tells(command) and applies(command) is False

        def failing(job: JobRun, command: Command) -> Status:
            return FAILS if asks(command) else SUCCEEDS

        asking = [it for _, _, it in happy(self._file, self._scripts, start).happened() if asks(it.command)]
        run = Run(self._file, self._scripts, start.values, failing)
        left = [it for it in applies_of(run) if it.known]
        if asking and not left:
            return f"how {CONFIRMATION} is compared is not understood: {asking[0].where}"
        if self._asks and not any(it.happening.sure for it in left):
            return f"how {CONFIRMATION} is compared is not understood: {left[0].happening.where}"
        return None
