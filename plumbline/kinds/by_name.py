"""What AWS lists under ids of its own, found by what it is called."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any

from plumbline.kinds.facet import Request, request
from plumbline.values.unknown import Missing, Undetermined

if TYPE_CHECKING:
    from plumbline.kinds.call import Asked, Call


def id_among(listed: Iterable[tuple[str, str]], asked: Asked, call: Call, what: str) -> str:
    """Return the id of the one of the name that is asked about, of pairs of a name and an id.

    Raises `Missing` where there is none, and `Undetermined` where several have the name, as AWS lets them.
    """
    found = [identifier for name, identifier in listed if name == asked.name]
    if not found:
        raise Missing(f"{what} {asked.name}", f"in {asked.region} ({call.operation})")
    if len(found) > 1:
        raise Undetermined(f"{len(found)} {what}s in {asked.region} are called {asked.name}")
    return found[0]


def asked_of_moto(
    listing: Call, member: str, attribute: str, **named: str
) -> Generator[Request, dict[str, Any], str]:
    """Request a list, and return an attribute of the one of this name: `Name="orders"`."""
    listed = yield request(listing.operation, **listing.parameters)
    return next(str(it[attribute]) for it in listed[member] if named.items() <= it.items())
