"""The tests that follow an apply: those that ask the deployed environment, and can fail the run."""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.github import programs, pytest_calls
from plumbline.github.applying import Apply, Verdict, applies_of, happy
from plumbline.github.gates import of_every_apply
from plumbline.github.jobs import Files, Found
from plumbline.github.runs import Happening, JobRun, Run
from plumbline.github.scripts import Scripts
from plumbline.github.shell.path import FAILS, SUCCEEDS, Command, Status, is_known
from plumbline.github.starts import Start, started, starts
from plumbline.github.workflows import WorkflowFile
from plumbline.values.unknown import Undetermined

EVERY = "*"
"""Stands for every stack."""


def tested_after_apply(files: Files, scripts: Scripts) -> Found:
    """Return whether live tests of its environment follow every apply, and can fail the run."""
    return of_every_apply(files, scripts, _is_tested, "name")


def tested_stacks(files: Files, scripts: Scripts) -> Found:
    """Return the stacks of this product that the tests behind every apply ask about; `EVERY` for all of them.

    Raises `Undetermined` where only a run tells which.
    """
    told = [
        it for file in started(files) for start in starts(file, scripts) for it in _of(file, scripts, start)
    ]
    restricted = [{*it} for it in told if it]
    found = set.intersection(*restricted) if restricted else {EVERY}
    if unknown := [it for it in found if not is_known(it)]:
        raise Undetermined(f"which stack is tested only a run tells: {unknown[0]}")
    return sorted(found), files[0].where("jobs")


def _of(file: WorkflowFile, scripts: Scripts, start: Start) -> Iterator[list[str]]:
    """Yield, for each apply of a start, the stacks that tests behind it name; none where some names none."""
    run = happy(file, scripts, start)
    for applied in applies_of(run):
        after = [it for job, position, it in run.happened() if _is_after(job, position, applied)]
        asking = [it.command for it in after if _asks(it, applied, start) is not False]
        named = [pytest_calls.stacks(pytest_calls.tests(it) or ()) for it in asking]
        yield [name for it in named for name in it] if named and all(named) else []


def _is_tested(file: WorkflowFile, scripts: Scripts, start: Start) -> Verdict:
    run = happy(file, scripts, start)
    found = applies_of(run)
    found = [it for it in found if it.job.is_let_through(run)]
    if not found:
        return Verdict.NOTHING
    last = {it.job.name: it for it in found if it.known} or {it.job.name: it for it in found}
    verdicts = {_follows(file, scripts, start, run, it) for it in last.values()}
    if Verdict.FAILS in verdicts and all(it.known for it in last.values()):
        return Verdict.FAILS
    return Verdict.HOLDS if verdicts == {Verdict.HOLDS} else Verdict.OPEN


def _follows(file: WorkflowFile, scripts: Scripts, start: Start, run: Run, applied: Apply) -> Verdict:
    after = [(job, it) for job, position, it in run.happened() if _is_after(job, position, applied)]
    told = [(job, it, _asks(it, applied, start)) for job, it in after]
    asking = [(job, it) for job, it, asks in told if asks is not False]
    if not asking:
        unread = any(_may_ask(it.command) for _, it in after) or file.is_waited_for()
        return Verdict.OPEN if unread else Verdict.FAILS
    names = {job.name for job, _ in asking}

    def failing(job: JobRun, command: Command) -> Status:
        here = job.name in names and (pytest_calls.tests(command) is not None or programs.looks(command))
        return FAILS if here else SUCCEEDS

    fails = Run(file, scripts, start.values, failing).fails
    if fails is False:
        return Verdict.FAILS
    surely = any(asks is True and it.sure for _, it, asks in told)
    return Verdict.HOLDS if fails and surely else Verdict.OPEN


def _is_after(job: JobRun, position: int, applied: Apply) -> bool:
    return applied.job.name in job.after or (job.name == applied.job.name and position > applied.position)


def _asks(it: Happening, applied: Apply, start: Start) -> Status:
    """Return whether a command tests the deployed environment that was applied to."""
    arguments = pytest_calls.tests(it.command)
    if arguments is None:
        return None if programs.looks(it.command) else False
    live = pytest_calls.is_live(arguments)
    if live is False:
        unread = any(word.startswith("$") for word in arguments)
        return None if unread and "--live" not in arguments else False
    named = pytest_calls.environments(arguments) or [word for word in arguments if word.startswith("$")]
    ours = {applied.happening.environment, *(str(value) for value in start.values.values())} - {""}
    if not named or not ours or any(word in ours for word in named):
        return live
    return None if any(not is_known(word) for word in (*named, *ours)) else False


def _may_ask(command: Command) -> bool:
    """Return whether a command that cannot be read may be one that tests."""
    return pytest_calls.tests(command) is None and programs.may_test(command)
