"""Which resources, data sources and module outputs an argument is made from, also where it is known."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from plumbline.terraform.expressions.access import Attribute, Each, Index, Reference, Splat, key_text
from plumbline.terraform.expressions.base import EvaluationError, Expression, Scope
from plumbline.terraform.hcl.body import Block, Body
from plumbline.values.unknown import Unknown

_NAME = re.compile(r"[.\[]")
_NOT_OBJECTS = frozenset({"path", "terraform", "each", "count", "self"})


class Origins(Protocol):
    """A module, as the references in it are followed."""

    @property
    def prefix(self) -> str:
        """What the addresses of the module's objects begin with."""

    def origins(self, root: str, name: str) -> Iterable[str]:
        """The absolute references that `local.name` or `var.name` is made from."""


@dataclass(frozen=True, slots=True)
class Following:
    """Finds the references in the expressions of one place, and follows local values and variables."""

    module: Origins
    scope: Scope

    def body(self, body: Body, skip: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
        """The absolute references of each top-level argument and block type."""
        found: dict[str, dict[str, None]] = {}
        for name, argument in body.arguments.items():
            if name not in skip:
                found.setdefault(name, {}).update(dict.fromkeys(self.expression(argument.expression)))
        for block in body.blocks:
            name = block.labels[0] if block.type == "dynamic" and block.labels else block.type
            if name not in skip:
                found.setdefault(name, {}).update(dict.fromkeys(self._block(block, frozenset())))
        return {name: tuple(references) for name, references in found.items() if references}

    def expression(self, expression: Expression, bound: frozenset[str] = frozenset()) -> Iterator[str]:
        """The absolute references inside an expression, without the names that are bound there."""
        text = path(expression, self.scope)
        if text is None:
            inner = bound | expression.bound()
            for child in expression.children():
                yield from self.expression(child, inner)
            return
        root, _, rest = text.removeprefix("resource.").partition(".")
        if root in ("local", "var") and root not in bound:
            yield from self.module.origins(root, _NAME.split(rest, 1)[0])
        elif rest and root not in bound and root not in _NOT_OBJECTS and root not in self.scope.local:
            yield f"{self.module.prefix}{root}.{rest}"
        yield from self._keys(expression, bound)

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
