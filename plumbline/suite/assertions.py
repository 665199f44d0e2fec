"""Whether a test can fail, as far as its source shows: what asserts nothing is no sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_SWALLOWS = ("suppress", "raises")
"""Contexts in which an assertion that fails is as good as one that holds."""


def mistakes(test: ast.FunctionDef) -> Iterator[str]:
    """Yield why a test cannot fail, or why one of its arguments has no part in that."""
    nodes = [node for statement in test.body for node in ast.walk(statement)]
    assertions = [node for node in nodes if isinstance(node, ast.Assert)]
    if not assertions and not any(_may_assert(node, test) for node in nodes):
        yield "it asserts nothing: what it compares it has to `assert`"
    if any(isinstance(it.test, ast.Tuple) and it.test.elts for it in assertions):
        yield "it asserts a tuple, and that always holds: write `assert left == right, message`"
    if any(_swallows(node) and _asserts(node) for node in nodes):
        yield "it catches what it asserts, and so never fails"
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    for it in (*test.args.args, *test.args.kwonlyargs):
        if it.arg not in used:
            yield f"it takes {it.arg!r} and asks nothing of it"


def _may_assert(node: ast.AST, test: ast.FunctionDef) -> bool:
    """Return whether it raises, or calls a function: an assertion may stand there."""
    return isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and not _is_of_an_argument(node, test))


def _is_of_an_argument(call: ast.Call, test: ast.FunctionDef) -> bool:
    """Return whether a method of an argument is called."""
    names = {it.arg for it in (*test.args.args, *test.args.kwonlyargs)}
    of = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(of, ast.Name) and of.id in names


def _swallows(node: ast.AST) -> bool:
    match node:
        case ast.Try(handlers=handlers):
            return any(not any(isinstance(it, ast.Raise) for it in ast.walk(each)) for each in handlers)
        case ast.With(items=items):
            calls = (it.context_expr for it in items)
            return any(isinstance(it, ast.Call) and _called(it).endswith(_SWALLOWS) for it in calls)
    return False


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func)


def _asserts(node: ast.AST) -> bool:
    """Return whether an assertion stands in what a statement guards."""
    guarded: list[ast.stmt] = getattr(node, "body", [])
    return any(isinstance(it, ast.Assert) for each in guarded for it in ast.walk(each))
