"""What a workflow surely runs, and what of it can fail the run."""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.github import programs, pytest_calls
from plumbline.github.applying import happy
from plumbline.github.change_events import starts_on_change
from plumbline.github.jobs import Files, Found, only
from plumbline.github.pytest_calls import DOUBT
from plumbline.github.roots import declaring
from plumbline.github.runs import Happening, JobRun, Run
from plumbline.github.scripts import Scripts, unwrapped
from plumbline.github.shell.path import FAILS, SUCCEEDS, WORKSPACE, Command, Status
from plumbline.github.starts import Start, own_events, starts
from plumbline.github.workflows import WorkflowFile

_TERRAFORM = (".tf", ".tf.json")
MOST_TRIED = 200
"""How many commands of one start are tried whether their failure is one of the run."""


def checks(files: Files, scripts: Scripts) -> Found:
    """Return the command lines that run on each change of Terraform and can fail the run.

    A doubt stands before those of which nobody knows whether a change starts them.
    """
    file = only(files)
    terraform = [it for it in scripts.files("", WORKSPACE) if it.endswith(_TERRAFORM)]
    found: set[str] = set()
    for event, commands in _surely(file, scripts).items():
        starts_it = starts_on_change(file, event, terraform)
        lines = {line for it in commands for line in _lines(it)} if starts_it is not False else set()
        found |= lines if starts_it else {f"{DOUBT}{it.removeprefix(DOUBT)}" for it in lines}
    return sorted(found), file.where("jobs")


def checked_types(files: Files, scripts: Scripts) -> Found:
    """Return the types of the resources that are validated, planned or tested whenever they are changed.

    A doubt stands before those of which nobody knows whether each change of them starts that.
    """
    file = only(files)
    found: set[str] = set()
    for event, commands in _surely(file, scripts).items():
        for command in filter(programs.plans_or_tests, commands):
            for type_, paths in declaring(command, scripts).items():
                starts_it = starts_on_change(file, event, paths)
                found |= {type_} if starts_it else {f"{DOUBT}{type_}"} if starts_it is None else set()
    return sorted(found), file.where("jobs")


def _sure(run: Run) -> Iterator[Happening]:
    for _, _, it in run.happened():
        if it.sure and (programs.searches(it.command) or not programs.installs_or_prints(it.command)):
            yield it


def _surely(file: WorkflowFile, scripts: Scripts) -> dict[str, set[Command]]:
    """Return by event the commands that can fail the run on each start that it makes."""
    return scripts.once(("surely", file.shown), lambda: _of_events(file, scripts))


def _of_events(file: WorkflowFile, scripts: Scripts) -> dict[str, set[Command]]:
    found: dict[str, set[Command]] = {}
    every = starts(file, scripts)
    for event in own_events(file):
        own = [start for start in every if start.event == event]
        commands = [dict.fromkeys(it.command for it in _sure(happy(file, scripts, it))) for it in own]
        common = [it for it in (commands[0] if commands else ()) if all(it in other for other in commands)]
        checks = [it for it in common if it.words[0] != "uses:" or programs.plans_or_tests(it)]
        found[event] = {
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
