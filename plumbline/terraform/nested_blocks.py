"""What references see of the blocks inside a resource: also what nobody configured of them."""

from __future__ import annotations

from collections.abc import Mapping

from plumbline.terraform.schema import Attribute, Nested, Schema
from plumbline.terraform.types import ANY, ListType, ObjectType, SetType, Type
from plumbline.terraform.values import Instance, InvalidValue, Pending, TfList, TfSet, Value


class Inside(Instance):
    """A block inside a resource: what is not configured of it, the provider decides."""

    __slots__ = ("types",)

    def __init__(self, address: str, values: Mapping[str, Value], types: Mapping[str, Type]) -> None:
        super().__init__(address, values)
        self.types = types

    def __missing__(self, name: str) -> Value:
        if name not in self.types:
            raise InvalidValue(f'this object has no element named "{name}"')
        return Pending(f"{self.address}.{name}", self.types[name], exact=True)

    def whole(self) -> Value:
        return {name: self[name] for name in sorted(self.types)}


def seen(values: Mapping[str, Value], schema: Schema | None, address: str) -> dict[str, Value]:
    """The values of a resource or of a block, with the blocks in them as references see them."""
    if schema is None:
        return dict(values)
    return {name: _seen(value, name, schema, f"{address}.{name}") for name, value in values.items()}


def _seen(value: Value, name: str, schema: Schema, address: str) -> Value:
    attribute, nested = schema.attribute(name), schema.block(name)
    if not isinstance(value, list) or (nested is None and not (attribute and attribute.is_block_like)):
        return value
    blocks = [_block(it, nested or attribute, f"{address}[{i}]") for i, it in enumerate(value)]
    return type(value)(blocks, value.element) if isinstance(value, (TfList, TfSet)) else blocks


def _block(value: Value, declared: Nested | Attribute | None, address: str) -> Value:
    if not isinstance(value, dict) or declared is None:
        return value
    if isinstance(declared, Nested):
        inner = declared.schema
        return Inside(address, seen(value, inner, address), _types(inner))
    kind = declared.type
    block = kind.element if isinstance(kind, (ListType, SetType)) else kind
    return Inside(address, value, block.attributes) if isinstance(block, ObjectType) else value


def _types(schema: Schema) -> dict[str, Type]:
    """The types of what a block may have; of the blocks in it nothing is said."""
    attributes = {name: schema.attribute(name) for name in schema.attributes}
    told: dict[str, Type] = {name: it.type for name, it in attributes.items() if it is not None}
    return {**told, **dict.fromkeys(schema.blocks, ANY)}
