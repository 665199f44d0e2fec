"""What Python code logs so that it is seen: a text below the level that is in force is not.

Sources: Python documentation, "Logging HOWTO" (effective level) and `logging.basicConfig` (nothing where the
root logger has a handler); AWS Lambda Developer Guide, "Log and monitor Python Lambda functions" (there it
has one, and its level is WARNING unless the code or the function's configuration sets another).
"""

from __future__ import annotations

import ast
import logging
import math
from collections.abc import Iterator
from typing import TypeAlias

from plumbline.kinds.python_code import LOGS, Program, Unsettled, folded

Threshold: TypeAlias = tuple[float, float]
"""Between which levels the one lies from which on something is seen."""
_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "warn": logging.WARNING,
    "error": logging.ERROR,
    "exception": logging.ERROR,
    "critical": logging.CRITICAL,
}
_ROOT, _ALL, _OTHER = "", " all", " another"
"""The root logger, what holds for all loggers, and one of which nothing is known."""
_UNSET: dict[str, Threshold] = {
    _ROOT: (0, logging.WARNING),
    _ALL: (0, 0),
    _OTHER: (0, logging.INFO),
}
_UNKNOWN: Threshold = (0, math.inf)
_MOST_DEEP = 5


class Levels:
    """The levels of the loggers of a program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._loggers: dict[str, str] = {}
        for node in program.nodes:
            if isinstance(node, ast.Assign) and (name := self._named(node.value)) is not None:
                self._loggers |= {ast.unparse(it): name for it in node.targets}
        in_order = [*self._in_order("", 0), *self._in_order(program.entry, 0)]
        self._certain = {key: its for it in in_order for key, its in self._sets(it)}
        """What is set one after the other, by logger: the last."""
        certain = {id(it) for it in in_order}
        others = (it for it in program.nodes if not isinstance(it, ast.Expr) and id(it) not in certain)
        self._perhaps = [its for it in others for its in self._sets(it)]

    def logged(self, program: Program, *, surely: bool) -> list[str]:
        """Return the texts that are logged, as they stand before anything is filled in."""
        calls = (it for it in program.nodes if isinstance(it, ast.Call) and self._shows(it, surely=surely))
        texts = (_text(argument) for it in calls for argument in it.args)
        return [it for it in texts if it]

    def _shows(self, call: ast.Call, *, surely: bool) -> bool:
        """Return whether what a call logs is seen."""
        match call.func:
            case ast.Name(id="print"):
                return True
            case ast.Attribute(value=logger, attr=method) if method in LOGS:
                low, high = self._own(method, call.args)
                thresholds = [*self._thresholds(self._logger(logger)), *self._thresholds(_ALL)]
                if surely:
                    return all(low >= highest for _, highest in thresholds)
                return all(high >= lowest for lowest, _ in thresholds)
        return False

    def _own(self, method: str, arguments: list[ast.expr]) -> Threshold:
        """Return the level that a call logs on."""
        if method in _LEVELS:
            return _known(_LEVELS[method])
        return self._level(arguments[0]) if arguments else _UNKNOWN

    def _thresholds(self, logger: str) -> list[Threshold]:
        """Return the thresholds that a logger may have: its own, or those of the one above it."""
        perhaps = [its for key, its in self._perhaps if key == logger]
        if logger in self._certain:
            found = [self._certain[logger], *perhaps]
        elif logger in _UNSET:
            found = [_UNSET[logger], *perhaps]
        else:
            found = [*self._thresholds(logger.rpartition(".")[0]), *perhaps]
        return [(min(low for low, _ in found), max(high for _, high in found))]

    def _in_order(self, function: str, deep: int) -> Iterator[ast.Call]:
        """Yield the calls that are made one after the other, whatever else is decided."""
        for it in self.program.bodies.get(function, []):
            if isinstance(it, ast.Expr) and isinstance(it.value, ast.Call):
                yield it.value
                called = self.program.local(it.value.func)
                if called is not None and deep < _MOST_DEEP:
                    yield from self._in_order(called[0], deep + 1)

    def _sets(self, node: ast.AST) -> Iterator[tuple[str, Threshold]]:
        """Yield the logger of which a call sets the level, and the level."""
        match node:
            case ast.Call(func=ast.Attribute(value=logger, attr="setLevel"), args=[level]):
                its = self._logger(logger)
                if its == _OTHER and not self._is_called_logger(logger):
                    yield _ALL, (0, self._level(level)[1])
                else:
                    yield its, self._level(level)
            case ast.Call(func=function, keywords=keywords):
                yield from self._configures(node, self.program.name_of(function), keywords)
            case ast.Assign(targets=[ast.Attribute(attr="disabled" | "propagate")]):
                yield _ALL, _UNKNOWN

    def _configures(
        self, call: ast.Call, name: str, keywords: list[ast.keyword]
    ) -> Iterator[tuple[str, Threshold]]:
        given = {it.arg: it.value for it in keywords}
        if name == "logging.disable":
            low, high = self._level(call.args[0]) if call.args else _known(logging.CRITICAL)
            yield _ALL, (low + 1 if low else 0, high + 1 if high else 0)
        elif name in ("logging.config.dictConfig", "logging.config.fileConfig"):
            yield _ROOT, _UNKNOWN
        elif name == "logging.basicConfig" and "level" in given:
            low, high = self._level(given["level"])
            yield _ROOT, (low, high) if "force" in given else (0, max(high, logging.WARNING))

    def _logger(self, expression: ast.expr) -> str:
        found = self._named(expression)
        if found is not None:
            return found
        if self.program.name_of(expression) in ("logging", "logging.root"):
            return _ROOT
        return self._loggers.get(ast.unparse(expression), _OTHER)

    def _named(self, expression: ast.expr) -> str | None:
        """Return the name of the logger that is asked for; None for anything else."""
        match expression:
            case ast.Call(func=function, args=arguments) if (
                self.program.name_of(function) == "logging.getLogger"
            ):
                match arguments:
                    case [] | [ast.Constant(value=None | "" | "root")]:
                        return _ROOT
                    case [ast.Constant(value=str() as name)]:
                        return name
                return f"of {ast.unparse(arguments[0]).replace('.', ' ')}"
        return None

    def _is_called_logger(self, expression: ast.expr) -> bool:
        return "log" in ast.unparse(expression).rpartition(".")[2].lower()

    def _level(self, expression: ast.expr) -> Threshold:
        """Return a level: a number, a name, or one of the module `logging`."""
        name = self.program.name_of(expression)
        if name.startswith("logging."):
            found: object = name.removeprefix("logging.")
        else:
            try:
                found = folded(expression, self.program.constants)
            except (Unsettled, RecursionError):
                return _UNKNOWN
        if isinstance(found, str):
            found = getattr(logging, found.upper(), None)
        return _known(found) if isinstance(found, int) else _UNKNOWN


def _known(level: float) -> Threshold:
    return level, level


def _text(expression: ast.expr) -> str:
    """Return a text as it stands, `{}` for what is filled in; empty for anything else."""
    match expression:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(it) or "{}" for it in parts)
        case ast.BinOp(left=left, op=ast.Mod() | ast.Add()):
            return _text(left)
    return ""
