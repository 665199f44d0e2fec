"""Whether Python code stops asking a source that keeps failing: what it notes then, and what that stops.

What a handler of failures notes on each way through it is put into the conditions before what is tried.
Nothing of the code is run. Source of the notion: Azure Architecture Center, "Circuit Breaker pattern".
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from plumbline.kinds.python_code import Program
from plumbline.kinds.python_conditions import (
    Conditions,
    Notes,
    Scope,
)
from plumbline.kinds.python_counts import forgets, limits
from plumbline.kinds.python_notes import changes, compares, local_calls
from plumbline.values.unknown import Undetermined

_BREAKERS = ("pybreaker.CircuitBreaker", "circuitbreaker.circuit", "aiobreaker.CircuitBreaker")
_OF_BREAKERS = ("breaker", "circuit")
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_MOST_WAYS, _MOST_DEEP = 64, 8
_ANY = ("", "OSError", "IOError", "EnvironmentError", "Exception", "BaseException")
_OF_REQUESTS = ("requests.RequestException", "requests.exceptions.RequestException")
_FAILURES: dict[str, list[tuple[str, ...]]] = {
    "urllib.request.urlopen": [("urllib.error.URLError",)],
    **{
        f"requests.{it}": [
            (*_OF_REQUESTS, "requests.ConnectionError", "requests.exceptions.ConnectionError"),
            (*_OF_REQUESTS, "requests.Timeout", "requests.exceptions.Timeout"),
        ]
        for it in ("get", "post", "put", "patch", "delete", "head", "request")
    },
}
"""What failures of a source are caught as, by what asks it. Sources: the documentation of both libraries."""
_KNOWN = ("urllib.", "requests.", "json.", "socket.")
Path: TypeAlias = list[tuple[ast.expr, bool]]


def breaks_circuit(program: Program) -> bool:
    """Return whether nothing is asked of a source for a while that failed some number of times.

    So it is where a handler of exceptions compares how often that was, and then notes something that stops
    the code before what is tried. Raises `Undetermined` where a library, or code elsewhere, may see to that,
    and where it cannot be told what the condition comes to, or whether the handler catches the failures.
    """
    if any(it.startswith(_BREAKERS) for it in program.called() | program.read_wholly()):
        return True
    search = _Search(program)
    if any(search.breaks(name) for name in program.bodies if name):
        return True
    if search.doubts:
        raise Undetermined(search.doubts[0])
    program.refuse_unknown(_OF_BREAKERS, "when a source is not asked")
    return False


def failure_limits(program: Program) -> list[float]:
    """Return the numbers that it is compared with how often a source failed, before it is not asked.

    None where it is asked on. Raises `Undetermined` where a library sees to that, where a number is known
    only at run time, and as `breaks_circuit` does.
    """
    if not breaks_circuit(program):
        return []
    search = _Search(program)
    if not any(search.breaks(name) for name in program.bodies if name):
        raise Undetermined("after how many failures a library asks no more is not looked up")
    if not all(isinstance(it, int | float) for it in search.limits):
        raise Undetermined("after how many failures nothing is asked any more is known at run time alone")
    return sorted({it for it in search.limits if isinstance(it, int | float)})


@dataclass(frozen=True)
class _Guard:
    """The conditions that must hold, or must not, for what is tried not to be."""

    path: Path
    scope: Scope
    cleared: frozenset[str] = frozenset()
    """What is taken away again before it."""


@dataclass(frozen=True)
class _Way:
    """A way through a handler."""

    notes: Notes = field(default_factory=dict)
    ended: bool = False


class _Search:
    """The search for what stops the code."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.doubts: list[str] = []
        self.limits: list[object] = []
        """With what the handlers that note something compare how often it failed."""
        self._within: list[str] = []
        self._trying = _trying(program)

    def breaks(self, name: str, guards: tuple[_Guard, ...] = ()) -> bool:
        """Return whether a function, which is entered behind these guards, notes what stops."""
        if name in self._within or len(self._within) > _MOST_DEEP or name not in self._trying:
            return False
        self._within.append(name)
        try:
            body = self.program.bodies.get(name, [])
            return self._block(body, guards, Scope.of(self.program, name))
        finally:
            self._within.pop()

    def _block(self, body: list[ast.stmt], guards: tuple[_Guard, ...], scope: Scope) -> bool:
        cleared: frozenset[str] = frozenset()
        for place, statement in enumerate(body):
            if self._statement(statement, body[:place], body[place + 1 :], guards, scope):
                return True
            stops = _stops([statement], [], scope, _ENDS, 0)
            guards += tuple(replace(it, cleared=cleared) for it in stops)
            if not hasattr(statement, "body"):
                cleared |= {path for path, value in changes(statement, scope) if value in (None, False)}
        return False

    def _statement(
        self,
        statement: ast.stmt,
        before: list[ast.stmt],
        after: list[ast.stmt],
        guards: tuple[_Guard, ...],
        scope: Scope,
    ) -> bool:
        self.program.step()
        match statement:
            case ast.Try(body=inner, handlers=handlers) if handlers:
                noted = self._is_noted(statement, before, after, guards, scope)
                return noted or self._block(inner, guards, scope)
            case ast.If(test=test, body=inner, orelse=otherwise):
                unless, given = _Guard([(test, False)], scope), _Guard([(test, True)], scope)
                return self._block(inner, (*guards, unless), scope) or self._block(
                    otherwise, (*guards, given), scope
                )
            case ast.While(test=test):
                return self._block(statement.body, (*guards, _Guard([(test, False)], scope)), scope)
            case ast.For() | ast.AsyncFor() | ast.With() | ast.AsyncWith() | ast.Try():
                return self._block(statement.body, guards, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return self._block(statement.body, guards, scope)
        called = {name for name, _ in local_calls(statement, scope)} if guards else set()
        return any(self.breaks(name, guards) for name in sorted(called))

    def _is_noted(
        self,
        tried: ast.Try,
        before: list[ast.stmt],
        after: list[ast.stmt],
        guards: tuple[_Guard, ...],
        scope: Scope,
    ) -> bool:
        """Return whether a handler notes, on some way, what makes one of the guards stop."""
        noting: list[ast.ExceptHandler] = []
        for it in tried.handlers:
            if guards and forgets(tried, it, before, after, scope):
                continue
            ways = _handled(tried, it, after, scope)
            if any(self._stop(guard, way.notes) for way in ways for guard in guards):
                noting.append(it)
                self.limits += limits(tried, it, [] if _leaves(it) else after, scope)
        narrow = _not_caught(noting, self.program) if noting else ""
        if narrow:
            self.doubts.append(f"failures of {narrow} may be others than the handler catches")
        return bool(noting) and not narrow

    def _stop(self, guard: _Guard, notes: Notes) -> bool:
        """Return whether a guard stops where this is noted, and lets through where it is not."""
        notes = {path: value for path, value in notes.items() if path not in guard.cleared}
        if not notes:
            return False
        noted = Conditions(notes)
        may_stop = all(holds in noted.truth(test, guard.scope) for test, holds in guard.path)
        before = Conditions(notes, opposite=True)
        may_pass = any((not holds) in before.truth(test, guard.scope) for test, holds in guard.path)
        if not (noted.asked and may_stop and may_pass):
            return False
        if noted.doubts:
            self.doubts.append(f"whether {noted.doubts[0]} stops anything is decided at run time")
            return False
        return True


def _leaves(handler: ast.ExceptHandler) -> bool:
    return bool(handler.body) and isinstance(handler.body[-1], _ENDS)


def _trying(program: Program) -> set[str]:
    """Return the functions that handle exceptions, and those that call them."""
    calls: dict[str, set[str]] = {}
    found: set[str] = set()
    for name, body in program.bodies.items():
        nodes = [it for one in body for it in ast.walk(one)]
        found |= {name} if any(isinstance(it, ast.Try) and it.handlers for it in nodes) else set()
        called = (program.local(it.func) for it in nodes if isinstance(it, ast.Call))
        calls[name] = {it[0] for it in called if it}
    while more := {name for name, its in calls.items() if its & found} - found:
        found |= more
    return found


def _stops(
    statements: Iterable[ast.stmt], path: Path, scope: Scope, jumps: tuple[type, ...], deep: int
) -> Iterator[_Guard]:
    """Yield the conditions under which statements leave off what comes after them."""
    for it in statements:
        scope.program.step()
        match it:
            case ast.If(test=test, body=body, orelse=otherwise):
                for branch, holds in ((body, True), (otherwise, False)):
                    inner = [*path, (test, holds)]
                    if branch and isinstance(branch[-1], jumps):
                        yield _Guard(inner, scope)
                    yield from _stops(branch, inner, scope, jumps, deep)
            case ast.With() | ast.AsyncWith():
                yield from _stops(it.body, path, scope, jumps, deep)
            case ast.Assert(test=test):
                yield _Guard([*path, (test, False)], scope)
            case ast.Expr() if deep < _MOST_DEEP:
                for name, call in local_calls(it, scope):
                    body = scope.program.bodies.get(name, [])
                    yield from _stops(body, path, scope.entered(name, call), (ast.Raise,), deep + 1)


def _handled(
    tried: ast.Try, handler: ast.ExceptHandler, after: list[ast.stmt], scope: Scope
) -> Iterator[_Way]:
    """Yield the ways through a handler, and through what follows in any case."""
    for way in _through(handler.body, [_Way()], scope):
        following = tried.finalbody if way.ended else [*tried.finalbody, *after]
        yield from _through(following, [replace(way, ended=False)], scope)


def _through(
    statements: Iterable[ast.stmt], ways: list[_Way], scope: Scope, *, compared: bool = False, deep: int = 0
) -> list[_Way]:
    """Return the ways through statements; what is noted counts where a comparison decides over it."""
    for it in statements:
        ways = [
            one
            for way in ways
            for one in ([way] if way.ended else _through_one(it, way, scope, compared, deep))
        ]
        ways = ways[:_MOST_WAYS]
    return ways


def _through_one(statement: ast.stmt, way: _Way, scope: Scope, compared: bool, deep: int) -> list[_Way]:
    scope.program.step()
    match statement:
        case ast.If(test=test, body=body, orelse=otherwise):
            many, few = compares(test, scope)
            return [
                *_through(body, [way], scope, compared=compared or many, deep=deep),
                *_through(otherwise, [way], scope, compared=compared or few, deep=deep),
            ]
        case ast.Try():
            inner = [*statement.body, *statement.orelse, *statement.finalbody]
            return _through(inner, [way], scope, compared=compared, deep=deep)
        case ast.With() | ast.AsyncWith() | ast.For() | ast.AsyncFor() | ast.While():
            return _through(statement.body, [way], scope, compared=compared, deep=deep)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [way]
    ways = [way]
    for name, call in local_calls(statement, scope) if deep < _MOST_DEEP else ():
        body = scope.program.bodies.get(name, [])
        ways = _through(body, ways, scope.entered(name, call), compared=compared, deep=deep + 1)
        ways = [replace(it, ended=False) for it in ways]
    changed = [*changes(statement, scope)]
    ended = isinstance(statement, _ENDS)
    return [_Way({**it.notes, **_counted(changed, it.notes, statement, compared)}, ended) for it in ways]


def _counted(
    changed: list[tuple[str, object]], notes: Notes, statement: ast.stmt, compared: bool
) -> dict[str, object]:
    """Return what of the changes counts: that a comparison decides over, or that changes what does."""
    value = getattr(statement, "value", None)
    compares = isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(value, ast.Compare)
    return {path: it for path, it in changed if compared or compares or path in notes}


def _not_caught(handlers: Iterable[ast.ExceptHandler], program: Program) -> str:
    """Return what asks a source whose failures handlers do not all catch, as far as that is known."""
    caught = {name for it in handlers for name in _names_of_types(it.type, program)}
    raised = {
        program.name_of(it.exc.func if isinstance(it.exc, ast.Call) else it.exc)
        for it in program.nodes
        if isinstance(it, ast.Raise) and it.exc is not None
    }
    if caught & {*_ANY} or any(_is_another(it, program, raised) for it in caught):
        return ""
    asked = program.called() & {*_FAILURES}
    for it in sorted(asked):
        if any(caught.isdisjoint(names) for names in _FAILURES[it]):
            return it
    return ""


def _is_another(name: str, program: Program, raised: set[str]) -> bool:
    """Return whether an exception is of those that the file raises in place of another, or of elsewhere."""
    if name in program.classes:
        return name in raised
    return name == "?" or ("." in name and not name.startswith(_KNOWN))


def _names_of_types(kind: ast.expr | None, program: Program) -> Iterator[str]:
    """Yield the whole names of what a handler catches; `?` for what is made at run time."""
    match kind:
        case None:
            yield ""
        case ast.Tuple(elts=parts):
            for it in parts:
                yield from _names_of_types(it, program)
        case ast.Name(id=name) if name in program.given:
            yield from _names_of_types(program.given[name], program)
        case _:
            yield program.name_of(kind) or "?"
