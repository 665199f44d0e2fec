"""A Python file of the repository: what it calls, logs and compares with from where it is entered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from plumbline.kinds.bounds import Rate
from plumbline.kinds.kind import Kind
from plumbline.kinds.python_bounds import gone_by
from plumbline.kinds.python_breakers import breaks_circuit, failure_limits
from plumbline.kinds.python_checks import Reached, reached_though_refused
from plumbline.kinds.python_code import Program
from plumbline.kinds.python_inputs import checks_nothing_that_came_in
from plumbline.kinds.python_logs import Levels
from plumbline.kinds.python_retries import backs_off
from plumbline.kinds.python_tables import Tables
from plumbline.kinds.python_windows import windows
from plumbline.terraform.declared import known
from plumbline.values.files import content
from plumbline.values.model import Model, Text
from plumbline.values.unknown import ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.github.checkout import Checkout

_MOST_BYTES = 512 * 1024
_SWITCHED = "the environment of the process decides"


class Entered(Model):
    """Where the code is entered."""

    entry: str
    """The function at its top: `handler`."""
    check: str = ""
    """What raises an exception for what may not be kept, by its whole name: `jsonschema.validate`."""


class PythonFileLimits(Model):
    """What can be expected of a file besides its fields."""

    must_call: list[str]
    """Functions that it must call, by their whole names: `hashlib.sha256`."""
    must_log: list[str]
    """Texts that it must log, be it as parts."""
    kept_by: list[str]
    """What keeps things, and must not be called with what the check refused: `orders.put_item`."""
    most: dict[str, float]
    """Constants that it must go by, each with the most that it may be."""
    most_failures: float
    """After how many failures of a source, at most, it is not asked for a while."""
    per_seconds: dict[str, Rate]
    """Constants, each with the seconds of the window for which it must be counted what they bound."""


class PythonFile(Kind):
    """A Python file by its path. What no way from its entry leads to counts for nothing."""

    noun = "python_file"
    plural = "python_files"
    expects_some = ("must_call", "must_log", "kept_by", "most", "per_seconds")
    lies_in_repository = True
    question = Entered
    limits = PythonFileLimits

    called: list[Text] = []
    """The whole names of what it calls, as imports name them; the check where it is given what came in."""
    logged: list[Text] = []
    """The texts that it logs so that they are seen, with `{}` or `%s` for what is filled in."""
    maybe_called: list[Text] = []
    """What it calls, and what it calls where the environment of its process says so."""
    maybe_logged: list[Text] = []
    """What it logs, and what it logs where its environment, or what sets its level at run time, says so."""
    though_refused: list[Reached] = []
    """What it calls in a run in which the check refuses all that it is given."""
    tables: list[Text] = []
    """The tables of DynamoDB, by the names that it gives them."""
    called_of_tables: dict[Text, list[Text]] = {}
    """What it calls of tables, be it of what writes to them, each with the tables that it may be of."""
    constants: dict[Text, Any] = {}
    """The constants at its top that it goes by: names that are given a value once, and bound something."""
    windows: dict[Text, Any] = {}
    """The seconds of the windows for which it is counted what a constant is compared with."""
    backs_off: bool = False
    """Whether it waits longer by a factor with each try."""
    breaks_circuit: bool = False
    """Whether it stops asking for a while what failed some number of times."""
    failure_limits: list[float] = []
    """The numbers with which it compares, before it stops asking, how often that was."""

    @classmethod
    def asked_of_repository(cls, checkout: Checkout, name: str, question: Any) -> Self:
        """Return what the file does. Raises `Missing`, and `ReadError` for one that is no Python."""
        path = checkout.find(name, "file")
        shown = checkout.shown(path)
        try:
            source = content(checkout.own(path), _MOST_BYTES)
            certain = Program.read(source, question.entry, with_settings=False)
            possible = Program.read(source, question.entry)
        except OSError as error:
            message = f"{shown} cannot be read: {error.strerror}"
            raise ReadError(message, cause=message) from None
        except SyntaxError as error:
            message = f"{shown}:{error.lineno or 1} is no Python: {error.msg}"
            raise ReadError(message, cause=message) from None
        fields: dict[str, Any] = {
            "name": name,
            "called": lambda: _called(certain, question.check),
            "logged": lambda: Levels(possible).logged(certain, surely=True),
            "maybe_called": lambda: _called(possible, question.check),
            "maybe_logged": lambda: Levels(possible).logged(possible, surely=False),
            "though_refused": lambda: reached_though_refused(possible, question.check),
            "tables": lambda: Tables(possible).names(),
            "called_of_tables": lambda: Tables(possible).called(),
            "constants": lambda: gone_by(certain, possible),
            "windows": lambda: windows(certain),
            "backs_off": lambda: _is_so(backs_off, certain, possible),
            "breaks_circuit": lambda: _is_so(breaks_circuit, certain, possible),
            "failure_limits": lambda: _limits(certain, possible),
        }
        return cls.of(f"{shown}:1", {it: partial(_followed, value) for it, value in fields.items()})

    @classmethod
    def undecidable(cls, question: Any, expected: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield what nothing can break, where no check is named that would refuse something."""
        if "kept_by" in expected and not question.check:
            yield "kept_by", "nothing is refused: name under `asks` the `check` that raises an exception"

    def not_called(self, functions: Iterable[str]) -> list[str]:
        """Return the functions that it does not call. Raises `Undetermined` where a setting decides it."""
        called, maybe = self.called, self.maybe_called
        return _lacking(functions, lambda it: it in called, lambda it: it in maybe)

    def not_logged(self, texts: Iterable[str]) -> list[str]:
        """Return the texts that it does not log. Raises `Undetermined` where a setting decides it."""
        logged, maybe = self.logged, self.maybe_logged
        return _lacking(
            texts, lambda it: any(it in one for one in logged), lambda it: any(it in one for one in maybe)
        )

    def kept_though_refused(self, keeping: Iterable[str]) -> list[str]:
        """Return what keeps what the check refused, and what is never called.

        Raises `Undetermined` where a setting leads there, or what nothing tells of the refusal.
        """
        told: list[str] = []
        found: list[tuple[Reached, bool]] = []
        for it in keeping:
            paths, certain = self._keeping(it, keeping)
            reached = [one for one in self.though_refused if known(one.path) in paths]
            told += [] if paths else [f"it never calls {it}"]
            surely = [one for one in reached if one.surely]
            if certain or {known(one.path) for one in surely} == paths:
                told += [f"line {one.line}: {one.path}" for one in surely]
            found += [(one, certain) for one in reached]
        if told or not found:
            return told
        [(first, certain), *_] = found
        why = "hangs on what is refused" if certain else "may be of another table"
        raise Undetermined(f"what leads to {first.path} in line {first.line} {why}")

    def _keeping(self, wanted: str, others: Iterable[str]) -> tuple[set[str], bool]:
        """Return the calls that something keeps by, and whether it is certain that each of them does.

        A table may have any name in the code, and what writes to it another. Raises `Undetermined` where what
        is called so may be something else.
        """
        holder, _, method = wanted.rpartition(".")
        called = {path: its for path, its in self.called_of_tables.items() if _is_path(path, method)}
        named = {it for it in self.maybe_called if _is_path(it, wanted)}
        named |= {path for path, its in called.items() if any(_is_path(it, holder) for it in its)}
        if named or any(_is_path(it, holder) for it in self.tables):
            return named, True
        free = {path: its for path, its in called.items() if not any(_is_path(path, it) for it in others)}
        if free:
            return {*free}, len({it for its in free.values() for it in its}) == 1
        if any(
            _is_path(it, method) and not any(_is_path(it, one) for one in others) for it in self.maybe_called
        ):
            raise Undetermined(f"nothing is called {wanted}, and something {method} that may be it")
        return set(), True

    def beyond(self, most: Mapping[str, float]) -> list[str]:
        """Return the constants that are more than they may be, and those that it does not go by."""
        own = self.constants
        found = {it: known(own[it]) if it in own else None for it in most}
        return [
            f"{name} is {value!r}" if name in own else f"{name} is no constant that it goes by"
            for name, value in found.items()
            if not isinstance(value, int | float) or isinstance(value, bool) or value > most[name]
        ]

    def stops_asking_after(self, most: float) -> bool:
        """Return whether it stops asking after so many failures at most.

        Raises `Undetermined` where it compares something else with more than that.
        """
        few = [it <= most for it in known(self.failure_limits)]
        if any(few) and not all(few):
            raise Undetermined("which of its numbers is how often it may fail, nothing tells")
        return any(few)

    def counted_unlike(self, per_seconds: Mapping[str, float]) -> list[str]:
        """Return the constants of which it is counted for another window what they bound.

        Raises `Undetermined` where nothing tells for which.
        """
        own = self.windows
        return [
            f"{name} is for {known(own[name])} seconds" if name in own else f"{name} is compared with nothing"
            for name, seconds in per_seconds.items()
            if name not in own or known(own[name]) != seconds
        ]


def _limits(certain: Program, possible: Program) -> list[float]:
    found = failure_limits(certain)
    if not found and failure_limits(possible):
        raise Undetermined(f"{_SWITCHED} of failures")
    return found


def _followed(read: Any) -> Any:
    """Return what is read of code. Raises `Undetermined` where that leads deeper than Python goes itself."""
    try:
        return read() if callable(read) else read
    except RecursionError:
        raise Undetermined("it is nested too deeply to be followed") from None


def _called(program: Program, check: str) -> list[str]:
    idle = {check} if checks_nothing_that_came_in(program, check) else set()
    return sorted(program.called() - idle)


def _is_path(path: str, wanted: str) -> bool:
    return path == wanted or path.endswith(f".{wanted}")


def _lacking(
    wanted: Iterable[str], is_there: Callable[[str], bool], may_be: Callable[[str], bool]
) -> list[str]:
    """Return what is not there. What is not there for certain decides."""
    lacking = [it for it in wanted if not is_there(it)]
    if lacking and all(map(may_be, lacking)):
        raise Undetermined(f"{_SWITCHED} {lacking[0]}")
    return [it for it in lacking if not may_be(it)]


def _is_so(of: Callable[[Program], bool], certain: Program, possible: Program) -> bool:
    if of(certain):
        return True
    if of(possible):
        raise Undetermined(f"{_SWITCHED} of tries")
    return False
