"""Finds out, without evaluating, which expressions certainly give sensitive values.

Terraform refuses to repeat a block for such values, and to give them out of the root module unmarked. Only
what is sensitive whatever the values are counts here: nothing that Terraform accepts is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plumbline.terraform.expressions.access import Attribute, Index, Reference, Splat
from plumbline.terraform.expressions.base import Expression
from plumbline.terraform.expressions.calls import Call
from plumbline.terraform.expressions.collections import ForObject, ForTuple, Object, Tuple
from plumbline.terraform.expressions.operators import Binary, Conditional, Unary
from plumbline.terraform.expressions.templates import Template

if TYPE_CHECKING:
    from plumbline.terraform.module import Module

_REVEALING = frozenset({"nonsensitive", "issensitive", "can"})
# The result of these comes from one of their arguments, and is as sensitive as that one.
_CHOOSING = frozenset(
    ["try", "coalesce", "coalescelist", "lookup", "element", "one", "merge", "concat", "contains"]
)
# A set is sensitive as a whole if one of its elements is.
_SETS = frozenset({"toset", "setunion", "setintersection", "setsubtract"})
_DEEPEST = 100  # references through references; a cycle is reported elsewhere


class Sensitivity:
    """What is sensitive in one module."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def contains(self, expression: Expression, depth: int = 0) -> bool:
        """Whether the value is certainly sensitive, or certainly holds something that is."""
        if depth > _DEEPEST:
            return False
        if self.marks(expression, depth):
            return True
        if isinstance(expression, Reference) and expression.path[0] == "local" and len(expression.path) == 2:
            argument = self.module.declared.locals.get(expression.path[1])
            return argument is not None and self.contains(argument.expression, depth + 1)
        if isinstance(expression, (Tuple, Object)):
            return any(self.contains(child, depth + 1) for child in expression.children())
        return False

    def marks(self, expression: Expression, depth: int = 0) -> bool:
        """Whether the value as a whole is certainly sensitive."""
        if depth > _DEEPEST:
            return False
        if isinstance(expression, Reference):
            return self._reference(expression.path, depth + 1)
        if isinstance(expression, Call):
            return self._call(expression, depth + 1)
        if isinstance(expression, Conditional):
            results = all(self.marks(result, depth + 1) for result in (expression.yes, expression.no))
            return results or self.marks(expression.condition, depth + 1)
        if isinstance(expression, (ForTuple, ForObject)):
            return self.marks(expression.loop.collection, depth + 1)
        if isinstance(expression, (Attribute, Index, Splat)):
            return self.marks(expression.target, depth + 1)
        if isinstance(expression, (Template, Binary, Unary)):
            return any(self.marks(child, depth + 1) for child in expression.children())
        return False

    def _reference(self, path: tuple[str, ...], depth: int) -> bool:
        if path[0] == "var" and path[1:2]:
            return self._variable(path[1], depth)
        if path[0] == "local" and path[1:2]:
            argument = self.module.declared.locals.get(path[1])
            return argument is not None and self.marks(argument.expression, depth)
        return False

    def _variable(self, name: str, depth: int) -> bool:
        if name not in self.module.declared.variables:
            return False
        if self.module.declaration(name).sensitive:
            return True
        call = self.module.call
        given = None if call is None else call.block.body.expression(name)
        return call is not None and given is not None and Sensitivity(call.module).marks(given, depth)

    def _call(self, call: Call, depth: int) -> bool:
        if call.name in _REVEALING:
            return False
        if call.name == "sensitive":
            return True
        if call.name in _SETS:
            return any(self.contains(argument, depth) for argument in call.arguments)
        marked = [self.marks(argument, depth) for argument in call.arguments]
        return bool(marked) and (all(marked) if call.name in _CHOOSING else any(marked))
