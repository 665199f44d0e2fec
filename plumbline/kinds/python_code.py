"""What a Python file does from where it is entered: read from its syntax tree, and nothing of it is run.

What no way leads to is no part of it: a function that nothing names, what stands behind `if False`, behind a
`return`, or in a comment. What hangs on the environment of the process may be, and that is said.
"""

from __future__ import annotations

import ast
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from plumbline.values.python_source import tree_of
from plumbline.values.unknown import Undetermined

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_MOST_STEPS = 500_000
_MOST_BITS = 1024
"""How large a whole number may get: what is made of it again and again has no end."""
_YIELDS = (ast.Yield, ast.YieldFrom)
_RAISES = (ast.Add, ast.Mult, ast.Pow, ast.LShift)
_ENDS = (ast.Return, ast.Raise, ast.Continue, ast.Break)
SETTINGS = ("os.environ", "os.getenv")
_OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_HIGHEST_POWER = 64
LOGS = ("debug", "info", "warning", "warn", "error", "exception", "critical", "log")


class Unsettled(Exception):
    """Raised for an expression that is no constant."""


@dataclass
class Program:
    """A module, and what of it is reached from a function of that name."""

    tree: ast.Module
    entry: str
    with_settings: bool = True
    """Whether what hangs on the environment of the process is reached."""
    given_in: dict[str, dict[str, ast.expr]] = field(default_factory=dict)
    """What names are given once in functions, as far as it was asked for."""
    _steps: int = 0

    @classmethod
    def read(cls, source: bytes, entry: str, *, with_settings: bool = True) -> Program:
        """Read a source. Raises `SyntaxError`, and `Undetermined` where it has no such function."""
        tree = tree_of(source)
        program = cls(tree, entry, with_settings)
        if entry not in program.functions:
            raise Undetermined(f"it has no function {entry}, where it would be entered")
        return program

    @cached_property
    def functions(self) -> dict[str, Function]:
        """The functions at the top, and the methods of classes there as `Class.method`."""
        found: dict[str, Function] = {}
        for node in self.tree.body:
            if isinstance(node, Function):
                found[node.name] = node
            elif isinstance(node, ast.ClassDef):
                found |= {f"{node.name}.{it.name}": it for it in node.body if isinstance(it, Function)}
        return found

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """The classes at the top."""
        return {it.name: it for it in self.tree.body if isinstance(it, ast.ClassDef)}

    @cached_property
    def generators(self) -> set[ast.AST]:
        """The functions, be they inside others, that yield something."""
        functions = [it for it in ast.walk(self.tree) if isinstance(it, Function)]
        return {it for it in functions if any(isinstance(one, _YIELDS) for one in ast.walk(it))}

    @cached_property
    def imported(self) -> dict[str, str]:
        """The whole names of what is imported, by the name that it has here."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for it in node.names:
                    found[it.asname or it.name.partition(".")[0]] = (
                        it.name if it.asname else it.name.partition(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {it.asname or it.name: f"{node.module}.{it.name}" for it in node.names}
        return found

    @cached_property
    def given(self) -> dict[str, ast.expr]:
        """What names at the top are given that are given a value once, anywhere in the module."""
        stored = Counter(
            it.id for it in ast.walk(self.tree) if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Store)
        )
        stored.update(name for it in ast.walk(self.tree) if isinstance(it, ast.Global) for name in it.names)
        pairs = (_assigned(node) for node in self.tree.body)
        return {name: value for name, value in pairs if value is not None and stored[name] == 1}

    @cached_property
    def constants(self) -> dict[str, Any]:
        """The constants at the top."""
        found: dict[str, Any] = {}
        for name, value in self.given.items():
            with suppress(Unsettled, RecursionError):
                found[name] = folded(value, found)
        return found

    def is_changed(self, name: str) -> bool:
        """Return whether what is in a collection of that name may be changed: by a method, or in a place."""
        for it in ast.walk(self.tree):
            match it:
                case ast.Attribute(value=ast.Name(id=holder)) if holder == name:
                    return True
                case ast.Subscript(value=ast.Name(id=holder), ctx=ast.Store() | ast.Del()) if holder == name:
                    return True
        return False

    @cached_property
    def bodies(self) -> dict[str, list[ast.stmt]]:
        """The statements that are reached, by the function they are of; those at the top under no name."""
        found: dict[str, list[ast.stmt]] = {"": self._live(self._top)}
        ahead = [self.entry, *self._named(found[""])]
        while ahead:
            name = ahead.pop()
            if name in self.functions and name not in found:
                found[name] = self._live(self.functions[name].body)
                ahead += self._named([*found[name], *self.functions[name].decorator_list])
        return found

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Everything in them."""
        decorators = [it for name in self.bodies if name for it in self.functions[name].decorator_list]
        statements = (it for body in self.bodies.values() for it in body)
        return [it for one in (*decorators, *statements) for it in ast.walk(one)]

    def step(self) -> None:
        """Count a step of what is followed through functions. Raises `Undetermined` after very many."""
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise Undetermined("it is too long to be followed")

    def called(self) -> set[str]:
        """Return the whole names of what is called: `time.sleep`."""
        return {self.name_of(it.func) for it in self.nodes if isinstance(it, ast.Call)} - {""}

    def read_names(self) -> set[str]:
        """Return the names that are read."""
        return {it.id for it in self.nodes if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Load)}

    def read_wholly(self) -> set[str]:
        """Return the whole names of what is read: a decorator, an argument."""
        return {self.name_of(it) for it in self.nodes if isinstance(it, ast.Name | ast.Attribute)} - {""}

    def local(self, function: ast.expr) -> tuple[str, Function] | None:
        """Return the function of the module that is called; of a method the first one of that name."""
        match function:
            case ast.Name(id=called) if called in self.functions:
                return called, self.functions[called]
            case ast.Attribute(attr=called) if called in self._methods:
                return self._methods[called], self.functions[self._methods[called]]
        return None

    @cached_property
    def _methods(self) -> dict[str, str]:
        """The first method of each name."""
        methods = [(it.rpartition(".")[2], it) for it in self.functions if "." in it]
        return dict(reversed(methods))

    def refuse_unknown(self, words: Iterable[str], what: str) -> None:
        """Raise `Undetermined` where something is imported that is called so, and read."""
        read = {name.partition(".")[0] for name in self.read_names()}
        for name, whole in self.imported.items():
            if name in read and any(word in whole.lower() for word in words):
                raise Undetermined(f"{what} may be seen to by {whole}, which lies elsewhere")

    def raised_names(self) -> set[str]:
        """Return the names that are read in a sum or a product: what is gone by may be more than they are."""
        sums = (it for it in self.nodes if isinstance(it, ast.BinOp) and isinstance(it.op, _RAISES))
        return {it.id for one in sums for it in (one.left, one.right) if isinstance(it, ast.Name)}

    def name_of(self, expression: ast.AST) -> str:
        """Return the whole name of what is called: what an import named, or a path such as `self.call`."""
        steps: list[str] = []
        while isinstance(expression, ast.Attribute):
            steps.append(expression.attr)
            expression = expression.value
        if not isinstance(expression, ast.Name):
            return ""
        first = self.imported.get(expression.id, expression.id)
        return ".".join((first, *reversed(steps)))

    @property
    def _top(self) -> list[ast.stmt]:
        return [it for it in self.tree.body if not isinstance(it, Function | ast.ClassDef)]

    def _named(self, nodes: Iterable[ast.AST]) -> Iterator[str]:
        """Yield the functions that some code names, and the methods that it may."""
        for node in (it for one in nodes for it in ast.walk(one)):
            if isinstance(node, ast.Name):
                yield node.id
                yield f"{node.id}.__init__"
            elif isinstance(node, ast.Attribute):
                yield from (it for it in self.functions if it.endswith(f".{node.attr}"))

    def _live(self, statements: Iterable[ast.stmt]) -> list[ast.stmt]:
        """Return the statements that are reached, without what in them is not."""
        found: list[ast.stmt] = []
        for statement in statements:
            found += self._reached(statement)
            if isinstance(statement, _ENDS):
                break
        return found

    def _reached(self, statement: ast.stmt) -> list[ast.stmt]:
        match statement:
            case ast.If(test=test, body=body, orelse=otherwise):
                return self._branch(statement, test, body, otherwise)
            case ast.While(test=test) if self._truth(test) is False:
                return self._live(statement.orelse)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return [statement]
        changed: dict[str, Any] = {
            name: self._live(value)
            for name, value in ast.iter_fields(statement)
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt)
        }
        if isinstance(statement, ast.Try | ast.TryStar):
            changed["handlers"] = [
                ast.ExceptHandler(type=it.type, name=it.name, body=self._live(it.body))
                for it in statement.handlers
            ]
        if not changed:
            return [statement]
        return [_like(statement, changed)]

    def _branch(
        self, statement: ast.If, test: ast.expr, body: list[ast.stmt], otherwise: list[ast.stmt]
    ) -> list[ast.stmt]:
        truth = self._truth(test)
        if truth is not None:
            return self._live(body if truth else otherwise)
        if not self.with_settings and self._hangs_on_settings(test):
            return []
        return [_like(statement, {"body": self._live(body), "orelse": self._live(otherwise)})]

    def _truth(self, test: ast.expr) -> bool | None:
        """Return whether a condition holds, where that is certain. A module is entered, and not run."""
        match test:
            case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()]):
                return False
            case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
                return False
        try:
            return bool(folded(test, self.constants))
        except (Unsettled, RecursionError):
            return None

    def _hangs_on_settings(self, test: ast.expr) -> bool:
        return any(
            self.name_of(it).startswith(SETTINGS) or (isinstance(it, ast.Name) and it.id in self.settings)
            for it in ast.walk(test)
        )

    @cached_property
    def settings(self) -> set[str]:
        """The names at the top that are made of the environment of the process."""
        found: set[str] = set()
        for node in self.tree.body:
            name, value = _assigned(node)
            if value is not None and any(self.name_of(it).startswith(SETTINGS) for it in ast.walk(value)):
                found.add(name)
        return found


def folded(expression: ast.expr, constants: Mapping[str, Any]) -> Any:
    """Return the value of a constant expression. Raises `Unsettled` for any other."""
    match expression:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name) if name in constants:
            return constants[name]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not folded(operand, constants)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _of_numbers(operator.mul, -1, folded(operand, constants))
        case ast.BinOp(left=left, op=op, right=right):
            return calculated(op, folded(left, constants), folded(right, constants))
        case ast.BoolOp(op=op, values=values):
            return _decided(values, constants, ends=isinstance(op, ast.Or))
    raise Unsettled


def _decided(values: Iterable[ast.expr], constants: Mapping[str, Any], *, ends: bool) -> bool:
    """Return what several conditions come to: one decides where it `ends` them, else all must be known."""
    unsettled = False
    for it in values:
        try:
            if bool(folded(it, constants)) is ends:
                return ends
        except Unsettled:
            unsettled = True
    if unsettled:
        raise Unsettled
    return not ends


def calculated(operation: ast.operator, left: Any, right: Any) -> Any:
    """Return what two numbers come to. Raises `Unsettled` for anything else."""
    if type(operation) not in _OPERATIONS:
        raise Unsettled
    if isinstance(operation, ast.Pow) and not (isinstance(right, int) and 0 <= right <= _HIGHEST_POWER):
        raise Unsettled
    return _of_numbers(_OPERATIONS[type(operation)], left, right)


def _of_numbers(operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    if not all(isinstance(it, int | float) for it in (left, right)) or _is_large(left) or _is_large(right):
        raise Unsettled
    try:
        return operation(left, right)
    except (ArithmeticError, ValueError):
        raise Unsettled from None


def _is_large(number: float) -> bool:
    return isinstance(number, int) and number.bit_length() > _MOST_BITS


def _assigned(node: ast.stmt) -> tuple[str, ast.expr | None]:
    """Return the one name that a statement gives a value, and the value."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return name, value
    return "", None


def _like(statement: ast.stmt, changed: Mapping[str, Any]) -> ast.stmt:
    """Return a statement with other statements in it; what would be empty passes."""
    fields = {name: getattr(statement, name) for name in statement._fields if hasattr(statement, name)}
    made = type(statement)(**{**fields, **changed})
    if not getattr(made, "body", True):
        made.body = [ast.Pass()]  # type: ignore[attr-defined]
    return ast.copy_location(made, statement)
