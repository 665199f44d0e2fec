"""What a sentence asserts of what is expected alone: that is said of nothing that is there."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator

from plumbline.suite.reads import EXPECTED

_BUILTINS = {*dir(builtins)}


def asserted_of_expected_alone(test: ast.FunctionDef) -> Iterator[ast.expr]:
    """Yield what a sentence asserts of what is expected alone: `expected.days > 0`, or of a name for that.

    It may stand where all that it asks of is held against something there as well, as in `expected.days > 0
    and bucket.days >= expected.days`, and where something there decides whether it is asked at all.
    """
    named = _named_for_expected(test)
    asserts = [it for it in ast.walk(test) if isinstance(it, ast.Assert)]
    parts = (part for it in asserts for part in joined(it.test))
    alone = [it for it in parts if _is_of(it, named)]
    if any(free_names(it) - named for it in _conditions(test)):
        return
    held = {*_asked(test, named, beside=[*alone, *(it.msg for it in asserts if it.msg)])}
    yield from (it for it in alone if not held.issuperset(_asked(it, named)))


def joined(asserted: ast.expr) -> Iterator[ast.expr]:
    """Yield what an expression asserts together by `and`."""
    match asserted:
        case ast.BoolOp(op=ast.And(), values=values):
            for it in values:
                yield from joined(it)
        case _:
            yield asserted


def free_names(node: ast.AST) -> set[str]:
    """Return the names that an expression takes from around it, without Python's own."""
    names = [it for it in ast.walk(node) if isinstance(it, ast.Name)]
    own = {it.id for it in names if isinstance(it.ctx, ast.Store)}
    own |= {it.arg for it in ast.walk(node) if isinstance(it, ast.arg)}
    return {it.id for it in names} - own - _BUILTINS


def _is_of(value: ast.expr, named: set[str]) -> bool:
    """Return whether an expression is made of nothing but some names; one that gives a name says more."""
    names = free_names(value)
    return (
        names != set() and names <= named and not any(isinstance(it, ast.NamedExpr) for it in ast.walk(value))
    )


def _named_for_expected(test: ast.FunctionDef) -> set[str]:
    """Return `expected`, and each name that is given to what is made of it alone and to nothing else."""
    given: dict[str, list[ast.expr]] = {}
    for node in ast.walk(test):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                given.setdefault(name, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                given.setdefault(name, []).append(value)
    stored = [it.id for it in ast.walk(test) if isinstance(it, ast.Name) and not isinstance(it.ctx, ast.Load)]
    named = {EXPECTED}
    for _ in given:
        named |= {
            name
            for name, values in given.items()
            if len(values) == stored.count(name) and all(_is_of(it, named) for it in values)
        }
    return named


def _conditions(test: ast.FunctionDef) -> Iterator[ast.expr]:
    """Yield what decides whether a statement of a test is reached."""
    for node in ast.walk(test):
        match node:
            case ast.If(test=condition) | ast.While(test=condition):
                yield condition
            case ast.For(iter=condition) | ast.Match(subject=condition):
                yield condition


def _asked(node: ast.AST, named: set[str], *, beside: Iterable[ast.AST] = ()) -> Iterator[str]:
    """Yield which fields of what is expected a node reads, and which names for them, beside some parts."""
    if any(node is it for it in beside):
        return
    match node:
        case ast.Attribute(value=ast.Name(id=name)) if name == EXPECTED:
            yield ast.unparse(node)
        case ast.Name(id=name, ctx=ast.Load()) if name in named:
            yield name
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _asked(child, named, beside=beside)
