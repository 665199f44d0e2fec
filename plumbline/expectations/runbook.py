"""A runbook: what must be true, how bad it is when it is not, and what to type then."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from pathlib import Path

from plumbline.expectations.invariant import Invariant, Severity, at_most
from plumbline.expectations.runbook_files import RunbookFiles, runbook_path
from plumbline.expectations.runbook_mistakes import mistakes_in
from plumbline.expectations.stack import Stack
from plumbline.kinds.runbook_record import RunbookData
from plumbline.values.data import Place
from plumbline.values.mistakes import DataError
from plumbline.values.patterns import is_found


class Runbook:
    """A runbook as its YAML gives it. Raises `DataError` for every mistake in it."""

    def __init__(self, path: Path, stack: Stack, asserted: Collection[str] | None = None) -> None:
        """Read the file or folder. `asserted` are the sentences that there are tests for, where known."""
        files = RunbookFiles(path)
        mistakes = list(dict.fromkeys(mistakes_in(files, stack, asserted)))
        if mistakes:
            raise DataError("\n".join(mistakes))
        model = files.model
        self._files = files
        self.path, self.title, self.source = files.path, model.title, model.source
        self.invariants, self.escalation = files.invariants, model.escalation
        self.contacts, self.sections, self.console = model.contacts, model.sections, model.console
        self.denied, self.highest_severity = model.denied, model.highest_severity
        self.symptoms = model.symptoms

    def mistake(self, identifier: str, message: str, *below: str | int) -> str:
        """Return a message about an invariant, with the file and line of what stands `below` its id."""
        return self._files.mistake(("invariants", identifier, *below), message)

    def texts(self, identifier: str) -> Iterator[tuple[Place, str]]:
        """Yield each text of an invariant in which names are filled in, with its place below the id."""
        return self._files.texts(identifier)

    @functools.cached_property
    def asserted_by(self) -> dict[str, list[str]]:
        """The ids of the invariants that each test asserts, in the runbook's order."""
        found: dict[str, list[str]] = {}
        for identifier, invariant in self.invariants.items():
            for test in invariant.tests:
                found.setdefault(test, []).append(identifier)
        return found

    @functools.cached_property
    def ranks(self) -> dict[str, int]:
        """The place of each invariant in the runbook's order."""
        return {identifier: rank for rank, identifier in enumerate(self.invariants)}

    @classmethod
    def of(cls, stack: Stack, runbooks: Path, asserted: Collection[str] | None = None) -> Runbook:
        """Return the runbook that lies under the name of the stack's file in the folder `runbooks`."""
        return cls(runbook_path(runbooks, stack.path.stem), stack, asserted)

    def titled(self, section: str) -> str:
        """Return the section with its title."""
        return f"{section} {self.sections.get(section, '')}".strip()

    def data(self, today: date) -> RunbookData:
        """Return what it says of itself, on a day."""
        roles = dict.fromkeys(role for it in self.escalation.values() for role in it.roles)
        reached = {role: contact.reach or "" for role, contact in self.contacts.items()}
        contacts = {role: reached.get(role, "") for role in roles}
        return RunbookData(self.source, self._files.model.last_updated, contacts, str(self.path), today)

    def severity(self, invariant: Invariant, environment: str) -> Severity:
        """Return how bad it is that the invariant does not hold in an environment."""
        return at_most(self.highest_severity.get(environment), invariant.severity)

    def contacts_for(self, severity: str, environments: Iterable[str]) -> dict[str, str]:
        """Return where those are reached who are told of something of this severity there, by their role."""
        concerned = set(environments)
        return {
            role: contact.reach or "the runbook names nobody"
            for role, contact in self.contacts.items()
            if (contact.severities is None or severity in contact.severities)
            and (contact.environments is None or concerned & set(contact.environments))
        }

    def sections_about(self, message: str) -> list[str]:
        """Return the sections that deal with an error message, in the order of the symptoms."""
        fitting = (sections for pattern, sections in self.symptoms.items() if is_found(pattern, message))
        return list(dict.fromkeys(section for sections in fitting for section in sections))
