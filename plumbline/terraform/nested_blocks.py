"""What references see of the blocks inside a resource: also what nobody configured of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plumbline.terraform.hcl.body import Body
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


def seen(
    values: Mapping[str, Value], schema: Schema | None, bodies: Sequence[Body], address: str
) -> dict[str, Value]:
    """The values of a resource or of blocks, with the blocks in them as references see them.

    Of what no schema is known, `bodies` say which of the values are blocks.
    """
    if schema is None:
        inner = _inside(bodies)
        return {name: _listed(it, inner.get(name), f"{address}.{name}") for name, it in values.items()}
    return {
        name: _seen(value, schema.block(name) or schema.attribute(name), f"{address}.{name}")
        for name, value in values.items()
    }


def _inside(bodies: Sequence[Body]) -> dict[str, list[Body]]:
    """The blocks in some bodies by their names, those that dynamic blocks repeat included."""
    found: dict[str, list[Body]] = {}
    for block in (block for body in bodies for block in body.blocks):
        if block.type == "dynamic" and block.labels:
            found.setdefault(block.labels[0], []).extend(it.body for it in block.body.of_type("content"))
        else:
            found.setdefault(block.type, []).append(block.body)
    return found


def _listed(value: Value, bodies: Sequence[Body] | None, address: str) -> Value:
    """The blocks of one name, of which nobody knows what else they have."""
    if bodies is None or not isinstance(value, list):
        return value
    places = ((it, f"{address}[{i}]") for i, it in enumerate(value))
    return [Instance(at, seen(it, None, bodies, at)) if isinstance(it, dict) else it for it, at in places]


def _seen(value: Value, declared: Nested | Attribute | None, address: str) -> Value:
    if not isinstance(value, list):
        return value
    if isinstance(declared, Nested):
        return _blocks(value, declared, address)
    kind = declared.type if declared is not None and declared.is_block_like else ANY
    block = kind.element if isinstance(kind, (ListType, SetType)) else ANY
    if not isinstance(block, ObjectType) or not isinstance(value, (TfList, TfSet)):
        return value
    objects = (_part(it, f"{address}[{i}]", block.attributes) for i, it in enumerate(value))
    return type(value)(objects, value.element)


def _blocks(value: list[Value], declared: Nested, address: str) -> Value:
    """The blocks of a type; one that there is a single one of is an object itself."""
    inner, types = declared.schema, _types(declared.schema)
    is_single = declared.nesting in ("single", "group") and len(value) == 1
    places = [address if is_single else f"{address}[{i}]" for i in range(len(value))]
    values = [
        seen(it, inner, (), at) if isinstance(it, dict) else it for it, at in zip(value, places, strict=True)
    ]
    blocks = [_part(it, at, types) for it, at in zip(values, places, strict=True)]
    return blocks[0] if is_single else blocks


def _part(value: Value, address: str, types: Mapping[str, Type]) -> Value:
    return Inside(address, value, types) if isinstance(value, dict) else value


def _types(schema: Schema) -> dict[str, Type]:
    """The types of what a block may have; of the blocks in it nothing is said."""
    attributes = {name: schema.attribute(name) for name in schema.attributes}
    told: dict[str, Type] = {name: it.type for name, it in attributes.items() if it is not None}
    return {**told, **dict.fromkeys(schema.blocks, ANY)}
