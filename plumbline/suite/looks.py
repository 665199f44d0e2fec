"""What a sentence asks of a value that needs no value: whether it is None, or of which type it is.

Python answers `is`, `isinstance` and `match` of whatever stands for a value that is not known, and nothing is
refused on the way. Such a question is found in the source, and what lies where it looks has to be known.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from plumbline.suite.reads import Function
from plumbline.suite.written import nodes_with_named
from plumbline.values.names import parsed
from plumbline.values.some_of import SomeOf

_OF_TYPES = ("isinstance", "issubclass", "type", "callable", "hasattr")
_IDENTITY = ("is_", "is_not")
"""What `operator` has for `is` and `is not`."""


@dataclass(frozen=True)
class Looks:
    """Where questions look that need no value."""

    names: frozenset[str] = frozenset()
    """Fields of models and keys of mappings."""
    anywhere: bool = False
    """Whether the source does not show at what one looks, as of a name in a loop."""
    at_types: bool = False
    """Whether one asks for a type; the name that AWS will choose is there, and has none."""

    def reach(self, name: str, value: Any) -> Iterator[Any]:
        """Yield what they may look at in a value that was read under a name."""
        if self.anywhere or self.names:
            yield from (it for found, it in parts(name, value) if self.anywhere or found in self.names)


@functools.cache
def looks_of(test: Function) -> Looks:
    """Return where a test looks so, and whatever it names of which Python has the source."""
    written = parsed(test)
    if written is None:
        return Looks()
    return looks_in(ast.walk(written), test.__globals__, [it.arg for it in written.args.args])


def looks_in(nodes: Iterable[ast.AST], module: Mapping[str, object], arguments: Iterable[str] = ()) -> Looks:
    """Return where some nodes of a module look so, and whatever they name.

    What an argument says is left out: that is noted where it is read.
    """
    own, written = {*arguments}, [*nodes_with_named(nodes, module)]
    given, asked = _given(written), [*_asked(written)]
    where = (it for it, _ in asked if not isinstance(it, ast.Constant) and not _is_said_by(it, own))
    names = {name for it in where for name in _names(it, given)}
    return Looks(frozenset(names - {""}), "" in names, any(of_type for _, of_type in asked))


def _given(nodes: Iterable[ast.AST]) -> Mapping[str, list[ast.AST]]:
    """Return what each name is given, or goes through; of what does not show that, the name itself."""
    given: dict[str, list[ast.AST]] = {}
    shown: set[ast.AST] = set()
    for node in nodes:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name) as target], value=value)
                | ast.NamedExpr(target=ast.Name(id=name) as target, value=value)
                | ast.For(target=ast.Name(id=name) as target, iter=value)
                | ast.comprehension(target=ast.Name(id=name) as target, iter=value)
            ):
                shown.add(target)
                given.setdefault(name, []).append(value)
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) if node not in shown:
                given.setdefault(name, []).append(node)
    return given


def _names(
    asked: ast.AST, given: Mapping[str, list[ast.AST]], beside: frozenset[str] = frozenset()
) -> set[str]:
    """Return the fields or keys at which one looks; an empty one where the source does not show it."""
    match asked:
        case ast.Name(id=name, ctx=ast.Load()) if name in given and name not in beside:
            return {it for value in given[name] for it in _names(value, given, beside | {name})}
        case ast.Call(func=ast.Name(id="next"), args=[ast.GeneratorExp(elt=first), ast.Constant()]):
            return _names(first, given, beside)
        case ast.NamedExpr(value=value):
            return _names(value, given, beside)
    return {_name(asked)}


def _asked(nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.AST, bool]]:
    """Yield what is asked so, and whether for its type; a `match` may look at all that it is given."""
    called: set[ast.AST] = set()
    for node in nodes:
        match node:
            case ast.Compare(left=left, ops=ops, comparators=others):
                for operator, one, other in zip(ops, [left, *others], others, strict=False):
                    if isinstance(operator, ast.Is | ast.IsNot):
                        yield from ((one, False), (other, False))
            case ast.Call(func=ast.Name(id=name) as function, args=[value, *_]) if name in _OF_TYPES:
                called.add(function)
                yield value, True
            case ast.Name(id=name) if name in _OF_TYPES and node not in called:
                yield node, True
            case ast.Attribute(value=value, attr="__class__"):
                yield value, True
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _IDENTITY:
                yield from ((it, False) for it in node.args)
            case ast.Match():
                yield node, True


def _name(asked: ast.AST) -> str:
    """Return the field or the key at which one looks; empty where the source does not show it."""
    match asked:
        case ast.Attribute(value=ast.Name(id="self")):  # of an object of the sentence's own
            return ""
        case ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(name)), *_]):
            return name
    return ""


def _is_said_by(asked: ast.AST, arguments: set[str]) -> bool:
    match asked:
        case ast.Attribute(value=ast.Name(id=name)):
            return name in arguments
    return False


def parts(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a value and whatever it holds, each with the field or the key that it lies under."""
    yield name, value
    inner: Iterable[tuple[str, Any]] = ()
    match value:
        case Mapping():
            inner = ((it if isinstance(it, str) else name, part) for it, part in value.items())
        case list() | tuple():
            inner = ((name, part) for part in value)
        case BaseModel():
            inner = value
        case SomeOf():
            inner = ((name, part) for part in value.members)
    for found, part in inner:
        yield from parts(found, part)
