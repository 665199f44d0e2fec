"""What every source of evidence is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind, Wanted

ReadSets = Callable[[Subject], Wanted]
"""The attributes of a subject that some chosen sentence reads; None for all of them."""


NO_ROOT = ""
"""Stands for the Terraform root of what lies in none."""


class Source(Protocol):
    """Where the evidence about a subject comes from."""

    def read(self, subject: Subject) -> Kind:
        """Return the subject's model. Raises `Missing`, `Undetermined` or `ReadError`."""


def everything(subject: Subject) -> Wanted:
    """Return that every attribute of a subject is read."""
    return None
