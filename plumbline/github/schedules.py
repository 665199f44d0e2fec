"""What is checked by a schedule."""

from __future__ import annotations

from functools import partial

from plumbline.github import programs, pytest_calls
from plumbline.github.applying import Verdict, happy, judged
from plumbline.github.cron import days_between
from plumbline.github.deployment import ScheduledCheck
from plumbline.github.jobs import Files, Found
from plumbline.github.runs import Happening, JobRun, Run
from plumbline.github.scripts import Scripts
from plumbline.github.shell.path import FAILS, SUCCEEDS, Command, Status, is_known
from plumbline.github.starts import Start, starts
from plumbline.github.workflows import WorkflowFile, mapping, text
from plumbline.values.some_of import doubted
from plumbline.values.unknown import ReadError

_EVENT = "schedule"


def scheduled_checks(files: Files, scripts: Scripts) -> Found:
    """Return what checks backups by a schedule, in which environment, with the most days between two checks.

    At least these, where it is not decided of others whether they do.
    """
    found: list[ScheduledCheck] = []
    doubts: list[str] = []
    place = files[0].where()
    for file in files:
        schedule = file.triggers.get(_EVENT)
        crons = [text(mapping(it).get("cron")) for it in (schedule if isinstance(schedule, list) else ())]
        where = file.of_trigger(_EVENT)
        for environment in _environments(file, scripts) if crons else ():
            verdict = judged(file, scripts, partial(_checks, file, scripts, environment))
            if verdict is Verdict.HOLDS:
                days, place = _days(crons, where), where
                found.append(ScheduledCheck(workflow=file.shown, environment=environment, days=days))
            elif verdict is Verdict.OPEN:
                doubts.append(f"whether a check of backups runs, and can fail, is not decided: {where}")
    return doubted(found, doubts), place


def _environments(file: WorkflowFile, scripts: Scripts) -> list[str]:
    """Return the environments that the schedules of a file ask about, each once; empty for all of them."""
    own = [start for start in starts(file, scripts) if start.event == _EVENT]
    happened = [it for start in own for _, _, it in happy(file, scripts, start).happened()]
    asking = [it for it in happened if _asks(it.command) is not False]
    return list(dict.fromkeys(name for it in asking for name in _asked(it)))


def _asked(it: Happening) -> list[str]:
    """Return the environments that a command asks about; empty for all, or for whichever it has access to."""
    arguments = pytest_calls.tests(it.command)
    if arguments is None:
        return [it.environment if is_known(it.environment) else ""]
    return pytest_calls.environments(arguments) or [""]


def _checks(file: WorkflowFile, scripts: Scripts, environment: str, start: Start) -> Verdict:
    """Return whether a schedule comes to a check of an environment's backups that can fail the run."""
    if start.event != _EVENT:
        return Verdict.NOTHING
    happened = [it for _, _, it in happy(file, scripts, start).happened()]
    asking = [it for it in happened if _asks(it.command) is not False and environment in _asked(it)]
    if not asking:
        return Verdict.FAILS
    commands = {it.command for it in asking}

    def failing(job: JobRun, command: Command) -> Status:
        return FAILS if command in commands else SUCCEEDS

    fails = Run(file, scripts, start.values, failing).fails
    if fails is False:
        return Verdict.FAILS
    surely = any(it.sure and _asks(it.command) for it in asking) and is_known(environment)
    return Verdict.HOLDS if fails and surely else Verdict.OPEN


def _asks(command: Command) -> Status:
    """Return whether a command asks what AWS Backup holds; None where that is open."""
    arguments = pytest_calls.tests(command)
    if arguments is None:
        return programs.looks_at(command, "backup")
    chosen = pytest_calls.paths(arguments)
    if any("backup" in it for it in chosen) or not all(map(is_known, chosen)) or not chosen:
        return pytest_calls.is_live(arguments)
    return False


def _days(crons: list[str], where: str) -> int:
    try:
        return days_between(crons)
    except ValueError as error:
        raise ReadError(f"{where}: {error}", cause=where, advice="see crontab(5)") from None
