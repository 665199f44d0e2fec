"""How long the window is for which Python code counts what it compares: read from its syntax tree alone.

What a clock says is divided by the seconds of a window, or written as a text no finer than it: what is
counted under that name begins anew with the next. Source: Python documentation, `time.time` (seconds) and
`strftime`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from plumbline.kinds.python_code import Program, Unsettled, folded
from plumbline.kinds.python_conditions import Scope
from plumbline.values.unknown import Unexamined

_CLOCKS = ("time.time", "time.monotonic")
_WHY = "for how long it is counted what {name} bounds is decided elsewhere, or in several ways"
_MOST_DEEP = 8
_SECONDS = {"S": 1, "s": 1, "T": 1, "X": 1, "c": 1, "M": 60, "H": 3600, "I": 3600, "d": 86400, "j": 86400}
"""The seconds of what a directive of `strftime` says."""
_DIRECTIVE = re.compile(r"%-?([A-Za-z])")


def windows(program: Program) -> dict[str, Any]:
    """Return the seconds of the windows for which it is counted what constants are compared with."""
    found: dict[str, set[float]] = {}
    for function, body in program.bodies.items():
        scope = Scope.of(program, function)
        for node in (it for one in body for it in ast.walk(one)):
            if isinstance(node, ast.Compare):
                parts = [node.left, *node.comparators]
                names = {it.id for it in parts if isinstance(it, ast.Name)} & program.constants.keys()
                seconds = {it for one in parts for it in _behind(one, scope, 0)}
                for name in names:
                    found.setdefault(name, set()).update(seconds)
    return {
        name: its.pop() if len(its) == 1 else Unexamined(_WHY.format(name=name))
        for name, its in found.items()
    }


def _behind(node: ast.AST, scope: Scope, deep: int) -> Iterator[float]:
    """Yield the seconds of the windows that are in an expression, or in what its names are given."""
    if deep > _MOST_DEEP:
        return
    if isinstance(node, ast.expr) and (seconds := _window(node, scope, deep)) is not None:
        yield seconds
        return
    match node:
        case ast.Name(id=name) if (its := scope.of_name(name)) is not None:
            yield from _behind(its[0], its[1], deep + 1)
        case ast.Call(func=function) if (called := scope.program.local(function)) is not None:
            own = scope.entered(called[0], node)
            for statement in scope.program.bodies.get(called[0], []):
                yield from _behind(statement, own, deep + 1)
    for it in ast.iter_child_nodes(node):
        yield from _behind(it, scope, deep)


def _window(expression: ast.expr, scope: Scope, deep: int) -> float | None:
    """Return the seconds for which an expression stays the same; None where it is nothing of a clock."""
    match expression:
        case (
            ast.BinOp(op=ast.Sub(), right=ast.BinOp(left=left, op=ast.Mod(), right=right))
            | ast.BinOp(left=left, op=ast.FloorDiv() | ast.Div(), right=right)
        ):
            before = _window(left, scope, deep)
            if before is None and not _is_clock(left, scope, deep):
                return None
            try:
                seconds = (before or 1) * folded(right, scope.program.constants)
            except (Unsettled, RecursionError, TypeError):
                return None
            return seconds if isinstance(seconds, int | float) else None
        case ast.Call(func=ast.Name(id="int"), args=[inner]):
            return _window(inner, scope, deep)
        case ast.Call(func=ast.Attribute(attr="strftime"), args=[ast.Constant(value=str() as form), *_]):
            return _finest(form)
        case ast.FormattedValue(format_spec=ast.JoinedStr(values=[ast.Constant(value=str() as form)])):
            return _finest(form)
    return None


def _finest(form: str) -> float | None:
    """Return the seconds of the finest that a form says; None for one that says no day."""
    return min((_SECONDS[it] for it in _DIRECTIVE.findall(form) if it in _SECONDS), default=None)


def _is_clock(expression: ast.expr, scope: Scope, deep: int) -> bool:
    """Return whether an expression is the seconds of a clock."""
    match expression:
        case ast.Call(func=ast.Name(id="int" | "float" | "round"), args=[inner]):
            return _is_clock(inner, scope, deep)
        case ast.Call(func=ast.Attribute(attr="timestamp"), args=[]):
            return True
        case ast.Call(func=function):
            return scope.program.name_of(function) in _CLOCKS
        case ast.Name(id=name) if deep < _MOST_DEEP and (its := scope.of_name(name)) is not None:
            return _is_clock(its[0], its[1], deep + 1)
    return False
