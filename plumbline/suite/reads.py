"""What a test reads of its arguments, known from its source and its marker before anything runs.

Attributes are found where the source decides them: of an argument, of a name that stands for one, in nested
functions and loops over what is written out. What a helper function reads, the marker says:
`@pytest.mark.invariant("s3.versioning", reads=["bucket.versioning", "expected.versioning"])`.
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from plumbline.github.checkout import shown
from plumbline.kinds.registry import kinds
from plumbline.values.mistakes import did_you_mean
from plumbline.values.names import parsed, read_in_source

EXPECTED = "expected"
"""The argument that holds what the stack expects."""

Function = Callable[..., None]
ReadSet = Mapping[str, tuple[str, ...]]
"""The attributes that a test reads of each of its arguments, in the order of the arguments."""


def asserted_by(function: object) -> str | None:
    """Return the sentence that a test function asserts, as its marker names it; None for any other object."""
    mark = _mark(function)
    return str(mark.args[0]) if mark and mark.args else None


@functools.cache
def read_set(function: Function) -> ReadSet:
    """Return what a test reads. Raises `CollectError` for a marker that cannot be understood."""
    read: dict[str, list[str]] = {name: [] for name in inspect.signature(function).parameters}
    for argument, attribute in (*read_in_source(function, tuple(read)), *in_marker(function)):
        if argument not in read:
            raise refusal(
                function,
                f"its marker reads {argument}.{attribute}, and it takes no {argument}",
                argument,
                read,
            )
        read[argument].append(attribute)
    return MappingProxyType({name: tuple(dict.fromkeys(found)) for name, found in read.items()})


def noun_of(reads: ReadSet) -> str:
    """Return the argument that holds the resource itself: the first one that is a kind."""
    return next(argument for argument in reads if argument in kinds())


def place_of(function: Function) -> str:
    """Return the file and line in which the marker of a test stands, or the test where it has none."""
    file = shown(Path(inspect.getfile(function)))
    lines = [first.lineno for first in _decorators(function) if _is_marker(first)]
    return f"{file}:{min(lines, default=_first_line(function))}"


def marker_with(function: Function, *more: str) -> str:
    """Return the marker of a test, so that it also names these reads: `bucket.versioning`."""
    given = [f"{argument}.{attribute}" for argument, attribute in in_marker(function)]
    reads = ", ".join(f'"{read}"' for read in dict.fromkeys([*given, *more]))
    return f'@pytest.mark.invariant("{asserted_by(function)}", reads=[{reads}])'


def refusal(
    function: Function, told: str, unknown: str = "", known: Iterable[str] = ()
) -> pytest.Collector.CollectError:
    """Return what is wrong with a test in one line, with its place and the nearest of what is known."""
    hint = did_you_mean(unknown, known)
    return pytest.Collector.CollectError(f"{place_of(function)}: {function.__name__}: {told}{hint}")


def _mark(function: object) -> pytest.Mark | None:
    marks = inspect.getattr_static(function, "pytestmark", [])
    return next((mark for mark in marks if getattr(mark, "name", "") == "invariant"), None)


def in_marker(function: Function) -> Iterator[tuple[str, str]]:
    """Yield the reads that the marker names, as argument and attribute. Raises `CollectError` for others."""
    mark = _mark(function)
    given = mark.kwargs.get("reads", []) if mark else []
    if not isinstance(given, list | tuple):
        raise refusal(function, f"the reads of its marker are {given!r}: write a list of texts")
    for read in given:
        argument, dot, attribute = read.partition(".") if isinstance(read, str) else ("", "", "")
        if not dot or not argument.isidentifier() or not attribute.isidentifier():
            raise refusal(function, f"its marker reads {read!r}: write 'argument.attribute'")
        yield argument, attribute


def _decorators(function: Function) -> list[ast.expr]:
    source = parsed(function)
    return source.decorator_list if source else []


def _is_marker(decorator: ast.expr) -> bool:
    match decorator:
        case ast.Call(func=ast.Attribute(attr="invariant")):
            return True
    return False


def _first_line(function: Function) -> int:
    return function.__code__.co_firstlineno
