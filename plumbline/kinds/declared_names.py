"""The Terraform types and arguments that kinds name, held against the AWS provider's schema.

What real Terraform rejects nobody can have declared: a kind that reads it would find nothing, and every
resource at its default.
"""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.kinds.facet import Facet, own_fields
from plumbline.kinds.kind import Kind
from plumbline.terraform.schema import find, resources
from plumbline.terraform.types import BOOL, NUMBER, STRING
from plumbline.values.mistakes import did_you_mean
from plumbline.values.unknown import Placeholder


def undeclarable(kind: type[Kind]) -> Iterator[str]:
    """Yield what no Terraform can declare of what a kind and its facets name."""
    if kind.terraform_type:
        for attribute in (*filter(None, [kind.name_argument]), *kind.chosen):
            yield from _unknown_argument(kind.terraform_type, attribute)
    for type_, argument in kind.listed_with.items():
        yield from _unknown_argument(type_, argument)
    for type_ in (*kind.former_types, *kind.made_by, *kind.shows_besides):
        yield from _unknown_type(type_)
    for computed in (*kind.computed, *kind.arn_lists):
        yield from _unknown_argument(*computed.split(".", 1))
    for facet in kind.facets():
        yield from undeclarable_of(facet, kind)


def undeclarable_of(facet: type[Facet], kind: type[Kind]) -> Iterator[str]:
    """Yield what no Terraform can declare of what a facet of a kind names."""
    for type_ in (*facet.further_types, *facet.seen_besides):
        yield from _unknown_type(type_)
    if facet.beside:
        for type_ in facet.beside.types:
            yield from _unknown_argument(type_, facet.beside.argument)
        for field in own_fields(facet):
            if facet.beside.argument in (facet.in_terraform.get(field), facet.arguments.get(field)):
                told = f"declares {field}, and cannot say whose {facet.__name__} it is"
                yield f"{facet.beside.argument} {told}"
    holder = facet.beside.type if facet.beside else kind.terraform_type
    paths = [it for it in facet.in_terraform.values() if not isinstance(it, Placeholder)]
    for argument in (*facet.arguments.values(), *paths):
        if holder and argument != "lifecycle":
            yield from _unknown_argument(holder, argument)


def _unknown_type(type_: str) -> Iterator[str]:
    """Yield that there is no such type; those of another provider, such as `awscc_`, nothing here knows."""
    if type_.startswith("aws_") and find("resource", type_) is None:
        yield f"the AWS provider has no resource {type_}{did_you_mean(type_, resources(type_))}"


def _unknown_argument(type_: str, path: str) -> Iterator[str]:
    """Yield that a resource type has no such argument, at a path through its blocks."""
    schema = find("resource", type_)
    if schema is None:
        yield from _unknown_type(type_)
        return
    steps = path.split(".")
    for at, step in enumerate(steps, 1):
        block, attribute = schema.block(step), schema.attribute(step)
        if block is None:
            known = [*schema.attributes, *schema.blocks]
            if attribute is None:
                inside = f" ({path})" if len(steps) > 1 else ""
                yield f"{type_} has no argument {step}{did_you_mean(step, known)}{inside}"
            elif attribute.type in (STRING, NUMBER, BOOL) and at < len(steps):
                yield f"{type_} has nothing inside its argument {step} ({path})"
            return  # what a list or an object holds is its type's to say
        schema = block.schema
