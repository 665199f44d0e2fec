"""What a mutation says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from selftest.mutations.documents import InDocument
from selftest.mutations.edits import Edit, Happened, InRepository, Replaced
from selftest.recorded.kept import SORTS

DEPLOYED = ("moto", "live")


@dataclass(frozen=True)
class Mutation:
    """An edit of conforming evidence, and what of the suite must notice it."""

    kills: str
    """The invariant: its catalogue id, and its sentence where it has several."""
    edits: tuple[Edit, ...]
    environment: str
    falls_with: Mapping[str, str]
    """The other invariants that necessarily fall, and why."""
    only_on: str | None
    """The only source that it is about, where that does not follow from its edits."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources whose evidence it changes."""
        if self.only_on:
            return (self.only_on,)
        match self.edits[0]:
            case Replaced():
                return ("hcl",)
            case Happened():
                return ("live",)
            case edit if isinstance(edit, InDocument):
                return SORTS
            case edit if isinstance(edit, InRepository):
                return ("repository",)
        return DEPLOYED

    @property
    def fallen(self) -> frozenset[str]:
        """All invariants that must fail, and no others."""
        return frozenset({self.kills, *self.falls_with})


def mutation(
    kills: str,
    *edits: Edit,
    environment: str = "dev",
    falls_with: Mapping[str, str] | None = None,
    only_on: str | None = None,
) -> Mutation:
    """Return the mutation that these edits make."""
    return Mutation(kills, edits, environment, falls_with or {}, only_on)


def unnamed(inventory: str) -> Mapping[str, str]:
    """Return that the invariant of an inventory falls too, where a resource is called otherwise."""
    return {inventory: "the stack does not name it so"}
