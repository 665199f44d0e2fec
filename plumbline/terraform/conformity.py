"""Holds what a block configures against its schema: names before, types after evaluation."""

from __future__ import annotations

from collections.abc import Collection

from plumbline.terraform.conversion import convert, ranked
from plumbline.terraform.dynamic_blocks import before_evaluation
from plumbline.terraform.expressions.base import Scope
from plumbline.terraform.hcl.body import Argument, Block, Body
from plumbline.terraform.marks import sensitive
from plumbline.terraform.model import Location
from plumbline.terraform.problems import Problems
from plumbline.terraform.schema import Attribute, Nested, Schema
from plumbline.terraform.types import ANY
from plumbline.terraform.values import InvalidValue, Pending, TfList, TfMap, TfSet, Value
from plumbline.values.unknown import Unknown


class Checking:
    """Reports the arguments and blocks that a schema does not have, and those that it misses."""

    def __init__(self, problems: Problems, scope: Scope) -> None:
        self.problems = problems
        self.scope = scope  # which says how often dynamic blocks are repeated

    def body(self, body: Body, schema: Schema, header: Location, skip: Collection[str] = ()) -> None:
        """Checks a body and the blocks inside; `header` is the place of the block that it belongs to."""
        for argument in body.arguments.values():
            if argument.name not in skip:
                self._argument(argument, schema)
        for block in body.blocks:
            if block.type not in skip:
                self._block(block, schema)
        self._missing(body, schema, header)

    def _argument(self, argument: Argument, schema: Schema) -> None:
        attribute = schema.attribute(argument.name)
        if attribute is None:
            hint = " Did you mean to define a block?" if schema.block(argument.name) else ""
            told = f'An argument named "{argument.name}" is not expected here.{hint}'
            self.problems.add(told, argument.location, hides=True)
        elif attribute is not None and not attribute.optional and not attribute.required:
            self.problems.add(
                f'The attribute "{argument.name}" is decided by the provider, and cannot be set.',
                argument.location,
            )

    def _block(self, block: Block, schema: Schema) -> None:
        name = _name(block)
        nested, attribute = schema.block(name), schema.attribute(name)
        if nested is not None and block.type == "dynamic" and block.labels:
            self._dynamic(block, nested.schema)
        elif nested is not None:
            self.body(block.body, nested.schema, block.location)
        elif attribute is None or not attribute.is_block_like:
            hint = f' Write "{name} = ..." for the argument.' if attribute else ""
            told = f'Blocks of type "{name}" are not expected here.{hint}'
            self.problems.add(told, block.location, hides=True)

    def _dynamic(self, block: Block, schema: Schema) -> None:
        """What a dynamic block repeats; Terraform never looks at the content of one that repeats nothing."""
        found = before_evaluation(block, self.scope)
        for content in block.body.of_type("content"):
            for scope in found.scopes:
                Checking(self.problems, scope).body(content.body, schema, content.location)

    def _missing(self, body: Body, schema: Schema, header: Location) -> None:
        blocks = [_name(block) for block in body.blocks]
        for name in schema.attributes:
            attribute = schema.attribute(name)
            if attribute and attribute.required and name not in body.arguments and name not in blocks:
                self.problems.add(f'The argument "{name}" is required, and is missing.', header)
        dynamic = {_name(block) for block in body.blocks if block.type == "dynamic"}
        for name in schema.blocks:
            nested = schema.block(name)
            if nested and name not in dynamic and name not in body.arguments:
                self._count(name, body.of_type(name), nested, header)

    def _count(self, name: str, blocks: list[Block], nested: Nested, header: Location) -> None:
        most = 1 if nested.nesting in ("single", "group") else nested.most
        if len(blocks) < nested.least:
            self.problems.add(f'At least {nested.least} "{name}" blocks are required.', header)
        elif most and len(blocks) > most:
            extra = blocks[most].location
            self.problems.add(f'No more than {most} "{name}" blocks are allowed.', extra)


def _name(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def conformed(
    values: dict[str, Value], schema: Schema | None, block: Block, address: str, problems: Problems
) -> dict[str, Value]:
    """What a block configures, as the provider's types; one that does not fit is reported and unknown."""
    if schema is None:
        return values
    every = {name: _fitting(name, value, schema, block, address, problems) for name, value in values.items()}
    return {name: value for name, value in every.items() if value is not None}


def _fitting(
    name: str, value: Value, schema: Schema, block: Block, address: str, problems: Problems
) -> Value:
    try:
        return conform(name, value, schema)
    except InvalidValue as error:
        *inside, _ = str(error).split(": ")
        problems.add(f'The value of "{name}" does not fit: {error}.', _place(block, [name, *inside]))
        return Pending(f"{address}.{name}", exact=True)


def _place(block: Block, path: list[str]) -> Location:
    """Where a block says what is at a path in it, as far as there is one block of each name on the way."""
    for name in path:
        if argument := block.body.arguments.get(name):
            return argument.expression.location
        blocks = block.body.of_type(name)
        if len(blocks) != 1:
            break
        block = blocks[0]
    return block.location


def conform(name: str, value: Value, schema: Schema) -> Value:
    """A value as the provider would receive it, sensitive where that says so.

    Raises `InvalidValue` for one of another type.
    """
    attribute, nested = schema.attribute(name), schema.block(name)
    if attribute is not None:
        return _argument(value, attribute)
    if nested is not None and not isinstance(value, Unknown):
        return _blocks(value, nested)
    return value


def _argument(value: Value, attribute: Attribute) -> Value:
    converted = _converted(value, attribute)
    return sensitive(converted) if attribute.sensitive else converted


def _converted(value: Value, attribute: Attribute) -> Value:
    if not attribute.is_block_like:
        return convert(value, attribute.type)
    return _without_nulls(convert([value] if isinstance(value, dict) else value, attribute.type))


def _blocks(value: Value, nested: Nested) -> Value:
    """Blocks; JSON syntax may give a single one as an object."""
    given = value if isinstance(value, list) else [value]
    blocks = [_body(block, nested.schema) for block in given if block is not None]
    if nested.nesting == "set" and len(blocks) > 1:
        return ranked((_completed(block, nested.schema), block) for block in blocks)
    return blocks or None


def _body(block: Value, schema: Schema) -> Value:
    if not isinstance(block, dict):
        return block
    typed = {name: _within(name, value, schema) for name, value in block.items()}
    return {name: value for name, value in typed.items() if value is not None}


def _within(name: str, value: Value, schema: Schema) -> Value:
    try:
        return conform(name, value, schema)
    except InvalidValue as error:
        raise InvalidValue(f"{name}: {error}") from None


def _completed(block: Value, schema: Schema) -> Value:
    """A block with all that its schema has, blocks included: what is absent counts in the order of a set."""
    if not isinstance(block, dict):
        return block
    attributes = {name: block.get(name) for name in schema.attributes}
    nested = ((name, schema.block(name)) for name in schema.blocks)
    return {**attributes, **{name: _all_completed(block.get(name), it) for name, it in nested if it}}


def _all_completed(blocks: Value, nested: Nested) -> Value:
    if not isinstance(blocks, (list, type(None))):
        return blocks
    completed = [_completed(block, nested.schema) for block in blocks or ()]
    if nested.nesting in ("single", "group"):
        return completed[0] if completed else None
    return TfSet(completed, ANY) if nested.nesting == "set" else TfList(completed, ANY)


def _without_nulls(value: Value) -> Value:
    """Objects without the attributes that were not set, as blocks are."""
    if isinstance(value, dict) and not isinstance(value, TfMap):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, TfSet):
        return TfSet(map(_without_nulls, value), value.element)
    if isinstance(value, TfList):
        return TfList(map(_without_nulls, value), value.element)
    return value
