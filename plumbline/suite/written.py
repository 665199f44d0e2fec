"""What a piece of source consists of, with whatever it names that was written for it."""

from __future__ import annotations

import ast
import functools
import inspect
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FunctionType, MethodType, ModuleType

from plumbline.values.names import parsed
from plumbline.values.python_source import tree_of

_INSTALLED = tuple(sysconfig.get_paths()[it] for it in ("stdlib", "purelib", "platlib"))
"""Where Python and what is installed beside it lies."""


def nodes_with_named(nodes: Iterable[ast.AST], module: Mapping[str, object]) -> Iterator[ast.AST]:
    """Yield some nodes of a module, and what the functions and classes consist of that they name.

    A function that is handed on, as to `map`, is named and not called.
    """
    met: set[int] = set()
    ahead = [([*nodes], module)]
    while ahead:
        own, where = ahead.pop()
        yield from own
        for function in (it for node in own for it in _functions_of(_found(node, where))):
            of = function.__globals__
            installed = str(of.get("__file__", "")).startswith(_INSTALLED)
            if id(function) not in met and (of is module or not installed):
                met.add(id(function))
                ahead.append(([*_source(function)], of))


def _found(named: ast.AST, module: Mapping[str, object]) -> object:
    """Return what a name such as `check` or `checks.check` is in a module; None where that is not known."""
    match named:
        case ast.Name(id=name):
            return module.get(name)
        case ast.Attribute(value=of, attr=name):
            above = _found(of, module)
            return (
                inspect.getattr_static(above, name, None) if isinstance(above, ModuleType | type) else above
            )
    return None


def _functions_of(found: object) -> Iterator[FunctionType]:
    """Yield the functions that something may run where it is called: of an object those of its class."""
    match found:
        case functools.partial():
            yield from _functions_of(found.func)
        case staticmethod() | classmethod() | MethodType():
            yield from _functions_of(found.__func__)
        case FunctionType():
            inside = inspect.unwrap(found)
            if isinstance(inside, FunctionType):
                yield inside
        case property(fget=read):
            yield from _functions_of(read)
        case type() if not _is_installed(found):
            for it in vars(found).values():
                yield from _functions_of(it) if not isinstance(it, type) else ()
        case _ if not isinstance(found, ModuleType | type) and not _is_installed(type(found)):
            yield from _functions_of(type(found))


def _is_installed(known: type) -> bool:
    file = getattr(sys.modules.get(known.__module__), "__file__", None)
    return known.__module__ == "builtins" or file is None or file.startswith(_INSTALLED)


def _source(function: Callable[..., None]) -> Iterator[ast.AST]:
    """Yield what a function consists of; of one without a name, all such that begin in its line."""
    written = parsed(function)
    if written:
        yield from ast.walk(written)
    elif function.__name__ == "<lambda>":
        lines = inspect.findsource(function)[0]
        for node in ast.walk(tree_of("".join(lines))):
            if isinstance(node, ast.Lambda) and node.lineno == function.__code__.co_firstlineno:
                yield from ast.walk(node)
