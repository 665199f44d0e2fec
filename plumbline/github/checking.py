"""What a workflow surely runs, and what of it can fail the run."""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.github import programs, pytest_calls
from plumbline.github.applying import happy
from plumbline.github.jobs import Files, Found, only
from plumbline.github.pytest_calls import DOUBT
from plumbline.github.roots import types_of
from plumbline.github.runs import Happening, JobRun, Run
from plumbline.github.scripts import Scripts, unwrapped
from plumbline.github.shell.path import FAILS, SUCCEEDS, Command, Status
from plumbline.github.starts import Start, own_events, starts
from plumbline.github.workflows import WorkflowFile

MOST_TRIED = 200
"""How many commands of one start are tried whether their failure is one of the run."""


def checks(files: Files, scripts: Scripts) -> Found:
    """Return the command lines that run on some event, whatever is chosen, and can fail the run."""
    return sorted({line for it in _surely(files, scripts) for line in _lines(it)}), files[0].where("jobs")


def checked_types(files: Files, scripts: Scripts) -> Found:
    """Return the types of the resources in the roots that are validated, planned or tested in such a way."""
    asked = (it for it in _surely(files, scripts) if programs.plans_or_tests(it))
    return sorted({found for it in asked for found in types_of(it, scripts)}), files[0].where("jobs")


def _sure(run: Run) -> Iterator[Happening]:
    for _, _, it in run.happened():
        if it.sure and (programs.searches(it.command) or not programs.installs_or_prints(it.command)):
            yield it


def _surely(files: Files, scripts: Scripts) -> set[Command]:
    """Return the commands that can fail the run on each start that some event makes."""
    file = only(files)
    return scripts.once(("surely", file.shown), lambda: _of_events(file, scripts))


def _of_events(file: WorkflowFile, scripts: Scripts) -> set[Command]:
    found: set[Command] = set()
    every = starts(file, scripts)
    for event in own_events(file):
        own = [start for start in every if start.event == event]
        commands = [dict.fromkeys(it.command for it in _sure(happy(file, scripts, it))) for it in own]
        common = [it for it in (commands[0] if commands else ()) if all(it in other for other in commands)]
        checks = [it for it in common if it.words[0] != "uses:" or programs.plans_or_tests(it)]
        found |= {
            it for it in checks[:MOST_TRIED] if all(_can_fail(file, scripts, start, it) for start in own)
        }
    return found


def _can_fail(file: WorkflowFile, scripts: Scripts, start: Start, tried: Command) -> bool:
    def failing(job: JobRun, command: Command) -> Status:
        return FAILS if command.words == tried.words and command.folder == tried.folder else SUCCEEDS

    return Run(file, scripts, start.values, failing).fails is True


def _lines(command: Command) -> Iterator[str]:
    """Yield what a command checks, in one line each, without what starts it; an action as name and inputs.

    A doubt stands before a program of which nobody knows whether it checks anything; what only handles files
    is left out, and a script that can be read speaks by its commands.
    """
    arguments = pytest_calls.tests(command)
    if arguments is not None:
        yield from pytest_calls.lines(command, arguments)
    elif (sort := programs.checks_by(command)) is not False:
        yield ("" if sort else DOUBT) + " ".join(unwrapped(command.words))
