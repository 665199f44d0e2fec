"""The ways in which a workflow can be started, and what its conditions may meet: one run for each.

What somebody chooses (an event, a branch, an input) is told apart from what a run computes (an output, a
variable of the repository): a fault that hangs on the latter alone is not decided.
Source: GitHub's documentation, "Events that trigger workflows" and "Contexts reference".
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from plumbline.github.conditions import Given, Value, resolved
from plumbline.github.expressions import comparisons, condition, handed_in, references
from plumbline.github.runs import Run, Values
from plumbline.github.scripts import Scripts
from plumbline.github.shell import examples
from plumbline.github.shell.path import is_known
from plumbline.github.workflows import WorkflowFile, mapping, text, texts
from plumbline.values.json_source import data_of
from plumbline.values.unknown import Undetermined

OTHER = examples.FILLER
"""A value that no condition of the file names."""
_MOST = 96
"""How many ways are gone through for what is computed; it is left open where there are more."""
MOST_CHOSEN = 512
"""How many ways that somebody can choose are gone through; nothing is decided where there are more."""
_OWN = ("github.repository", "github.repository_owner")
"""What a condition names of the repository is taken to be its own."""
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_INPUT = re.compile(r"\$\{\{ inputs\.[\w-]+ \}\}")
_WITHIN = re.compile(r"(.*?)\$\{\{ (inputs\.[\w-]+) \}\}(.*)", re.DOTALL)
_CUT = re.compile(r"""\$\{\$\{\{ (inputs\.[\w-]+) \}\}(##?|%%?)["']?([\w. /-]*)["']?\}""")
"""An input of which a script cuts off a beginning or an end: `${CONFIRMATION#deploy-}`."""
_REF = "github.ref"
_BRANCH = "refs/heads/"


@dataclass(frozen=True)
class Start:
    """One way of starting a workflow."""

    event: str
    chosen: tuple[tuple[str, str], ...]
    """What somebody chose, as texts."""
    values: Values
    met: Mapping[str, str] = field(default_factory=dict)
    """The inputs that were given what a condition compares them with, and the text that it compares."""


def symbolic(file: WorkflowFile) -> dict[str, Value]:
    """Return values under which every input stands for itself: `${{ inputs.environment }}`."""
    names = {name for event in ("workflow_dispatch", "workflow_call") for name in file.inputs(event)}
    return {f"inputs.{name}".casefold(): _symbol(file, name) for name in names}


def _symbol(file: WorkflowFile, name: str) -> str:
    """Return how an input is written, and that it is given where each event that starts the file wants it."""
    written = f"${{{{ inputs.{name} }}}}"
    declared = [mapping(file.inputs(event).get(name)) for event in own_events(file)]
    asked = all(it.get("required") is True and it.get("type") in ("choice", "environment") for it in declared)
    return Given(written) if declared and asked else written


def own_events(file: WorkflowFile) -> list[str]:
    """Return the events that start a file by itself: not the call of another one, unless it has no other."""
    events = [it for it in file.triggers if it != "workflow_call"]
    return events or list(file.triggers)


def started(files: Sequence[WorkflowFile]) -> list[WorkflowFile]:
    """Return the files that start by themselves; what another one calls is gone through with it."""
    return [it for it in files if len(files) == 1 or own_events(it) != ["workflow_call"]]


def starts(file: WorkflowFile, scripts: Scripts) -> list[Start]:
    """Return the ways in which a workflow can be started."""
    return scripts.once(("starts", file.shown), lambda: _starts(file, scripts))


def _starts(file: WorkflowFile, scripts: Scripts) -> list[Start]:
    """Return them. Raises `Undetermined` where there are too many to be gone through."""
    asked = _Asked(file, scripts)
    every = (start for event in own_events(file) for start in asked.starts(event))
    found = list(itertools.islice(every, MOST_CHOSEN + 1))
    if len(found) > MOST_CHOSEN:
        raise Undetermined(f"{file.shown} can be started in more than {MOST_CHOSEN} ways")
    return found


class _Asked:
    """What the conditions of a file, and of what it uses, ask for."""

    def __init__(self, file: WorkflowFile, scripts: Scripts) -> None:
        self._file = file
        self._templates: dict[str, list[str]] = {}
        self._named: dict[str, list[str]] = {}
        for written, own in _conditions(file):
            self._take(written, own)
        self._of_scripts(scripts)

    def _take(self, expression: str, own: bool) -> None:
        written = [it.replace("''", "'") for it in _LITERAL.findall(expression)]
        literals = [it for whole in written for it in (whole, *_members(whole))]
        for steps in references(expression):
            name = ".".join(steps).casefold()
            if name.startswith(("steps.", "env.", "matrix.", "runner.", "job.", "secrets.")) and not own:
                continue
            compared = [other for _, other in comparisons(expression, name)]
            self._templates.setdefault(name, []).extend(it for it in compared if "${{" in it)
            self._named.setdefault(name, []).extend(literals)

    def _of_scripts(self, scripts: Scripts) -> None:
        """Take what scripts compare an input with, too."""

        def compared(one: str, other: str) -> None:
            for reference, value in ((one, other), (other, one)):
                for name, it in _as_compared(reference, value):
                    if is_known(it):
                        self._named.setdefault(name, []).append(it)
                    elif is_known(_INPUT.sub("", it)):
                        self._templates.setdefault(name, []).append(it)

        free = {name: f"${{{{ {name} }}}}" for name in self._named if name.startswith("inputs.")}
        Run(
            self._file,
            scripts,
            {**free, **_undeclared(self._file), **symbolic(self._file)},
            compared=compared,
        )

    def starts(self, event: str) -> Iterator[Start]:
        """Yield the ways in which an event starts the file."""
        chosen = self._inputs(event) | self._refs(event)
        computed = {
            name: [*dict.fromkeys([*named, OTHER, ""])]
            for name, named in self._named.items()
            if name not in chosen and not self._is_told(name, event)
        }
        while computed and _number(chosen) * _number(computed) > _MOST:
            computed.pop(max(computed, key=lambda name: len(computed[name])))
        templates = {name: self._templates.get(name, []) for name in chosen}
        for picked in _products(chosen):
            for filled in _filled(picked, templates):
                for extra in _products(computed):
                    yield self._start(event, filled, extra)

    def _start(self, event: str, chosen: Mapping[str, Value], computed: Mapping[str, Value]) -> Start:
        values: dict[str, Value] = {"github.event_name": event, "github.workspace": "/github/workspace"}
        values |= {name: self._named[name][0] for name in _OWN if self._named.get(name)}
        if event not in ("workflow_dispatch", "workflow_call") and _declares(self._file):
            values |= dict.fromkeys(symbolic(self._file), None)
        values |= {**computed, **chosen}
        if isinstance(ref := values.get(_REF), str):
            values |= {"github.ref_name": ref.removeprefix(_BRANCH).removeprefix("refs/tags/")}
            values |= {"github.ref_type": "tag" if ref.startswith("refs/tags/") else "branch"}
        told = tuple(sorted((name, str(value)) for name, value in chosen.items()))
        return Start(event, (("event", event), *told), values, self._met(chosen))

    def _met(self, chosen: Mapping[str, Value]) -> dict[str, str]:
        """Return the texts, as they are written, that the inputs equal which are compared with one."""
        found: dict[str, str] = {}
        for name, value in chosen.items():
            written = [*self._templates.get(name, []), *self._named.get(name, [])]
            known = (it for it in written if resolved(it, lambda other: chosen.get(other, "")) == value)
            if value != OTHER and (template := next(known, None)) is not None:
                found[name] = template
        return found

    def _is_told(self, name: str, event: str) -> bool:
        """Whether a run knows a value by itself."""
        known = ("github.event_name", "github.workspace", "github.ref_name", "github.ref_type", *_OWN)
        own = name.startswith(("env.", "matrix.", "runner.", "inputs.")) or name.endswith(
            (".result", ".outcome", ".conclusion")
        )
        return (
            name in known or own or not name.startswith(("github.", "needs.", "steps.", "vars.", "secrets."))
        )

    def _inputs(self, event: str) -> dict[str, list[Value]]:
        declared = self._file.inputs(event) if event in ("workflow_dispatch", "workflow_call") else {}
        if not _declares(self._file):
            declared = {name.partition(".")[2]: {} for name in _undeclared(self._file)}
        return {f"inputs.{name}".casefold(): self._of_input(name, it) for name, it in declared.items()}

    def _of_input(self, name: str, declared: Mapping[Any, Any]) -> list[Value]:
        reference = f"inputs.{name}".casefold()
        if declared.get("type") == "boolean":
            return [True, False]
        if options := texts(declared.get("options")) if declared.get("type") == "choice" else ():
            return list(options)
        named = [it for it in self._named.get(reference, []) if it]
        if not named and not self._templates.get(reference):
            return [text(declared.get("default")) or OTHER]
        return [*dict.fromkeys([*named, OTHER])]

    def _refs(self, event: str) -> dict[str, list[Value]]:
        named = [
            *self._named.get(_REF, []),
            *(f"{_BRANCH}{it}" for it in self._named.get("github.ref_name", [])),
        ]
        refs = [it for it in named if it.startswith("refs/") and it.count("/") > 1 and not it.endswith("/")]
        if event.startswith("pull_request"):
            return {_REF: ["refs/pull/1/merge"]} if event == "pull_request" else {_REF: [f"{_BRANCH}main"]}
        settings = mapping(self._file.triggers.get(event))
        branches = [f"{_BRANCH}{it}" for it in texts(settings.get("branches"))]
        tags = [f"refs/tags/{it.replace('*', '1')}" for it in texts(settings.get("tags"))]
        if event == "push" and (branches or tags) and not any("*" in it or "!" in it for it in branches):
            return {_REF: [*branches, *tags]}
        if event == "schedule":
            return {_REF: [_default_branch(refs)]}
        if not named:
            return {_REF: [f"{_BRANCH}main"]}
        return {_REF: [*dict.fromkeys([*refs, f"{_BRANCH}{OTHER}"])]}


def _members(literal: str) -> Iterator[str]:
    """Yield the texts of a list that is written as JSON, for `fromJSON`."""
    try:
        listed = data_of(literal) if literal.lstrip().startswith("[") else ()
    except ValueError:
        return
    yield from (it for it in listed if isinstance(it, str))


def _as_compared(reference: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield the texts that an input is compared with, if `reference` is one: by itself, between other text,
    or without a beginning or an end that a script cuts off.
    """
    texts = examples.of_glob(value) or [value]
    if matched := _CUT.fullmatch(reference):
        for it in texts:
            begins = matched[2].startswith("#")
            yield matched[1].casefold(), f"{matched[3]}{it}" if begins else f"{it}{matched[3]}"
            yield matched[1].casefold(), it
    elif matched := _WITHIN.fullmatch(reference):
        name, (before, behind) = matched[2].casefold(), (matched[1], matched[3])
        if is_known(before + behind):
            held = (it for it in texts if it.startswith(before) and it.endswith(behind))
            yield from ((name, it[len(before) : len(it) - len(behind)]) for it in held)


def _conditions(file: WorkflowFile, depth: int = 3) -> Iterator[tuple[str, bool]]:
    """Yield each condition of a file and of what it uses, and whether it is the file's own.

    That of what it uses speaks of the inputs of the file: those of its own stand for what they are given.
    """
    for place, written in file.strings():
        if place[-1] in ("if", "continue-on-error"):
            yield condition(written), True
    for job in file.jobs:
        called = file.called(job.calls) if depth else None
        for it, _ in _conditions(called, depth - 1) if called else ():
            yield handed_in(it, mapping(job.data.get("with"))), False
        yield from ((it, False) for it in _of_actions(file, job.data.get("steps"), depth))


def _of_actions(file: WorkflowFile, steps: Any, depth: int) -> Iterator[str]:
    """Yield the conditions of the actions of a checkout that some steps use, in what those are given."""
    for step in map(mapping, steps if isinstance(steps, list) and depth else ()):
        action = file.action(text(step.get("uses")))
        inner = mapping(action.data.get("runs")).get("steps") if action else None
        own = [condition(text(mapping(it).get("if"))) for it in inner or () if isinstance(inner, list)]
        for it in (*own, *_of_actions(file, inner, depth - 1)):
            yield handed_in(it, mapping(step.get("with")))


def _default_branch(named: list[str]) -> str:
    """Return the default branch, on which schedules run, as far as what a file names tells which it is."""
    usual = [f"{_BRANCH}{it}" for it in ("main", "master")]
    found = [it for it in usual if it in named] or ([] if named else usual)
    return found[0] if found else f"${{{{ {_REF} }}}}"


def _declares(file: WorkflowFile) -> bool:
    return bool(symbolic(file))


def _undeclared(file: WorkflowFile) -> dict[str, Value]:
    """Return values for the inputs that a file uses and does not declare, each standing for itself."""
    if _declares(file):
        return {}
    used = {
        name
        for _, written in file.strings()
        for name in re.findall(r"\binputs\.([\w-]+)", condition(written))
    }
    return {f"inputs.{name}".casefold(): f"${{{{ inputs.{name} }}}}" for name in used}


def _products(values: Mapping[str, list[Value]]) -> Iterator[dict[str, Value]]:
    for picked in itertools.product(*values.values()):
        yield dict(zip(values, picked, strict=True))


def _filled(picked: dict[str, Value], templates: Mapping[str, list[str]]) -> Iterator[dict[str, Value]]:
    """Yield what was picked, and once more for each text made of other inputs that one is compared with."""
    yield picked
    for name, written in templates.items():
        if picked[name] == OTHER:
            for template in dict.fromkeys(written):
                yield {**picked, name: resolved(template, lambda it: picked.get(it, f"${{{{ {it} }}}}"))}


def _number(values: Mapping[str, list[Value]]) -> int:
    number = 1
    for it in values.values():
        number *= len(it)
    return number
