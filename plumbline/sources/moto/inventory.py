"""Inventories on moto: what it lists of a kind, as far as something declared made it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from plumbline.expectations.stack import Subject
from plumbline.kinds.inventory import Inventory, OfWhat, copied
from plumbline.kinds.listing import Existing
from plumbline.terraform.companions import makers
from plumbline.values.some_of import doubted
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.sources.moto.filling import Filled
    from plumbline.sources.moto.pieces import Piece


def inventory(subject: Subject, filled: Filled, unnamed_roots: Iterable[str]) -> Inventory:
    """Return what moto lists of what is declared: all of that is the stack's, whatever its name.

    What moto holds from its start, or was given only so that it takes something else, is not. Where moto does
    not hold all that is declared, there may be more.
    """
    asked = subject.question
    assert isinstance(asked, OfWhat)
    if not asked.kind.creatable():
        raise Undetermined(f"{asked.of} cannot be created in moto")
    made = {piece: name for piece, name in filled.names.items() if piece.kind is asked.kind}
    regions = {piece.region for piece in made if piece.region}
    everything = asked.model_copy(update={"prefixes": [], "regions": sorted({*asked.regions, *regions})})
    listed = Inventory.from_aws(filled.aws.within(subject.region), subject.name, question=everything)
    found = [_whose(it, made) for it in listed.found if it.name in made.values()]
    there = {it.name for it in found}
    unlisted = [f"moto does not list {name}, which it was given" for name in sorted({*made.values()} - there)]
    return listed.model_copy(
        update={"found": doubted(found, [*unlisted, *_doubts(asked, filled, unnamed_roots)])}
    )


def _whose(existing: Existing, made: Mapping[Piece, str]) -> Existing:
    """Return something with its account, where it was made as another's: moto has it in the environment's."""
    called_so = [it for it, name in made.items() if name == existing.name]
    of = {it.account for it in called_so if existing.region in ("", it.region)}
    return existing.model_copy(update={"account": next(iter(of))}) if len(of) == 1 else existing


def _doubts(question: OfWhat, filled: Filled, unnamed_roots: Iterable[str]) -> Iterator[str]:
    """Yield why moto may not hold all of the kind that is declared."""
    for what in (*filled.unread, *unnamed_roots):
        yield f"{what} may declare {question.kind.terraform_type}, and is not read"
    for piece, reason in filled.lacking.items():
        if piece.kind is question.kind and piece.is_core:
            told = reason.reason if isinstance(reason, Undetermined) else str(reason)
            yield f"moto does not hold {piece.told}: {told}"
    for root in filled.roots:
        copies, doubts = copied(question.kind, root)
        yield from (f"moto is not given {it.told}, which {it.where} makes" for it in copies)
        yield from doubts
        yield from (f"{it}, and is not in moto" for it in makers(root, *question.types))
