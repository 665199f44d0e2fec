"""What expressions of Python code come to, where a check refuses whatever it is given."""

from __future__ import annotations

import ast
import builtins
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

from plumbline.kinds.python_code import SETTINGS, Function, Program, Unsettled, calculated
from plumbline.kinds.python_values import (
    EMPTY,
    NONE,
    SOMETHING,
    Code,
    Hangs,
    Known,
    Many,
    Names,
    Open,
    Row,
    Value,
    compared,
    hanging,
    like_all,
    one_of,
    row,
    truth_of,
)
from plumbline.values.unknown import Undetermined

_MOST_DEEP = 25
_FILLS = ("append", "add", "insert", "appendleft", "extend", "update", "put", "put_nowait")
_OF_MANY = ("list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "enumerate", "dict")


class Jump(Exception):
    """Raised where control goes elsewhere."""


class Return(Jump):
    def __init__(self, value: Value) -> None:
        self.value = value


class Raised(Jump):
    """An exception of the code; without a name it is that of the check."""

    def __init__(self, name: str = "") -> None:
        self.name = name


class Evaluation(ABC):
    """The values of expressions on one way through a program, and the calls on it.

    What nothing decides is decided by what it is given, and asked for beyond that it is so.
    """

    def __init__(self, program: Program, check: str, decided: list[bool], steps: int) -> None:
        self.program, self.check, self.decided = program, check, decided
        self.steps = steps
        """How many expressions may still be looked at."""
        self.taken: list[bool] = []
        self.calls: list[tuple[tuple[str, int], Hangs]] = []
        """The path and the line of each, and on what the way there hung."""
        self.refused = self._yielded = False
        self.hangs = Hangs.ON_NOTHING
        self._attributes: Names = {}
        self._globals: Names = {}
        self._deep = self._after_refusal = self._perhaps = 0
        self._within: list[str] = []

    @abstractmethod
    def _block(self, statements: Iterable[ast.stmt], names: Names) -> None:
        """Go through statements. Raises `Jump`."""

    def _choose(self, hangs: Hangs) -> bool:
        place = len(self.taken)
        self.taken.append(self.decided[place] if place < len(self.decided) else True)
        self.hangs = max(self.hangs, hangs)
        return self.taken[-1]

    def _bind(self, target: ast.expr, value: Value, names: Names) -> None:
        if isinstance(value, Open) and self._after_refusal:
            value = Open(Hangs.ON_THE_REFUSAL)
        match target:
            case ast.Name(id=name):
                before = names.get(name, value)
                names[name] = value if not self._perhaps or before == value else Open(hanging(value))
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                each = value.each if isinstance(value, Row) and len(value.each) == len(parts) else ()
                for place, it in enumerate(parts):
                    self._bind(it, each[place] if each else Open(hanging(value)), names)
            case ast.Starred(value=inner):
                self._bind(inner, Open(hanging(value)), names)
            case ast.Attribute():
                self._attributes[ast.unparse(target)] = value
            case ast.Subscript(value=holder):
                self._value(target.slice, names)
                self._fill(holder, value, names)

    def _fill(self, holder: ast.expr, value: Value, names: Names) -> None:
        """Put something into a collection."""
        if isinstance(holder, ast.Subscript) and self.refused:
            holder, value = holder.value, Open(Hangs.ON_THE_REFUSAL)
        if isinstance(holder, ast.Name | ast.Attribute) and value != EMPTY:
            self._bind(holder, Many(value, some=not self._perhaps), names)

    def _holds(self, condition: Value) -> bool:
        """Return whether a condition holds; where nothing tells, this way decides."""
        truth = truth_of(condition)
        return self._choose(hanging(condition)) if truth is None else truth

    def _value(self, expression: ast.expr, names: Names) -> Value:
        self.steps -= 1
        if self.steps < 0:
            raise Undetermined("it is too long to be followed")
        match expression:
            case ast.Constant(value=value):
                return Known(value)
            case ast.Name(id=name):
                return self._named(name, names)
            case ast.Attribute(value=inner):
                if self._path(expression).startswith(SETTINGS):
                    return Open(Hangs.ON_A_SETTING)
                found = self._value(inner, names)
                return self._attributes.get(ast.unparse(expression), Open(hanging(found)))
            case ast.Call():
                return self._called(expression, names)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                found = self._value(operand, names)
                truth = truth_of(found)
                return Open(hanging(found)) if truth is None else Known(not truth)
            case ast.BoolOp(op=op, values=values):
                return self._any_or_all(values, names, ends=isinstance(op, ast.Or))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return compared(self._value(left, names), op, self._value(right, names))
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                return self._value(body if self._holds(self._value(test, names)) else otherwise, names)
            case ast.Tuple(elts=parts) if parts:
                return row(*(self._value(it, names) for it in parts))
            case ast.List(elts=[]) | ast.Dict(keys=[]) | ast.Tuple(elts=[]):
                return EMPTY
            case ast.List(elts=parts) | ast.Set(elts=parts):
                return Many(like_all([self._value(it, names) for it in parts]), some=True)
            case ast.Dict():
                return self._mapping(expression, names)
            case ast.JoinedStr():
                hangs = self._inside(expression, names)
                return SOMETHING if hangs is Hangs.ON_THE_REFUSAL else Open(hangs)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehended(expression, names)
            case ast.Lambda():
                return Code(expression, names)
            case ast.NamedExpr(target=target, value=value):
                found = self._value(value, names)
                self._bind(target, found, names)
                return found
            case ast.Await(value=value):
                return self._value(value, names)
        self._yielded = self._yielded or isinstance(expression, ast.Yield | ast.YieldFrom)
        return Open(self._inside(expression, names))

    def _mapping(self, expression: ast.Dict, names: Names) -> Value:
        """Return a mapping; one that is made after the refusal, and says yes or no, may tell of it."""
        keys = [self._value(it, names) for it in expression.keys if it]
        values = [self._value(it, names) for it in expression.values]
        says = any(isinstance(it, Known) and isinstance(it.value, bool | None) for it in values)
        return SOMETHING if self.refused and says else Many(Open(hanging(*keys, *values)), some=True)

    def _inside(self, expression: ast.expr, names: Names) -> Hangs:
        """Return on what the parts of an expression hang."""
        inside = [
            self._value(it, names) for it in ast.iter_child_nodes(expression) if isinstance(it, ast.expr)
        ]
        return hanging(*inside)

    def _named(self, name: str, names: Names) -> Value:
        if name in names:
            return names[name]
        if name in self.program.functions:
            return Code(self.program.functions[name], {})
        if name in self.program.constants:
            return Known(self.program.constants[name])
        if self.program.imported.get(name, "").startswith(SETTINGS):
            return Open(Hangs.ON_A_SETTING)
        return Open(hanging(self._globals.get(name, NONE)))

    def _any_or_all(self, values: list[ast.expr], names: Names, *, ends: bool) -> Value:
        found: list[Value] = []
        for it in values:
            found.append(self._value(it, names))
            if truth_of(found[-1]) is ends:
                return Known(ends) if len(found) > 1 else found[-1]
        doubtful = [it for it in found if truth_of(it) is None]
        return Open(hanging(*doubtful)) if doubtful else found[-1]

    def _together(self, op: ast.operator, target: ast.expr, value: ast.expr, names: Names) -> Value:
        left, right = self._value(target, names), self._value(value, names)
        if isinstance(left, Known) and isinstance(right, Known):
            try:
                return Known(calculated(op, left.value, right.value))
            except Unsettled:
                pass
        if EMPTY in (left, right):
            return right if left == EMPTY else left
        return Open(hanging(left, right))

    def _comprehended(
        self, expression: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, names: Names
    ) -> Value:
        inner = dict(names)
        for it in expression.generators:
            found = self._value(it.iter, inner)
            if found == EMPTY:
                return EMPTY
            self._bind(it.target, one_of(found), inner)
            for test in it.ifs:
                chosen = self._value(test, inner)
                if truth_of(chosen) is False:
                    return EMPTY
                if hanging(chosen) and not self._holds(chosen):
                    return EMPTY
        if isinstance(expression, ast.DictComp):
            return Many(self._value(expression.value, inner))
        return Many(self._value(expression.elt, inner))

    def _path(self, expression: ast.expr) -> str:
        named = self.program.name_of(expression)
        return named or (expression.attr if isinstance(expression, ast.Attribute) else "")

    def _called(self, call: ast.Call, names: Names) -> Value:
        path = self._path(call.func)
        of = self._value(call.func.value, names) if isinstance(call.func, ast.Attribute) else Open()
        given = [self._value(it, names) for it in (*call.args, *(it.value for it in call.keywords))]
        if path == self.check:
            self.refused = True
            raise Raised
        if path.startswith(SETTINGS):
            return Open(Hangs.ON_A_SETTING)
        self.calls.append(((path or "?", call.lineno), self.hangs))
        name = path.rpartition(".")[2]
        if isinstance(call.func, ast.Attribute) and name in _FILLS and given:
            whole = name in ("extend", "update")
            self._fill(
                call.func.value, one_of(given[-1]) if whole and given[-1] != EMPTY else given[-1], names
            )
            return NONE
        if (found := self._of_python(path, given)) is not None:
            return found
        if isinstance(call.func, ast.Name) and isinstance(code := names.get(call.func.id), Code):
            return self._run(code, given)
        own = [it for it in self.program.functions if it == path or it.endswith(f".{name}")]
        if f"{path}.__init__" in self.program.functions:
            self._enter(f"{path}.__init__", [Open(), *given])
            return Open()
        if self.refused and path in self.program.classes:
            return SOMETHING
        if own and (path in own or isinstance(call.func, ast.Attribute)):
            return self._enter(own[0], given if path in own else [of, *given])
        returned = [self._run(it, []) for it in given if isinstance(it, Code)]
        if returned and self.refused:
            return Open(Hangs.ON_THE_REFUSAL)
        hangs = hanging(*given, *returned)
        if hangs is Hangs.ON_A_SETTING and not hasattr(builtins, path):
            hangs = Hangs.ON_NOTHING  # what a call makes of it is something else: a table of that name
        return Open(max(hanging(of), hangs))

    def _of_python(self, path: str, given: list[Value]) -> Value | None:
        """Return what a function of Python's own makes of collections; None of any other."""
        match path, given:
            case "filter", [Code() as code, many]:
                held = truth_of(self._run(code, [one_of(many)]))
                return EMPTY if held is False or many == EMPTY else Many(one_of(many))
            case "map", [Code() as code, many]:
                return EMPTY if many == EMPTY else Many(self._run(code, [one_of(many)]))
            case (("any" | "all"), [Many(each=Known(value=value))]):
                return Known(bool(value))
            case (("str" | "repr" | "dict"), [Many(some=True) as something]):
                return something
            case "len", [Many(each=None)]:
                return Known(0)
            case "bool", [value] if truth_of(value) is not None:
                return Known(truth_of(value))
            case name, [Many() as many, *_] if name in _OF_MANY and name != "enumerate":
                return many
            case name, [] if name in _OF_MANY:
                return EMPTY
            case "enumerate", [many, *_]:
                return EMPTY if many == EMPTY else Many(row(Open(), one_of(many)))
        return None

    def _enter(self, name: str, given: list[Value]) -> Value:
        """Return what a function of the file returns; of one that is entered already nothing is known."""
        if name in self._within or name not in self.program.bodies:
            return Open()
        self._within.append(name)
        try:
            return self._through(self.program.functions[name], self.program.bodies[name], given, {})
        finally:
            self._within.pop()

    def _run(self, code: Code, given: list[Value]) -> Value:
        if isinstance(code.node, ast.Lambda):
            return self._value(code.node.body, {**code.given, **_arguments(code.node.args, given)})
        if code.node.name in self.program.functions and not code.given:
            return self._enter(code.node.name, given)
        return self._through(code.node, code.node.body, given, code.given)

    def _through(
        self, function: Function, body: list[ast.stmt], given: list[Value], around: Mapping[str, Value]
    ) -> Value:
        if self._deep > _MOST_DEEP:
            return Open()
        generates = function in self.program.generators
        before, self._yielded = self._yielded, False
        self._deep += 1
        try:
            self._block(body, {**around, **_arguments(function.args, given)})
        except Return as returned:
            if not generates:
                return returned.value
        finally:
            self._deep -= 1
            yielded, self._yielded = self._yielded, before
        if generates:
            return Many(Open()) if yielded else EMPTY
        return NONE


def _arguments(arguments: ast.arguments, given: list[Value]) -> Names:
    """Return what the parameters of a function are; what is not told is open."""
    names = [it.arg for it in (*arguments.posonlyargs, *arguments.args)]
    return {name: given[place] if place < len(given) else Open() for place, name in enumerate(names)}
