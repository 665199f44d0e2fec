"""Workflow files of GitHub Actions: their jobs and steps, each with the line that it stands in.

The steps of a composite action or a called workflow that lies in the same checkout stand in for the step or
job that uses it. Source: GitHub's documentation, "Workflow syntax for GitHub Actions" and "Metadata syntax".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from shlex import quote
from typing import Any

from plumbline.github.checkout import Checkout
from plumbline.github.expressions import filled, normal
from plumbline.github.replacing import replaced
from plumbline.values.data import Document, Place
from plumbline.values.files import content
from plumbline.values.mistakes import DataError
from plumbline.values.unknown import ReadError

ON = (True, "on")
"""The key of the triggers: YAML 1.1, which PyYAML reads, takes a plain `on` for true."""
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))")
_DEEPEST = 4
"""How deep local actions and workflows are followed; a cycle of them has no end."""
MOST_FOLLOWED = 2_000
MOST_OF_AN_EXPRESSION = 21_000
"""How long a text with an expression may be. Source: actions/runner, ExpressionConstants.cs, `MaxLength`."""
"""How many local actions and workflows are followed from one file, each time that it is used."""


@dataclass(frozen=True)
class Step:
    """A step, with its texts as `expressions.normal` writes them."""

    where: str
    """File and line."""
    uses: str = ""
    run: str = ""
    condition: str = ""
    may_fail: bool = False
    """Whether the job goes on although it fails: `continue-on-error`."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Its `with`."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Its `env`, with that of its job and workflow."""

    @property
    def script(self) -> str:
        """What it runs, with the values of the variables that its `env` gives."""
        return replaced(_VARIABLE, lambda it: self.variables.get(it[1] or it[2], it[0]), self.run)


@dataclass(frozen=True)
class Job:
    """A job. What it does not say is empty."""

    name: str
    where: str
    data: Mapping[Any, Any]
    steps: tuple[Step, ...]
    needs: tuple[str, ...]

    @property
    def calls(self) -> str:
        """The workflow that it calls instead of having steps."""
        return text(self.data.get("uses"))


@dataclass(frozen=True)
class LocalAction:
    """An action that lies in the same checkout."""

    data: Mapping[Any, Any]
    written: Document
    shown: str

    def where(self, position: int) -> str:
        """Return file and line of one of its steps."""
        return f"{self.shown}:{self.written.line(('runs', 'steps', position))}"


class WorkflowFile:
    """A workflow file. Raises `ReadError` for one that is no YAML."""

    def __init__(
        self, checkout: Checkout, path: Path, depth: int = _DEEPEST, followed: Iterator[int] | None = None
    ) -> None:
        self._checkout, self._depth = checkout, depth
        self._followed = followed or itertools.count(1)
        self._document = document(checkout, path)
        self.shown = checkout.shown(path)
        self.data: Mapping[Any, Any] = mapping(self._document.data)
        self._called: dict[str, WorkflowFile | None] = {}
        self._actions: dict[str, LocalAction | None] = {}
        self.jobs = tuple(self._jobs())
        self._named = {it.name: it for it in reversed(self.jobs)}

    @property
    def text(self) -> str:
        """The file as it is written."""
        return content(self._document.path).decode("utf-8")

    @property
    def triggers(self) -> Mapping[str, Any]:
        """The settings of each event that starts it."""
        given: Any = next((self.data[key] for key in ON if key in self.data), {})
        if isinstance(given, str | list):
            return {event: {} for event in texts(given)}
        return {text(event): settings for event, settings in mapping(given).items()}

    def is_waited_for(self) -> bool:
        """Return whether another file beside it starts when a run of this one has ended."""
        name = text(self.data.get("name")) or self._document.path.name
        others = [
            it for it in self._document.path.parent.glob("*.y*ml") if it.name != self._document.path.name
        ]
        return any(name in _started_by(self._checkout, it) for it in others)

    def inputs(self, event: str) -> Mapping[str, Mapping[Any, Any]]:
        """Return the inputs that `workflow_dispatch` or `workflow_call` declares."""
        declared = mapping(mapping(self.triggers.get(event)).get("inputs"))
        return {text(name): mapping(settings) for name, settings in declared.items()}

    def where(self, *place: str | int) -> str:
        """Return file and line of what stands at `place`, or around it where nothing does."""
        return f"{self.shown}:{self._document.line(place)}"

    def of_trigger(self, *place: str | int) -> str:
        """Return file and line of what stands at `place` below the triggers."""
        key = next((key for key in ON if key in self.data), "on")
        return self.where(key, *place)

    def strings(self) -> Iterator[tuple[Place, str]]:
        """Yield every string of the file with its place."""
        yield from self._document.strings()

    @cached_property
    def _needed(self) -> Mapping[str, Mapping[str, Job]]:
        """The jobs that must end before each one starts, each after those that it needs itself."""
        graph = {name: {it for it in job.needs if it in self._named} for name, job in self._named.items()}
        try:
            order = [*TopologicalSorter(graph).static_order()]
        except CycleError as error:
            cycle = ", ".join(sorted({*error.args[1]}))
            message = f"{self.where('jobs')}: GitHub takes no jobs that wait for themselves: {cycle}"
            raise ReadError(message, cause=message) from None
        place = {name: number for number, name in enumerate(order)}
        found: dict[str, dict[str, Job]] = {}
        for name in order:
            before = found[name] = {}
            for it in sorted(graph[name], key=place.__getitem__, reverse=True):
                if it not in before:
                    before |= {**found[it], it: self._named[it]}
        return found

    def _jobs(self) -> Iterator[Job]:
        for name, job in mapping(self.data.get("jobs")).items():
            place: Place = ("jobs", name)
            steps = tuple(self._steps(place, mapping(job)))
            yield Job(text(name), self.where(*place), mapping(job), steps, texts(mapping(job).get("needs")))

    def _steps(self, place: Place, job: Mapping[Any, Any]) -> Iterator[Step]:
        surrounding = variables(self.data.get("env")) | variables(job.get("env"))
        called = self._read_called(text(job.get("uses")))
        given = _values("inputs", variables(job.get("with")))
        for step in (step for it in (called.jobs if called else ()) for step in it.steps):
            yield _with_values(step, given)
        for step, at in _listed(job.get("steps"), (*place, "steps")):
            own = _step(step, self.where(*at))
            known = replace(own, variables=surrounding | dict(own.variables))
            yield from self._inlined(_with_values(known, _values("env", known.variables)), self._depth)

    def _inlined(self, step: Step, depth: int) -> Iterator[Step]:
        """Yield the step, or the steps of the composite action of this checkout that it uses."""
        folder = self._checkout.folder / step.uses[2:]
        files = [folder / name for name in ("action.yml", "action.yaml")] if _is_local(step.uses) else []
        action = next((file for file in files if file.is_file()), None)
        if action is None or not depth:
            yield step
            return
        self._count(step.where)
        written = document(self._checkout, action)
        declared = mapping(mapping(written.data).get("inputs"))
        defaults = {text(name): normal(text(mapping(it).get("default"))) for name, it in declared.items()}
        values = _values("inputs", {**defaults, **step.given})
        runs = mapping(mapping(written.data).get("runs"))
        for inner, at in _listed(runs.get("steps"), ("runs", "steps")):
            where = f"{self._checkout.shown(action)}:{written.line(at)}"
            yield from self._inlined(_with_values(_step(inner, where), values), depth - 1)

    def called(self, uses: str) -> WorkflowFile | None:
        """Return the workflow of this checkout that a job calls; None where it lies elsewhere."""
        if uses not in self._called:
            self._called[uses] = self._read_called(uses)
        return self._called[uses]

    def job_data(self, name: str) -> Mapping[Any, Any]:
        """Return what the file says of a job."""
        return self._named[name].data if name in self._named else {}

    def needed(self, name: str) -> list[Job]:
        """Return the jobs that must end before one of this name starts."""
        return [*self._needed.get(name, {}).values()]

    def _read_called(self, uses: str) -> WorkflowFile | None:
        path = self._checkout.folder / uses[2:]
        if not _is_local(uses) or not self._depth or not path.is_file():
            return None
        self._count(self.where("jobs"))
        return WorkflowFile(self._checkout, path, self._depth - 1, self._followed)

    def actions(self) -> list[LocalAction]:
        """Return the actions of this checkout that its steps use, and those that these use, each once."""
        found: dict[str, LocalAction] = {}
        left = [it for job in self.jobs for it in _uses(job.data)]
        while left:
            used = left.pop(0)
            if used not in found and (action := self.action(used)):
                found[used] = action
                left += _uses(mapping(action.data.get("runs")))
        return [*found.values()]

    def action(self, uses: str) -> LocalAction | None:
        """Return the action of this checkout that a step uses; None where it lies elsewhere."""
        if uses not in self._actions:
            self._actions[uses] = self._read_action(uses)
        return self._actions[uses]

    def _read_action(self, uses: str) -> LocalAction | None:
        folder = self._checkout.folder / uses[2:]
        files = [folder / name for name in ("action.yml", "action.yaml")] if _is_local(uses) else []
        found = next((file for file in files if file.is_file()), None)
        if found is None:
            return None
        written = document(self._checkout, found)
        return LocalAction(mapping(written.data), written, self._checkout.shown(found))

    def _count(self, where: str) -> None:
        """Count that something of this checkout is used. Raises `ReadError` where that has no end."""
        if next(self._followed) > MOST_FOLLOWED:
            message = (
                f"{where}: more than {MOST_FOLLOWED:,} actions and workflows of this checkout are used here"
            )
            raise ReadError(message, cause=message)


def _started_by(checkout: Checkout, path: Path) -> tuple[str, ...]:
    """Return the workflows whose end starts a file. Raises what `document` raises."""
    data = mapping(document(checkout, path).data)
    triggers = mapping(next((data[key] for key in ON if key in data), {}))
    return texts(mapping(triggers.get("workflow_run")).get("workflows"))


def document(checkout: Checkout, path: Path) -> Document:
    """Return a YAML file of the checkout. Raises `ReadError` with file and line for what is no YAML."""
    shown = checkout.shown(checkout.own(path))
    try:
        found = Document(Path(shown))
    except DataError as error:
        raise ReadError(str(error), cause=str(error), command=f"yamllint {quote(shown)}") from None
    for place, it in found.strings():
        if len(it) > MOST_OF_AN_EXPRESSION and "${{" in it:
            message = f"{shown}:{found.line(place)}: GitHub takes no expression of {len(it):,} characters"
            raise ReadError(message, cause=message)
    return found


def mapping(value: Any) -> Mapping[Any, Any]:
    """Return a mapping as it is, and anything else as an empty one."""
    return value if isinstance(value, Mapping) else {}


def text(value: Any) -> str:
    """Return a scalar as GitHub takes it, and anything else as an empty text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else ""


def texts(value: Any) -> tuple[str, ...]:
    """Return a scalar or a list of them as texts."""
    return tuple(filter(None, map(text, value if isinstance(value, list) else [value])))


def variables(value: Any) -> dict[str, str]:
    """Return a mapping of texts, normal ones: `env` or `with`."""
    return {text(name): normal(text(it)) for name, it in mapping(value).items()}


def commands(run: str) -> list[str]:
    """Return the lines that a script runs, continued ones joined, without what it only prints."""
    joined = re.sub(r"\\\n\s*", " ", run)
    lines = (line.strip() for line in joined.splitlines())
    return [line for line in lines if line and not re.match(r"#|(?:echo|printf)\b(?!.*>>)", line)]


def _is_local(uses: str) -> bool:
    """Whether an action or workflow lies in the same repository: `./` from its root, or `$/` in its own."""
    return uses.startswith(("./", "$/"))


def _uses(holder: Mapping[Any, Any]) -> list[str]:
    """Return the actions that the steps of a job, or of an action, use."""
    return [text(mapping(step).get("uses")) for step, _ in _listed(holder.get("steps"), ())]


def _listed(value: Any, place: Place) -> Iterator[tuple[Any, Place]]:
    for position, item in enumerate(value if isinstance(value, list) else ()):
        yield item, (*place, position)


def _step(data: Any, where: str) -> Step:
    step = mapping(data)
    return Step(
        where=where,
        uses=text(step.get("uses")),
        run=normal(text(step.get("run"))),
        condition=text(step.get("if")),
        may_fail=text(step.get("continue-on-error")) not in ("", "false"),
        given=variables(step.get("with")),
        variables=variables(step.get("env")),
    )


def _values(context: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return what references to a context stand for: `inputs.environment`."""
    return {f"{context}.{name}".casefold(): value for name, value in given.items()}


def _with_values(step: Step, values: Mapping[str, str]) -> Step:
    """Return a step of an action or called workflow with what its caller gives."""
    return replace(
        step,
        run=filled(step.run, values),
        given={name: filled(it, values) for name, it in step.given.items()},
        variables={name: filled(it, values) for name, it in step.variables.items()},
    )
