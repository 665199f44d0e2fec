"""What conditions of Python code come to where something is noted: read from its syntax tree, and not run."""

from __future__ import annotations

import ast
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from plumbline.kinds.python_code import Program, Unsettled, folded

Notes: TypeAlias = Mapping[str, object]
SOMETHING, DOUBTFUL, NOT_NOTED = object(), object(), object()
"""What is true whatever it is, such as a time; what nothing tells; and what is none of what is noted."""
EITHER = frozenset((True, False))
_MOST_DEEP, _MOST_STEPS = 12, 5_000
_LOOKS_UP = ("get", "exists", "ttl", "pttl", "hget", "hexists", "sismember")
"""Methods that say whether something is noted under a name, or what: those of Redis, and of mappings."""
_CONVERTS = ("int", "float", "str", "len", "abs", "max", "min", "round")
_READS = ("decode", "is_set", "timestamp", "total_seconds", "strip")
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


@dataclass(frozen=True)
class Scope:
    """The names of some code: what each is given, where that is once, and what is passed by a call."""

    program: Program
    given: Mapping[str, ast.expr]
    passed: Mapping[str, ast.expr] = field(default_factory=dict)
    around: Scope | None = None
    """That of the code which calls."""

    @classmethod
    def of(cls, program: Program, name: str) -> Scope:
        """Return that of a function, of which no call is known."""
        return cls(program, _given_in(program, name))

    def entered(self, name: str, call: ast.AST) -> Scope:
        """Return that of a function which is called."""
        arguments = self.program.functions[name].args.args
        names = [it.arg for it in arguments if it.arg not in ("self", "cls")]
        passed: dict[str, ast.expr] = {}
        if isinstance(call, ast.Call):
            passed = dict(zip(names, call.args, strict=False))
            passed |= {it.arg: it.value for it in call.keywords if it.arg}
        return Scope(self.program, _given_in(self.program, name), passed, self)

    def path(self, expression: ast.expr) -> str:
        """Return a path of names, or a text where a key is one; empty for anything else."""
        match expression:
            case ast.Name(id=name):
                its = self.passed.get(name)
                return (self.around.path(its) if its and self.around else "") or name
            case ast.Attribute(value=value, attr=name):
                return f"{start}.{name}" if (start := self.path(value)) else ""
            case ast.Subscript(value=value, slice=ast.Constant(value=key)):
                return f"{start}[{key!r}]" if (start := self.path(value)) else ""
            case ast.Subscript(value=value):
                return self.path(value)
            case ast.Constant(value=str() as text):
                return repr(text)
            case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[ast.Constant(value=key), *_]):
                return f"{start}[{key!r}]" if (start := self.path(value)) else ""
        return ""

    def state(self, expression: ast.expr) -> str:
        """Return the path of what may be noted: no constant, function or import, and no object itself."""
        path = self.path(expression)
        first = path.partition(".")[0]
        if not path or path == "self" or first in self.program.imported or path in self.program.functions:
            return ""
        return "" if path in self.program.constants else path

    def constant(self, expression: ast.expr) -> object:
        """Return a constant; one of a class stands for itself. `NOT_NOTED` for anything else."""
        match expression:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                if name in self.program.classes or name in self.program.imported:
                    return f"{name}.{attribute}"
                return NOT_NOTED
        try:
            return folded(expression, self.program.constants)
        except (Unsettled, RecursionError):
            return NOT_NOTED

    def noted(self, expression: ast.expr) -> object:
        """Return what something is noted as."""
        found = self.constant(expression)
        if found is not NOT_NOTED:
            return found
        match expression:
            case ast.Compare():
                return True
            case ast.IfExp(body=body):
                return self.noted(body)
            case ast.Call() | ast.BinOp() | ast.JoinedStr() | ast.Dict():
                return SOMETHING
        return DOUBTFUL

    def followed(self, expression: ast.expr) -> Iterator[ast.AST]:
        """Yield what is in an expression, and in the functions of the module that it calls, each once."""
        ahead: list[ast.AST] = [expression]
        seen: set[str] = set()
        while ahead:
            for node in ast.walk(ahead.pop()):
                self.program.step()
                yield node
                called = self.program.local(node.func) if isinstance(node, ast.Call) else None
                if called is not None and called[0] not in seen:
                    seen.add(called[0])
                    ahead += self.program.bodies.get(called[0], [])

    def of_name(self, name: str) -> tuple[ast.expr, Scope] | None:
        """Return what a name is given, and where that is to be read."""
        if name in self.passed and self.around:
            return self.passed[name], self.around
        return (self.given[name], self) if name in self.given else None


class Conditions:
    """What conditions may come to where this is noted, or else the opposite of it."""

    def __init__(self, notes: Notes, *, opposite: bool = False) -> None:
        self.notes, self.opposite = notes, opposite
        self.asked = False
        """Whether any of it was asked for."""
        self.doubts: list[str] = []
        """What is asked for in a way that nothing tells."""
        self._deep = self._steps = 0

    def truth(self, test: ast.expr, scope: Scope) -> frozenset[bool]:
        """Return what a condition may come to."""
        self._steps += 1
        if self._deep > _MOST_DEEP or self._steps > _MOST_STEPS:
            return self._doubt(test)
        self._deep += 1
        try:
            return self._truth(test, scope)
        finally:
            self._deep -= 1

    def _truth(self, test: ast.expr, scope: Scope) -> frozenset[bool]:
        match test:
            case ast.Constant(value=value):
                return frozenset((bool(value),))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return frozenset(not it for it in self.truth(operand, scope))
            case ast.BoolOp(op=op, values=values):
                return self._any_or_all([self.truth(it, scope) for it in values], ends=isinstance(op, ast.Or))
            case ast.IfExp(test=decides, body=body, orelse=otherwise):
                found = self.truth(decides, scope)
                return frozenset().union(*(self.truth(body if it else otherwise, scope) for it in found))
            case ast.NamedExpr(value=value) | ast.Await(value=value):
                return self.truth(value, scope)
            case ast.Call(func=ast.Name(id="bool"), args=[value]):
                return self.truth(value, scope)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._compared(test, left, op, right, scope)
            case ast.Compare():
                return self._unless_asked(test, scope)
            case ast.Call() | ast.Attribute() if (name := self._function(test, scope)) is not None:
                return self._returned(scope.program.bodies.get(name, []), scope.entered(name, test))
            case ast.Name(id=name) if not self._is_noted(test, scope) and (its := scope.of_name(name)):
                return self.truth(*its)
        its_value = self._value(test, scope)
        if its_value is NOT_NOTED:
            return self._unless_asked(test, scope)
        return self._doubt(test) if its_value is DOUBTFUL else self._told(bool(its_value))

    def _told(self, holds: bool) -> frozenset[bool]:
        self.asked = True
        return frozenset((holds is not self.opposite,))

    def _doubt(self, test: ast.expr) -> frozenset[bool]:
        self.asked = True
        self.doubts.append(f"the condition in line {getattr(test, 'lineno', 0)}")
        return EITHER

    def _unless_asked(self, test: ast.expr, scope: Scope) -> frozenset[bool]:
        """Return that nothing is told; there is a doubt where what is noted is in it all the same."""
        inside = (it for it in scope.followed(test) if isinstance(it, ast.expr))
        return self._doubt(test) if any(self._is_noted(it, scope) for it in inside) else EITHER

    def _is_noted(self, expression: ast.expr, scope: Scope) -> bool:
        return scope.state(expression) in self.notes

    def _any_or_all(self, each: list[frozenset[bool]], *, ends: bool) -> frozenset[bool]:
        may_end = any(ends in it for it in each)
        may_not = all((not ends) in it for it in each)
        return frozenset({ends} if may_end else set()) | frozenset({not ends} if may_not else set())

    def _function(self, test: ast.expr, scope: Scope) -> str | None:
        """Return the function of the module that is called, or that is read as a property."""
        if isinstance(test, ast.Call):
            called = scope.program.local(test.func)
            return called[0] if called else None
        found = scope.program.local(test)
        if found is None or not isinstance(test, ast.Attribute):
            return None
        decorators = [scope.program.name_of(it) for it in found[1].decorator_list]
        return found[0] if any(it.endswith("property") for it in decorators) else None

    def _returned(self, body: list[ast.stmt], scope: Scope) -> frozenset[bool]:
        """Return what a function may return, as yes or no."""
        for place, it in enumerate(body):
            match it:
                case ast.Return(value=value):
                    return self.truth(value, scope) if value else frozenset((False,))
                case ast.Raise():
                    return frozenset()
                case ast.If(test=test, body=inner, orelse=otherwise):
                    after = body[place + 1 :]
                    found = self.truth(test, scope)
                    branches = [[*(inner if one else otherwise), *after] for one in found]
                    return frozenset().union(*(self._returned(one, scope) for one in branches))
                case ast.With() | ast.AsyncWith():
                    return self._returned([*it.body, *body[place + 1 :]], scope)
        return frozenset((False,))

    def _value(self, expression: ast.expr, scope: Scope) -> object:
        """Return what is noted under what an expression reads: itself, or a key that is looked up."""
        if self._is_noted(expression, scope):
            return self.notes[scope.state(expression)]
        match expression:
            case ast.Name(id=name) if (its := scope.of_name(name)) is not None:
                return self._deeper(*its)
            case ast.NamedExpr(value=value) | ast.Await(value=value):
                return self._value(value, scope)
            case ast.BoolOp(op=ast.Or(), values=[value, ast.Constant()]):
                return self._value(value, scope)
            case ast.Call(func=ast.Attribute(value=value, attr=method), args=[]) if method in _READS:
                return self._value(value, scope)
            case ast.Call(args=arguments, keywords=keywords) if _hands_on(expression, scope):
                values = (self._value(it, scope) for it in (*arguments, *(one.value for one in keywords)))
                return next((it for it in values if it is not NOT_NOTED), NOT_NOTED)
        return NOT_NOTED

    def _deeper(self, expression: ast.expr, scope: Scope) -> object:
        self._deep += 1
        try:
            return NOT_NOTED if self._deep > _MOST_DEEP else self._value(expression, scope)
        finally:
            self._deep -= 1

    def _compared(
        self, test: ast.expr, left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope
    ) -> frozenset[bool]:
        if type(op) in _ORDER:
            return self._ordered(test, left, op, right, scope)
        one, other = self._value(left, scope), self._value(right, scope)
        negated = isinstance(op, ast.NotEq | ast.IsNot | ast.NotIn)
        if one is NOT_NOTED and other is NOT_NOTED:
            return self._unless_asked(test, scope)
        if isinstance(op, ast.In | ast.NotIn):
            value = other if one is NOT_NOTED else one
            return self._doubt(test) if value is DOUBTFUL else self._told((value is not None) is not negated)
        value, constant = (
            (one, scope.constant(right)) if other is NOT_NOTED else (other, scope.constant(left))
        )
        is_open = value is SOMETHING and constant is not None
        if DOUBTFUL in (one, other) or constant is NOT_NOTED or is_open:
            return self._doubt(test)
        return self._told((_plain(value) == _plain(constant)) is not negated)

    def _ordered(
        self, test: ast.expr, left: ast.expr, op: ast.cmpop, right: ast.expr, scope: Scope
    ) -> frozenset[bool]:
        """Return what a comparison comes to: what is noted is a number that is large enough, or a time."""
        one, other = self._signed(left, scope), self._signed(right, scope)
        if (one is None) is (other is None):
            return self._unless_asked(test, scope)
        sign, value = one or other or (1, DOUBTFUL)
        rises = (sign > 0) is (one is not None)
        limit = scope.constant(right if one else left)
        if isinstance(value, int | float) and isinstance(limit, int | float):
            pair = (value * sign, limit) if one else (limit, value * sign)
            return self._told(_ORDER[type(op)](*pair))
        if value is DOUBTFUL:
            return self._doubt(test)
        holds = rises is isinstance(op, ast.Gt | ast.GtE)
        return self._told(holds if value is SOMETHING or value else not holds)

    def _signed(self, expression: ast.expr, scope: Scope) -> tuple[int, object] | None:
        """Return what is noted in a sum, and whether the sum is more with it, or less."""
        if (value := self._value(expression, scope)) is not NOT_NOTED:
            return 1, value
        match expression:
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
                one, other = self._signed(left, scope), self._signed(right, scope)
                if one is not None and other is None:
                    return one[0], one[1] or SOMETHING
                if other is not None and one is None:
                    return other[0] * (-1 if isinstance(op, ast.Sub) else 1), other[1] or SOMETHING
            case ast.Name(id=name) if (its := scope.of_name(name)) is not None and self._deep < _MOST_DEEP:
                self._deep += 1
                try:
                    return self._signed(*its)
                finally:
                    self._deep -= 1
            case ast.Call(args=[inner, *_]) if _hands_on(expression, scope):
                return self._signed(inner, scope)
            case ast.Call(func=ast.Attribute(value=inner, attr=method), args=[]) if method in _READS:
                return self._signed(inner, scope)
            case ast.Call() if (called := self._function(expression, scope)) is not None:
                match scope.program.bodies.get(called, []):
                    case [*_, ast.Return(value=ast.expr() as value)]:
                        return self._signed(value, scope.entered(called, expression))
        return None


def _hands_on(call: ast.Call, scope: Scope) -> bool:
    """Return whether a call says what is noted of what it is given."""
    match call.func:
        case ast.Attribute(attr=method):
            return method in _LOOKS_UP and scope.program.local(call.func) is None
        case ast.Name(id=name):
            return name in _CONVERTS and name not in scope.program.functions
    return False


def _plain(value: object) -> object:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _given_in(program: Program, name: str) -> dict[str, ast.expr]:
    """Return what names are given once in a function; it is read once."""
    if name not in program.given_in:
        program.given_in[name] = _given_once(program.bodies.get(name, []))
    return program.given_in[name]


def _given_once(body: Iterable[ast.stmt]) -> dict[str, ast.expr]:
    """Return what names are given in some code that are given something once."""
    given: dict[str, ast.expr] = {}
    stored: Counter[str] = Counter()
    for node in (it for one in body for it in ast.walk(one)):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                given[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                given[name] = value
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                given[name] = value
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            stored[node.id] += 1
    return {name: value for name, value in given.items() if stored[name] == 1}
