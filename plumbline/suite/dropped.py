"""What a stack says and nothing asks: an expected field, or a whole resource. It only looks like a check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from plumbline.entry import HOME
from plumbline.expectations.home import Home
from plumbline.expectations.runbook import Runbook
from plumbline.expectations.stack import Stack, Subject
from plumbline.suite.again import of_stacks
from plumbline.suite.reads import EXPECTED
from plumbline.suite.run import RUN, Run
from plumbline.suite.sentences import Functions, Unimportable, all_functions
from plumbline.suite.subjects import asked_of
from plumbline.suite.unheld import unheld
from plumbline.values.mistakes import DataError


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Refuse a stack that says what no sentence asks, and note what evidence lacks; once for all processes.

    Where a test cannot be used, what it would ask is not known: pytest tells what is wrong with one that the
    run collects, and of another environment's this does.
    """
    run, home = session.config.stash.get(RUN, None), session.config.stash.get(HOME, None)
    if run is None or home is None or hasattr(session.config, "workerinput"):
        return
    functions = _importable(home)
    if functions is None:
        return
    found = list(dict.fromkeys(dropped(run, functions)))
    if found:
        raise pytest.UsageError("\n".join(found))
    if run.saved:
        run.lacking.extend(unheld(run, functions))


def _importable(home: Home) -> Functions | None:
    """Return the test functions; None where a file cannot be imported, of which pytest tells best."""
    try:
        return all_functions(home.sentences)
    except Unimportable:
        return None
    except DataError as mistake:
        raise pytest.UsageError(str(mistake)) from None


@dataclass
class _OfAStack:
    """What the sentences ask of the resources of a stack."""

    looked_at: set[tuple[str, str, str]] = field(default_factory=set)
    """The environment of a resource, its noun and its key."""
    fields: set[tuple[str, str, str, str]] = field(default_factory=set)
    """The same, and a field of which a value is expected."""
    invariants: set[str] = field(default_factory=set)
    """What is asked of anything at all."""
    unclear: bool = False
    """Whether a test cannot be used, so that nobody knows what it would ask."""


def dropped(run: Run, functions: Functions) -> Iterator[str]:
    """Yield what stacks say that no run asks: with file and line, and who could ask."""
    for name, stack in run.stacks.items():
        asked = _asked(run, name, functions)
        if asked.unclear:
            continue
        found: dict[str, list[str]] = {}
        for environment in stack.environments:
            for subject in stack.subjects(environment).values():
                for told in _dropped(subject, stack, run, asked):
                    found.setdefault(told, []).append(environment)
        yield from _asked_of_nothing(run.runbooks[name], asked, of_stacks(run))
        for told, where in found.items():
            yield told if where == [*stack.environments] else f"{told}, in {', '.join(where)}"


def _asked(run: Run, name: str, functions: Functions) -> _OfAStack:
    """Return what every run together asks of a stack."""
    stack = run.stacks[name]
    everything = replace(
        run,
        stacks={name: stack},
        runbooks={name: run.runbooks[name]},
        environments={name: list(stack.environments)},
        operations=True,
        writes=True,
    )
    found = _OfAStack()
    waived = {it.invariant for it in run.waivers if it.stack == name}
    for test, function in functions.items():
        try:
            for identifier, reads, arguments in asked_of(everything, test, function):
                found.invariants.add(identifier)
                primary = next(iter(arguments.values()))
                if identifier in waived:
                    run.waivable.add((name, identifier, primary.environment, primary.key))
                found.looked_at |= {_place(it) for it in arguments.values()}
                found.fields |= {(*_place(primary), name) for name in reads.get(EXPECTED, ())}
        except pytest.Collector.CollectError as error:
            if not [*unusable(run, {test: function})]:
                raise pytest.UsageError(str(error)) from None
            found.unclear = True
    return found


def unusable(run: Run, functions: Functions) -> Iterator[str]:
    """Yield why a run cannot use tests, in the environments that it examines."""
    for test, function in functions.items():
        try:
            list(asked_of(run, test, function))
        except pytest.Collector.CollectError as error:
            yield str(error)


def _asked_of_nothing(runbook: Runbook, asked: _OfAStack, options: str) -> Iterator[str]:
    """Yield the invariants that some test asserts, and that no run asks of anything."""
    for identifier, invariant in runbook.invariants.items():
        if invariant.tests and not invariant.advisory and identifier not in asked.invariants:
            told = "it is asked of nothing: the stack has no such resource, or expects nothing of it there"
            why = f"python -m plumbline coverage --not-asked {identifier}{options} says which"
            yield runbook.mistake(identifier, f"{told}: {why}")


def _dropped(subject: Subject, stack: Stack, run: Run, asked: _OfAStack) -> Iterator[str]:
    key, here = subject.key, _place(subject)
    if here not in asked.looked_at:
        told = f"no sentence asks anything of {key}{_who(subject, run)}"
        yield stack.mistake(subject.kind, key, (), told)
        return
    said = [name for name in subject.expected if name not in subject.kind.implied]
    for name in said or subject.expected:  # what is implied need not be asked beside what is said
        if (*here, name) not in asked.fields:
            told = f"no sentence asks {name} of {key}{_who(subject, run)}"
            yield stack.mistake(subject.kind, key, stack.expects(subject, name), told)


def _place(subject: Subject) -> tuple[str, str, str]:
    return subject.environment, subject.kind.noun, subject.key


def _who(subject: Subject, run: Run) -> str:
    """Return who could ask: the invariants that speak of others of its kind."""
    alike = run.stacks[subject.stack].subjects(subject.environment).values()
    others = [
        identifier
        for identifier, invariant in run.runbooks[subject.stack].invariants.items()
        if any(invariant.speaks_of(it.key, it.groups) for it in alike if it.kind is subject.kind)
        and not invariant.speaks_of(subject.key, subject.groups)
    ]
    some = ", ".join([*others[:4], *(["..."] if len(others) > 4 else [])])
    return f"; those of its kind that name what they speak of: {some}" if some else ""
