"""Where constants only are allowed: variable files, defaults of variables, backend settings."""

from __future__ import annotations

from pathlib import Path

from plumbline.terraform.expressions.base import Expression, Scope
from plumbline.terraform.expressions.calls import Call
from plumbline.terraform.functions import find
from plumbline.terraform.values import InvalidValue, Value
from plumbline.values.files import NOWHERE


class _NoNames:
    def resolve(self, path: tuple[str, ...]) -> tuple[Value, int]:
        raise InvalidValue(f'"{".".join(path)}" cannot be used here: only constants are allowed')


def constants() -> Scope:
    """What an expression sees that may refer to nothing."""
    return Scope(_NoNames(), find, Path(), tree=NOWHERE)


def constant(expression: Expression) -> Value:
    """The value of an expression that may neither refer to anything nor call a function."""
    for node, _ in expression.walk():
        if isinstance(node, Call):
            raise node.error("functions cannot be called here: only constants are allowed")
    return expression.evaluate(constants())
