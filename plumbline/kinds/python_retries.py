"""Whether Python code waits longer with each try."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from plumbline.kinds.python_code import Function, Program, Unsettled, folded
from plumbline.kinds.python_waits import PASSING, Loop, Rounds, grows, names_of
from plumbline.values.unknown import Undetermined

_WAITING = ("backoff.expo", "tenacity.wait_exponential", "tenacity.wait_random_exponential")
"""What libraries call a wait that grows by a factor. Sources: their documentation, and below."""
_RETRIES = ("urllib3.util.Retry", "urllib3.util.retry.Retry", "urllib3.Retry", "requests.adapters.Retry")
_OF_RETRIES = ("backoff", "retry", "tenacity")
_POWERS = ("pow", "math.pow", "math.exp", "math.exp2")
_NOTHING = ast.Call(func=ast.Name(id="", ctx=ast.Load()), args=[], keywords=[])
_TWO = ast.Constant(value=2)


def backs_off(program: Program) -> bool:
    """Return whether what is tried again is tried after a wait that grows by a factor each time.

    Raises `Undetermined` where a library, or code that lies elsewhere, may see to that.
    """
    called = program.called()
    if any(it.startswith(_WAITING) for it in called | program.read_wholly()) or _has_backoff_factor(program):
        return True
    if any(_grows(wait, program) for wait in _waits(program)):
        return True
    program.refuse_unknown(_OF_RETRIES, "the waits between tries")
    elsewhere = [it for wait in _waits(program) for it in _called_elsewhere(wait.argument, program)]
    if elsewhere:
        raise Undetermined(f"how long a wait is says {elsewhere[0]}, which lies elsewhere")
    return False


@dataclass(frozen=True)
class _Wait:
    """A wait inside what is repeated."""

    call: ast.Call
    changing: set[str]
    """The names that are others each time."""
    around: _Given
    loop: Loop | None = None
    function: str = ""
    """The one that the loop is in; at the top none."""

    @property
    def argument(self) -> ast.expr:
        """How long it is."""
        return self.call.args[0]


class _Given:
    """What names are given in some code, and which of them a multiple of themselves."""

    def __init__(self, body: Iterable[ast.stmt], constants: Mapping[str, Any]) -> None:
        self.constants = constants
        self.values: dict[str, list[ast.expr]] = {}
        self.multiplied: set[str] = set()
        for node in (it for one in body for it in ast.walk(one)):
            match node:
                case ast.AugAssign(target=ast.Name(id=name), op=ast.Mult(), value=factor):
                    self._note_factor(name, factor)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._note(name, value)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    self._note(name, value)

    def _note(self, name: str, value: ast.expr) -> None:
        if name not in _names(value):
            self.values.setdefault(name, []).append(value)
            return
        for it in ast.walk(value):
            match it:
                case ast.BinOp(left=left, op=ast.Mult(), right=right) if name in _names(it):
                    self._note_factor(name, right if name in _names(left) else left)

    def _note_factor(self, name: str, factor: ast.expr) -> None:
        """Note that a name is multiplied, but by a factor that makes it no more."""
        if not _is_at_most_one(factor, self.constants):
            self.multiplied.add(name)


def _waits(program: Program) -> Iterator[_Wait]:
    """Yield the waits in loops, and in functions that call themselves."""
    for name, body in program.bodies.items():
        around = _Given(body, program.constants)
        for loop in (it for one in body for it in ast.walk(one) if isinstance(it, Loop)):
            yield from _waited(
                loop.body, _Wait(_NOTHING, _stored([loop]), around, loop, name), program, set()
            )
        if name and any(_calls(it, name.rpartition(".")[2]) for it in body):
            arguments = {it.arg for it in program.functions[name].args.args}
            yield from _waited(body, _Wait(_NOTHING, arguments, around), program, {name})


def _waited(body: Iterable[ast.stmt], like: _Wait, program: Program, seen: set[str]) -> Iterator[_Wait]:
    """Yield the waits in some code, and in the functions of the module that it calls."""
    for it in (node for statement in body for node in ast.walk(statement)):
        if not isinstance(it, ast.Call):
            continue
        called = program.local(it.func)
        if program.name_of(it.func).rpartition(".")[2] == "sleep" and it.args:
            yield replace(like, call=it)
        elif called is not None and called[0] not in seen:
            name, function = called
            inner = program.bodies.get(name, [])
            its = _Given(inner, program.constants)
            passed = replace(like, changing=_bound(it, function, like.changing), around=its)
            yield from _waited(inner, passed, program, seen | {name})


def _grows(wait: _Wait, program: Program) -> bool:
    """Return whether a wait grows: as it is reckoned, or else as it is written.

    Where the code looks which status an answer has, it does so for one of those that may pass.
    """
    by_power = _is_growing(wait.argument, wait.changing, wait.around, program, set())
    if wait.loop is None:
        return by_power
    return any(_grows_after(status, wait, wait.loop, program, by_power) for status in PASSING)


def _grows_after(status: int, wait: _Wait, loop: Loop, program: Program, by_power: bool) -> bool:
    rounds = Rounds(program, loop, wait.call, status)
    arguments = names_of(program.functions[wait.function]) if wait.function else []
    waits = rounds.waits(program.bodies[wait.function], arguments)
    return by_power if waits is None else grows(waits, listed=rounds.listed, by_power=by_power)


def _is_growing(
    expression: ast.expr, changing: set[str], around: _Given, program: Program, seen: set[object]
) -> bool:
    """Return whether an expression is multiplied by a factor each time, wherever it is calculated.

    What was looked into already is not again.
    """
    for node in _above_the_line(expression):
        match node:
            case ast.BinOp(left=base, op=ast.Pow(), right=power):
                if _is_power(base, power, changing, program):
                    return True
            case ast.BinOp(op=ast.LShift(), right=power) if _names(power) & changing:
                return True
            case ast.Call(func=function, args=[*base, power]) if program.name_of(function) in _POWERS:
                if _is_power(base[0] if base else _TWO, power, changing, program):
                    return True
            case ast.Call(func=function) if (called := program.local(function)) is not None:
                name, its = called
                inner = _bound(node, its, changing)
                body = program.bodies.get(name, []) if _is_new((name, frozenset(inner)), seen) else []
                returned = (it.value for one in body for it in ast.walk(one) if isinstance(it, ast.Return))
                its_own = _Given(body, program.constants)
                if any(it and _is_growing(it, inner, its_own, program, seen) for it in returned):
                    return True
            case ast.Name(id=name, ctx=ast.Load()) if _is_new((name, id(around)), seen):
                if name in around.multiplied and name in changing:
                    return True
                given = around.values.get(name, [])
                if any(_is_growing(it, changing, around, program, seen) for it in given):
                    return True
    return False


def _above_the_line(expression: ast.expr) -> Iterator[ast.AST]:
    """Yield the parts of an expression, but what it is divided by, what is taken off, and what decides."""
    yield expression
    match expression:
        case ast.BinOp(left=left, op=ast.Div() | ast.FloorDiv() | ast.Sub() | ast.Mod()):
            inner: list[ast.AST] = [left]
        case ast.UnaryOp(op=ast.USub()) | ast.Compare():
            inner = []
        case ast.IfExp(body=body, orelse=otherwise):
            inner = [body, otherwise]
        case _:
            inner = [*ast.iter_child_nodes(expression)]
    for it in inner:
        yield from _above_the_line(it) if isinstance(it, ast.expr) else (it,)


def _is_power(base: ast.expr, power: ast.expr, changing: set[str], program: Program) -> bool:
    """Return whether a power grows with what is another each time, as it is written."""
    falls = isinstance(power, ast.UnaryOp) and isinstance(power.op, ast.USub)
    return bool(_names(power) & changing) and not falls and not _is_at_most_one(base, program.constants)


def _is_new(what: object, seen: set[object]) -> bool:
    """Return whether something was not looked into before, and note that it is."""
    if what in seen:
        return False
    seen.add(what)
    return True


def _bound(call: ast.Call, function: Function, changing: Collection[str]) -> set[str]:
    """Return the parameters that are another each time, as the arguments are."""
    names = [it.arg for it in function.args.args if it.arg not in ("self", "cls")]
    given = [*zip(names, call.args, strict=False), *((it.arg or "", it.value) for it in call.keywords)]
    return {name for name, value in given if _names(value) & {*changing}}


def _stored(nodes: Iterable[ast.AST]) -> set[str]:
    every = (it for one in nodes for it in ast.walk(one))
    return {it.id for it in every if isinstance(it, ast.Name) and isinstance(it.ctx, ast.Store)}


def _names(expression: ast.AST) -> set[str]:
    return {it.id for it in ast.walk(expression) if isinstance(it, ast.Name)}


def _is_at_most_one(expression: ast.expr, constants: Mapping[str, Any]) -> bool:
    try:
        found = folded(expression, constants)
    except (Unsettled, RecursionError):
        return False
    return isinstance(found, int | float) and found <= 1


def _calls(statement: ast.stmt, name: str) -> bool:
    for it in ast.walk(statement):
        match it:
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called)) if called == name:
                return True
    return False


def _called_elsewhere(expression: ast.expr, program: Program) -> list[str]:
    """Return what an expression calls that is imported from a module that is none of Python's own."""
    import sys

    called = (program.name_of(it.func) for it in ast.walk(expression) if isinstance(it, ast.Call))
    modules = {name.partition(".")[0] for name in program.imported.values()}
    return [
        it
        for it in called
        if (first := it.partition(".")[0]) in modules and first not in sys.stdlib_module_names
    ]


def _has_backoff_factor(program: Program) -> bool:
    for it in program.nodes:
        if isinstance(it, ast.Call) and program.name_of(it.func) in _RETRIES:
            factors = (one.value for one in it.keywords if one.arg == "backoff_factor")
            if any(not (isinstance(one, ast.Constant) and not one.value) for one in factors):
                return True
    return False
