"""What a piece of source consists of, with whatever it names that was written for it."""

from __future__ import annotations

import ast
import functools
import inspect
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import FunctionType, MethodType, ModuleType

from plumbline.values.names import parsed
from plumbline.values.python_source import tree_of

_INSTALLED = (
    *(sysconfig.get_paths()[it] for it in ("stdlib", "purelib", "platlib")),
    *(it for it in sys.path if Path(it).name in ("site-packages", "dist-packages")),
)
"""Where Python and what is installed beside it lies, for this environment or for one that it is added to."""
_OF_CLASSES = (FunctionType, staticmethod, classmethod, property, functools.partial)
"""What of a class is run where somebody calls it or an object of it."""


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


def _functions_of(found: object, met: frozenset[type] = frozenset()) -> Iterator[FunctionType]:
    """Yield the functions that something may run where it is called: of an object those of its class."""
    match found:
        case functools.partial():
            yield from _functions_of(found.func, met)
        case staticmethod() | classmethod() | MethodType():
            yield from _functions_of(found.__func__, met)
        case FunctionType():
            inside = inspect.unwrap(found)
            if isinstance(inside, FunctionType):
                yield inside
        case property(fget=read):
            yield from _functions_of(read, met)
        case type() if found not in met and not _is_installed(found):
            for it in vars(found).values():
                if isinstance(it, _OF_CLASSES):
                    yield from _functions_of(it, met | {found})
        case _ if not isinstance(found, ModuleType | type) and not _is_installed(type(found)):
            yield from _functions_of(type(found), met)


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
