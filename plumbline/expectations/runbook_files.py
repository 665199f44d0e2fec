"""The YAML of a runbook: one file, or one that lists a file for each of its sections."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from plumbline.expectations.format import require_format
from plumbline.expectations.invariant import Invariant, Severity
from plumbline.values.data import Day, Document, Entry, Place, Said
from plumbline.values.mistakes import DataError, did_you_mean

MAIN = "runbook.yaml"
"""The file of a folder that says what holds for the whole runbook, and lists the others."""


NOT_FILLED_IN = ("advisory", "out_of_reach")
"""What an invariant says in prose: braces in it stand for themselves."""


class Escalation(Entry):
    """Who deals with a severity, and when it goes further."""

    first: Said
    escalate_to: str = ""
    after: str = ""
    """When it goes further; empty where the runbook gives no time."""
    final: str | None = None

    @model_validator(mode="after")
    def _goes_to_somebody(self) -> Escalation:
        if self.after and len(self.roles) < 2:
            raise ValueError(f"nobody is told after {self.after}: escalate_to says who")
        return self

    @property
    def roles(self) -> tuple[str, ...]:
        """Those who deal with it, in their order."""
        return tuple(filter(None, (self.first, self.escalate_to, self.final)))

    @property
    def told(self) -> str:
        """The escalation as a card has it."""
        first, *others = self.roles
        then = ", then ".join(others)
        return f"{first}; after {self.after} {then}" if self.after else ", then ".join(self.roles)


class Contact(Entry):
    """Somebody who is told, and of what."""

    reach: Said | None = None
    """Where they are reached; none where the runbook names nobody."""
    severities: Annotated[list[Severity], Field(min_length=1)] | None = None
    """What they are told of; everything unless said."""
    environments: Annotated[list[str], Field(min_length=1)] | None = None


class RunbookModel(Entry):
    """A runbook's YAML."""

    format: int
    stack: str
    title: Said
    source: str
    last_updated: Day | None = None
    """When the document says that it was last updated."""
    escalation: dict[Severity, Escalation] = {}
    highest_severity: dict[str, Severity] = {}
    """The highest severity that something wrong in an environment has."""
    contacts: dict[Said, Contact] = {}
    """Who is told, by their role or the name of a channel."""
    sections: dict[Said, Said] = {}
    """The title of each section."""
    denied: dict[str, str] = {}
    """The section that deals with denied calls, by service: `dynamodb`."""
    symptoms: dict[str, Annotated[list[str], Field(min_length=1)]] = {}
    """The sections that deal with an error message, by a pattern that is found in it."""
    console: dict[str, str] = {}
    """Console links by the noun of a kind."""
    invariants: dict[str, Invariant] = {}
    files: list[Annotated[str, Field(pattern=r"^\w[\w.-]*\.yaml$")]] = []
    """Files beside this one that hold further invariants, in their order."""


class SectionModel(Entry):
    """The YAML of a file that holds a section's invariants."""

    format: int
    invariants: dict[str, Invariant]


def runbook_path(runbooks: Path, name: str) -> Path:
    """Return where a runbook lies: a folder of this name, or a file. Raises `DataError` where both are."""
    folder, file = runbooks / name, runbooks / f"{name}.yaml"
    if folder.is_dir() and file.exists():
        raise DataError(f"{file}: there is a folder {folder} too: a runbook is one of both")
    return folder if folder.is_dir() else file


class RunbookFiles:
    """A runbook's YAML, read whole; the place of a mistake is the file and line that it stands in.

    Its invariants come in the order in which its files are listed and hold them. Raises `DataError` for
    every file that cannot be used, and for an invariant that stands in two of them.
    """

    def __init__(self, path: Path) -> None:
        self._whole = path.is_dir()
        self.path = path / MAIN if self._whole else path
        if not self.path.exists():
            named = f"`stack: {path.name if self._whole else path.stem}`"
            told = f'write there what must be true of it, with {named} (docs/formats.md, "A runbook")'
            raise DataError(f"{self.path} is missing, and a stack has a runbook: {told}")
        self._main = _opened(self.path)
        self.model = self._main.validated(RunbookModel)
        self.invariants = dict(self.model.invariants)
        self._documents = [self._main]
        self._holding = dict.fromkeys(self.invariants, self._main)
        mistakes = [*self._not_listed()]
        for position, name in enumerate(self.model.files):
            mistakes += self._add(position, name)
        if not self.invariants and not mistakes:
            mistakes.append(self._main.mistake((), "it holds no invariant, and lists no file that does"))
        if mistakes:
            raise DataError("\n".join(mistakes))

    def mistake(self, place: Place, message: str) -> str:
        """Return `message` with the file and line of the value at `place`."""
        of_invariant = place[:1] == ("invariants",) and len(place) > 1
        document = self._holding[str(place[1])] if of_invariant else self._main
        return document.mistake(place, message)

    def strings(self) -> Iterator[tuple[Place, str]]:
        """Yield every string of the runbook, with its place."""
        yield from chain.from_iterable(document.strings() for document in self._documents)

    def texts(self, identifier: str) -> Iterator[tuple[Place, str]]:
        """Yield each text of an invariant in which names are filled in, with its place below the id."""
        for place, text in self._holding[identifier].strings(("invariants", identifier)):
            if place[2] not in NOT_FILLED_IN:
                yield place[2:], text

    def _add(self, position: int, name: str) -> Iterator[str]:
        """Take in a listed file, and yield its mistakes."""
        file = self.path.with_name(name)
        if not file.is_file():
            near = did_you_mean(name, (other.name for other in self._beside()))
            yield self._main.mistake(("files", position), f"there is no file {name} beside it{near}")
            return
        try:
            document = _opened(file)
            invariants = document.validated(SectionModel).invariants
        except DataError as error:
            yield str(error)
            return
        self._documents.append(document)
        for identifier, invariant in invariants.items():
            if identifier in self._holding:
                elsewhere = f"{identifier!r} is written in {self._holding[identifier].path} too"
                yield document.mistake(("invariants", identifier), elsewhere)
            else:
                self._holding[identifier] = document
                self.invariants[identifier] = invariant

    def _not_listed(self) -> Iterator[str]:
        """Yield a mistake for each file of a runbook's own folder that would be passed over."""
        for file in self._beside() if self._whole else ():
            if file.name not in self.model.files:
                yield self._main.mistake(
                    ("files",), f"`files` does not list {file.name}, which lies beside it"
                )

    def _beside(self) -> list[Path]:
        found = {*self.path.parent.glob("*.yaml"), *self.path.parent.glob("*.yml")}
        return sorted(found - {self.path})


def _opened(path: Path) -> Document:
    document = Document(path)
    require_format(document, "runbook")
    return document
