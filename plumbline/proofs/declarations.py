"""What a facet makes of Terraform that says nothing yet: a value that nobody knows is never a default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plumbline.kinds.facet import Facet, Found, own_fields
from plumbline.kinds.kind import Kind
from plumbline.kinds.settling import settled
from plumbline.terraform.declared import Declaration
from plumbline.terraform.model import Configuration, Location, Resource, Settings
from plumbline.terraform.schema import find
from plumbline.values.mistakes import did_you_mean
from plumbline.values.unknown import Placeholder, ReadError, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.terraform.schema import Schema


def declares(kind: type[Kind]) -> Iterator[str]:
    """Yield what is wrong with what each facet makes of a declaration of nothing, and of nothing known."""
    for facet in kind.facets():
        type_ = facet.beside.type if facet.beside else kind.terraform_type
        schema = find("resource", type_) if type_ else None
        if schema is None or not kind.terraform_type:
            continue
        yield from _told(facet, kind, (_resource(type_, _required(schema)),), "says only what it must")
        if facet.beside:
            yield from _told(facet, kind, (), "is not there")
        yield from _taken_for_defaults(facet, kind, _nothing_known(type_, schema))


def _told(facet: type[Facet], kind: type[Kind], parts: tuple[Resource, ...], how: str) -> Iterator[str]:
    """Yield that a facet ends in an error, or gives what is no field, where what declares it is so."""
    try:
        given = _fields(facet, kind, parts)
    except (Undetermined, ReadError):
        return
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        yield f"{facet.__name__}.declared ends in {told}, where its Terraform {how}"
        return
    for name in given:
        if name not in facet.model_fields:
            near = did_you_mean(name, own_fields(facet))
            yield f"{facet.__name__}.declared gives {name}, which is no field of it{near}"


def _taken_for_defaults(facet: type[Facet], kind: type[Kind], part: Resource) -> Iterator[str]:
    """Yield the fields that are at their defaults although not one argument is known."""
    yield from (wrong := list(_told(facet, kind, (part,), "has nothing that is known")))
    try:
        given = {} if wrong else _fields(facet, kind, (part,))
    except (Undetermined, ReadError):
        return
    for name, value in given.items():
        info = facet.model_fields[name]
        if not info.is_required() and _equal(value, info.get_default(call_default_factory=True)):
            yield f"{facet.__name__}.declared takes what nobody knows for the default of {name}: {value!r}"


def _fields(facet: type[Facet], kind: type[Kind], parts: tuple[Resource, ...]) -> Mapping[str, Any]:
    """Return what a facet declares. Raises what `declared` raises."""
    resource = parts[0] if parts and not facet.beside else _resource(kind.terraform_type, {"arn": "arn"})
    configuration = Configuration(
        root=Path(),
        source="hcl",
        resources=(resource, *(it for it in parts if it is not resource)),
        settings=Settings("123456789012", "eu-west-1"),
    )
    found = facet.declared(Declaration(resource, configuration, parts))
    return settled(own_fields(facet), Found(found, ""))


def _equal(value: Any, other: Any) -> bool:
    try:
        return not isinstance(value, Placeholder) and bool(value == other)
    except Undetermined:
        return False


def _resource(type_: str, values: dict[str, Any], **more: Any) -> Resource:
    return Resource(
        address=f"{type_}.it",
        type=type_,
        name="it",
        module="",
        values=values,
        location=Location("main.tf", 1),
        **more,
    )


def _nothing_known(type_: str, schema: Schema) -> Resource:
    values = {name: Unknown(name) for name in (*schema.attributes, *schema.blocks)}
    return _resource(type_, values, lifecycle=Unknown("lifecycle"), provider={"region": Unknown("region")})


def _required(schema: Schema) -> dict[str, Any]:
    """Return the arguments that Terraform insists on, with values that nobody knows."""
    attributes = (it for it in schema.attributes if (one := schema.attribute(it)) and one.required)
    nested = (it for it in schema.blocks if (block := schema.block(it)) and block.least)
    return {name: Unknown(name) for name in (*attributes, *nested)}
