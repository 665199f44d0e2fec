"""What a runbook says of itself: when it was last updated, and who stands behind the roles that it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self

from pydantic import Field

from plumbline.kinds.kind import Kind
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Missing, Undetermined, Unexamined


@dataclass(frozen=True)
class RunbookData:
    """What the data of a runbook hold of the document that they were made of."""

    source: str
    """The document's name."""
    updated: date | None
    """When it was last updated; None where the data do not say."""
    contacts: Mapping[str, str]
    """Where each role of its escalation is reached, empty where the data name nobody."""
    place: str
    """The file that says it."""
    today: date
    """The day of the run."""


class RunbookRecordLimits(Model):
    """What can be expected of a runbook besides the fields."""

    most_days_since_update: Annotated[int, Field(gt=0)]
    no_contact: list[str]
    """What stands in place of a contact where there is none yet: `TBD`."""


class RunbookRecord(Kind):
    """A runbook as its data in the stack's home have it. Its name is the document's."""

    noun = "runbook_record"
    plural = "runbook_records"
    lies_in_repository = True
    limits = RunbookRecordLimits

    days_since_update: int = 0
    """The full days from when it was last updated to the end of the run's window."""
    contacts: dict[Text, Text] = {}
    """Where each role that its escalation names is reached; empty where it names nobody."""

    @classmethod
    def from_runbook(cls, data: RunbookData | None, name: str) -> Self:
        """Return the record. Raises `Missing` where the data are another document's."""
        if data is None:
            raise Undetermined("the runbook's data are not given")
        if data.source != name:
            raise Missing(f"runbook {name}", f"({data.place} is made of {data.source})")
        since = Unexamined(f"{data.place} does not say when {name} was last updated")
        fields = {
            "name": name,
            "days_since_update": (data.today - data.updated).days if data.updated else since,
            "contacts": dict(data.contacts),
        }
        return cls.of(data.place, fields)

    def roles_without_contact(self, no_contact: list[str]) -> list[str]:
        """Return the roles behind which nobody stands, or one of the words for that in any letters."""
        return [
            role
            for role, reach in self.contacts.items()
            if not reach.strip() or any(_holds(reach, word) for word in no_contact)
        ]


def _holds(reach: str, word: str) -> bool:
    """Whether a text has a word in it, in small letters or in capitals."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", reach, re.IGNORECASE) is not None
