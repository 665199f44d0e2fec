"""What is wrong with a test before it runs: an argument that is nothing, an attribute that nothing has."""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Iterable, Iterator, Mapping

from plumbline.expectations.stack import Stack, expectation
from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import kinds
from plumbline.suite.assertions import mistakes, mistakes_around
from plumbline.suite.reads import (
    EXPECTED,
    Function,
    ReadSet,
    in_marker,
    marker_with,
    noun_of,
    read_set,
    refusal,
)
from plumbline.values.names import parsed, read_in_source


def check(function: Function, stacks: Iterable[Stack]) -> None:
    """Raise `CollectError` for a test whose arguments, or what it reads of them, can be nothing."""
    reads = read_set(function)
    related = {name: _related(stacks, name) for name in reads if name not in kinds() and name != EXPECTED}
    for argument, kinds_of in related.items():
        if not kinds_of:
            known = [*kinds(), *_related_names(stacks), EXPECTED]
            told = f"it takes {argument!r}, which is no kind, and nothing that a stack relates to one"
            raise refusal(function, told, argument, known)
    if not reads.keys() & kinds().keys():
        told = "it takes no resource; its first argument is the kind that it is about, such as 'bucket'"
        raise refusal(function, told)
    if EXPECTED in reads and not reads[EXPECTED]:
        told = f"it takes {EXPECTED!r} and asks nothing of it; if a helper does, say so: "
        raise refusal(function, told + marker_with(function, *_read_elsewhere(function, reads)))
    _check_attributes(function, reads, related)
    for told in _mistakes(function):
        raise refusal(function, told)


@functools.cache
def _mistakes(function: Function) -> tuple[str, ...]:
    """Return why a test cannot fail, as it is written, whatever stacks there are."""
    source = parsed(function)
    written = mistakes(source, inspect.unwrap(function).__globals__) if source else ()
    return (*written, *mistakes_around(function))


def _check_attributes(function: Function, reads: ReadSet, related: Mapping[str, list[type[Kind]]]) -> None:
    """Raise `CollectError` for an attribute that no resource which the argument can hold has."""
    for argument, attributes in reads.items():
        known = _known(argument, reads, related)
        for attribute in attributes:
            if attribute not in known:
                reader = "its marker" if (argument, attribute) in in_marker(function) else "it"
                told = f"{reader} reads {argument}.{attribute}, and {_has_no(argument)} {attribute!r}"
                raise refusal(function, told, attribute, known)


def _known(argument: str, reads: ReadSet, related: Mapping[str, list[type[Kind]]]) -> list[str]:
    """Return the attributes that there are of an argument: not what every kind has to be read with."""
    if argument == EXPECTED:
        kind = kinds()[noun_of(reads)]
        return ["name", *kind.implied, *expectation(kind).model_fields]
    of = related.get(argument) or [kinds()[argument]]
    own = {name for kind in of for name in {*dir(kind)} - {*dir(Kind)} if not name.startswith("_")}
    return [*(name for kind in of for name in kind.model_fields), *sorted(own)]


def _has_no(argument: str) -> str:
    return "a stack can expect no" if argument == EXPECTED else f"a {argument.replace('_', ' ')} has no"


def _related(stacks: Iterable[Stack], argument: str) -> list[type[Kind]]:
    """Return the kinds of what the stacks relate to some resource under this name."""
    found = (
        subjects[subject.related[argument]].kind
        for stack in stacks
        for subjects in map(stack.subjects, stack.environments)
        for subject in subjects.values()
        if subject.related.get(argument) in subjects
    )
    return list(dict.fromkeys(found))


def _related_names(stacks: Iterable[Stack]) -> list[str]:
    subjects = (it for stack in stacks for env in stack.environments for it in stack.subjects(env).values())
    return list(dict.fromkeys(name for subject in subjects for name in subject.related))


def _read_elsewhere(function: Function, reads: ReadSet) -> list[str]:
    """Return what helpers read of the arguments of a test; of what none is seen to, how it would be said."""
    helped = list(dict.fromkeys(_in_helpers(function, reads)))
    asked = {it.partition(".")[0] for it in helped}
    first = next((read for attributes in reads.values() for read in attributes), "…")
    return helped + [f"{it}.{first}" for it in reads if not reads[it] and it not in asked]


def _in_helpers(function: Function, reads: ReadSet) -> Iterator[str]:
    """Yield what functions of the same module read of the arguments that a test hands on to them."""
    source, known = parsed(function), inspect.unwrap(function).__globals__
    for call in ast.walk(source) if source else ():
        called = call.func if isinstance(call, ast.Call) else None
        helper = known.get(called.id) if isinstance(called, ast.Name) else None
        if not isinstance(call, ast.Call) or not inspect.isfunction(helper):
            continue
        parameters = tuple(inspect.signature(helper).parameters)
        handed = [*zip(parameters, call.args, strict=False), *((it.arg, it.value) for it in call.keywords)]
        names = {name: it.id for name, it in handed if isinstance(it, ast.Name) and it.id in reads}
        for parameter, attribute in read_in_source(helper, parameters):
            if parameter in names:
                yield f"{names[parameter]}.{attribute}"
