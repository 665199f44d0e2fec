"""Which tables of DynamoDB Python code calls, whatever their names are there: read from its syntax tree.

Source: Boto3 documentation, "Amazon DynamoDB": `resource.Table`, `Table.batch_writer`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from plumbline.kinds.python_code import Program

_MOST_ROUNDS = 8
"""How often what is handed on is followed: from function to function."""


class Tables:
    """The names of tables, and of what writes to them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._of: dict[str, set[str]] = {}
        """The tables that a name may stand for, each by the name that it was first given."""
        bound = [*self._bound()]
        for _ in range(_MOST_ROUNDS):
            before = {name: {*its} for name, its in self._of.items()}
            for name, value in bound:
                if found := self._made(value, name):
                    self._of.setdefault(name, set()).update(found)
            if before == self._of:
                return

    def names(self) -> list[str]:
        """Return the tables."""
        return sorted({it for its in self._of.values() for it in its})

    def called(self) -> dict[str, list[str]]:
        """Return what is called of tables, each with the tables that it may be of."""
        found: dict[str, set[str]] = {}
        for it in self.program.nodes:
            match it:
                case ast.Call(func=ast.Attribute(value=receiver, attr=method) as function):
                    path = self.program.name_of(function) or method
                    if its := self._made(receiver, ""):
                        found.setdefault(path, set()).update(its)
        return {path: sorted(its) for path, its in found.items()}

    def _bound(self) -> Iterator[tuple[str, ast.expr]]:
        """Yield the names that are given something, and what: by an assignment, a `with`, or a call."""
        for it in self.program.nodes:
            match it:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        yield from self._pairs(target, value)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    yield from self._pairs(target, value)
                case ast.NamedExpr(target=target, value=value):
                    yield from self._pairs(target, value)
                case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                    yield from self._pairs(target, value)
                case ast.Call(func=function) if (called := self.program.local(function)) is not None:
                    names = [one.arg for one in called[1].args.args if one.arg not in ("self", "cls")]
                    yield from zip(names, it.args, strict=False)
                    yield from ((one.arg, one.value) for one in it.keywords if one.arg)

    def _pairs(self, target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
        match target, value:
            case ast.Tuple(elts=targets), ast.Tuple(elts=values):
                for one, other in zip(targets, values, strict=False):
                    yield from self._pairs(one, other)
            case ((ast.Name() | ast.Attribute()), _):
                yield self.program.name_of(target), value

    def _made(self, value: ast.expr, name: str) -> set[str]:
        """Return the tables that a value stands for; one that is made here is called as it is to be."""
        match value:
            case ast.Call(func=ast.Attribute(attr="Table")):
                return {name}
            case ast.Call(func=ast.Attribute(value=table, attr="batch_writer")):
                return self._made(table, name)
            case ast.Call(func=ast.Attribute(attr="client"), args=[ast.Constant(value="dynamodb"), *_]):
                return {name}
            case ast.Call(func=function) if (called := self.program.local(function)) is not None:
                body = self.program.bodies.get(called[0], [])
                returned = [it.value for one in body for it in ast.walk(one) if isinstance(it, ast.Return)]
                made = [self._made(it, name) for it in returned if it is not None and _is_plain(it)]
                return set().union(*made)
            case ast.Name() | ast.Attribute():
                return self._of.get(self.program.name_of(value), set())
        return set()


def _is_plain(value: ast.expr) -> bool:
    """Return whether it is a name, or a table that is made right here: no other function is followed."""
    match value:
        case ast.Name() | ast.Attribute() | ast.Call(func=ast.Attribute(attr="Table" | "batch_writer")):
            return True
    return False
