"""What the sources of a run gave of each resource, kept as JSON, and given again without the source."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.kinds.selection import Several
from plumbline.sources.source import Source
from plumbline.values.encoding import Garbled, decoded, encoded
from plumbline.values.redaction import is_left_out, redacted
from plumbline.values.unknown import Missing, ReadError, Undetermined, Unexamined, Unread, Unreadable

_LEFT_OUT = "the evidence file leaves it out: it is a secret"

Place = tuple[str, str, str]
"""Stack, environment, and the resource's key in the stack."""


class Reading(BaseModel):
    """What a source gave of a resource: its fields, or why there are none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stack: str
    environment: str
    source: str
    key: str
    """The resource's key in the stack: `orders`."""
    gave: dict[str, Any]
    """Its fields; or one key that says why there are none: `$missing`, `$undetermined`, `$error`."""
    where: dict[str, str] = {}
    """Where each field stands, and under the empty name all others."""
    answers: dict[str, Any] = {}
    """What was asked of it besides its fields, and what the answers were."""
    each: list[Reading] = []
    """What the source gave of each of several that fit; which one is meant, what is asked of them says.

    Of what lies in a root that Terraform refuses: what was read of it all the same.
    """

    @property
    def place(self) -> Place:
        """What it is a reading of."""
        return self.stack, self.environment, self.key

    @property
    def named(self) -> str:
        """What it is a reading of, as one word: `stack/environment/key`."""
        return "/".join(self.place)


def place_named(name: str) -> Place:
    """Return the place that `Reading.named` names."""
    stack, environment, key = [*name.split("/", 2), "", ""][:3]
    return stack, environment, key


class Notes:
    """The readings of one process of a run."""

    def __init__(self) -> None:
        self._noted: dict[tuple[str, Subject], Kind | Exception] = {}

    def read(self, name: str, source: Source, subject: Subject) -> Kind:
        """Return the subject as the source gives it, or raise as it does."""
        try:
            found = self._noted[name, subject] = source.read(subject)
        except (Missing, Undetermined, ReadError) as reason:
            self._noted[name, subject] = reason
            raise
        return found

    def save(self, folder: Path) -> None:
        """Write them to a folder that all processes of the run share."""
        readings = (_reading(name, subject, gave) for (name, subject), gave in self._noted.items())
        lines = "".join(f"{reading.model_dump_json()}\n" for reading in readings)
        (folder / f"readings-{os.getpid()}").write_text(lines, encoding="utf-8")


def _reading(name: str, subject: Subject, gave: Kind | Exception) -> Reading:
    several = gave.each if isinstance(gave, Several) else ()
    if isinstance(gave, ReadError) and isinstance(gave.left, Kind):
        several = (gave.left,)
    return Reading(
        stack=subject.stack,
        environment=subject.environment,
        source=name,
        key=subject.key,
        gave=redacted(encoded(gave)),
        where=encoded(gave.places) if isinstance(gave, Kind) else {},
        answers=redacted(encoded(gave.answers)) if isinstance(gave, Kind) else {},
        each=[_reading(name, subject, it) for it in several],
    )


def noted(folder: Path) -> list[Reading]:
    """Return what the processes of a run saved in their folder; readings of one resource are put together."""
    lines = (line for path in folder.glob("readings-*") for line in path.read_text("utf-8").splitlines())
    readings: dict[tuple[str, Place], Reading] = {}
    for it in map(Reading.model_validate_json, lines):
        other = readings.get((it.source, it.place), it)
        more = {"where": it.where | other.where, "answers": it.answers | other.answers}
        readings[it.source, it.place] = it.model_copy(update=more)
    return [readings[key] for key in sorted(readings)]


class Replayed:
    """A source as it was: it gives what was read of it then."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._readings = {reading.place: reading for reading in readings}

    def read(self, subject: Subject) -> Kind:
        """Return the subject, or raise, as the source did then."""
        reading = self._readings.get((subject.stack, subject.environment, subject.key))
        if reading is None:
            raise _unheld(subject.id)
        return self._given(subject, reading)

    def _given(self, subject: Subject, reading: Reading) -> Kind:
        gave = _unexamined(_decoded(reading.gave, reading))
        if isinstance(gave, Undetermined) and reading.each:
            raise Several(gave.reason, reading.each).read(lambda it: self._given(subject, it))
        if isinstance(gave, ReadError) and reading.each:
            gave.left = self._given(subject, reading.each[0])
        if isinstance(gave, Exception):
            raise gave
        if not isinstance(gave, dict):
            raise _garbled(reading, "it holds no fields, and no reason why there are none")
        lacking = Unreadable(_unheld(f"what is asked of {subject.id}"))
        gave = {field: lacking if isinstance(value, Unread) else value for field, value in gave.items()}
        model = subject.kind.of(reading.where.get("", ""), gave, reading.where)
        return model.answers_only(_Answers(_decoded(reading.answers, reading)))


def _decoded(held: dict[str, Any], reading: Reading) -> Any:
    try:
        return decoded(held)
    except Garbled as garbled:
        raise _garbled(reading, str(garbled)) from None


def _garbled(reading: Reading, why: str) -> ReadError:
    place = f"{reading.stack}/{reading.environment}/{reading.key} of {reading.source}"
    message = f"the evidence file is garbled at the reading of {place}: {why}"
    return ReadError(message, cause=message, advice="Save the evidence again: pytest --save-evidence FILE")


def _unexamined(value: Any) -> Any:
    """Return a value in which a secret that was left out is not compared with anything."""
    if isinstance(value, dict):
        return {key: _unexamined(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unexamined(item) for item in value]
    return Unexamined(_LEFT_OUT) if is_left_out(value) else value


class _Answers(dict[str, Any]):
    """The answers that are kept; any other question has none."""

    def __missing__(self, question: str) -> Any:
        raise _unheld(question)


def _unheld(what: str) -> ReadError:
    return ReadError(
        f"the evidence file holds nothing of {what}",
        cause="not in the evidence file",
        advice="Save the evidence again with this version of the suite, and with all tests to be replayed.",
    )
