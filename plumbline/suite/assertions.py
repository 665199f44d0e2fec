"""Whether a test can fail, as far as its source shows: what asserts nothing is no sentence."""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from plumbline.suite.alone import asserted_of_expected_alone, joined
from plumbline.suite.reads import EXPECTED, Function
from plumbline.values.names import parsed, source_of

_ACTS = ("print", "setattr", "delattr", "next", "exec", "eval", "open", "input", "breakpoint", "help")
"""The builtin functions that are called for more than what they return."""
_GUARDS = ("suppress", "raises")
"""The contexts in which an exception that is named ends the block, and no more."""
_LEAVES = ast.Return | ast.Raise | ast.Continue | ast.Break
_MAY_STAND_ALONE = ast.Constant | ast.Subscript | ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr
"""A docstring, `...`, what is looked up to see whether it is there, and what acts."""
_OPPOSITE: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.Is: ast.IsNot,
    ast.In: ast.NotIn,
    ast.Lt: ast.GtE,
    ast.Gt: ast.LtE,
}


def mistakes(test: ast.FunctionDef, module: Mapping[str, object]) -> Iterator[str]:
    """Yield why a test of a module cannot fail, or why a part of it has no part in that."""
    written = _Written(test, module)
    statements = list(_reached(test.body))
    values = [it.value for it in statements if isinstance(it, ast.Expr | ast.Return) and it.value]
    dropped = [it for it in values if written.drops(it)]
    if not written.can_fail(test.body):
        yield "it asserts nothing: what it compares it has to `assert`"
    elif dropped:
        yield f"it says `{ast.unparse(dropped[0])}` and drops what comes of it: it has to `assert` that"
    for statement in statements:
        for part in _parts(statement.test) if isinstance(statement, ast.Assert) else ():
            if _always_holds(part):
                yield _told_of_what_always_holds(part)
            for alternative in _alternatives(part):
                if _is_expected(alternative):
                    yield f"it asserts `{ast.unparse(alternative)}`, which is said of nothing that is there"
        if written.swallows(statement):
            yield "it catches what it asserts, and so never fails"
    if EXPECTED in _arguments(test):
        for part in asserted_of_expected_alone(test):
            yield f"it asserts `{ast.unparse(part)}`, which is said of nothing that is there"
    for value, called in written.handed_in_vain:
        yield f"it hands `{value}` to {called}, which asks nothing of it"
    for name in _never_asked(test):
        yield f"it says what {name!r} is and asks nothing of it"
    used = {node.id for node in written.nodes if isinstance(node, ast.Name)}
    for it in _arguments(test):
        if it not in used:
            yield f"it takes {it!r} and asks nothing of it"


def mistakes_around(function: Function) -> Iterator[str]:
    """Yield why a test cannot fail for what decorators have put around it, from the outermost one inwards."""
    while inside := getattr(function, "__wrapped__", None):
        source = source_of(function) if inspect.isfunction(function) else None
        if source:
            handed = inspect.getclosurevars(function).nonlocals
            around = _Written(source, {**function.__globals__, **handed})
            if not handed or not around.can_fail(source.body):
                yield f"`{source.name}`, which a decorator puts around it, never calls it"
            if any(map(around.swallows, _reached(source.body))):
                yield f"`{source.name}`, which a decorator puts around it, catches what it asserts"
        function = inside


@dataclass
class _Written:
    """A function as it is written: a test, or what one calls."""

    function: ast.FunctionDef
    module: Mapping[str, object]
    """The names of the module that it stands in, and what they are there."""
    answers: dict[tuple[int, bool], bool] = field(default_factory=dict)
    """Whether functions can fail that were looked into; one that calls itself does not by that."""
    asked: dict[tuple[int, str], bool] = field(default_factory=dict)
    """Whether functions that were looked into ask anything of a parameter; likewise."""

    @functools.cached_property
    def nodes(self) -> list[ast.AST]:
        """All that it consists of."""
        return list(ast.walk(self.function))

    @functools.cached_property
    def nested(self) -> dict[str, ast.FunctionDef]:
        """The functions in it, and itself, by their names: of several the first."""
        return {it.name: it for it in reversed(self.nodes) if isinstance(it, ast.FunctionDef)}

    def can_fail(self, body: Sequence[ast.stmt], *, surely: bool = False) -> bool:
        """Return whether some statements assert, or call what does; what cannot be looked into may."""
        return any(self._fails(it, surely=surely) for it in _reached(body))

    def drops(self, value: ast.expr) -> bool:
        """Return whether an expression that stands alone is a value that nobody looks at."""
        match value:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if name in _arguments(self.function):
                return True
            case ast.Call(func=called):
                inside, found = self._inside(called), self._found(called)
                of_python = inspect.isbuiltin(found) and found.__module__ == builtins.__name__
                builtin = of_python and found.__name__ not in _ACTS
                return inside.only_returns if inside else builtin
        return not isinstance(value, _MAY_STAND_ALONE)

    @property
    def only_returns(self) -> bool:
        """Whether the function gives a value, and cannot fail."""
        returns = (it for it in _reached(self.function.body) if isinstance(it, ast.Return))
        return any(it.value for it in returns) and not self.can_fail(self.function.body)

    @property
    def handed_in_vain(self) -> Iterator[tuple[str, str]]:
        """Yield what of its arguments it hands to a function that asks nothing of that, and which one."""
        own = {*_arguments(self.function)}
        for value, parameter, inside in self._handed():
            names = (it.id for it in ast.walk(value) if isinstance(it, ast.Name))
            if not own.isdisjoint(names) and not inside.asks(parameter):
                yield ast.unparse(value), inside.function.name

    def asks(self, parameter: str) -> bool:
        """Return whether it asks anything of a parameter; to hand it on to what does not is nothing."""
        key = id(self.function), parameter
        if key not in self.asked:
            self.asked[key] = False
            in_vain = [value for value, other, inside in self._handed() if not inside.asks(other)]
            self.asked[key] = any(
                isinstance(it, ast.Name) and it.id == parameter and it not in in_vain for it in self.nodes
            )
        return self.asked[key]

    def _handed(self) -> Iterator[tuple[ast.expr, str, _Written]]:
        """Yield each value that it hands to a function which can be looked into, and the parameter there."""
        for call in (it for it in self.nodes if isinstance(it, ast.Call)):
            inside = self._inside(call.func)
            if inside is None or any(isinstance(it, ast.Starred) for it in call.args):
                continue
            of = inside.function.args
            positional = zip((it.arg for it in (*of.posonlyargs, *of.args)), call.args, strict=False)
            named = ((it.arg, it.value) for it in call.keywords if it.arg)
            for parameter, value in (*positional, *named):
                if parameter in _arguments(inside.function):
                    yield value, parameter, inside

    def swallows(self, statement: ast.stmt) -> bool:
        """Return whether what fails in a statement is caught there, and goes no further."""
        match statement:
            case (
                ast.Try(body=body, handlers=handlers, finalbody=last)
                | ast.TryStar(body=body, handlers=handlers, finalbody=last)
            ):
                leaves = any(isinstance(it, ast.Return | ast.Break | ast.Continue) for it in _reached(last))
                caught = (it for it in handlers if self._catches([it.type] if it.type else []))
                lost = leaves or any(not self.can_fail(it.body) for it in caught)
                return lost and self.can_fail(body, surely=True)
            case ast.With(items=items, body=body):
                calls = (it.context_expr for it in items)
                guards = (it for it in calls if isinstance(it, ast.Call) and _called(it) in _GUARDS)
                return any(it.args and self._catches(it.args) for it in guards) and self.can_fail(
                    body, surely=True
                )
        return False

    def _fails(self, statement: ast.stmt, *, surely: bool) -> bool:
        match statement:
            case ast.Assert():
                return True
            case ast.Raise(exc=raised):
                named = raised.func if isinstance(raised, ast.Call) else raised
                found = self._found(named) if named else None
                return not isinstance(found, type) or issubclass(found, AssertionError)
        alone = statement.value if isinstance(statement, ast.Expr) and not surely else None
        calls = (it for it in _own_nodes(statement) if isinstance(it, ast.Call))
        return any(self._call_fails(it, alone=it is alone, surely=surely) for it in calls)

    def _call_fails(self, call: ast.Call, *, alone: bool, surely: bool) -> bool:
        """Return whether a call may fail a test; what cannot be looked into may, where it stands alone."""
        if _called(call) in ("fail", "skip", "xfail"):
            return _called(call) == "fail"
        inside = self._inside(call.func)
        if inside is None:
            return alone and not self.drops(call)
        key = id(inside.function), surely
        if key not in self.answers:
            self.answers[key] = False
            self.answers[key] = inside.can_fail(inside.function.body, surely=surely)
        return self.answers[key]

    def _inside(self, called: ast.expr) -> _Written | None:
        """Return the source of what is called: a function inside, or one that the module knows."""
        if isinstance(called, ast.Name) and called.id in self.nested:
            return _Written(self.nested[called.id], self.module, self.answers, self.asked)
        found = self._found(called)
        source = parsed(found) if inspect.isfunction(inspect.unwrap(found)) else None
        if source is None:
            return None
        return _Written(source, inspect.unwrap(found).__globals__, self.answers, self.asked)

    def _found(self, named: ast.expr) -> Any:
        """Return what a name such as `check` or `checks.check` is; None where that is not known."""
        match named:
            case ast.Name(id=name):
                return self.module.get(name, getattr(builtins, name, None))
            case ast.Attribute(value=of, attr=name):
                above = self._found(of)
                return getattr(above, name, None) if isinstance(above, ModuleType | type) else None
        return None

    def _catches(self, named: Iterable[ast.expr]) -> bool:
        """Return whether what is named takes a failed assertion; nothing named takes everything."""
        each = [it for name in named for it in (name.elts if isinstance(name, ast.Tuple) else [name])]
        types = [self._found(it) for it in each]
        return not each or any(isinstance(it, type) and issubclass(AssertionError, it) for it in types)


def _reached(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that may run; a function in them runs where it is called."""
    for statement in body:
        yield statement
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for block in _blocks(statement):
                yield from _reached(block)
        if isinstance(statement, _LEAVES):
            return


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the blocks of a statement but those that a constant condition keeps from running."""
    match statement:
        case ast.If(test=ast.Constant(value=holds), body=body, orelse=otherwise):
            yield body if holds else otherwise
        case ast.While(test=ast.Constant(value=holds), orelse=otherwise) if not holds:
            yield otherwise
        case _:
            yield from (getattr(statement, name, []) for name in ("body", "orelse", "finalbody"))
            for part in (*getattr(statement, "handlers", []), *getattr(statement, "cases", [])):
                yield part.body


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in a statement but the statements in it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield child
            yield from _own_nodes(child)


def _never_asked(test: ast.FunctionDef) -> Iterator[str]:
    """Yield the names that are given to what an argument says, and stand nowhere else: all that share it."""
    arguments = {*_arguments(test)}
    read = {it.id for it in ast.walk(test) if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Load)}
    read |= {name for it in ast.walk(test) if isinstance(it, ast.Global | ast.Nonlocal) for name in it.names}
    for node in ast.walk(test):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not node.value:
            continue
        if not arguments & {it.id for it in ast.walk(node.value) if isinstance(it, ast.Name)}:
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            stored = [
                it for it in ast.walk(target) if isinstance(it, ast.Name | ast.Attribute | ast.Subscript)
            ]
            names = [it.id for it in stored if isinstance(it, ast.Name) and it.id not in read]
            if len(names) == len(stored):
                yield from names


def _parts(asserted: ast.expr) -> Iterator[ast.expr]:
    """Yield what an expression asserts together, by `and` or in a chain of comparisons."""
    for part in joined(asserted):
        match part:
            case ast.Compare(left=left, ops=ops, comparators=others) if len(ops) > 1:
                for one, op, other in zip([left, *others], ops, others, strict=False):
                    yield ast.Compare(one, [op], [other])
            case _:
                yield part


def _alternatives(part: ast.expr) -> Iterator[ast.expr]:
    """Yield what an expression takes one of by `or`, and what that consists of."""
    for it in part.values if isinstance(part, ast.BoolOp) else ():
        yield it
        yield from _alternatives(it)


def _is_expected(value: ast.expr) -> bool:
    """Return whether an expression is what is expected, and as it stands."""
    match value:
        case ast.Attribute(value=ast.Name(id=name)):
            return name == EXPECTED
    return False


def _are_opposite(values: Sequence[ast.expr]) -> bool:
    """Return whether one of some expressions says that what another one compares is otherwise."""
    compared = {
        (type(it.ops[0]), ast.dump(it.left), ast.dump(it.comparators[0]))
        for it in values
        if isinstance(it, ast.Compare) and len(it.ops) == 1
    }
    return any((_OPPOSITE.get(op), left, right) in compared for op, left, right in compared)


def _is_truth(value: ast.expr) -> bool:
    """Return whether an expression is True or False, and no other value."""
    match value:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Call(func=ast.Name(id="all" | "any" | "bool" | "isinstance" | "callable" | "hasattr")):
            return True
        case ast.BoolOp(values=values):
            return all(map(_is_truth, values))
    return False


def _is_never_empty(part: ast.expr) -> bool:
    """Return whether a part of a text has a character at least."""
    match part:
        case ast.FormattedValue(value=value, conversion=conversion):
            return conversion in (ord("r"), ord("a")) or _is_truth(value) or _is_never_empty(value)
        case ast.Constant(value=value):
            return str(value) != ""
    return False


def _always_holds(asserted: ast.expr) -> bool:
    """Return whether an expression is true whatever was read."""
    match asserted:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return any(not isinstance(it, ast.Starred) for it in elements)
        case ast.Dict(keys=keys):
            return any(it is not None for it in keys)
        case ast.GeneratorExp() | ast.Lambda():
            return True
        case ast.JoinedStr(values=parts):
            return any(map(_is_never_empty, parts))
        case ast.Call(func=ast.Name(id="repr" | "ascii"), args=[_]):
            return True
        case ast.Call(func=ast.Name(id="str" | "format"), args=[value, *_]):
            return _is_truth(value)
        case ast.Call(func=ast.Name(id="bool" | "len" | "list" | "set" | "sorted" | "tuple"), args=[value]):
            return _always_holds(value) and not isinstance(value, ast.GeneratorExp)
        case ast.Call(func=ast.Name(id="dict"), keywords=named):
            return any(it.arg for it in named)
        case ast.Call(func=ast.Name(id="any"), args=[ast.Tuple(elts=among) | ast.List(elts=among)]):
            return any(map(_always_holds, among))
        case ast.Call(func=ast.Name(id="isinstance"), args=[value, ast.Name(id="bool" | "int" | "object")]):
            return _is_truth(value)
        case (
            ast.Compare(
                left=ast.Call(func=ast.Name(id="len")), ops=[ast.GtE()], comparators=[ast.Constant(value=0)]
            )
            | ast.Compare(
                left=ast.Constant(value=0), ops=[ast.LtE()], comparators=[ast.Call(func=ast.Name(id="len"))]
            )
        ):
            return True
        case ast.Compare(left=ast.Call(func=ast.Name(id="print")), ops=[ast.Is() | ast.Eq()]):
            return True
        case ast.UnaryOp(
            op=ast.Not(),
            operand=ast.Compare(
                left=left, ops=[ast.NotEq() | ast.Lt() | ast.Gt() | ast.IsNot()], comparators=[right]
            ),
        ):
            return ast.dump(left) == ast.dump(right)
        case ast.Compare(left=left, ops=[ast.IsNot() | ast.NotEq()], comparators=[ast.Constant(value=None)]):
            return _is_truth(left)
        case ast.Compare(
            left=left,
            ops=[ast.In()],
            comparators=[ast.Tuple(elts=among) | ast.List(elts=among) | ast.Set(elts=among)],
        ):
            return ast.dump(left) in map(ast.dump, among)
        case ast.Compare(
            left=ast.Tuple(elts=some) | ast.List(elts=some),
            ops=[ast.NotEq()],
            comparators=[ast.Tuple(elts=[]) | ast.List(elts=[])],
        ):
            return any(not isinstance(it, ast.Starred) for it in some)
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(map(_always_holds, values)) or _are_opposite(values)
        case ast.BoolOp(values=values):
            return all(map(_always_holds, values))
        case ast.NamedExpr(value=value):
            return _always_holds(value)
        case ast.IfExp(body=first, orelse=second):
            return _always_holds(first) and _always_holds(second)
        case ast.Compare(left=left, ops=[ast.Eq() | ast.LtE() | ast.GtE() | ast.Is()], comparators=[right]):
            return ast.dump(left) == ast.dump(right)
    return False


def _told_of_what_always_holds(asserted: ast.expr) -> str:
    if isinstance(asserted, ast.Tuple):
        return "it asserts a tuple, and that always holds: write `assert left == right, message`"
    return f"it asserts `{ast.unparse(asserted)}`, and that always holds"


def _arguments(test: ast.FunctionDef) -> list[str]:
    return [it.arg for it in (*test.args.posonlyargs, *test.args.args, *test.args.kwonlyargs)]


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]
