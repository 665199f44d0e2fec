"""What a facet makes of Terraform that says nothing yet: a value that nobody knows is never a default."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from plumbline.kinds.facet import Facet, Found, argument_of, own_fields
from plumbline.kinds.kind import Kind
from plumbline.kinds.settling import settled
from plumbline.terraform.declared import Declaration
from plumbline.terraform.model import Configuration, Location, Resource, Settings
from plumbline.terraform.schema import find
from plumbline.terraform.types import STRING
from plumbline.values.mistakes import did_you_mean
from plumbline.values.some_of import SomeOf
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
        taken = list(_taken_for_known(facet, kind, _nothing_known(type_, schema)))
        yield from taken or _read_elsewhere(facet, kind, type_, schema)


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


def _taken_for_known(facet: type[Facet], kind: type[Kind], part: Resource) -> Iterator[str]:
    """Yield the fields that have a value although not one argument is known, or that are left at theirs.

    Where it stands is known always.
    """
    wrong = list(_told(facet, kind, (part,), "has nothing that is known"))
    yield from wrong
    asked: list[str] = []
    try:
        given = _fields(facet, kind, (part,), asked)
    except Exception:  # told above, where it is no way to say that nobody knows
        return
    for name in () if wrong else own_fields(facet):
        info = facet.model_fields[name]
        default = None if info.is_required() else info.get_default(call_default_factory=True)
        if name not in given:
            yield f"{facet.__name__}.declared leaves {name} at {default!r} where nobody knows it"
        elif not info.is_required() and _equal(given[name], default):
            yield f"{facet.__name__}.declared takes what nobody knows for the default of {name}: {default!r}"
        elif not asked and not _is_open(given[name]) and given[name] != part.address:
            yield f"{facet.__name__}.declared says that {name} is {given[name]!r} where nobody knows it"


def _read_elsewhere(facet: type[Facet], kind: type[Kind], type_: str, schema: Schema) -> Iterator[str]:
    """Yield the fields that are known although the argument is not that is said to declare them."""
    for name in own_fields(facet):
        argument, asked = argument_of(facet, name), list[str]()
        declares_it = schema.attribute(argument) or schema.block(argument)
        if not declares_it or isinstance(facet.in_terraform.get(name), Placeholder):
            continue
        part = _resource(type_, {**_required(schema), argument: Unknown(argument)})
        try:
            given = _fields(facet, kind, (part,), asked)
        except Exception:  # that is told of a declaration of nothing
            continue
        if not asked and not _is_open(given.get(name)):
            yield f"{facet.__name__}.declared knows {name} where {type_}.{argument} is not known"


def swapped(facet: type[Facet], kind: type[Kind], name: str, value: str) -> bool:
    """Return whether a facet takes a text for another one, and that one for the text."""
    type_, argument = facet.beside.type if facet.beside else kind.terraform_type, argument_of(facet, name)
    schema = find("resource", type_) if type_ else None
    if schema is None or not schema.attribute(argument):
        return False

    def declared(written: str) -> Any:
        part = _resource(type_, {**_required(schema), argument: written})
        return _fields(facet, kind, (part,)).get(name)

    with suppress(Exception):  # that is told of a declaration of nothing
        other = declared(value)
        return isinstance(other, str) and other != value and bool(declared(other) == value)
    return False


def called_as_aws_does(
    facet: type[Facet], kind: type[Kind], name: str, called: Collection[str]
) -> tuple[str, str] | None:
    """Return where a facet reads a text, and another argument beside that which is called as AWS calls it.

    None where it is read there, or no other is called so.
    """
    path = facet.in_terraform.get(name) or facet.arguments.get(name)
    type_ = facet.beside.type if facet.beside else kind.terraform_type
    schema = find("resource", type_) if type_ else None
    if not isinstance(path, str) or schema is None:
        return None
    *within, argument = path.split(".")
    for step in within:
        if (block := schema.block(step)) is None:
            return None
        schema = block.schema
    others = [it for it in called if (known := schema.attribute(it)) and known.type == STRING]
    if argument in called or not others:
        return None
    return path, ".".join([type_, *within, min(others)])


def _is_open(value: Any) -> bool:
    """Return whether a value, or something in it, is not known."""
    match value:
        case Placeholder() | SomeOf():
            return True
        case BaseModel():
            return any(_is_open(getattr(value, name)) for name in type(value).model_fields)
        case Mapping():
            return any(map(_is_open, value.values()))
        case list() | tuple() | set() | frozenset():
            return any(map(_is_open, value))
    return False


@dataclass(frozen=True)
class _Watched(Declaration):
    """A declaration that notes whether a facet looks beyond it: there something is known."""

    asked: list[str] = field(default_factory=list)

    def __getattribute__(self, name: str) -> Any:
        if name == "configuration":
            object.__getattribute__(self, "asked").append(name)
        return object.__getattribute__(self, name)


def _fields(
    facet: type[Facet], kind: type[Kind], parts: tuple[Resource, ...], asked: list[str] | None = None
) -> Mapping[str, Any]:
    """Return what a facet declares; `asked` notes that it looked beyond. Raises what `declared` raises."""
    resource = parts[0] if parts and not facet.beside else _resource(kind.terraform_type, {"arn": "arn"})
    configuration = Configuration(
        root=Path(),
        source="hcl",
        resources=(resource, *(it for it in parts if it is not resource)),
        settings=Settings("123456789012", "eu-west-1"),
    )
    watched = _Watched(resource, configuration, parts, asked=[] if asked is None else asked)
    return settled(own_fields(facet), Found(facet.declared(watched), ""))


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
