"""What is checked by a schedule."""

from __future__ import annotations

from functools import partial

from plumbline.github import programs, pytest_calls
from plumbline.github.applying import Verdict, happy, judged
from plumbline.github.cron import days_between
from plumbline.github.jobs import Files, Found
from plumbline.github.runs import JobRun, Run
from plumbline.github.scripts import Scripts, unwrapped
from plumbline.github.shell.path import FAILS, SUCCEEDS, Command, Status, is_known
from plumbline.github.starts import Start
from plumbline.github.workflows import WorkflowFile, mapping, text
from plumbline.values.unknown import ReadError, Undetermined

_EVENT = "schedule"


def scheduled_checks(files: Files, scripts: Scripts) -> Found:
    """Return the workflows that check backups by a schedule, each with the most days between two checks.

    Raises `Undetermined` where no workflow surely does, and one may.
    """
    found: dict[str, int] = {}
    place, undecided = files[0].where(), ""
    for file in files:
        schedule = file.triggers.get(_EVENT)
        crons = [text(mapping(it).get("cron")) for it in (schedule if isinstance(schedule, list) else ())]
        verdict = judged(file, scripts, partial(_checks, file, scripts)) if crons else None
        where = file.of_trigger(_EVENT)
        if verdict is Verdict.HOLDS:
            place, found[file.shown] = where, _days(crons, where)
        elif verdict is Verdict.OPEN:
            undecided = f"whether a check of backups runs, and can fail, is not decided: {where}"
    if undecided and not found:
        raise Undetermined(undecided)
    return found, place


def _checks(file: WorkflowFile, scripts: Scripts, start: Start) -> Verdict:
    """Return whether a schedule comes to a check of the backups that fails the run where it fails."""
    if start.event != _EVENT:
        return Verdict.NOTHING
    happened = [it for _, _, it in happy(file, scripts, start).happened()]
    asking = [it for it in happened if _asks(it.command) is not False]
    if not asking:
        return Verdict.FAILS

    def failing(job: JobRun, command: Command) -> Status:
        return FAILS if _asks(command) is not False else SUCCEEDS

    fails = Run(file, scripts, start.values, failing).fails
    if fails is False:
        return Verdict.FAILS
    return Verdict.HOLDS if fails and any(it.sure and _asks(it.command) for it in asking) else Verdict.OPEN


def _asks(command: Command) -> Status:
    """Return whether a command asks what AWS Backup holds; None where that is open."""
    arguments = pytest_calls.tests(command)
    if arguments is None:
        return programs.looks(command) and "backup" in unwrapped(command.words)
    chosen = pytest_calls.paths(arguments)
    if any("backup" in it for it in chosen) or not all(map(is_known, chosen)) or not chosen:
        return pytest_calls.is_live(arguments)
    return False


def _days(crons: list[str], where: str) -> int:
    try:
        return days_between(crons)
    except ValueError as error:
        raise ReadError(f"{where}: {error}", cause=where, advice="see crontab(5)") from None
