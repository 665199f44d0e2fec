"""What statements of Python code note, and what they take away, and what a condition compares.

Sources: Redis, "Commands" (SET, SETEX and EXPIRE take no time but one above zero); redis-py's documentation.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from plumbline.kinds.python_code import LOGS
from plumbline.kinds.python_conditions import DOUBTFUL, NOT_NOTED, SOMETHING, Scope

_SETS = (
    "set",
    "setex",
    "psetex",
    "setnx",
    "hset",
    "put",
    "add",
    "append",
    "incr",
    "incrby",
    "hincrby",
    "open",
)
_CLEARS = ("delete", "unlink", "pop", "discard", "remove", "clear", "hdel")
"""Methods that note something under a name, and that take it away: those of Redis, and of collections."""
_EXPIRY_SECOND = ("setex", "psetex", "expire", "pexpire")
"""Methods of which the second argument says for how long."""
_EXPIRIES = ("ex", "px", "time", "seconds", "milliseconds")
"""What else says that, by its name."""
_EXPIRING = ("expire", "pexpire")


def compares(test: ast.expr, scope: Scope) -> tuple[bool, bool]:
    """Return whether a condition compares so that it holds for many, and so that it does for few."""
    found = [it for it in scope.followed(test) if isinstance(it, ast.Compare)]
    few = [it for it in found if _is_for_few(it, scope)]
    return len(few) < len(found), bool(few)


def _is_for_few(compared: ast.Compare, scope: Scope) -> bool:
    match compared.ops:
        case [ast.Lt() | ast.LtE()]:
            return scope.constant(compared.left) is NOT_NOTED
        case [ast.Gt() | ast.GtE()]:
            return scope.constant(compared.left) is not NOT_NOTED
    return False


def changes(statement: ast.stmt, scope: Scope) -> Iterator[tuple[str, object]]:
    """Yield what a statement notes, and what as: a constant, something, or what nothing tells."""
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            for target, value in zip(targets, values, strict=False):
                yield scope.path(target), scope.noted(value)
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield scope.path(target), scope.noted(value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield scope.path(target), scope.noted(value)
        case ast.AugAssign(target=target, op=op):
            yield scope.path(target), SOMETHING if isinstance(op, ast.Add) else DOUBTFUL
        case ast.Delete(targets=targets):
            for target in targets:
                yield scope.path(target), None
    for it in ast.walk(statement):
        if isinstance(it, ast.Call) and scope.program.local(it.func) is None:
            yield from _called(it, scope)


def _called(call: ast.Call, scope: Scope) -> Iterator[tuple[str, object]]:
    """Yield what a call notes: the first that it is given, or what it is a method of."""
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    keys = [*call.args[:1], *(it.value for it in call.keywords if it.arg in ("name", "key"))]
    if not method or method in LOGS:
        return
    if not keys and isinstance(call.func, ast.Attribute):
        if method in (*_SETS, *_CLEARS):
            yield scope.path(call.func.value), None if method in _CLEARS else SOMETHING
        return
    for it in keys:
        if not (path := scope.state(it)):
            continue
        if method in _CLEARS or (method in _EXPIRING and _is_for_no_time(call, scope)):
            yield path, None
        elif method in _SETS and _is_for_no_time(call, scope):
            continue  # Redis refuses it, or it is gone at once
        elif method in _SETS:
            value = scope.constant(call.args[1]) if method == "set" and len(call.args) > 1 else SOMETHING
            yield path, SOMETHING if value is NOT_NOTED or value is None else value
        elif method not in ("get", "exists", "ttl", "expire", "pexpire", "hget", "is_set"):
            yield path, DOUBTFUL


def _is_for_no_time(call: ast.Call, scope: Scope) -> bool:
    """Return whether something is noted for no time at all, as far as constants tell."""
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    place = call.args[1:2] if method in _EXPIRY_SECOND else call.args[2:4] if method == "set" else []
    named = [it.value for it in call.keywords if it.arg in _EXPIRIES]
    return any(_is_no_time(it, scope) for it in (*place, *named))


def _is_no_time(expression: ast.expr, scope: Scope) -> bool:
    if isinstance(expression, ast.Call) and scope.program.name_of(expression.func).endswith("timedelta"):
        parts = [*expression.args, *(it.value for it in expression.keywords)]
        return all(_is_no_time(it, scope) for it in parts)
    found = scope.constant(expression)
    return isinstance(found, int | float) and found <= 0


def local_calls(statement: ast.stmt, scope: Scope) -> Iterator[tuple[str, ast.Call]]:
    for it in ast.walk(statement):
        if isinstance(it, ast.Call) and (found := scope.program.local(it.func)) is not None:
            yield found[0], it
