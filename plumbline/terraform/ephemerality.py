"""Refuses ephemeral values where Terraform would have to keep them.

Source: Terraform language, "Ephemeral values": they may stand in write-only arguments, and in outputs of
child modules that say so. What is made of one is not followed here.
"""

from __future__ import annotations

from collections.abc import Mapping

from plumbline.terraform.hcl.body import Block
from plumbline.terraform.problems import Problems
from plumbline.terraform.values import Ephemeral, Instance, Value

_WRITE_ONLY = "_wo"
"""How the names of all write-only arguments of the AWS provider end."""


def check_arguments(block: Block, values: Mapping[str, Value], problems: Problems) -> None:
    """Reports the arguments of a resource that an ephemeral value would be kept in."""
    for name, argument in block.body.arguments.items():
        if not name.endswith(_WRITE_ONLY) and _is_inside(values.get(name)):
            told = f"an ephemeral value cannot be kept, as {name} is"
            problems.report(argument.expression.error(told))


def check_output(block: Block, value: Value, problems: Problems) -> None:
    """Reports an output of the root module that is ephemeral, whether or not it says so."""
    flag, expression = block.body.expression("ephemeral"), block.body.expression("value")
    if getattr(flag, "constant", False) is True:
        problems.add("An output of the root module cannot be ephemeral.", block.location)
    elif expression is not None and _is_inside(value):
        problems.report(expression.error("an ephemeral value cannot be kept, as outputs of the root are"))


def _is_inside(value: Value) -> bool:
    """Whether a value is ephemeral, or has a part that is."""
    if isinstance(value, Instance):
        return False
    if isinstance(value, dict):
        return any(map(_is_inside, value.values()))
    return any(map(_is_inside, value)) if isinstance(value, list) else isinstance(value, Ephemeral)
