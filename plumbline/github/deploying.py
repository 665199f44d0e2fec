"""What each deployment of a workflow surely brings about, and can fail on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from plumbline.github import programs
from plumbline.github.applying import applies_of, happy, possible
from plumbline.github.deployment import Deployment, Upload
from plumbline.github.jobs import Files, Found, only
from plumbline.github.reach import Plans, applied_by, plans_of
from plumbline.github.roots import UNREAD, types_brought, types_destroyed
from plumbline.github.runs import Happening, JobRun, Run
from plumbline.github.scripts import Scripts
from plumbline.github.shell.path import FAILS, SUCCEEDS, Command, Status
from plumbline.github.starts import Start, starts
from plumbline.github.uploads import may_upload, upload_of
from plumbline.github.workflows import WorkflowFile
from plumbline.values.some_of import doubted
from plumbline.values.unknown import Undetermined

MOST_TRIED = 2_500
"""Of how many commands of all starts it is tried whether their failure is one of the run; of others it is
left open."""
_ENVIRONMENT = "inputs.environment"


def deployments(files: Files, scripts: Scripts) -> Found:
    """Return what is brought about for each choice of who starts a deployment, and for each environment.

    A file of which nothing can apply deploys by whatever starts it. Raises `Undetermined` where something
    applies and no start that was gone through comes to it.
    """
    file = only(files)
    can_apply = applies_of(possible(file, scripts))
    found: dict[tuple[tuple[str, str], ...], list[dict[str, _Brought]]] = {}
    tries = count()
    for start in starts(file, scripts):
        run = happy(file, scripts, start)
        if applies_of(run) or not can_apply:
            able = _Able(file, scripts, start, tries)
            found.setdefault(start.chosen, []).append(_brought(able, start, run))
    if not found:
        told = can_apply[0].told if can_apply else "what it deploys"
        raise Undetermined(f"{file.shown}: no start that was gone through comes to {told}")
    every = (it for ways in found.values() for it in _common(ways))
    return [*{repr(it): it for it in every}.values()], file.where("jobs")


@dataclass
class _Brought:
    """What is brought about in one environment by one start."""

    types: set[str] = field(default_factory=set)
    uploads: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    doubts: list[str] = field(default_factory=list)
    """What may bring about more."""


def _brought(able: _Able, start: Start, run: Run) -> dict[str, _Brought]:
    happened = [it for _, _, it in run.happened()]
    plans = plans_of(it.command for it in happened)
    chosen = str(start.values.get(_ENVIRONMENT) or "")
    found = {chosen or it.happening.environment: _Brought() for it in applies_of(run)} or {chosen: _Brought()}
    for it in happened:
        applied = programs.applies(it.command)
        environment = chosen or it.environment
        for name in [environment] if applied is not False else found:
            _take(found.setdefault(name, _Brought()), it, applied, plans, able)
    return found


def _take(into: _Brought, it: Happening, applied: Status, plans: Plans, able: _Able) -> None:
    """Take what a command brings about, or destroys of what was there."""
    if applied:
        for root in applied_by(it.command, plans):
            into.types -= types_destroyed(root, able.scripts)
            types = types_brought(root, able.scripts)
            surely = able.surely(it) if types else False
            into.types |= types - {UNREAD} if surely else set()
            if surely is None or (surely and UNREAD in types):
                into.doubts.append(f"what this applies is not known: {it.command.line[:120]!r} at {it.where}")
    elif upload := upload_of(it.command, able.scripts):
        surely = able.surely(it)
        into.uploads |= {(upload.destination, upload.names)} if surely else set()
        if surely is None:
            into.doubts.append(f"whether this uploads, and can fail, is not known: {it.where}")
    elif applied is None or may_upload(it.command):
        into.doubts.append(f"what this does is not read: {it.command.line[:120]!r} at {it.where}")


class _Able:
    """What can fail a run of a start."""

    def __init__(self, file: WorkflowFile, scripts: Scripts, start: Start, tries: Iterator[int]) -> None:
        self.scripts = scripts
        self._file, self._start, self._tries = file, start, tries
        self._told: dict[Command, Status] = {}

    def surely(self, it: Happening) -> Status:
        """Return whether a command is surely come to, and its failure is one of the run."""
        if it.sure and it.command not in self._told:
            self._told[it.command] = self._fails(it.command) if next(self._tries) < MOST_TRIED else None
        return self._told[it.command] if it.sure else None

    def _fails(self, tried: Command) -> Status:
        def failing(job: JobRun, command: Command) -> Status:
            return FAILS if command.words == tried.words and command.folder == tried.folder else SUCCEEDS

        return Run(self._file, self.scripts, self._start.values, failing).fails


def _common(ways: list[dict[str, _Brought]]) -> Iterator[Deployment]:
    """Yield what comes about whatever a run computes; what only some ways bring is a doubt."""
    for environment in dict.fromkeys(name for way in ways for name in way):
        own = [way[environment] for way in ways if environment in way]
        types = set.intersection(*(it.types for it in own))
        uploads = set.intersection(*(it.uploads for it in own))
        differ = any(it.types != types or it.uploads != uploads for it in own)
        doubts = [doubt for it in own for doubt in it.doubts]
        doubts += ["a run computes what it deploys"] if differ else []
        told = [Upload(destination=to, names=list(names)) for to, names in sorted(uploads)]
        yield Deployment.model_validate(
            {
                "environment": environment,
                "types": doubted(sorted(types), doubts),
                "uploads": doubted(told, doubts),
            }
        )
