"""What every source of evidence is."""

from __future__ import annotations

from typing import Protocol

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind


class Source(Protocol):
    """Where the evidence about a subject comes from."""

    def read(self, subject: Subject) -> Kind:
        """Return the subject's model. Raises `Missing`, `Undetermined` or `ReadError`."""
