"""Refuses values that Terraform would have to keep, and cannot: ephemeral ones, and infinite numbers.

Source: Terraform language, "Ephemeral values": they may stand in write-only arguments, and in outputs of
child modules that say so. What is infinite has no place in the JSON of a state.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from plumbline.terraform.hcl.body import Block
from plumbline.terraform.numbers import is_infinite
from plumbline.terraform.problems import Problems
from plumbline.terraform.values import Ephemeral, Instance, Value

_WRITE_ONLY = "_wo"
"""How the names of all write-only arguments of the AWS provider end."""


def check_arguments(block: Block, values: Mapping[str, Value], problems: Problems) -> None:
    """Reports the arguments of a resource that such a value would be kept in."""
    for name, argument in block.body.arguments.items():
        found = "" if name.endswith(_WRITE_ONLY) else _not_to_be_kept(values.get(name))
        if found:
            problems.report(argument.expression.error(f"{found} cannot be kept, as {name} is"))


def check_output(block: Block, value: Value, problems: Problems) -> None:
    """Reports an output of the root module that is such a value, whether or not it says so."""
    flag, expression = block.body.expression("ephemeral"), block.body.expression("value")
    if getattr(flag, "constant", False) is True:
        problems.add("An output of the root module cannot be ephemeral.", block.location)
    elif expression is not None and (found := _not_to_be_kept(value)):
        problems.report(expression.error(f"{found} cannot be kept, as outputs of the root are"))


def _not_to_be_kept(value: Value) -> str:
    """What a value is, or has in it, that Terraform cannot keep; empty where it can."""
    if isinstance(value, Instance):
        return ""
    if isinstance(value, (dict, list)):
        parts = value.values() if isinstance(value, dict) else value
        return next(filter(None, map(_not_to_be_kept, parts)), "")
    if isinstance(value, Ephemeral):
        return "an ephemeral value"
    return "an infinite number" if isinstance(value, Decimal) and is_infinite(value) else ""
