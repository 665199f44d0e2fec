"""Waivers: exceptions that somebody granted, for a reason and until a day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from plumbline.expectations.format import require_format
from plumbline.expectations.runbook import Runbook
from plumbline.expectations.stack import Stack
from plumbline.kinds.inventory import listed
from plumbline.values.data import Day, Document, Entry, Said
from plumbline.values.mistakes import DataError, did_you_mean
from plumbline.values.wildcards import wildcard


class _Entry(Entry):
    invariant: Said
    """The id of what need not hold."""
    resource: Said
    """The name of what it need not hold of, or a pattern: `shop-*-dev`, where `*` stands for any text.

    Of an inventory: the name of what is there and need not be named by the stack.
    """
    of: Said | None = None
    """Which kind that is, where an invariant speaks of inventories of several: `tables`."""
    environments: Annotated[list[str], Field(min_length=1)] | None = None
    """Where it need not hold; everywhere unless said."""
    owner: Said
    """Who answers for it."""
    reason: Said
    until: Day
    """The last day on which it need not hold."""


class WaiversModel(Entry):
    """A file of waivers."""

    format: int
    stack: str
    waivers: list[_Entry]


@dataclass(frozen=True)
class Waiver:
    """What need not hold of some resource for a while."""

    place: str
    """The file and line of it."""
    stack: str
    invariant: str
    resource: str
    of: str | None
    """The section of the kind that it is about, of inventories; every kind where that is None."""
    environments: tuple[str, ...] | None
    owner: str
    reason: str
    until: datetime.date

    def concerns(self, stack: str, environment: str, invariant: str) -> bool:
        """Whether it is about this invariant, of whatever resource."""
        here = self.environments is None or environment in self.environments
        return here and (self.stack, self.invariant) == (stack, invariant)

    def is_about(self, section: str) -> bool:
        """Whether it is about a kind, by its section, of inventories of several."""
        return self.of in (None, section)

    def speaks_of(self, stack: str, environment: str, invariant: str, resource: str) -> bool:
        """Whether it is about this invariant of this resource."""
        return self.is_called(resource) and self.concerns(stack, environment, invariant)

    def is_called(self, resource: str) -> bool:
        """Whether its resource is called so."""
        return resource == self.resource or wildcard(self.resource)(resource)

    def expired(self, today: datetime.date) -> bool:
        """Whether its last day is over."""
        return today > self.until

    @property
    def told(self) -> str:
        """By whom, until when and why."""
        return f"waived until {self.until} by {self.owner}: {self.reason}"


def waivers_of(stack: Stack, runbook: Runbook, folder: Path) -> tuple[Waiver, ...]:
    """Return the waivers in the file of the stack's name, if there is one. Raises `DataError`."""
    path = folder / f"{stack.path.stem}.yaml"
    if not path.is_file():
        return ()
    document = Document(path)
    require_format(document, "waivers")
    model = document.validated(WaiversModel)
    if mistakes := list(_mistakes(document, model, stack, runbook)):
        raise DataError("\n".join(mistakes))
    return tuple(
        Waiver(
            place=f"{path}:{document.line(('waivers', number))}",
            stack=stack.name,
            environments=None if it.environments is None else tuple(it.environments),
            **it.model_dump(include={"invariant", "resource", "of", "owner", "reason", "until"}),
        )
        for number, it in enumerate(model.waivers)
    )


def _asked_nowhere(waiver: _Entry, runbook: Runbook) -> str:
    """Return why what is waived is asked of nothing; empty where it is asked of something."""
    invariant = runbook.invariants[waiver.invariant]
    if invariant.advisory:
        return f"{waiver.invariant} is only advised: there is nothing to waive"
    asked = invariant.environments
    if asked is not None and waiver.environments and not {*waiver.environments} & {*asked}:
        where = ", ".join(waiver.environments)
        return f"{waiver.invariant} is asked in {', '.join(asked)}, not in {where}: there is nothing to waive"
    return ""


def _mistakes(document: Document, model: WaiversModel, stack: Stack, runbook: Runbook) -> Iterator[str]:
    if model.stack != stack.name:
        yield document.mistake(
            ("stack",), f"stack is {model.stack!r}, and the file is named after {stack.name}"
        )
    every = [subject for name in stack.environments for subject in stack.subjects(name).values()]
    sections = {listed(it.question) for it in every} - {""}
    for number, it in enumerate(model.waivers):
        if it.of is not None and it.of not in sections:
            told = f"no inventory of {stack.name} is of {it.of}{did_you_mean(it.of, sections)}"
            yield document.mistake(("waivers", number, "of"), told)
        if it.invariant not in runbook.invariants:
            near = did_you_mean(it.invariant, runbook.invariants)
            yield document.mistake(
                ("waivers", number, "invariant"), f"no invariant {it.invariant!r} in {runbook.path}{near}"
            )
        elif told := _asked_nowhere(it, runbook):
            yield document.mistake(("waivers", number, "invariant"), told)
        for name in it.environments or []:
            if name not in stack.environments:
                near = did_you_mean(name, stack.environments)
                yield document.mistake(
                    ("waivers", number, "environments"), f"unknown environment {name!r} of {stack.name}{near}"
                )
