"""Tells blocks inside of resources and providers of a JSON file from their arguments, written alike there.

Source: Terraform language, "JSON Configuration Syntax", "Nested blocks": the schema of the type decides.
"""

from __future__ import annotations

from plumbline.terraform import schema
from plumbline.terraform.hcl import json
from plumbline.terraform.hcl.body import Block, Body
from plumbline.terraform.schema import Mode, Schema

_MODES: dict[str, Mode] = {"resource": "resource", "data": "data", "provider": "provider"}


def told_apart(body: Body) -> Body:
    """The body of a JSON file with what are blocks inside of what it declares; raises `SyntaxProblem`."""
    for block in body.blocks:
        if block.type == "check":
            told_apart(block.body)
        elif mode := _MODES.get(block.type):
            found = schema.find(mode, block.labels[0])
            if found is not None:
                _tell_apart(block.body, found)
    return body


def _tell_apart(body: Body, schema: Schema) -> None:
    for name, argument in [*body.arguments.items()]:
        if name == "dynamic" or schema.block(name) is not None:
            del body.arguments[name]
            body.blocks.extend(json.blocks(argument))
    body.blocks.sort(key=lambda block: block.offset)  # in which dynamic ones stand among others
    for block in body.blocks:
        _inside(block, schema)


def _inside(block: Block, schema: Schema) -> None:
    nested = schema.block(block.labels[0] if block.type == "dynamic" else block.type)
    if nested is None:
        return
    for inner in block.body.of_type("content") if block.type == "dynamic" else [block]:
        _tell_apart(inner.body, nested.schema)
