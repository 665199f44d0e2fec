"""What a test read and compared while it ran: its arguments are handed to it so that reading is noted."""

from __future__ import annotations

import copy
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import dropwhile
from pathlib import Path
from traceback import walk_tb
from types import CodeType
from typing import Any, NoReturn

import _pytest
import pytest
from _pytest.outcomes import Failed

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.suite.looks import Looks, looks_of, parts
from plumbline.suite.reads import EXPECTED, marker_with, place_of
from plumbline.suite.subjects import Examination
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import (
    Identity,
    Missing,
    NotRead,
    Placeholder,
    ReadError,
    Undetermined,
    Withheld,
    hearing,
)

_PACKAGE = f"{Path(__file__).parents[1]}/"
_VALUES = f"{_PACKAGE}values/"
_PYTEST = f"{Path(_pytest.__file__).parent}/"


class Misread(Failed):
    """Raised where a test reads what it did not say, or uses an argument as a whole: a fault of the test.

    It is no `Exception`, so that no test swallows it by accident.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, pytrace=False)


@dataclass(frozen=True)
class Step:
    """Where a function was while something was noted."""

    code: CodeType
    line: int
    instruction: int


@dataclass(frozen=True, eq=False)
class Read:
    """An attribute that was read, or a method that was called, and what came of it."""

    argument: str
    name: str
    value: Any
    stack: tuple[Step, ...]
    """From where it was read to the test, the innermost first."""
    called: bool = False


@dataclass(frozen=True, eq=False)
class Compared:
    """The operands of a comparison that did not hold, or stood in an assertion that did not."""

    left: Any
    operator: str
    right: Any
    stack: tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class Doubt:
    """Why a test was not told something that it asked, or wrote into a text; it may go on all the same."""

    reason: Withheld | Missing
    stack: tuple[Step, ...]


@dataclass
class Record:
    """What one run of a test read and compared, in order."""

    examination: Examination
    models: dict[str, Kind] = field(default_factory=dict)
    """What it is given, by argument; empty where nothing could be."""
    reads: list[Read] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    handed: list[object] = field(default_factory=list)
    """What methods were given: they decide whether they need it."""
    refused: str = ""
    """Why Terraform refuses the root of what it is given; empty where it does not."""
    misread: Misread | None = None
    settled: bool = False
    """Whether the test ran to its end, and what it read decides."""

    def arguments(self) -> dict[str, object]:
        """Return what to call the test with."""
        real: dict[str, object] = dict(self.models)
        if EXPECTED in self.examination.reads:
            real[EXPECTED] = self._expectation
        return {name: Watched(name, value, self) for name, value in real.items()}

    def hearing(self) -> AbstractContextManager[None]:
        """Note in the block what the test is refused, whether or not it catches that."""
        return hearing(self._hear)

    def expected(self, name: str) -> Any:
        """Return what the stack expects, read or not."""
        return getattr(self._expectation, name)

    @property
    def resource(self) -> str:
        """The name of the resource, or its key where nobody knows that."""
        return self.name or self.examination.subject.name

    @property
    def name(self) -> str | None:
        """The name of the resource; None for one that is found by what it is, where that says none."""
        subject, primary = self.examination.subject, self.models.get(self.examination.primary)
        if subject.found_by is None:
            return subject.name
        return primary.name if primary and isinstance(primary.name, str) else None

    @property
    def _expectation(self) -> Expectation:
        return Expectation(self.examination.subject, lambda: self.resource)

    def note(self, argument: str, real: object, name: str) -> Any:
        """Return an attribute of what an argument stands for. Raises `Misread` outside the read set."""
        if name not in self.examination.reads[argument]:
            self.refuse(
                f"{argument}.{name} is read, and nothing says so before: {self._line_to_add(argument, name)}"
            )
        value = self._asked(argument, name, lambda: _own(getattr(real, name)))
        if inspect.ismethod(value):
            return Called(argument, name, value, self)
        self.reads.append(Read(argument, name, value, self._stack()))
        return value

    def note_comparison(self, operator: str, left: object, right: object) -> None:
        """Note the operands of a comparison in an assertion that failed."""
        self.compared.append(Compared(left, operator, right, self._stack()))

    def refuse(self, message: str) -> NoReturn:
        """Raise `Misread`; the test has ended with it even where it goes on."""
        self.misread = self.misread or Misread(message)
        raise self.misread

    def settle(self) -> None:
        """Raise what a test that passed went past: what it misread, or a value that is not known.

        `is not None` and `if isinstance(...)` hold of what stands for such a value, and decide nothing; an
        identity that AWS will choose is known as such. Nor does the text decide that a list has where it
        holds such a value, or what a test makes of a refusal that it catches.
        """
        if self.misread:
            raise self.misread
        for doubt in self.doubts:
            raise doubt.reason
        read_of = {it.argument for it in self.reads}
        if not read_of - {EXPECTED}:
            self.refuse("it passed and read nothing of what it is given: it can assert nothing")
        if EXPECTED in self.examination.reads and EXPECTED not in read_of and not self._met_nothing:
            self.refuse("it passed and never asked what is expected: what it asserts it did not come to")
        self.refuse_unknown(self.reads, looks_of(self.examination.function))
        self.settled = True

    def refuse_unknown(self, reads: Iterable[Read], looks: Looks) -> None:
        """Raise why a value is not known that was read, or is looked at in it: `is None` decides nothing.

        Nor does the type of what stands for a name that AWS will choose, where that is asked for.
        """
        for value in (it for read in reads for it in (read.value, *looks.reach(read.name, read.value))):
            known = isinstance(value, Identity) and not looks.at_types
            unknown = isinstance(value, Placeholder) and not known
            if unknown and not any(value is it for it in self.handed):
                value.refuse()

    def refuse_taken(self, error: Exception) -> None:
        """Raise why a value is not known that Python took for a text or a number, as `re.match` does.

        What a resource does so with is a fault of its kind.
        """
        codes = [frame.f_code for frame, _ in walk_tb(error.__traceback__)]
        below = [*dropwhile(lambda it: it is not self.examination.function.__code__, codes)][1:]
        if not isinstance(error, TypeError) or any(it.co_filename.startswith(_PACKAGE) for it in below):
            return
        told = set(re.findall(r"\w+", str(error)))
        for value in (it for read in self.reads for _, it in parts(read.name, read.value)):
            if isinstance(value, Placeholder | SomeOf) and type(value).__name__ in told:
                value.refuse()

    def note_call(self, called: Called, given: tuple[object, ...], named: Mapping[str, object]) -> Any:
        """Return what a method of an argument answers; it runs on the real models."""
        stack = self._stack()
        self.handed += [*given, *named.values()]
        real, by_name = [*map(_real, given)], {key: _real(value) for key, value in named.items()}
        answer = self._asked(called.argument, called.name, lambda: _own(called.method(*real, **by_name)))
        self.reads.append(Read(called.argument, called.name, answer, stack, called=True))
        return answer

    def _asked(self, argument: str, name: str, ask: Callable[[], Any]) -> Any:
        """Return what a resource answers. Raises why it does not, and `Misread` for what was not read."""
        try:
            return ask()
        except NotRead as unread:
            self._refuse_unread(f"{argument}.{name}", unread)
        except (Undetermined, ReadError, Missing) as reason:
            self.doubts.append(Doubt(reason, self._stack()))
            raise

    def _refuse_unread(self, asked: str, unread: NotRead) -> NoReturn:
        arguments = self.examination.arguments.items()
        argument = next((name for name, it in arguments if it.kind.noun == unread.noun), None)
        if argument is None:
            raise unread
        line = self._line_to_add(argument, unread.field)
        self.refuse(f"{asked} asks {argument}.{unread.field}, and nothing says so before: {line}")

    def _hear(self, reason: Withheld) -> None:
        """Note what the test itself is refused; what a resource or pytest is refused, these deal with."""
        stack = self._stack()
        *asking, test = dropwhile(lambda it: it.code.co_filename.startswith(_VALUES), stack)
        others = any(it.code.co_filename.startswith((_PACKAGE, _PYTEST)) for it in asking)
        if test.code is self.examination.function.__code__ and not others:
            self.doubts.append(Doubt(reason, stack))

    @property
    def _met_nothing(self) -> bool:
        """Whether something that holds nothing was read: of every one of none all holds."""
        return any(isinstance(it.value, list | tuple | Mapping) and not it.value for it in self.reads)

    def _line_to_add(self, argument: str, name: str) -> str:
        function = self.examination.function
        return f"write {marker_with(function, f'{argument}.{name}')} at {place_of(function)}"

    def _stack(self) -> tuple[Step, ...]:
        """Return where the test is now, without the frames of this module."""
        frame, steps = sys._getframe(1), []
        while frame:
            if frame.f_code.co_filename != __file__:
                steps.append(Step(frame.f_code, frame.f_lineno, frame.f_lasti))
            if frame.f_code is self.examination.function.__code__:
                break
            frame = frame.f_back  # type: ignore[assignment]
        return tuple(steps)


class Expectation:
    """What the stack expects of a resource, as tests read it."""

    def __init__(self, subject: Subject, name: Callable[[], str]) -> None:
        self._subject, self._name = subject, name

    def __getattr__(self, field: str) -> Any:
        try:
            return self._name() if field == "name" else copy.deepcopy(self._subject.expected[field])
        except KeyError:
            raise AttributeError(f"the stack expects nothing of {self._subject.key}.{field}") from None


class Watched(Placeholder):
    """Stands for a resource, or for what is expected of it, as an argument of a test.

    An attribute is the plain value of the real thing, and noted. The whole refuses to be compared or used.
    """

    __slots__ = ("__argument", "__real", "__record")

    def __init__(self, argument: str, real: object, record: Record) -> None:
        self.__argument, self.__real, self.__record = argument, real, record

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the real thing."""
        if name.startswith("_"):
            raise AttributeError(name)
        return self.__record.note(self.__argument, self.__real, name)

    def __repr__(self) -> str:
        name = getattr(self.__real, "name", "")
        return f"<{self.__argument} {name}>"

    def refuse(self, *_: object) -> NoReturn:
        """Raise `Misread`: of two resources nobody can say whether they are the same."""
        self.__record.refuse(f"{self.__argument} is used as a whole; read what is meant: {self.__argument}.…")

    @property
    def _real(self) -> object:
        return self.__real


class Called(Placeholder):
    """Stands for a method of a resource: it can be called, and is itself neither true nor false."""

    __slots__ = ("_record", "argument", "method", "name")

    def __init__(self, argument: str, name: str, method: Callable[..., Any], record: Record) -> None:
        self.argument, self.name, self.method, self._record = argument, name, method, record

    def __call__(self, *given: object, **named: object) -> Any:
        """Return what the method answers, and note it."""
        return self._record.note_call(self, given, named)

    def __repr__(self) -> str:
        return f"<{self.argument}.{self.name}(…)>"

    def refuse(self, *_: object) -> NoReturn:
        """Raise `Misread`: a method that is not called says nothing."""
        self._record.refuse(f"{self.argument}.{self.name} is not called: {self.argument}.{self.name}(…)")


def _own(value: Any) -> Any:
    """Return a value of a resource, of which every sentence may change its own, and none another's."""
    return value if inspect.ismethod(value) else copy.deepcopy(value)


def _real(value: object) -> object:
    """Return what an argument of a method stands for."""
    return value._real if isinstance(value, Watched) else value


RECORD = pytest.StashKey[Record]()
"""What the test that runs has read, in its item; in the configuration while it runs."""
