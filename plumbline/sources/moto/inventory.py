"""Inventories on moto: what it lists of a kind, but for what it holds from its start."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from plumbline.expectations.stack import Subject
from plumbline.kinds.inventory import Inventory, OfWhat
from plumbline.sources.moto.account import account
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.sources.moto.filling import Filled

NOBODY = "000000000000"
"""An account that nothing is created in."""

_untouched = functools.cache(account)


def inventory(subject: Subject, filled: Filled) -> Inventory:
    """Return what moto lists of what it was given: everything there is the stack's, whatever its name.

    Where moto does not hold all that is declared there may be more.
    """
    asked = subject.question
    assert isinstance(asked, OfWhat)
    if not asked.kind.creatable():
        raise Undetermined(f"{asked.of} cannot be created in moto")
    regions = {piece.region for piece in filled.pieces if piece.kind is asked.kind and piece.region}
    everything = asked.model_copy(update={"prefixes": [], "regions": sorted({*asked.regions, *regions})})
    there = _listed(filled.aws, subject, everything)
    before = [it.told for it in _listed(_untouched(NOBODY, subject.region), subject, everything).found]
    found = [it for it in there.found if it.told not in before]
    doubt = next(_doubts(filled, everything), "")
    return there.model_copy(update={"found": SomeOf(found, doubt) if doubt else found})


def _listed(aws: Aws, subject: Subject, question: OfWhat) -> Inventory:
    return Inventory.from_aws(aws.within(subject.region), subject.name, question=question)


def _doubts(filled: Filled, question: OfWhat) -> Iterator[str]:
    """Yield why moto may not hold all of the kind that is declared."""
    for what in filled.unread:
        yield f"{what} may declare {question.kind.terraform_type}, and is not read"
    for piece, reason in filled.lacking.items():
        if piece.kind is question.kind and piece.is_core:
            told = reason.reason if isinstance(reason, Undetermined) else str(reason)
            yield f"moto does not hold {piece.told}: {told}"
