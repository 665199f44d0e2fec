"""What an argument is made from, also where it is known: resources, data sources, files, variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from plumbline.terraform.expressions.access import Attribute, Each, Index, Reference, Splat, key_text
from plumbline.terraform.expressions.base import EvaluationError, Expression, Scope
from plumbline.terraform.expressions.calls import Call
from plumbline.terraform.hcl.body import Block, Body
from plumbline.terraform.values import InvalidValue
from plumbline.values.unknown import Unknown

_NAME = re.compile(r"[.\[]")
_NOT_OBJECTS = frozenset({"path", "terraform", "each", "count", "self"})
_OF_FILES = frozenset(
    {"file", "filebase64", "filebase64sha256", "filebase64sha512", "filemd5", "filesha1", "filesha256"}
    | {"filesha512", "templatefile"}
)
"""The functions that give what a file holds, or a hash of it. Source: Terraform language, "Functions"."""
_CALLED = ")"
"""What such a function ends with among origins: `filesha256(./index.js)`."""
_OF_ROOT = "var."
"""What the name of a variable of the root module begins with among origins."""


class Origins(Protocol):
    """A module, as the references in it are followed."""

    @property
    def prefix(self) -> str:
        """What the addresses of the module's objects begin with."""

    def origins(self, root: str, name: str) -> Iterable[str]:
        """What `local.name` or `var.name` is made from."""


def is_reference(origin: str) -> bool:
    """Return whether that is a resource, a data source or an output, and no file or variable."""
    return not is_file(origin) and not is_variable(origin)


def is_file(origin: str) -> bool:
    """Return whether that is what a file holds."""
    return origin.endswith(_CALLED)


def file_of(origin: str) -> str:
    """Return the path of a file that something is made of, as it is written; empty where it is not known."""
    return origin.partition("(")[2].removesuffix(_CALLED)


def is_variable(origin: str) -> bool:
    """Return whether that is a variable of the root module."""
    return origin.startswith(_OF_ROOT)


def variable_of(origin: str) -> str:
    """Return the name of the variable of the root module that an origin is."""
    return origin.removeprefix(_OF_ROOT)


def of_root(name: str) -> str:
    """Return what a variable of the root module is called among origins."""
    return f"{_OF_ROOT}{name}"


@dataclass(frozen=True, slots=True)
class Following:
    """Finds the references in the expressions of one place, and follows local values and variables."""

    module: Origins
    scope: Scope
    each: Callable[[], tuple[str, ...]] = tuple
    """Gives what `each.value` is made from besides references, which is found once for all instances."""

    def body(self, body: Body, skip: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
        """What each top-level argument and block type is made from."""
        found: dict[str, dict[str, None]] = {}
        for name, argument in body.arguments.items():
            if name not in skip:
                found.setdefault(name, {}).update(dict.fromkeys(self.expression(argument.expression)))
        for block in body.blocks:
            name = block.labels[0] if block.type == "dynamic" and block.labels else block.type
            if name not in skip:
                found.setdefault(name, {}).update(dict.fromkeys(self._block(block, frozenset())))
        return {name: tuple(origins) for name, origins in found.items() if origins}

    def expression(self, expression: Expression, bound: frozenset[str] = frozenset()) -> Iterator[str]:
        """What an expression is made from, without the names that are bound there."""
        text = path(expression, self.scope)
        if text is None:
            if isinstance(expression, Call) and expression.name in _OF_FILES:
                yield f"{expression.name}({self._read(expression)}{_CALLED}"
            inner = bound | expression.bound()
            for child in expression.children():
                yield from self.expression(child, inner)
            return
        root, _, rest = text.removeprefix("resource.").partition(".")
        if root in ("local", "var") and root not in bound:
            yield from self.module.origins(root, _NAME.split(rest, 1)[0])
        elif root == "each":
            yield from self.each()
        elif rest and root not in bound and root not in _NOT_OBJECTS and root not in self.scope.local:
            yield f"{self.module.prefix}{root}.{rest}"
        yield from self._keys(expression, bound)

    def _read(self, call: Call) -> str:
        """The path of the file that a function reads; empty where it is not known here."""
        try:
            read = call.arguments[0].evaluate(self.scope) if call.arguments else None
        except (EvaluationError, InvalidValue):
            return ""  # in a loop, or the evaluation reports it
        return read if isinstance(read, str) else ""

    def _keys(self, expression: Expression, bound: frozenset[str]) -> Iterator[str]:
        """References inside the indexes of a path."""
        for child in expression.children():
            if isinstance(expression, Index) and child is expression.key:
                yield from self.expression(child, bound)
            else:
                yield from self._keys(child, bound)

    def _block(self, block: Block, bound: frozenset[str]) -> Iterator[str]:
        """The references inside a block; the iterator of a dynamic block is none."""
        inner = bound | {iterator_name(block)} if block.type == "dynamic" else bound
        for name, argument in block.body.arguments.items():
            if block.type != "dynamic" or name != "iterator":
                yield from self.expression(argument.expression, bound)
        for child in block.body.blocks:
            yield from self._block(child, inner)


def of_each(following: Following, body: Body) -> tuple[str, ...]:
    """What the `for_each` of a block is made from besides references."""
    repeated = body.expression("for_each")
    found = () if repeated is None else following.expression(repeated)
    return tuple(dict.fromkeys(it for it in found if not is_reference(it)))


def iterator_name(block: Block) -> str:
    """The name by which a dynamic block's content refers to the current element."""
    iterator = block.body.expression("iterator")
    return iterator.path[0] if isinstance(iterator, Reference) else "".join(block.labels[:1])


def of_depends_on(block: Block, prefix: str) -> tuple[str, ...]:
    """The objects that `depends_on` names."""
    listed = block.body.expression("depends_on")
    if listed is None:
        return ()
    return tuple(f"{prefix}{text}" for child in listed.children() if (text := path(child)) is not None)


def path(expression: Expression, scope: Scope | None = None) -> str | None:
    """A reference as text, such as `aws_s3_bucket.b["k"].id`; None for what is no reference."""
    if isinstance(expression, Reference):
        return ".".join(expression.path)
    if isinstance(expression, Attribute):
        return _extended(expression.target, f".{expression.name}", scope)
    if isinstance(expression, Index):
        return _extended(expression.target, f"[{_key(expression.key, scope)}]", scope)
    if isinstance(expression, Splat):
        return _extended(expression.target, f"[*]{_steps(expression.steps, scope)}", scope)
    return None


def _extended(target: Expression, text: str, scope: Scope | None) -> str | None:
    start = path(target, scope)
    return None if start is None else start + text


def _steps(expression: Expression, scope: Scope | None) -> str:
    if isinstance(expression, Each):
        return ""
    if isinstance(expression, Attribute):
        return f"{_steps(expression.target, scope)}.{expression.name}"
    if isinstance(expression, Index):
        return f"{_steps(expression.target, scope)}[{_key(expression.key, scope)}]"
    if isinstance(expression, Splat):
        return f"{_steps(expression.target, scope)}[*]{_steps(expression.steps, scope)}"
    return ""


def _key(expression: Expression, scope: Scope | None) -> str:
    """The key's text where it evaluates, otherwise `*`."""
    if scope is None:
        constant = getattr(expression, "constant", None)
        return "*" if constant is None else key_text(constant)
    try:
        key = expression.evaluate(scope)
    except EvaluationError:
        return "*"
    return "*" if key is None or isinstance(key, (Unknown, list, dict)) else key_text(key)


def roots(expressions: Iterable[Expression]) -> Iterator[tuple[Reference, frozenset[str]]]:
    """Every reference inside that does not start at a local name, with the local names there."""
    for expression in expressions:
        for node, bound in expression.walk():
            if isinstance(node, Reference) and node.path[0] not in bound:
                yield node, bound
