"""A runbook: what must be true, how bad it is when it is not, and what to type then."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from plumbline.expectations.stack import Stack
from plumbline.kinds.registry import kinds
from plumbline.values.data import DataError, Document, Entry
from plumbline.values.filling import PLACEHOLDER

Severity = Literal["P1", "P2", "P3", "P4"]
Evidence = Literal["hcl", "source", "aws", "repo", "ops", "probe"]

SOURCES: dict[str, tuple[str, ...]] = {
    "source": ("hcl",),
    "hcl": ("hcl", "plan", "state"),
    "aws": ("moto", "live"),
    "repo": ("repository",),
    "ops": ("live",),
    "probe": ("live",),
}
"""The sources that can answer each sort of evidence; `source` is what only Terraform's own files say."""


class Remedy(Entry):
    """What to type, as commands against the account and as Terraform."""

    aws: list[str] = []
    terraform: list[str] = []


class Invariant(Entry):
    """A sentence of the runbook that must hold."""

    test: str | dict[str, list[Evidence]] | None = None
    """The sentence under tests/ that asserts it, or several with the evidence of each; none where not yet."""
    of: list[str] | None = None
    """The resources it speaks of; unless said, every resource that the stack expects these fields of."""
    environments: list[str] | None = None
    section: str
    see: list[str] = []
    """Further sections that deal with it."""
    statement: str
    severity: Severity
    evidence: list[Evidence]
    causes: list[str] = []
    remedy: Remedy = Remedy()
    advisory: str | None = None
    """Why it is switched off."""
    out_of_reach: str | None = None
    """Why no source can examine it."""

    @property
    def tests(self) -> dict[str, tuple[str, ...]]:
        """The tests that assert it, and the sources that can answer each."""
        return {
            test: tuple(s for sort in evidence for s in SOURCES[sort])
            for test, evidence in self._evidence.items()
        }

    def operational(self, test: str) -> bool:
        """Whether a test asks what happened, not what is configured; that is examined only when asked."""
        return "ops" in self._evidence[test]

    def probes(self, test: str) -> bool:
        """Whether a test tries something out, and writes; that is done only when allowed."""
        return "probe" in self._evidence[test]

    @property
    def _evidence(self) -> dict[str, list[Evidence]]:
        return {self.test: self.evidence} if isinstance(self.test, str) else self.test or {}


class Escalation(Entry):
    """Who deals with a severity, and when it goes further."""

    first: str
    escalate_to: str
    after: str
    final: str | None = None


class _Runbook(Entry):
    """A runbook's YAML."""

    stack: str
    title: str
    source: str
    escalation: dict[Severity, Escalation]
    contacts: dict[str, str] = {}
    sections: dict[str, str] = {}
    """The title of each section."""
    denied: dict[str, str] = {}
    """The section that deals with denied calls, by service: `dynamodb`."""
    console: dict[str, str] = {}
    """Console links by the noun of a kind."""
    invariants: dict[str, Invariant]


def runbook_model() -> type[BaseModel]:
    """Return the model of a runbook's YAML."""
    return _Runbook


class Runbook:
    """A runbook as its YAML gives it. Raises `DataError` for every mistake in it."""

    def __init__(self, path: Path, stack: Stack, asserted: Collection[str] | None = None) -> None:
        """Read the file. `asserted` are the sentences that there are tests for, where that is known."""
        document = Document(path)
        model = document.validated(_Runbook)
        self.path, self.title, self.source = path, model.title, model.source
        self.invariants, self.escalation = model.invariants, model.escalation
        self.contacts, self.sections, self.console = model.contacts, model.sections, model.console
        self.denied = model.denied
        mistakes = [
            *_unknown_placeholders(document, stack),
            *_unknown_resources(document, self, stack),
            *_examined_out_of_reach(document, self),
        ]
        if asserted is not None:
            mistakes += _unknown_tests(document, self, asserted)
        if mistakes:
            raise DataError("\n".join(mistakes))

    def titled(self, section: str) -> str:
        """Return the section with its title."""
        return f"{section} {self.sections.get(section, '')}".strip()


def _unknown_placeholders(document: Document, stack: Stack) -> Iterator[str]:
    of_environments = (set(stack.placeholders(name)) for name in stack.environments)
    valid = {"name", "key", "bucket", "arn"}.union(*of_environments)
    valid |= {name for kind in kinds().values() for name in kind.remedy_names}
    for place, text in document.strings():
        if place[0] not in ("invariants", "console") or place[2:3] in (("advisory",), ("out_of_reach",)):
            continue
        for name in PLACEHOLDER.findall(text):
            if name not in valid:
                known = ", ".join(sorted(valid))
                yield document.mistake(place, f"unknown placeholder {{{name}}}; valid: {known}")


def _unknown_resources(document: Document, runbook: Runbook, stack: Stack) -> Iterator[str]:
    keys = {key for name in stack.environments for key in stack.subjects(name)}
    for identifier, invariant in runbook.invariants.items():
        place = ("invariants", identifier)
        for key in invariant.of or []:
            if key not in keys:
                message = f"{identifier} speaks of {key!r}, which {stack.path} does not list"
                yield document.mistake((*place, "of"), message)
        for name in invariant.environments or []:
            if name not in stack.environments:
                yield document.mistake((*place, "environments"), f"unknown environment {name!r}")


def _examined_out_of_reach(document: Document, runbook: Runbook) -> Iterator[str]:
    for identifier, invariant in runbook.invariants.items():
        if invariant.out_of_reach and invariant.test:
            place = ("invariants", identifier, "out_of_reach")
            yield document.mistake(place, f"{identifier} is asserted by a test, so it is not out of reach")


def _unknown_tests(document: Document, runbook: Runbook, asserted: Collection[str]) -> Iterator[str]:
    for identifier, invariant in runbook.invariants.items():
        for test in invariant.tests:
            if test not in asserted:
                near = difflib.get_close_matches(test, asserted, n=1)
                hint = f" (did you mean {near[0]}?)" if near else ""
                place = ("invariants", identifier, "test")
                yield document.mistake(place, f"no test asserts {test!r} of {identifier}{hint}")
