"""What the source of a function reads of its arguments, as far as it is written out.

Found are attributes of an argument and of a name that stands for one, in nested functions and what these are
handed, and in loops over what is written out. What a value that is computed reads, nobody knows before it
runs.
"""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
from collections.abc import Callable, Iterable, Iterator, Mapping

from plumbline.values.python_source import tree_of


def read_in_source(function: Callable[..., None], arguments: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return what the source of a function reads of its arguments, each with the attribute."""
    written = parsed(function)
    if written is None:
        return []
    names = _Names(arguments, inspect.unwrap(function).__globals__)
    while names.settle(written):
        pass
    reads = _Reads(names)
    for statement in written.body:
        reads.visit(statement)
    return reads.found


@functools.cache
def parsed(function: Callable[..., None]) -> ast.FunctionDef | None:
    """Return the source of a function, without what is wrapped around it; None where Python has none."""
    return source_of(inspect.unwrap(function))


def source_of(function: Callable[..., None]) -> ast.FunctionDef | None:
    """Return the source of a function as it stands; None where Python has none."""
    lines = linecache.getlines(function.__code__.co_filename, function.__globals__)
    return _functions("".join(lines)).get(function.__code__.co_firstlineno)


@functools.cache
def _functions(source: str) -> dict[int, ast.FunctionDef]:
    """Return the functions that a file writes out, by the line that each begins in with its decorators."""
    found = (node for node in ast.walk(tree_of(source)) if isinstance(node, ast.FunctionDef))
    return {min([it.lineno, *(first.lineno for first in it.decorator_list)]): it for it in found}


class _Names(ast.NodeVisitor):
    """What each name in a function may stand for: arguments of it, or texts.

    Where a name is bound several times it may stand for any of these.
    """

    def __init__(self, arguments: Iterable[str], module: Mapping[str, object]) -> None:
        self._arguments = {name: {name} for name in arguments}
        self._texts: dict[str, set[str]] = {}
        self._lists: dict[str, dict[ast.expr, None]] = {}
        """What stands in the lists and tuples that a name may be."""
        self._module_lists: dict[str, list[ast.expr]] = {}
        self._takes: dict[str, ast.arguments] = {}
        """What nested functions take, by their names."""
        self._module = module

    def settle(self, function: ast.FunctionDef) -> bool:
        """Look at every binding once; return whether one taught something new."""
        before = self._size()
        self.visit(function)
        return self._size() > before

    def arguments(self, value: ast.expr) -> set[str]:
        """Return the arguments that an expression may be."""
        return set().union(*(self._arguments.get(name, set()) for name in _names(value)))

    def texts(self, value: ast.expr) -> set[str]:
        """Return the texts that an expression may be, where they are written out."""
        match value:
            case ast.Constant(value=str(text)):
                return {text}
            case ast.Name(id=name):
                return self._texts.get(name, set()) | _text(self._module.get(name))
        return set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Note what a nested function takes."""
        self._takes[node.name] = node.args
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Bind what a nested function is handed to what it takes."""
        takes = self._takes.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if takes:
            named = [(it.arg, it.value) for it in node.keywords if it.arg]
            in_order = [it.arg for it in (*takes.posonlyargs, *takes.args)]
            for name, value in [*zip(in_order, node.args, strict=False), *named]:
                self._bind(ast.Name(name), value)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Bind what is assigned."""
        for target in node.targets:
            self._bind(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Bind what is assigned and has a type."""
        if node.value:
            self._bind(node.target, node.value)
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """Bind what `:=` assigns."""
        self._bind(node.target, node.value)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        """Bind what a loop goes through."""
        self._bind_each(node.target, node.iter)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        """Bind what a comprehension goes through."""
        self._bind_each(node.target, node.iter)
        self.generic_visit(node)

    def _bind_each(self, target: ast.expr, of: ast.expr) -> None:
        match target, of:
            case ast.Tuple(elts=[_, one]), ast.Call(func=ast.Name(id="enumerate"), args=[inner, *_]):
                self._bind_each(one, inner)
            case ast.Tuple(elts=each), ast.Call(func=ast.Name(id="zip"), args=inners):
                for one, inner in zip(each, inners, strict=False):
                    self._bind_each(one, inner)
        for element in self._elements(of):
            self._bind(target, element)

    def _elements(self, of: ast.expr) -> list[ast.expr]:
        match of:
            case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
                return elements
            case ast.Name(id=name):
                return [*self._lists.get(name, ()), *self._of_module(name)]
        return []

    def _of_module(self, name: str) -> list[ast.expr]:
        """Return what stands in a list or tuple of the module: the same whenever it is looked at."""
        written = self._module.get(name)
        if name not in self._module_lists and isinstance(written, list | tuple):
            self._module_lists[name] = [ast.Constant(it) for it in written]
        return self._module_lists.get(name, [])

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Name(id=name), _:
                self._arguments.setdefault(name, set()).update(self.arguments(value))
                self._texts.setdefault(name, set()).update(self.texts(value))
                self._lists.setdefault(name, {}).update(dict.fromkeys(self._elements(value)))
                if isinstance(value, ast.Lambda):
                    self._takes[name] = value.args
            case (
                (ast.Tuple(elts=targets) | ast.List(elts=targets)),
                (ast.Tuple(elts=values) | ast.List(elts=values)),
            ):
                for one, its in zip(targets, values, strict=False):
                    self._bind(one, its)

    def _size(self) -> int:
        of_names = (self._arguments, self._texts, self._lists)
        return sum(len(it) for known in of_names for it in known.values()) + len(self._takes)


class _Reads(ast.NodeVisitor):
    """The attributes that are read of what stands for an argument."""

    def __init__(self, names: _Names) -> None:
        self._names = names
        self.found: list[tuple[str, str]] = []

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """Note `bucket.versioning`."""
        self.found += [(argument, node.attr) for argument in sorted(self._names.arguments(node.value))]
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """Note `getattr(bucket, "versioning")`."""
        match node:
            case ast.Call(func=ast.Name(id="getattr"), args=[of, attribute, *_]):
                self.found += [
                    (argument, name)
                    for argument in sorted(self._names.arguments(of))
                    for name in sorted(self._names.texts(attribute))
                ]
        self.generic_visit(node)


def _names(value: ast.expr) -> Iterator[str]:
    """Yield the names that an expression may have the value of."""
    match value:
        case ast.Name(id=name):
            yield name
        case ast.NamedExpr(value=inner):
            yield from _names(inner)
        case ast.IfExp(body=first, orelse=second):
            yield from _names(first)
            yield from _names(second)
        case ast.BoolOp(values=values):
            for inner in values:
                yield from _names(inner)


def _text(value: object) -> set[str]:
    return {value} if isinstance(value, str) else set()
