"""Whether a check in Python code is given anything that came in, or what the file itself says alone.

Nothing of the code is run. A value is the file's own where it is made of constants and of nothing that was
read, passed in from elsewhere, or drawn; what is not understood may have come in.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Mapping

from plumbline.kinds.python_code import Function, Program

_MAKES = (
    *("dict", "list", "tuple", "set", "frozenset", "str", "bytes", "int", "float", "bool", "sorted", "len"),
    *("json.loads", "json.dumps", "copy.copy", "copy.deepcopy", "ast.literal_eval"),
)
"""What makes nothing of itself: what it returns is of what it is given."""
_MAKES_OF_ITSELF = (
    *("copy", "encode", "decode", "format", "strip", "replace", "lower", "upper"),
    *("get", "items", "keys", "values"),
)
"""Methods of which that is true."""

_RETURNED = "return"
"""What a function returns, among its names: none of them can be called so."""


def checks_nothing_that_came_in(program: Program, check: str) -> bool:
    """Return whether a check is called, and with what the file itself says each time."""
    calls = [
        (name, it)
        for name, body in program.bodies.items()
        for one in body
        for it in ast.walk(one)
        if isinstance(it, ast.Call) and program.name_of(it.func) == check
    ]
    origins = _Origins(program)
    return bool(calls) and all(origins.own(_given(it), name) for name, it in calls)


def _given(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(it.value for it in call.keywords)]


class _Origins:
    """Where values come from. What is looked into already, is taken to have come in."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._within: set[tuple[str, str]] = set()
        self._stores: dict[str, dict[str, list[ast.expr | None]]] = {}
        self._owned: set[tuple[str, str]] = set()
        """The names that are the file's own, by function: each is looked into once, however often used."""

    def own(self, expressions: Iterable[ast.expr], function: str) -> bool:
        """Return whether all of some expressions in a function are what the file says itself."""
        return all(self._own(it, function) for it in expressions)

    def _own(self, expression: ast.expr, function: str) -> bool:
        self._program.step()
        match expression:
            case ast.Constant():
                return True
            case ast.Name(id=name):
                return self._once(name, function)
            case ast.Call():
                return self._called(expression, function)
            case ast.Dict() | ast.List() | ast.Tuple() | ast.Set() | ast.BinOp() | ast.UnaryOp():
                return self._inside(expression, function)
            case ast.JoinedStr() | ast.FormattedValue() | ast.Subscript() | ast.Starred() | ast.IfExp():
                return self._inside(expression, function)
        return False

    def _inside(self, expression: ast.expr, function: str) -> bool:
        return self.own((it for it in ast.iter_child_nodes(expression) if isinstance(it, ast.expr)), function)

    def _called(self, call: ast.Call, function: str) -> bool:
        path = self._program.name_of(call.func)
        if path in self._program.functions:
            return self._once(_RETURNED, path)
        if path in _MAKES and path.partition(".")[0] not in self._program.functions:
            return self.own(_given(call), function)
        match call.func:
            case ast.Attribute(value=of, attr=method) if method in _MAKES_OF_ITSELF:
                return self.own([of, *_given(call)], function)
        return False

    def _stored(self, function: str) -> Mapping[str, list[ast.expr | None]]:
        """Return what each name is given in a function, or where that is empty anywhere in the file."""
        if function not in self._stores:
            body = self._program.bodies.get(function, []) if function else self._program.tree.body
            self._stores[function] = _stored(body)
        return self._stores[function]

    def _once(self, name: str, function: str) -> bool:
        """Return whether a name in a function, or what that returns, is what the file says itself."""
        if (function, name) in self._within:
            return False
        if (function, name) in self._owned:
            return True
        self._within.add((function, name))
        try:
            is_own = self._returned(function) if name == _RETURNED else self._named(name, function)
        finally:
            self._within.discard((function, name))
        self._owned |= {(function, name)} if is_own else set()
        return is_own

    def _returned(self, function: str) -> bool:
        body = self._program.bodies.get(function, [])
        returned = [it for one in body for it in ast.walk(one) if isinstance(it, ast.Return)]
        return bool(returned) and all(it.value and self._own(it.value, function) for it in returned)

    def _named(self, name: str, function: str) -> bool:
        its = self._program.functions.get(function)
        stored = [*self._stored(function).get(name, ())] if function else []
        if its is not None and name in _parameters(its):
            stored.append(ast.Constant(value=None) if self._passed(name, function, its) else None)
        if stored:
            return all(it is not None and self._own(it, function) for it in stored)
        if name in self._program.given:
            changed = None in self._stored("").get(name, ())
            return not changed and self._own(self._program.given[name], "")
        return name not in self._program.imported and hasattr(builtins, name)

    def _passed(self, name: str, function: str, its: Function) -> bool:
        """Return whether every call passes what the file says itself; who enters it passes what came in."""
        if function == self._program.entry or "." in function:
            return False
        place = _parameters(its).index(name)
        calls = 0
        for around, body in self._program.bodies.items():
            nodes = [it for one in body for it in ast.walk(one)]
            called = [it for it in nodes if isinstance(it, ast.Call) and _is_name(it.func, function)]
            if sum(_is_name(it, function) for it in nodes) != len(called):
                return False
            for it in called:
                given = [*it.args[place : place + 1], *(one.value for one in it.keywords if one.arg == name)]
                if len(given) != 1 or not self._own(given[0], around):
                    return False
            calls += len(called)
        return calls > 0


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _parameters(function: Function) -> list[str]:
    return [it.arg for it in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def _stored(body: Iterable[ast.stmt]) -> dict[str, list[ast.expr | None]]:
    """Return what each name is given; None for what an expression does not say, such as a loop."""
    found: dict[str, list[ast.expr | None]] = {}
    told: set[int] = set()
    for it in (node for one in body for node in ast.walk(one)):
        match it:
            case ast.Assign(targets=[ast.Name() as target], value=value):
                told.add(id(target))
                found.setdefault(target.id, []).append(value)
            case ast.AnnAssign(target=ast.Name() as target, value=value):
                told.add(id(target))
                found.setdefault(target.id, []).append(value)
            case ast.Attribute(value=ast.Name(id=name), attr=method) if method not in _MAKES_OF_ITSELF:
                found.setdefault(name, []).append(None)
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
                found.setdefault(name, []).append(None)
            case ast.Name(id=name, ctx=ast.Store()) if id(it) not in told:
                found.setdefault(name, []).append(None)
    return found
