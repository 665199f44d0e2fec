"""What a mutation says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from selftest.mutations.documents import InDocument
from selftest.mutations.edits import Edit, Happened, InRepository, Replaced, Written
from selftest.recorded.kept import SORTS

DEPLOYED = ("moto", "live")


@dataclass(frozen=True)
class Change:
    """An edit of conforming evidence."""

    edits: tuple[Edit, ...]
    environment: str
    """That of whose evidence it is; empty for the first of the stack."""
    only_on: str | None
    """The only source that it is about, where that does not follow from its edits."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources whose evidence it changes."""
        if self.only_on:
            return (self.only_on,)
        match self.edits[0]:
            case Replaced() | Written():
                return ("hcl",)
            case Happened():
                return ("live",)
            case edit if isinstance(edit, InDocument):
                return SORTS
            case edit if isinstance(edit, InRepository):
                return ("repository",)
        return DEPLOYED


@dataclass(frozen=True)
class Mutation(Change):
    """A change that the suite must notice."""

    kills: str
    """The invariant: its catalogue id, and its sentence where it has several."""
    falls_with: Mapping[str, str]
    """The other invariants that necessarily fall, and why."""
    unlisted: bool
    """Whether it adds an offender that no stack names."""

    @property
    def fallen(self) -> frozenset[str]:
        """All invariants that must fail, and no others."""
        return frozenset({self.kills, *self.falls_with})


@dataclass(frozen=True)
class NearMiss(Change):
    """A change that looks like a fault and is none: every invariant must go on to hold."""

    misses: str
    """The invariant that a careless test of it would turn red."""
    why: str
    """Why it is right all the same."""


def mutation(
    kills: str,
    *edits: Edit,
    environment: str = "",
    falls_with: Mapping[str, str] | None = None,
    only_on: str | None = None,
    unlisted: bool = False,
) -> Mutation:
    """Return the mutation that these edits make."""
    return Mutation(edits, environment, only_on, kills, falls_with or {}, unlisted)


def on_each(
    kills: str,
    source: Edit,
    files: Edit,
    account: Edit,
    environment: str = "",
    falls_with: Mapping[str, str] | None = None,
) -> list[Mutation]:
    """Return the mutation as it is made in source, in a plan or a state, and in an account."""
    edits = (source, files, account)
    return [mutation(kills, it, environment=environment, falls_with=falls_with) for it in edits]


def near_miss(
    misses: str, *edits: Edit, why: str, environment: str = "", only_on: str | None = None
) -> NearMiss:
    """Return the near miss that these edits make."""
    return NearMiss(edits, environment, only_on, misses, why)


def unnamed(inventory: str) -> Mapping[str, str]:
    """Return that the invariant of an inventory falls too, where a resource is called otherwise."""
    return {inventory: "the stack does not name it so"}
