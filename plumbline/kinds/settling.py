"""Making values of what a facet gave: what cannot be had of it is a placeholder that says why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from plumbline.aws.fact import Fact
from plumbline.values.unknown import (
    NoData,
    Placeholder,
    ReadError,
    Undetermined,
    Unexamined,
    Unmeasured,
    Unreadable,
)

if TYPE_CHECKING:
    from plumbline.kinds.facet import Found


def settled(fields: Iterable[str], found: Found | Exception) -> dict[str, Any]:
    """Return the values of a facet's fields; those that it says nothing of are left out.

    Where the facet as a whole cannot be had, each field is a placeholder. Raises `Missing` where it is the
    resource itself that is not there.
    """
    try:
        if isinstance(found, Exception):
            raise found
        values = found.fields.value() if isinstance(found.fields, Fact) else found.fields
    except (Undetermined, ReadError) as reason:
        return dict.fromkeys(fields, placeholder(reason))
    return {name: _settled(value) for name, value in values.items()}


def once_read(core: Found | Exception, name: str) -> str | Placeholder:
    """Return the name of a resource whose core was read; else why not: nobody knows whether it exists."""
    try:
        if isinstance(core, Exception):
            raise core
        if isinstance(core.fields, Fact):
            core.fields.value()
    except (Undetermined, ReadError) as reason:
        return placeholder(reason)
    return name


def placeholder(reason: Undetermined | ReadError) -> Placeholder:
    """Return what stands for a value that this keeps from being known."""
    match reason:
        case ReadError():
            return Unreadable(reason)
        case NoData():
            return Unmeasured(str(reason))
    return Unexamined(str(reason))


def _settled(value: Any) -> Any:
    if isinstance(value, Placeholder):
        return value
    try:
        if isinstance(value, Fact):
            return value.value()
        return value() if callable(value) else value
    except (Undetermined, ReadError) as reason:
        return placeholder(reason)
