"""How long Python code waits in consecutive rounds of a loop, reckoned from its syntax tree.

Nothing of it is run: what its constants, its own functions and Python's arithmetic come to is reckoned on the
way to the wait, as where each try fails. What is drawn by lot is taken at its upper end.
"""

from __future__ import annotations

import ast
import itertools
import math
import operator
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any, TypeAlias

from plumbline.kinds.python_code import Function, Program, Unsettled

PASSING = (408, 429, 500, 502, 503, 504)
"""The statuses of answers after which the same may succeed. Source: RFC 9110 and RFC 6585; AWS SDKs and Tools
Reference Guide, "Retry behavior"."""
_STATUSES = ("code", "status", "status_code")
"""What holds the status of an answer. Sources: the documentation of urllib, http.client and requests."""
Loop: TypeAlias = ast.For | ast.AsyncFor | ast.While
_UNKNOWN = object()
Names: TypeAlias = dict[str, Any]
_MOST_ROUNDS = 12
_MOST_NUMBERS = 10_000
_MOST_DEEP = 20
_LARGEST = 1e9
_LEAST_FACTOR = 1.5
"""By how much each wait of a list must be longer than the one before."""
_OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "len": len,
    "int": int,
    "float": float,
    "round": round,
    "abs": abs,
    "pow": lambda base, power: _calculated(ast.Pow(), base, power),
    "math.pow": lambda base, power: _calculated(ast.Pow(), base, power),
    "math.exp": math.exp,
    "math.exp2": lambda power: _calculated(ast.Pow(), 2, power),
    "math.ceil": math.ceil,
    "math.floor": math.floor,
    "range": lambda *given: _every_number(*given),
    "itertools.count": lambda *given: tuple(itertools.islice(itertools.count(*given), _MOST_ROUNDS)),
    "enumerate": lambda *given: tuple(enumerate(*given)),
    "zip": lambda *given: tuple(zip(*given, strict=False)),
    "list": tuple,
    "tuple": tuple,
    "set": tuple,
    "frozenset": tuple,
    "iter": tuple,
    "reversed": lambda it: tuple(reversed(it)),
    "sorted": lambda it: tuple(sorted(it)),
    "random.random": lambda: 1,
    "random.uniform": max,
    "random.randint": max,
    "random.triangular": lambda low, high, *_: high,
}
"""Sources: the Python documentation of each; of `random` the upper end."""
_COUNTS = ("range", "itertools.count")
_READS = ("index", "count", "copy")


class _Status(int):
    """The status of a failed answer."""


class _Leaves(Exception):
    """Raised where control leaves a block; `for_good` where it leaves the loop, too."""

    def __init__(self, value: Any = None, *, for_good: bool = True) -> None:
        self.value, self.for_good = value, for_good


def grows(waits: list[float], *, listed: bool, by_power: bool) -> bool:
    """Return whether waits grow by a factor until they are as long as they may be.

    A wait of no time may come first. Two waits are as good as any other two: they count only where they are
    `listed` one by one, or where they are written as growing `by_power`. Source of the notion: AWS Builders'
    Library, "Timeouts, retries, and backoff with jitter" (capped exponential backoff).
    """
    waits = list(itertools.dropwhile(lambda it: it == 0, waits))
    rising = [*itertools.takewhile(lambda it: it < max(waits), waits), max(waits, default=0)]
    if len(rising) < 2 or rising[0] < 0 or any(one > other for one, other in pairwise(waits)):
        return False
    factors = [after / before for before, after in pairwise(rising)]
    if min(factors) <= 1:
        return False
    if by_power:
        return True
    if listed:
        return _is_factor_of_a_list(rising, factors)
    return len(factors) > 1 and max(factors) - min(factors) < 0.01


def _is_factor_of_a_list(rising: list[float], factors: list[float]) -> bool:
    """Return whether what is listed grows by factors, and by no sums; after three the last may be a limit."""
    steps = [after - before for before, after in pairwise(rising)]
    if len(steps) > 2:
        steps, factors = steps[:-1], factors[:-1]
    return min(factors) >= _LEAST_FACTOR and all(after > before for before, after in pairwise(steps))


class Rounds:
    """The rounds of a loop, on the way to one wait in it, where each try is answered with a status."""

    def __init__(self, program: Program, loop: Loop, wait: ast.Call, status: int | None = None) -> None:
        self.program, self.loop, self.wait = program, loop, wait
        self._status = None if status is None else _Status(status)
        self.listed = False
        """Whether the waits are listed one by one."""
        self._waits: list[float] = []
        self._deep = self._steps = 0
        self._shared = {
            name for it in ast.walk(program.tree) if isinstance(it, ast.Nonlocal) for name in it.names
        }
        self._leading = self._on_the_way()

    def waits(self, body: list[ast.stmt], arguments: Iterable[str]) -> list[float] | None:
        """Return how long each wait is; None where that cannot be reckoned."""
        names: Names = dict.fromkeys(arguments, _UNKNOWN)
        try:
            with suppress(_Leaves):
                self._block(body, names)
        except (Unsettled, RecursionError):
            return None
        return self._waits

    def _on_the_way(self) -> set[int]:
        """Return what the wait and the loop are in, and the calls that lead from the loop to the wait."""
        above: dict[int, ast.AST] = {}
        within: dict[int, str] = {}
        calls: dict[str, list[ast.AST]] = {}
        for name, body in self.program.bodies.items():
            for node in (it for one in body for it in ast.walk(one)):
                within[id(node)] = name
                above |= {id(it): node for it in ast.iter_child_nodes(node)}
                if isinstance(node, ast.Call) and (called := self._local(node)):
                    calls.setdefault(called, []).append(node)
        found: set[int] = set()
        ahead: list[ast.AST] = [self.wait, self.loop]
        is_inside = any(it is self.wait for it in ast.walk(self.loop))
        while ahead:
            node = ahead.pop()
            if not is_inside and node is not self.loop and id(node) not in found:
                ahead += calls.pop(within.get(id(node), ""), [])
            while id(node) not in found:
                found.add(id(node))
                node = above.get(id(node), node)
        return found

    def _local(self, call: ast.Call) -> str | None:
        found = self.program.local(call.func)
        return found[0] if found else None

    def _leads(self, nodes: Iterable[ast.AST]) -> bool:
        return any(id(it) in self._leading for it in nodes)

    def _block(self, statements: Iterable[ast.stmt], names: Names) -> None:
        for it in statements:
            self._statement(it, names)

    def _statement(self, statement: ast.stmt, names: Names) -> None:
        self._steps += 1
        if self._steps > 20_000:
            raise Unsettled
        match statement:
            case ast.If():
                self._if(statement, names)
            case ast.For() | ast.AsyncFor() | ast.While():
                self._loop(statement, names)
            case ast.Try() | ast.TryStar():
                self._try(statement, names)
            case ast.Match():
                leading = [it.body for it in statement.cases if self._leads(it.body)]
                self._either(leading or [it.body for it in statement.cases], names)
            case ast.With() | ast.AsyncWith() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._inside(statement, names)
            case ast.Return(value=value):
                self._simple(statement, names)
                raise _Leaves(self._or_unknown(value, names) if value else None)
            case ast.Raise() | ast.Break():
                raise _Leaves(_UNKNOWN)
            case ast.Continue():
                raise _Leaves(for_good=False)
            case _:
                self._simple(statement, names)

    def _inside(self, statement: ast.stmt, names: Names) -> None:
        """Go through a block that is part of the way; a function counts where the loop is in it."""
        body: list[ast.stmt] = getattr(statement, "body", [])
        if isinstance(statement, ast.With | ast.AsyncWith):
            names |= dict.fromkeys(_stored([statement]), _UNKNOWN)
            self._block(body, names)
        elif self._leads(body):
            arguments = names_of(statement) if isinstance(statement, Function) else []
            self._block(body, {**names, **dict.fromkeys(arguments, _UNKNOWN)})

    def _simple(self, statement: ast.stmt, names: Names) -> None:
        """Wait, or follow a function that waits; then note what names are given."""
        for it in ast.walk(statement):
            if it is self.wait:
                self._waits.append(self._number(self.wait.args[0], names))
            elif isinstance(it, ast.Call) and id(it) in self._leading and (name := self._local(it)):
                own = self._bound(it, name, names)
                with suppress(_Leaves):
                    self._block(self.program.bodies.get(name, []), own)
            elif isinstance(it, ast.Call):
                _forget_changed(it, names)
        if id(statement) in self._leading:
            names |= dict.fromkeys(_stored([statement]), _UNKNOWN)
            return
        match statement:
            case ast.Assign(targets=targets, value=value):
                found = self._or_unknown(value, names)
                for target in targets:
                    _bind(target, found, names)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                _bind(target, self._or_unknown(value, names), names)
            case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
                read = ast.Name(id=name, ctx=ast.Load())
                names[name] = self._or_unknown(ast.BinOp(left=read, op=op, right=value), names)
            case _:
                names |= dict.fromkeys(_stored([statement]), _UNKNOWN)

    def _if(self, statement: ast.If, names: Names) -> None:
        branches = [statement.body, statement.orelse]
        truth = self._or_unknown(statement.test, names)
        if truth is not _UNKNOWN and not isinstance(truth, _Status):
            self._block(branches[not truth], names)
        else:
            self._either([it for it in branches if self._leads(it)] or branches, names)

    def _refuse_in_a_value(self) -> None:
        """Raise `Unsettled` in a function whose value is asked: only the way to the wait may be presumed."""
        if self._deep:
            raise Unsettled

    def _either(self, branches: list[list[ast.stmt]], names: Names) -> None:
        """Go through branches of which nothing tells which is taken; one that leaves is not."""
        self._refuse_in_a_value()
        left: _Leaves | None = None
        ends: list[Names] = []
        for it in branches:
            own = dict(names)
            try:
                self._block(it, own)
                ends.append(own)
            except _Leaves as leaves:
                left = leaves
        if not ends and left is not None:
            raise left
        for name in {one for it in ends for one in it}:
            values = [it.get(name, _UNKNOWN) for it in ends]
            names[name] = values[0] if all(it == values[0] for it in values) else _UNKNOWN

    def _try(self, statement: ast.Try | ast.TryStar, names: Names) -> None:
        """What is tried fails, but where the way leads through it."""
        self._refuse_in_a_value()
        handlers = [it.body for it in statement.handlers]
        try:
            if self._leads([*statement.body, *statement.orelse]):
                self._block([*statement.body, *statement.orelse], names)
            else:
                names |= dict.fromkeys(_stored(statement.body), _UNKNOWN)
                self._either([it for it in handlers if self._leads(it)] or handlers, names)
        finally:
            self._block(statement.finalbody, names)

    def _loop(self, loop: Loop, names: Names) -> None:
        if loop is self.loop:
            self._rounds(loop, names)
            raise _Leaves
        self._refuse_in_a_value()
        if not self._leads([loop]):
            names |= dict.fromkeys(_stored([loop]), _UNKNOWN)
            return
        for it in itertools.islice(self._each(loop, names), 1):
            _bind_round(loop, it, names)
            with suppress(_Leaves):
                self._block(loop.body, names)

    def _rounds(self, loop: Loop, names: Names) -> None:
        for it in self._each(loop, names):
            _bind_round(loop, it, names)
            try:
                self._block(loop.body, names)
            except _Leaves as leaves:
                if leaves.for_good:
                    return

    def _each(self, loop: Loop, names: Names) -> Iterator[Any]:
        """Yield what each round begins with; where nothing tells how many there are, there are many."""
        if isinstance(loop, ast.While):
            for _ in range(_MOST_ROUNDS):
                with suppress(Unsettled):
                    if not self._value(loop.test, names):
                        return
                yield _UNKNOWN
            return
        counts = isinstance(loop.iter, ast.Call) and self.program.name_of(loop.iter.func) in _COUNTS
        try:
            every = self._value(loop.iter, names)
        except Unsettled:
            args = loop.iter.args if isinstance(loop.iter, ast.Call) else []
            every = range(_MOST_ROUNDS) if counts and len(args) == 1 else [_UNKNOWN] * _MOST_ROUNDS
        if not isinstance(every, tuple | range | list):
            raise Unsettled
        self.listed = self.listed or not counts
        yield from every[:_MOST_ROUNDS]

    def _or_unknown(self, expression: ast.expr, names: Names) -> Any:
        try:
            return self._value(expression, names)
        except Unsettled:
            return _UNKNOWN

    def _number(self, expression: ast.expr, names: Names) -> float:
        found = self._value(expression, names)
        if isinstance(found, int | float):
            return found
        raise Unsettled

    def _value(self, expression: ast.expr, names: Names) -> Any:
        """Return what an expression comes to. Raises `Unsettled`."""
        match expression:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self._named(name, names)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self._value(operand, names)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._number(operand, names)
            case ast.BinOp(left=left, op=op, right=right):
                return _calculated(op, self._number(left, names), self._number(right, names))
            case ast.BoolOp():
                return self._any_or_all(expression, names)
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                values = [self._value(it, names) for it in (left, *comparators)]
                return all(_compared(*pair, op) for pair, op in zip(pairwise(values), ops, strict=True))
            case ast.Attribute(attr=attribute) if attribute in _STATUSES and self._status is not None:
                return self._status
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                return self._value(body if self._value(test, names) else otherwise, names)
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                return tuple(self._value(it, names) for it in parts)
            case ast.Subscript(value=value, slice=index):
                row = self._value(value, names)
                self.listed = True
                return _safely(operator.getitem, row, self._value(index, names))
            case ast.ListComp(elt=each, generators=[one]) | ast.GeneratorExp(elt=each, generators=[one]):
                return self._comprehended(each, one, names)
            case ast.Call():
                return self._called(expression, names)
            case ast.Await(value=value):
                return self._value(value, names)
        raise Unsettled

    def _comprehended(self, each: ast.expr, one: ast.comprehension, names: Names) -> Any:
        found = []
        every = self._value(one.iter, names)
        if one.ifs or not isinstance(every, tuple | range):
            raise Unsettled
        for it in every[:_MOST_ROUNDS]:
            own = dict(names)
            _bind(one.target, it, own)
            found.append(self._value(each, own))
        return tuple(found)

    def _named(self, name: str, names: Names) -> Any:
        if name in self._shared:
            raise Unsettled
        if name in names:
            if names[name] is _UNKNOWN:
                raise Unsettled
            return names[name]
        if name in self.program.constants:
            return self.program.constants[name]
        if name in self.program.given and not self.program.is_changed(name):
            return self._value(self.program.given[name], {})
        raise Unsettled

    def _any_or_all(self, expression: ast.BoolOp, names: Names) -> Any:
        """Return what conditions come to together; one decides though others are not known."""
        ends = isinstance(expression.op, ast.Or)
        found = [self._or_unknown(it, names) for it in expression.values]
        known = [it for it in found if it is not _UNKNOWN]
        if found[0] is not _UNKNOWN and bool(found[0]) is ends:
            return found[0]
        decides = [it for it in known if bool(it) is ends]
        if decides and isinstance(decides[0], bool):
            return decides[0]
        if len(known) < len(found):
            raise Unsettled
        return decides[0] if decides else found[-1]

    def _called(self, call: ast.Call, names: Names) -> Any:
        path = self.program.name_of(call.func)
        if (name := self._local(call)) is not None:
            return self._enter(name, call, names)
        if path not in _FUNCTIONS or call.keywords:
            raise Unsettled
        return _safely(_FUNCTIONS[path], *(self._value(it, names) for it in call.args))

    def _enter(self, name: str, call: ast.Call, names: Names) -> Any:
        """Return what a function of the module returns. Raises `Unsettled`."""
        function = self.program.functions[name]
        if self._deep > _MOST_DEEP or function.args.vararg or function.args.kwarg:
            raise Unsettled
        own = self._bound(call, name, names)
        self._deep += 1
        try:
            self._block(self.program.bodies.get(name, []), own)
        except _Leaves as leaves:
            if leaves.value is _UNKNOWN:
                raise Unsettled from None
            return leaves.value
        finally:
            self._deep -= 1
        return None

    def _bound(self, call: ast.Call, name: str, names: Names) -> Names:
        """Return what the parameters of a function are; what is not told is not known."""
        function = self.program.functions[name]
        every = names_of(function)
        defaults = function.args.defaults
        own: Names = dict.fromkeys(every, _UNKNOWN)
        for argument, value in zip(reversed(function.args.args), reversed(defaults), strict=False):
            own[argument.arg] = self._or_unknown(value, {})
        placed = every[1:] if "." in name and every[:1] in (["self"], ["cls"]) else every
        for argument_name, value in zip(placed, call.args, strict=False):
            own[argument_name] = self._or_unknown(value, names)
        for it in call.keywords:
            own[it.arg or ""] = self._or_unknown(it.value, names)
        return own


def _bind_round(loop: Loop, value: Any, names: Names) -> None:
    if not isinstance(loop, ast.While):
        _bind(loop.target, value, names)


def _bind(target: ast.expr, value: Any, names: Names) -> None:
    match target:
        case ast.Name(id=name):
            names[name] = value
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            fits = isinstance(value, tuple) and len(value) == len(parts)
            for place, it in enumerate(parts):
                _bind(it, value[place] if fits else _UNKNOWN, names)
        case ast.Subscript(value=ast.Name(id=name)):
            names[name] = _UNKNOWN


def _forget_changed(call: ast.Call, names: Names) -> None:
    """Forget what is in a collection of which a method is called that may change it."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=name), attr=method) if name in names and method not in _READS:
            names[name] = _UNKNOWN


def _every_number(*given: int) -> range:
    if len(found := range(*given)) > _MOST_NUMBERS:
        raise ValueError
    return found


def _calculated(op: ast.operator, left: float, right: float) -> Any:
    """Return what two numbers come to. Raises `Unsettled` for what would be too much to reckon."""
    if type(op) not in _OPERATIONS or (isinstance(op, ast.Pow | ast.LShift) and abs(right) > 64):
        raise Unsettled
    if max(abs(left), abs(right)) > _LARGEST:
        raise Unsettled
    return _safely(_OPERATIONS[type(op)], left, right)


def _compared(left: Any, right: Any, op: ast.cmpop) -> bool:
    """Return how two values compare. Raises `Unsettled` for a status that is compared with no number."""
    others = right if isinstance(right, tuple | range) else (right,)
    if isinstance(left, _Status) and not all(isinstance(it, int) for it in others):
        raise Unsettled
    return bool(_safely(_COMPARISONS[type(op)], left, right))


def _safely(function: Callable[..., Any], *given: Any) -> Any:
    try:
        return function(*given)
    except (ArithmeticError, ValueError, TypeError, LookupError):
        raise Unsettled from None


def names_of(function: Function) -> list[str]:
    """Return the names of the parameters of a function."""
    return [it.arg for it in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def _stored(nodes: Iterable[ast.AST]) -> set[str]:
    every = (it for one in nodes for it in ast.walk(one))
    return {it.id for it in every if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Store | ast.Del)}
