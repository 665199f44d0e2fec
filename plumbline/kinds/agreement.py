"""Which resources declare a facet of which there is one, and whether they agree.

A facet can be declared beside its resource, by blocks within it, or by both, and by several of one sort. What
AWS holds then is what was applied last, which no source says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from plumbline.kinds.facet import Facet, Found, own_fields
from plumbline.kinds.settling import settled
from plumbline.terraform.companions import companions
from plumbline.terraform.declared import Declaration, refuse_difference
from plumbline.values.unknown import Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource


def parts_of(
    facet: type[Facet], resource: Resource, configuration: Configuration, name: object
) -> tuple[Resource, ...]:
    """Return the resources that declare a facet of which a resource has one; itself where its blocks do.

    A plan and a state hold in these blocks also what AWS answered before the resources beside it were
    applied: there they count where nothing beside the resource declares the facet.
    Raises `Undetermined` where none is found and one may be.
    """
    assert facet.beside is not None
    try:
        by = facet.beside
        beside = companions(resource, configuration, by.type, by.argument, name, bare=by.bare)
    except Undetermined:
        if configuration.source == "hcl" and (own := _own(facet, resource, configuration)):
            return own
        raise
    if beside and configuration.source != "hcl":
        return tuple(beside)
    return (*beside, *_own(facet, resource, configuration))


def _own(facet: type[Facet], resource: Resource, configuration: Configuration) -> tuple[Resource, ...]:
    """Return the resource as one beside it would say the same of a facet; nothing where it says nothing."""
    said = facet.within(_configured(resource, configuration))
    if said is None:
        return ()
    return (replace(resource, values=dict(said), locations={}),)


def _configured(resource: Resource, configuration: Configuration) -> Mapping[str, Any]:
    """Return the arguments of a resource without what a plan calls unknown because nobody has given it."""
    if configuration.source != "plan":
        return resource.values
    return {
        name: value
        for name, value in resource.values.items()
        if not isinstance(value, Unknown) or name in resource.references
    }


def agreed(facet: type[Facet], declaration: Declaration) -> Declaration:
    """Return what declares a facet, by one resource where several say the same of it.

    Raises `Undetermined` where they say different things, or where nobody knows whether they do.
    """
    if facet.beside is None or facet.beside.many or len(declaration.parts) < 2:
        return declaration
    first, *others = declaration.parts
    for other in others:
        if not _alike(_fields(facet, declaration, it) for it in (first, other)):
            refuse_difference(declaration.resource.address, first, other)
    return replace(declaration, parts=(first,))


def _fields(facet: type[Facet], declaration: Declaration, part: Resource) -> dict[str, Any]:
    found = Found(facet.declared(replace(declaration, parts=(part,))), "")
    defaults = {name: facet.model_fields[name].get_default() for name in own_fields(facet)}
    return defaults | settled(own_fields(facet), found)


def _alike(said: Iterable[dict[str, Any]]) -> bool:
    one, other = said
    try:
        return one == other
    except Undetermined:
        return False
