"""Which constants of Python code bound something, as its syntax tree reads: nothing of it is run.

A constant that is compared bounds something where the comparison decides over what is done: over a raise, a
return, the next round of a loop, a wait, or what is called otherwise. What is logged then bounds nothing.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Any, TypeAlias

from plumbline.kinds.python_code import LOGS, Program
from plumbline.values.unknown import Unexamined

_RAISES = (ast.Add, ast.Mult)
_JUMPS = (ast.Continue, ast.Break)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_ENDS = ("sys.exit", "exit", "quit", "os._exit")
_CATCH_ALL = ("", "Exception", "BaseException")
_TURNED: dict[type[ast.cmpop], bool] = {ast.Gt: True, ast.GtE: True, ast.Lt: False, ast.LtE: False}
Over: TypeAlias = bool | None
"""Whether it is true, or false, where there is more than the constant; None where that is not told."""


class Bounds(IntEnum):
    """Whether something bounds what is done."""

    NOT = 0
    PERHAPS = 1
    SURELY = 2


def gone_by(certain: Program, possible: Program) -> dict[str, Any]:
    """Return the constants that code goes by; `Unexamined` for what may be one, or more than it says.

    `possible` is what is reached where the environment of the process says so, too.
    """
    raised = certain.raised_names()
    surely, perhaps = _Uses(certain), _Uses(possible)
    found: dict[str, Any] = {it: Unexamined(why) for it, why in _of_elsewhere(possible)}
    for name, value in certain.constants.items():
        bounds = surely.of_name(name)
        if bounds is Bounds.SURELY:
            is_more = f"{name} is reckoned with: it may go by more"
            found[name] = Unexamined(is_more) if name in raised else value
        elif bounds is Bounds.PERHAPS:
            found[name] = Unexamined(f"what is done beyond {name} is decided elsewhere")
        elif perhaps.of_name(name):
            found[name] = Unexamined(f"the environment of the process decides whether {name} counts")
    return found


def _of_elsewhere(program: Program) -> Iterator[tuple[str, str]]:
    """Yield the names that are read, and are given a value in another module or by the environment."""
    read = program.read_names()
    for name in program.settings & read:
        yield name, f"the environment of the process decides {name}"
    for it in ast.walk(program.tree):
        if not isinstance(it, ast.ImportFrom):
            continue
        module = "." * it.level + (it.module or "")
        if it.level or module.partition(".")[0] not in sys.stdlib_module_names:
            for one in it.names:
                name = one.asname or one.name
                if name in read and name not in program.constants:
                    yield name, f"{one.name} lies elsewhere, in {module}"
    for it in program.nodes:
        match it:
            case ast.Attribute(value=ast.Name(id=holder), attr=name) if (
                name.isupper() and name not in program.constants and holder in program.imported
            ):
                yield name, f"{name} lies elsewhere, in {program.imported[holder]}"


class _Uses:
    """What is done with names."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._above: dict[int, ast.AST] = {}
        self._within: dict[int, str] = {}
        for name, body in program.bodies.items():
            for node in (it for one in body for it in ast.walk(one)):
                self._within[id(node)] = name
                self._above |= {id(it): node for it in ast.iter_child_nodes(node)}
        self._calls: dict[str, list[ast.Call]] = {}
        self._reads: dict[str, list[ast.Name]] = {}
        for it in program.nodes:
            if isinstance(it, ast.Call) and (found := program.local(it.func)):
                self._calls.setdefault(found[0], []).append(it)
            elif isinstance(it, ast.Name) and isinstance(it.ctx, ast.Load):
                self._reads.setdefault(it.id, []).append(it)
        self._seen: set[tuple[str, str]] = set()

    def of_name(self, name: str, *, function: str | None = None, over: Over = None) -> Bounds:
        """Return whether what is read under a name bounds something, be it in one function."""
        if (name, function or "") in self._seen:
            return Bounds.NOT
        self._seen.add((name, function or ""))
        try:
            reads = (it for it in self._reads.get(name, []) if not self._is_told(it))
            own = (it for it in reads if function in (None, self._within.get(id(it))))
            return max((self._of(it, over) for it in own), default=Bounds.NOT)
        finally:
            self._seen.discard((name, function or ""))

    def _of(self, node: ast.expr, over: Over) -> Bounds:
        """Return whether an expression bounds something. `over` says what it is if it is a condition."""
        self.program.step()
        above = self._above.get(id(node))
        match above:
            case ast.Compare() if isinstance(node, ast.BinOp) and not isinstance(node.op, _RAISES):
                return self._of(above, None)
            case ast.Compare(left=left, ops=[op]):
                turned = _TURNED.get(type(op))
                return self._of(above, None if turned is None else turned is not (node is left))
            case ast.Compare() | ast.BoolOp() | ast.NamedExpr() | ast.Await():
                return self._of(above, over)
            case (
                ast.BinOp() | ast.UnaryOp(op=ast.USub() | ast.UAdd()) | ast.JoinedStr() | ast.FormattedValue()
            ):
                return self._of(above, over)
            case ast.UnaryOp(op=ast.Not()):
                return self._of(above, None if over is None else not over)
            case ast.If(test=test) if test is node:
                return self._of_branches(above, over)
            case ast.While(test=test) if test is node:
                return Bounds.SURELY if self._does_something(above.body) else Bounds.NOT
            case ast.Assert(test=test) if test is node:
                return Bounds.NOT if over else Bounds.SURELY
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                function = self._within.get(id(node), "")
                return self.of_name(name, function=function or None, over=over)
            case ast.Return():
                return self._of_calls(self._within.get(id(node), ""), over)
            case ast.Expr():
                return Bounds.SURELY if isinstance(node, ast.Call) else Bounds.NOT
        return Bounds.SURELY

    def _of_calls(self, function: str, over: Over) -> Bounds:
        """Return whether what a function returns bounds something."""
        if function == self.program.entry or (function, "()") in self._seen:
            return Bounds.SURELY if function == self.program.entry else Bounds.NOT
        self._seen.add((function, "()"))
        try:
            calls = self._calls.get(function, [])
            every = [self._of(it, over) for it in calls if not isinstance(self._above.get(id(it)), ast.Expr)]
            return max(every, default=Bounds.NOT if calls else Bounds.PERHAPS)
        finally:
            self._seen.discard((function, "()"))

    def _of_branches(self, statement: ast.If, over: Over) -> Bounds:
        """Return whether it bounds anything which branch is taken."""
        if over is None:
            both = [*statement.body, *statement.orelse]
            return self._ends(both, None) or Bounds(self._does_something(both))
        beyond, within = (statement.body, statement.orelse)[:: 1 if over else -1]
        if ends := self._ends(beyond, statement):
            return ends
        if within and not isinstance(within[-1], ast.Raise):
            if isinstance(within[-1], (ast.Return, *_JUMPS)):
                return self._of_rest(self._following(statement))
            if self._does_something(within):
                return Bounds.SURELY
        return Bounds(any(not self._is_idle(it) for it in beyond))

    def _of_rest(self, rest: list[ast.stmt]) -> Bounds:
        """Return whether what is done beyond the constant is less than what is done within."""
        if rest and isinstance(rest[-1], ast.Raise):
            return Bounds.SURELY
        return Bounds(self._does_something(rest))

    def _ends(self, statements: Iterable[ast.stmt], decides: ast.If | None) -> Bounds:
        """Return whether statements stop what is done: all of it, or what follows on the condition."""
        found = Bounds.NOT
        for it in _inside(statements):
            match it:
                case ast.Raise(exc=raised):
                    function = self._within.get(id(it), "")
                    found = max(found, self._of_raised(function, self._name_of(raised)))
                case ast.Continue() | ast.Break():
                    return Bounds.SURELY
                case ast.Return(value=value):
                    found = max(found, self._of_return(it, value, decides))
                case ast.Call(func=called):
                    name = self.program.name_of(called)
                    if name.rpartition(".")[2] == "sleep" or name in _ENDS:
                        return Bounds.SURELY
                    found = max(found, self._of_refusing(called))
        return found

    def _of_return(self, it: ast.Return, value: ast.expr | None, decides: ast.If | None) -> Bounds:
        """Return whether a return bounds something: what follows in the function, or what it returns."""
        function = self._within.get(id(it), "")
        if function == self.program.entry or decides is None:
            return Bounds.SURELY
        if self._does_something(self._following(decides)):
            return Bounds.SURELY
        constant = value is None or isinstance(value, ast.Constant)
        over = bool(getattr(value, "value", None)) if constant else None
        return self._of_calls(function, over)

    def _of_refusing(self, called: ast.expr) -> Bounds:
        """Return whether a function of the module that is called raises something."""
        found = self.program.local(called)
        if found is None or (found[0], "!") in self._seen:
            return Bounds.NOT
        self._seen.add((found[0], "!"))
        try:
            inside = _inside(self.program.bodies.get(found[0], []))
            raises = [self._name_of(it.exc) for it in inside if isinstance(it, ast.Raise)]
            return max((self._of_raised(found[0], it) for it in raises), default=Bounds.NOT)
        finally:
            self._seen.discard((found[0], "!"))

    def _of_raised(self, function: str, name: str) -> Bounds:
        """Return whether an exception stops what is done, and is not only logged by what calls."""
        if function in ("", self.program.entry):
            return Bounds.SURELY
        swallowed = [self._is_swallowed(it, name) for it in self._calls.get(function, [])]
        if not swallowed:
            return Bounds.PERHAPS  # nobody is seen to call it
        if all(swallowed):
            return Bounds.NOT
        return Bounds.PERHAPS if any(swallowed) else Bounds.SURELY

    def _is_swallowed(self, call: ast.Call, name: str) -> bool:
        """Return whether what a call raises is caught, and what follows is done all the same."""
        node: ast.AST = call
        while (above := self._above.get(id(node))) is not None and not isinstance(above, _SCOPES):
            if isinstance(above, ast.Try) and node in above.body:
                after = above.body[above.body.index(node) + 1 :]
                handlers = [it for it in above.handlers if self._catches(it.type, name)]
                if handlers and not self._does_something([*after, *above.orelse]):
                    return not any(
                        isinstance(it, (ast.Return, ast.Raise, *_JUMPS)) for it in _inside(handlers)
                    )
                if handlers:
                    return False
            node = above
        return False

    def _catches(self, kind: ast.expr | None, name: str) -> bool:
        if isinstance(kind, ast.Tuple):
            return any(self._catches(it, name) for it in kind.elts)
        return self._name_of(kind) in (name, *_CATCH_ALL)

    def _name_of(self, raised: ast.expr | None) -> str:
        if raised is None:
            return ""
        return self.program.name_of(raised.func if isinstance(raised, ast.Call) else raised)

    def _following(self, statement: ast.stmt) -> list[ast.stmt]:
        """Return what is done after a statement in its function."""
        found: list[ast.stmt] = []
        node: ast.AST = statement
        while True:
            above = self._above.get(id(node))
            body = self._body_of(node, above)
            found += body[body.index(node) + 1 :] if node in body else []
            if above is None or isinstance(above, _SCOPES):
                return found
            node = above

    def _body_of(self, node: ast.AST, above: ast.AST | None) -> list[ast.stmt]:
        if above is None:
            return self.program.bodies.get(self._within.get(id(node), ""), [])
        lists = (value for _, value in ast.iter_fields(above) if isinstance(value, list))
        return next((it for it in lists if node in it), [])

    def _does_something(self, statements: Iterable[ast.AST]) -> bool:
        """Return whether something is called that is no log."""
        return any(isinstance(it, ast.Call) and not self._is_told(it) for it in _inside(statements))

    def _is_idle(self, statement: ast.stmt) -> bool:
        """Return whether a statement logs alone, or does nothing but leave."""
        match statement:
            case ast.Return() | ast.Raise() | ast.Pass() | ast.Expr(value=ast.Constant()):
                return True
            case ast.Expr(value=ast.Call(func=function)):
                return self._is_log(function)
        return False

    def _is_told(self, expression: ast.expr) -> bool:
        """Return whether an expression logs, or is there for what is logged."""
        node: ast.AST | None = expression
        while node is not None and not isinstance(node, ast.stmt):
            if isinstance(node, ast.Call) and self._is_log(node.func):
                return True
            node = self._above.get(id(node))
        return False

    def _is_log(self, function: ast.expr) -> bool:
        match function:
            case ast.Name(id=name):
                return name == "print"
            case ast.Attribute(attr=method):
                return method in LOGS and self.program.local(function) is None
        return False


def _inside(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield what is in some code, but not what is in functions that it defines."""
    ahead = [*nodes]
    while ahead:
        node = ahead.pop()
        yield node
        if not isinstance(node, _SCOPES):
            ahead += ast.iter_child_nodes(node)
