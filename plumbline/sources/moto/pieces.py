"""What is created at once in moto, and what must be there before it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plumbline.kinds.facet import Facet, own_fields
from plumbline.kinds.kind import Kind, declaration_of, in_order
from plumbline.kinds.registry import kinds
from plumbline.terraform.declared import another_account, region
from plumbline.values.unknown import Placeholder, Undetermined

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource

Address = tuple[str, str]
"""A Terraform root, and the address of a resource in it."""


@dataclass(frozen=True)
class Piece:
    """A facet of a declared resource."""

    address: Address
    kind: type[Kind]
    facet: type[Facet]
    name: str
    """The resource's, as far as it is known."""
    region: str
    """Where it lies; empty where that is not known."""
    account: str = ""
    """Whose it is, where that is known to be another account than the environment's."""

    @property
    def is_core(self) -> bool:
        """Whether nothing else of the resource is there without it."""
        return self.facet is self.kind.facets()[0]

    @property
    def told(self) -> str:
        """What it is, to people: `bucket raw`, or `versioning of bucket raw`."""
        resource = f"{self.kind.noun.replace('_', ' ')} {self.name}"
        return resource if self.is_core else f"{' and '.join(own_fields(self.facet))} of {resource}"


_KEY = re.compile(r"\[[^\]]*\]")
"""What tells an instance from the others: in a reference it may stand for all of them."""
Declared = tuple[Piece, tuple["Resource", ...]]
"""A piece, and the resources that declare it."""


def pieces(roots: Mapping[str, Configuration]) -> dict[Piece, frozenset[Piece]]:
    """Return every piece that some roots declare, in their order, with those that must be there before it."""
    found = [declared for root, it in roots.items() for declared in _declared(root, it)]
    order = _Order(found, roots.values())
    return {piece: frozenset(order.before(piece, parts)) for piece, parts in found}


def circle(waiting: Mapping[Piece, Collection[Piece]]) -> list[Piece]:
    """Return pieces of which each waits for the next one, and the last for the first.

    Each piece must wait for one that is waiting, too. Terraform allows it: a facet can be declared by several
    resources, of which one refers to what refers to another.
    """
    path = [next(iter(waiting))]
    while True:
        needed = next(it for it in waiting if it in waiting[path[-1]])
        if needed in path:
            return path[path.index(needed) :]
        path.append(needed)


def _declared(root: str, configuration: Configuration) -> Iterator[Declared]:
    """Yield the pieces of a root with the resources that declare each."""
    declared = [it for it in kinds().values() if it.terraform_type]
    by_type = {type_: kind for kind in declared for type_ in (kind.terraform_type, *kind.former_types)}
    for resource in configuration.resources:
        kind = by_type.get(resource.type)
        if kind is None or not kind.creatable():
            continue
        named = kind.named(resource, configuration)
        name = resource.address if isinstance(named, Placeholder) else named
        lies_in = region(resource, configuration)
        place = "" if isinstance(lies_in, Placeholder) else str(lies_in)
        of = another_account(resource, configuration)
        for facet in in_order(kind.facets()):
            if facet is kind.facets()[0] or facet.requested is not Facet.requested:
                piece = Piece((root, resource.address), kind, facet, name, place, of)
                yield piece, _parts(piece, resource, configuration)


def _parts(piece: Piece, resource: Resource, configuration: Configuration) -> tuple[Resource, ...]:
    try:
        return declaration_of(piece.kind, piece.facet, resource, configuration).parts
    except Undetermined:  # making it raises this again
        return ()


class _Order:
    """Which pieces come from which addresses, outputs, modules and names."""

    def __init__(self, found: Iterable[Declared], roots: Iterable[Configuration]) -> None:
        self._of: dict[Address, list[Piece]] = {}
        self._made_by: dict[Address, list[Piece]] = {}
        self._in_module: dict[Address, list[Piece]] = {}
        self._named: dict[tuple[str, str], Piece] = {}
        for piece, parts in found:
            self._of.setdefault(piece.address, []).append(piece)
            for part in parts:
                for place in _places(part.address):
                    self._made_by.setdefault((part.root, place), []).append(piece)
                for module in _modules(part):
                    self._in_module.setdefault((part.root, module), []).append(piece)
            called = (piece.kind.noun, piece.name)
            if piece.is_core and not (piece.account and called in self._named):
                self._named[called] = piece
        self._made_from = {place: of for it in roots for place, of in self._followed(it).items()}

    def _followed(self, root: Configuration) -> dict[Address, list[str]]:
        """Return what is made of references: data sources, outputs, and resources that are in no piece."""
        found: dict[Address, list[str]] = {}
        for resource in root.resources:
            of = (*resource.depends_on, *itertools.chain.from_iterable(resource.references.values()))
            for place in _places(resource.address):
                if (resource.root, place) not in self._made_by:
                    found.setdefault((resource.root, place), []).extend(of)
        for place, references in root.made_from.items():
            for named in dict.fromkeys((place, _KEY.sub("[*]", place))):
                found.setdefault((str(root.root), named), []).extend(references)
        return found

    def before(self, piece: Piece, parts: Iterable[Resource]) -> Iterator[Piece]:
        """Yield what must be there before a piece."""
        for other in self._of[piece.address]:
            follows = set(piece.facet.follows) & {*own_fields(other.facet)}
            if other is not piece and (other.is_core or follows) and not piece.is_core:
                yield other
        if holder := self._named.get((piece.kind.held_by, piece.kind.holder(piece.name))):
            yield holder
        for part in parts:
            followed: set[Address] = set()
            for place in (*part.depends_on, *itertools.chain.from_iterable(part.references.values())):
                made = self._made_at(part.root, place, followed)
                yield from (it for it in made if it.address != piece.address)

    def _made_at(self, root: str, reference: str, followed: set[Address]) -> Iterator[Piece]:
        """Yield the pieces that a reference leads to; it may go on into the resource: `aws_x.y.arn`.

        What is in no piece is followed, each once. A module as a whole is waited for in `depends_on` alone:
        what refers to something in it waits for that.
        """
        yield from self._in_module.get((root, reference), ())
        for address in _beginnings(reference):
            place = root, address
            if place in self._made_by:
                yield from self._made_by[place]
                return
            if place in self._made_from:
                further = () if place in followed else self._made_from[place]
                followed.add(place)
                for it in further:
                    yield from self._made_at(root, it, followed)
                return


def _beginnings(reference: str) -> Iterator[str]:
    """Yield a reference, and what it goes on from: `module.x.names["a"]`, `module.x.names`."""
    while reference:
        yield reference
        reference = reference.rpartition("[" if reference.endswith("]") else ".")[0]


def _places(address: str) -> Iterator[str]:
    """Yield what can stand for what has an address: that, and all its instances."""
    yield address
    if address.endswith("]"):
        yield address.rpartition("[")[0]


def _modules(resource: Resource) -> Iterator[str]:
    """Yield the modules that a resource lies in, as `depends_on` may name them."""
    module = resource.module
    while module:
        yield from _places(module)
        module = module.rpartition(".module.")[0]
