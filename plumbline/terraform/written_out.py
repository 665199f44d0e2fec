"""Which entries of a map argument are written out in the block itself instead of shared with others."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from plumbline.terraform.expressions.access import Reference
from plumbline.terraform.expressions.base import Expression
from plumbline.terraform.expressions.collections import Object
from plumbline.terraform.hcl.body import Body


def constant_keys(body: Body, skip: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """The keys that each top-level argument gives a constant value, inside `merge(...)` too."""
    found = {
        name: tuple(dict.fromkeys(_keys(argument.expression)))
        for name, argument in body.arguments.items()
        if name not in skip
    }
    return {name: keys for name, keys in found.items() if keys}


def _keys(expression: Expression) -> Iterator[str]:
    for node, _ in expression.walk():
        if isinstance(node, Object):
            for key, value in node.entries().items():
                if not any(isinstance(part, Reference) for part, _ in value.walk()):
                    yield key
