"""Which resources of a stack Terraform declares and an account has, so that the two can be compared."""

from __future__ import annotations

from plumbline.expectations.stack import Subject
from plumbline.kinds.inventory import Inventory


def is_declared(it: Subject) -> bool:
    """Whether Terraform can declare a resource, an account has it, and reading it there changes nothing."""
    kind = it.kind
    somewhere = bool(it.root or it.found_by or issubclass(kind, Inventory)) and any(kind.calls_for())
    return somewhere and not (kind.lies_in_repository or kind.writes or kind.secret_reads)
