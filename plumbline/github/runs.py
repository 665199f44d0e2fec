"""A run of a workflow as GitHub would make it: which jobs and steps start, and with which result they end.

Nothing is run. Sources: GitHub's documentation, "Workflow syntax" (`if`, `needs`, `continue-on-error`,
`shell`, `strategy`), "Contexts reference" (`needs`, `steps`), "Reusing workflow configurations" and
"Metadata syntax".
"""

from __future__ import annotations

import itertools
import math
import posixpath
import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from plumbline.github import actions, outputs
from plumbline.github.conditions import OPEN, States, Value, holds, resolved, shown
from plumbline.github.replacing import replaced
from plumbline.github.scripts import Scripts
from plumbline.github.shell import script as shell
from plumbline.github.shell.path import FAILS, SUCCEEDS, UNREAD, WORKSPACE, Command, Status, is_known
from plumbline.github.workflows import WorkflowFile, mapping, text, texts
from plumbline.values.unknown import Undetermined
from plumbline.values.wildcards import compiled

Values = Mapping[str, Value]
"""What references stand for, in small letters: `inputs.environment`."""
Fails = Callable[["JobRun", Command], Status]

_SET_LATER = r"""(?:echo|printf)\s+["']?(\w+)=([^"'\n>]*?)(?:\\n)?["']?\s*>>\s*["']?\$\{?GITHUB_ENV"""
_ON_PATH_LATER = r"""(?:echo|printf)\s+["']?([^"'\n>]+?)["']?\s*>>\s*["']?\$\{?GITHUB_PATH"""
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_DEEPEST = 4
MOST_PASSED = 4_000
"""How many jobs and steps of one run are gone through, those of actions and called workflows each time."""
_MOST_TURNS = 256
"""How many combinations of a matrix there may be. Source: GitHub's documentation, "Workflow syntax"."""
_MOST_COMPARED = 16_384
"""How many combinations are compared with what is included and excluded."""
_DEFAULTS = {
    "GITHUB_WORKSPACE": WORKSPACE,
    "CI": "true",
    "GITHUB_SERVER_URL": "${{ github.server_url }}",
    "GITHUB_REPOSITORY": "${{ github.repository }}",
    "GITHUB_RUN_ID": "${{ github.run_id }}",
}


@dataclass(frozen=True)
class Happening:
    """A command that a run comes to."""

    command: Command
    environment: str
    """The environment of GitHub that its job deploys to; empty where it names none."""
    where: str
    """File and line of its step."""
    sure: bool
    """Whether the run comes to it unless it fails before."""


@dataclass
class JobRun:
    """A job in a run."""

    name: str
    file: WorkflowFile
    data: Mapping[Any, Any]
    where: str
    after: frozenset[str] = frozenset()
    """The names of all jobs that end before it starts."""
    environment: str = ""
    """The environment of GitHub that it deploys to; empty where it names none."""
    result: str = "skipped"
    sure: bool = True
    tolerated: bool = False
    """Whether the run goes on although it fails."""
    around: JobRun | None = None
    """The job that calls its workflow."""
    happened: list[Happening] = field(default_factory=list)
    is_broken: bool = False
    """Whether something in it is said to fail: nobody knows what it gives on then."""
    values: Values = field(default_factory=dict)
    """What references of the job stand for, without those to its matrix."""
    outputs: Values = field(default_factory=dict)
    """What it gives the jobs that wait for it; open where that hangs on which of its turns ends last."""
    checked_out_to: tuple[str, ...] = ()
    """The folders of the workspace that its repository was checked out to, besides the workspace itself."""

    @property
    def started(self) -> bool:
        """Whether it ran at all."""
        return self.result != "skipped"

    def is_let_through(self, run: Run) -> bool:
        """Whether nothing that it waits for has failed or was left out."""
        return all(it.result in ("success", "open") for it in run.every if it.name in self.after)


def _without_failure(job: JobRun, command: Command) -> Status:
    return SUCCEEDS


def _succeeding(command: Command) -> Status:
    return SUCCEEDS


def _unheard(one: str, other: str) -> None:
    """Hear nothing of what is compared."""


def _read(script: str, settings: shell.Settings) -> shell.Outcome:
    """Return what a script comes to; one that cannot be gone through stands there as a whole."""
    try:
        return shell.outcome(script, settings)
    except (Undetermined, RecursionError):
        whole = Command((UNREAD, script), settings.folder, settings.variables)
        return shell.Outcome((whole,), frozenset({settings.succeeds(whole)}))


class Run:
    """A run of a workflow file. Raises `Undetermined` for one of too many jobs and steps."""

    def __init__(
        self,
        file: WorkflowFile,
        scripts: Scripts,
        values: Values,
        succeeds: Fails = _without_failure,
        compared: shell.Compared = _unheard,
        around: JobRun | None = None,
        depth: int = _DEEPEST,
        passed: Iterator[int] | None = None,
        anything: bool = False,
    ) -> None:
        """Go through the run of a start; with `anything`, whatever may have ended before, and however."""
        self.file, self._scripts, self._values = file, scripts, values
        self._succeeds, self._compared = succeeds, compared
        self._around, self._depth = around, depth
        self.anything = anything
        self._passed = passed or itertools.count(1)
        self.jobs: dict[str, JobRun] = {}
        self._inner: dict[str, list[JobRun]] = {}
        for name in _ordered(file):
            self._job(name)

    @property
    def every(self) -> list[JobRun]:
        """The jobs of this file and of the workflows that they call, in an order in which they may run."""
        return [it for name, job in self.jobs.items() for it in (job, *self._inner.get(name, ()))]

    @property
    def fails(self) -> Status:
        """Whether the run ends in a failure; None where that is open."""
        results = {it.result for it in self.jobs.values() if not it.tolerated}
        if "failure" in results:
            return True
        return None if "open" in results else False

    def happened(self) -> Iterator[tuple[JobRun, int, Happening]]:
        """Yield what the run comes to, with its job and its position there."""
        for job in self.every:
            for position, it in enumerate(job.happened):
                yield job, position, it

    # Jobs.

    def _job(self, name: str) -> None:
        data = self.file.job_data(name)
        self.passed(self.file.where("jobs"))
        needs = [it for it in texts(data.get("needs")) if it in self.jobs]
        ancestors = [self.jobs[it.name] for it in self.file.needed(name) if it.name in self.jobs]
        before = {it.name for needed in ancestors for it in (needed, *self._inner.get(needed.name, ()))}
        outer = self._around.after if self._around else frozenset()
        prefix = f"{self._around.name} / " if self._around else ""
        job = JobRun(f"{prefix}{name}", self.file, data, self.file.where("jobs", name), outer | before)
        job.around, self.jobs[name] = self._around, job
        values = job.values = {**self._values, **self._needed(needs)}
        states: States = _ANYTHING if self.anything else _of_jobs(ancestors)
        starts = holds(text(data.get("if")), lookup(values), states)
        job.sure = starts is not None and all(it.sure and it.result != "open" for it in ancestors)
        if self._around:
            job.sure = job.sure and self._around.sure
        if starts is False or _is_refused(data):
            return
        turns = [{**values, **turn} for turn in _matrix(data, job.where)]
        ended = [(self._turn(job, turn), _is_tolerated(data, turn)) for turn in turns]
        counted = _worst(_counted(result, may_fail) for result, may_fail in ended)
        job.tolerated = counted == "success" and any(may_fail for _, may_fail in ended)
        job.result = counted if counted != "success" else _worst(result for result, _ in ended)

    def passed(self, where: str) -> None:
        """Count a job or a step. Raises `Undetermined` where there are more than are gone through."""
        if next(self._passed) > MOST_PASSED:
            raise Undetermined(f"{where}: the run has more than {MOST_PASSED:,} jobs and steps")

    def _needed(self, needs: Sequence[str]) -> dict[str, Value]:
        results = {f"needs.{it}.result".casefold(): self._result(it) for it in needs}
        every = {"needs.*.result": [self._result(it) for it in needs]}
        broken = tuple(f"needs.{it}.outputs.".casefold() for it in needs if self.jobs[it].is_broken)
        open_ = {name: OPEN for name in self._values if broken and name.startswith(broken)}
        return {**results, **every, **self._outputs(needs), **open_}

    def _outputs(self, needs: Sequence[str]) -> dict[str, Value]:
        """Return what jobs that ended give; one that was skipped gives empty texts."""
        if self.anything:
            return {}
        ended = {it: self.jobs[it] for it in needs if not self.jobs[it].is_broken}
        return {
            f"needs.{name}.outputs.{text(output)}".casefold(): job.outputs.get(text(output), OPEN)
            if job.started
            else ""
            for name, job in ended.items()
            for output in mapping(job.data.get("outputs"))
        }

    def _result(self, name: str) -> Value:
        """Return the result that other jobs see: a job that may fail succeeds for them."""
        job = self.jobs[name]
        if job.result == "open" or self.anything:
            return OPEN
        return "success" if job.tolerated and job.result == "failure" else job.result

    def _turn(self, job: JobRun, values: dict[str, Value]) -> str:
        job.environment = environment(job.data, values)
        if uses := text(job.data.get("uses")):
            return self._called(job, uses, values)
        return _Steps(self, job, values).result()

    def _called(self, job: JobRun, uses: str, values: dict[str, Value]) -> str:
        given = _given(job.data.get("with"), values)
        called = self.file.called(uses) if self._depth else None
        if called is None:
            command = actions.as_command(uses, {name: shown(it) for name, it in given.items()}, WORKSPACE)
            job.happened.append(Happening(command, job.environment, job.where, job.sure))
            return "success" if self._succeeds(job, command) else "failure"
        declared = called.inputs("workflow_call")
        defaults = {name: _default(it) for name, it in declared.items()}
        inputs = {f"inputs.{name}".casefold(): it for name, it in {**defaults, **given}.items()}
        kept = {name: it for name, it in values.items() if name.startswith(("github.", "vars."))}
        inner = Run(
            called,
            self._scripts,
            {**kept, **inputs},
            self._succeeds,
            self._compared,
            job,
            self._depth - 1,
            self._passed,
            self.anything,
        )
        own = next(key for key, it in self.jobs.items() if it is job)
        self._inner.setdefault(own, []).extend(inner.every)
        failed = inner.fails
        return "open" if failed is None else "failure" if failed else "success"

    # What steps ask of their run.

    def settings(
        self, job: JobRun, folder: str, variables: Mapping[str, str], flags: tuple[bool, bool]
    ) -> shell.Settings:
        """Return how a script of a job is gone through."""
        scripts = self._scripts.checked_out_to(job.checked_out_to)
        return shell.Settings(
            folder=folder,
            variables=variables,
            errexit=flags[0],
            pipefail=flags[1],
            succeeds=lambda command: self._succeeds(job, command),
            follow=scripts.followed,
            expand=scripts.expanded,
            compared=self._compared,
        )

    def outcome(self, job: JobRun, script: str, settings: shell.Settings) -> shell.Outcome:
        """Return what a script of a job comes to; one without a failure is gone through once."""
        if self._compared is not _unheard:
            return _read(script, settings)
        flags = (settings.folder, settings.errexit, settings.pipefail)
        key = (script, *flags, job.checked_out_to, frozenset(settings.variables.items()))
        known = self._scripts.once(key, lambda: _read(script, replace(settings, succeeds=_succeeding)))
        if all(self._succeeds(job, it) is SUCCEEDS for it in known.commands):
            return known
        job.is_broken = True
        return _read(script, settings)

    def succeeds(self, job: JobRun, command: Command) -> Status:
        """Return whether a command of a job succeeds."""
        status = self._succeeds(job, command)
        job.is_broken = job.is_broken or status is not SUCCEEDS
        return status


@dataclass
class _Scope:
    """The steps of a job, or of an action that one of them uses: each has a success of its own."""

    values: dict[str, Value]
    variables: dict[str, str]
    folder: str = WORKSPACE
    sure: bool = True
    failed: Status = False
    """Whether a step has failed; None where that is open."""


class _Steps:
    """The steps of a job, one after the other."""

    def __init__(self, run: Run, job: JobRun, values: dict[str, Value]) -> None:
        self._run, self._job = run, job
        file, data = job.file, job.data
        variables = {**_DEFAULTS, **_variables(file.data.get("env"), values)}
        known = {**values, **_of_env(variables)}
        variables |= _variables(data.get("env"), known)
        self._scope = _Scope({**known, **_of_env(variables)}, variables, sure=job.sure)
        self._defaults = {
            **mapping(mapping(file.data.get("defaults")).get("run")),
            **mapping(mapping(data.get("defaults")).get("run")),
        }

    def result(self) -> str:
        steps = self._job.data.get("steps")
        name = self._job.name.rpartition(" / ")[2]
        for position, step in enumerate(_list(steps)):
            where = self._job.file.where("jobs", name, "steps", position)
            self._step(mapping(step), where, self._scope, _DEEPEST)
        given = mapping(self._job.data.get("outputs"))
        told = {text(name): resolved(text(it), lookup(self._scope.values)) for name, it in given.items()}
        before = self._job.outputs
        self._job.outputs = {
            name: it if is_known(it) and before.get(name, it) == it else OPEN for name, it in told.items()
        }
        failed = self._scope.failed
        return "open" if failed is None else "failure" if failed else "success"

    def _step(self, step: Mapping[Any, Any], where: str, scope: _Scope, depth: int) -> None:
        self._run.passed(where)
        known = lookup(scope.values)
        status: States = {
            "success": not scope.failed,
            "failure": bool(scope.failed),
            "always": True,
            "cancelled": False,
        }
        starts = holds(text(step.get("if")), known, _ANYTHING if self._run.anything else status)
        if scope.failed is None and starts is False:
            starts = holds(text(step.get("if")), known, {**status, "success": False, "failure": True})
        name = text(step.get("id")).casefold()
        if starts is False:
            self._ended(name, scope, "skipped", False)
            return
        sure = scope.sure and starts is True
        succeeded = self._ran(step, where, scope, sure, depth)
        tolerated = _is_tolerated(step, scope.values)
        if succeeded is not SUCCEEDS and tolerated is not True:
            surely = succeeded is FAILS and starts is True and tolerated is False
            scope.failed = True if surely else scope.failed or None
        self._ended(
            name, scope, {True: "success", False: "failure", None: OPEN}[succeeded], tolerated is True
        )

    def _ended(self, name: str, scope: _Scope, outcome: Value, tolerated: bool) -> None:
        if name and not self._run.anything:
            scope.values[f"steps.{name}.outcome"] = outcome
            concluded = "success" if tolerated and outcome == "failure" else outcome
            scope.values[f"steps.{name}.conclusion"] = concluded

    def _ran(self, step: Mapping[Any, Any], where: str, scope: _Scope, sure: bool, depth: int) -> Status:
        own = _variables(step.get("env"), scope.values)
        values = {**scope.values, **_of_env(own)}
        variables = {**scope.variables, **own}
        if uses := text(step.get("uses")):
            given = {name: shown(it) for name, it in _given(step.get("with"), values).items()}
            if folder := actions.checked_out_to(uses, given):
                self._job.checked_out_to = (*self._job.checked_out_to, folder)
            if script := actions.script_of(uses, given):
                return self._script(script, {"shell": "bash"}, where, values, variables, sure)
            return self._action(
                resolved(uses, lookup(values)),
                given,
                where,
                _Scope(values, variables, scope.folder, sure),
                depth,
            )
        script = resolved(text(step.get("run")), lookup(values))
        first = len(self._job.happened)
        status = self._script(script, step, where, values, variables, sure)
        name = text(step.get("id")).casefold()
        if name and not self._run.anything:
            given = outputs.written(it.command for it in self._job.happened[first:])
            scope.values |= {
                f"steps.{name}.outputs.{output}".casefold(): it if sure else OPEN
                for output, it in given.items()
            }
        for name, value in compiled(_SET_LATER).findall(script):
            filled = replaced(_VARIABLE, lambda it: variables.get(it[1], it[0]), value)
            scope.variables[name] = filled
            scope.values[f"env.{name}".casefold()] = filled if is_known(filled) else OPEN
        for folder in compiled(_ON_PATH_LATER).findall(script):
            filled = replaced(_VARIABLE, lambda it: variables.get(it[1], it[0]), folder)
            scope.variables["PATH"] = f"{filled}:{scope.variables.get('PATH', '$PATH')}"
        return status

    def _script(
        self,
        script: str,
        step: Mapping[Any, Any],
        where: str,
        values: dict[str, Value],
        variables: dict[str, str],
        sure: bool,
    ) -> Status:
        given = step.get("working-directory", self._defaults.get("working-directory", ""))
        folder = posixpath.normpath(posixpath.join(WORKSPACE, resolved(text(given), lookup(values))))
        written = text(step.get("shell", self._defaults.get("shell", "")))
        if written == "cmd":
            script = re.sub(r"\^\r?\n", " ", script)
        if re.match(r"python|node|perl|ruby", written):
            command = Command((written.split()[0], "-c", script), folder, variables)
            self._note([command], where, sure)
            return self._run.succeeds(self._job, command)
        unread = Command((UNREAD, script), folder, variables)
        if re.match(r"pwsh|powershell|cmd", written) and _NOT_OF_SH.search(script):
            self._note([unread], where, sure)
            return self._run.succeeds(self._job, unread)
        if (program := _not_a_shell(written)) is not None:
            commands = [Command(program, folder, variables), unread]
            self._note(commands, where, sure)
            return _all_of(self._run.succeeds(self._job, it) for it in commands)
        settings = self._run.settings(self._job, folder, variables, _flags(written, self._job))
        ended = self._run.outcome(self._job, script, settings)
        self._note(ended.commands, where, sure)
        return (
            ended.status if FAILS in ended.statuses and len(ended.statuses) == 1 else _likely(ended.statuses)
        )

    def _note(self, commands: Sequence[Command], where: str, sure: bool) -> None:
        self._job.happened += [
            Happening(it, self._job.environment, where, sure and it.sure) for it in commands
        ]

    def _action(self, uses: str, given: dict[str, str], where: str, scope: _Scope, depth: int) -> Status:
        found = self._job.file.action(uses) if depth else None
        runs = mapping(found.data.get("runs")) if found else {}
        if found is None or text(runs.get("using")) != "composite":
            command = actions.as_command(uses, given, scope.folder, scope.variables)
            self._note([command], where, scope.sure)
            return self._run.succeeds(self._job, command)
        declared = mapping(found.data.get("inputs"))
        defaults = {
            text(name): resolved(text(mapping(it).get("default")), lookup(scope.values))
            for name, it in declared.items()
        }
        inputs = {f"inputs.{name}".casefold(): it for name, it in {**defaults, **given}.items()}
        kept = {name: it for name, it in scope.values.items() if not name.startswith(("inputs.", "steps."))}
        at = posixpath.join(WORKSPACE, posixpath.normpath(uses[2:]))
        inner = _Scope(
            {**kept, **inputs, "github.action_path": at},
            {**scope.variables, "GITHUB_ACTION_PATH": at},
            sure=scope.sure,
        )
        steps = runs.get("steps")
        for position, step in enumerate(_list(steps)):
            self._step(mapping(step), found.where(position), inner, depth - 1)
        return None if inner.failed is None else not inner.failed


_SUCCESS = {"success": True, "failure": False, "always": True, "cancelled": False}
_ANYTHING: States = {"success": None, "failure": None, "always": True, "cancelled": None}


def _is_tolerated(data: Mapping[Any, Any], values: Values) -> Status:
    """Return whether a run goes on although a job, in one turn, or a step fails; None where that is open."""
    return holds(text(data.get("continue-on-error", False)) or "false", lookup(values), _SUCCESS)


def _counted(result: str, may_fail: Status) -> str:
    """Return the result of a turn of a job as its run counts it."""
    if may_fail is True:
        return "success"
    return "open" if may_fail is None and result == "failure" else result


def _worst(results: Iterable[str]) -> str:
    found = {*results}
    return next((it for it in ("failure", "open") if it in found), "success")


def _likely(statuses: frozenset[Status]) -> Status:
    """Return that a step succeeds which may: where nothing is said to fail, its script does not."""
    return SUCCEEDS if SUCCEEDS in statuses or not statuses else None


def lookup(values: Values) -> Callable[[str], Value]:
    """Return what tells the value of a reference: of inputs none where it is not declared, and else open."""

    def found(reference: str) -> Value:
        if reference in values:
            return values[reference]
        context = reference.partition(".")[0]
        declared = context == "inputs" and any(it.startswith("inputs.") for it in values)
        return None if declared else OPEN

    return found


def environment(job: Mapping[Any, Any], values: Values) -> str:
    """Return the GitHub environment that a job deploys to; empty where it names none."""
    given = mapping(job.get("environment")).get("name", job.get("environment"))
    return resolved(text(given), lookup(values)).strip()


def _of_jobs(ancestors: Sequence[JobRun]) -> dict[str, bool]:
    seen = ["success" if it.tolerated and it.result == "failure" else it.result for it in ancestors]
    return {
        "success": all(it in ("success", "open") for it in seen),
        "failure": "failure" in seen,
        "always": True,
        "cancelled": False,
    }


def _ordered(file: WorkflowFile) -> list[str]:
    """Return the names of the jobs, each after those that it needs."""
    left = {it.name: {needed.name for needed in file.needed(it.name)} for it in file.jobs}
    return sorted(left, key=lambda name: len(left[name] - {name}))


_BESIDE = ("include", "exclude")
"""What stands in a matrix beside its axes."""


def _is_refused(data: Mapping[Any, Any]) -> bool:
    """Return whether GitHub starts no turn of a job: a vector of its matrix has no value."""
    matrix = mapping(mapping(data.get("strategy")).get("matrix"))
    return any(it == [] for name, it in matrix.items() if name not in _BESIDE)


def _matrix(data: Mapping[Any, Any], where: str) -> list[dict[str, Value]]:
    """Return the values of each turn of a job: one without any where it has no matrix, or an open one.

    Raises `Undetermined` for one of more turns than GitHub ever starts.
    """
    matrix = mapping(mapping(data.get("strategy")).get("matrix"))
    axes = {text(name): it for name, it in matrix.items() if isinstance(it, list) and name not in _BESIDE}
    beside = sum(len(_list(matrix.get(it))) for it in _BESIDE)
    if math.prod(map(len, axes.values())) * (1 + beside) > _MOST_COMPARED:
        raise Undetermined(f"{where}: the matrix has more combinations than GitHub starts jobs for")
    turns = (
        [dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values())] if axes else []
    )
    for extra in _list(matrix.get("include")):
        fitting = [
            turn
            for turn in turns
            if all(turn.get(key, value) == value for key, value in mapping(extra).items() if key in axes)
        ]
        if fitting and axes:
            for turn in fitting:
                turn.update(mapping(extra))
        else:
            turns.append(dict(mapping(extra)))
    for gone in _list(matrix.get("exclude")):
        turns = [
            turn for turn in turns if not all(turn.get(key) == value for key, value in mapping(gone).items())
        ]
    return [
        {f"matrix.{name}".casefold(): value for name, value in turn.items()} for turn in turns[:_MOST_TURNS]
    ] or [{}]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _variables(given: Any, values: Values) -> dict[str, str]:
    known = lookup(values)
    return {text(name): resolved(text(it), known) for name, it in mapping(given).items()}


def _of_env(variables: Mapping[str, str]) -> dict[str, Value]:
    return {f"env.{name}".casefold(): value for name, value in variables.items()}


def _given(given: Any, values: Values) -> dict[str, Value]:
    """Return what a `with` gives; a boolean stays one, and an expression that is a value by itself, too."""
    known = lookup(values)
    return {
        text(name): it if isinstance(it, bool) else resolved(text(it), known)
        for name, it in mapping(given).items()
    }


def _default(declared: Mapping[Any, Any]) -> Value:
    given = declared.get("default")
    if isinstance(given, bool):
        return given
    return text(given) if given is not None else (False if declared.get("type") == "boolean" else "")


_SHELLS = re.compile(r"(?:.*[/-])?(?:ba|da|k|z|a|pw)?sh(?:\.exe)?|powershell|cmd|msys2|nu", re.IGNORECASE)


_NOT_OF_SH = re.compile(
    r"\$env:|\$\w+\s*=|%\w+%|\bthrow\b|\b(?:if|foreach|while)\s*\(|@\w+|\b[A-Z][a-z]+-[A-Z]\w+"
)
"""What PowerShell or cmd says and no POSIX shell does."""


def _not_a_shell(written: str) -> tuple[str, ...] | None:
    """Return what GitHub runs instead of a shell, as `cat {0}`; None where a shell runs the script.

    A shell that only parses runs nothing of it.
    """
    try:
        words = shlex.split(written)
    except ValueError:
        words = written.split()
    named = [at for at, it in enumerate(words) if _SHELLS.fullmatch(it)]
    parses = any(re.fullmatch(r"-[a-z]*n[a-z]*|noexec", it) for it in words)
    told = bool(named) and any(re.fullmatch(r"-[a-z]*c", it) for it in words[named[-1] + 1 :])
    return tuple(words) if "{0}" in words and (parses or told or not named) else None


def _all_of(statuses: Iterable[Status]) -> Status:
    found = {*statuses}
    return next((it for it in (FAILS, None) if it in found), SUCCEEDS)


def _flags(written: str, job: JobRun) -> tuple[bool, bool]:
    """Return whether a shell ends at a failure, and whether one in a pipe counts."""
    words = written.split()
    if not words:
        return "windows" not in str(job.data.get("runs-on")).casefold(), False
    if "{0}" not in words:
        return words[0] in ("bash", "sh"), words[0] == "bash"
    errexit = any(re.match(r"-[a-z]*e", it) for it in words[1:])
    return errexit, "pipefail" in words
