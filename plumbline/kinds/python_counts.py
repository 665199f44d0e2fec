"""Whether Python code that counts failures forgets with each of them how many there were.

Followed is what runs at each failure that is not yet one too many: what stands before what is tried, and what
its handler does beside the branch in which there are many. Nothing of the code is run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from plumbline.kinds.python_conditions import NOT_NOTED, Scope
from plumbline.kinds.python_notes import changes, compares, local_calls

_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_MOST_DEEP = 8
Step = tuple[ast.stmt, Scope]


def forgets(
    tried: ast.Try, handler: ast.ExceptHandler, before: list[ast.stmt], after: list[ast.stmt], scope: Scope
) -> bool:
    """Return whether what the handler compares is cleared at each failure, or before each try."""
    ends = bool(handler.body) and isinstance(handler.body[-1], _ENDS)
    failed = [*handler.body, *tried.finalbody, *([] if ends else after)]
    counted = {path for test, its in _decisions(failed, scope) for path in _paths(test, its)}
    first = tried.body[:1] if len(tried.body) > 1 else []
    parts = (before, first, handler.body, tried.finalbody, [] if ends else after)
    each_time = [step for part in parts for step in _each_time(part, scope)]
    cleared = (path for it, its in each_time for path, value in changes(it, its) if value in (None, False))
    return not counted.isdisjoint(cleared)


def limits(
    tried: ast.Try, handler: ast.ExceptHandler, after: list[ast.stmt], scope: Scope
) -> Iterator[object]:
    """Yield with what constants the handler compares how many failures there were; `NOT_NOTED` for others."""
    for test, its in _decisions([*handler.body, *tried.finalbody, *after], scope):
        for it in (one for one in its.followed(test) if isinstance(one, ast.Compare)):
            sides = [its.constant(one) for one in (it.left, *it.comparators)]
            numbers = [one for one in sides if isinstance(one, int | float)]
            yield numbers[0] if len(numbers) == 1 else NOT_NOTED


def _each_time(statements: Iterable[ast.stmt], scope: Scope, deep: int = 0) -> Iterator[Step]:
    """Yield the statements that run whatever conditions hold, but that failures are few."""
    for it in statements:
        scope.program.step()
        match it:
            case ast.If(test=test, body=body, orelse=otherwise):
                many, few = compares(test, scope)
                yield from _each_time(otherwise if many else body if few else [], scope, deep)
            case ast.With() | ast.AsyncWith():
                yield from _each_time(it.body, scope, deep)
            case ast.Try():
                yield from _each_time([*it.body, *it.finalbody], scope, deep)
            case ast.For() | ast.AsyncFor() | ast.While() | ast.FunctionDef() | ast.ClassDef():
                continue
            case _:
                yield it, scope
                yield from (
                    step
                    for body, inner in (_entered(it, scope) if deep < _MOST_DEEP else ())
                    for step in _each_time(body, inner, deep + 1)
                )
        if isinstance(it, _ENDS):
            return


def _decisions(
    statements: Iterable[ast.stmt], scope: Scope, deep: int = 0
) -> Iterator[tuple[ast.expr, Scope]]:
    """Yield the conditions that compare, also those in the functions of the module that are called."""
    for it in (node for one in statements for node in ast.walk(one)):
        scope.program.step()
        if isinstance(it, ast.If) and any(compares(it.test, scope)):
            yield it.test, scope
        if isinstance(it, ast.Expr | ast.Assign) and deep < _MOST_DEEP:
            for body, inner in _entered(it, scope):
                yield from _decisions(body, inner, deep + 1)


def _entered(statement: ast.stmt, scope: Scope) -> Iterator[tuple[list[ast.stmt], Scope]]:
    for name, call in local_calls(statement, scope):
        yield scope.program.bodies.get(name, []), scope.entered(name, call)


def _paths(test: ast.expr, scope: Scope, deep: int = 0) -> Iterator[str]:
    """Yield what is compared: what a condition reads, and what the names in it were given."""
    for it in (node for node in ast.walk(test) if isinstance(node, ast.expr)):
        if path := scope.state(it):
            yield path
        if isinstance(it, ast.Name) and deep < _MOST_DEEP and (its := scope.of_name(it.id)):
            yield from _paths(*its, deep + 1)
