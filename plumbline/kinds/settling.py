"""Making values of what a facet gave: what cannot be had of it is a placeholder that says why."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from plumbline.aws.fact import Fact
from plumbline.values.mistakes import DataError, did_you_mean
from plumbline.values.unknown import (
    Fault,
    Missing,
    NoData,
    NotRead,
    Placeholder,
    ReadError,
    Undetermined,
    Unexamined,
    Unmeasured,
    Unreadable,
)

if TYPE_CHECKING:
    from plumbline.kinds.facet import Facet, Found

T = TypeVar("T")

BESIDE = "plumbline_kinds_"
"""How modules are called that lie beside the stacks of a run, before the names of their files."""


def alone(facet: type[Facet], reading: Callable[[], T]) -> T | Undetermined | ReadError:
    """Return what is read for a facet, or why it cannot be had; an error of its own is a `Fault` of it alone.

    Raises `Missing` where it is the resource itself that is not there.
    """
    try:
        return reading()
    except (Undetermined, ReadError) as reason:
        return reason
    except (Missing, NotRead, DataError, KeyboardInterrupt):
        raise
    except BaseException as error:  # also of `sys.exit` and `pytest.skip`, which are no `Exception`
        return fault_of(facet, error)


def fault_of(facet: type[Facet], error: BaseException) -> Fault:
    """Return what an error of a facet's own is told as: which facet, which error, and where it was raised."""
    told = f"{called(facet)} ends in {type(error).__name__}: {error}"
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return Fault(told, cause=told, advice=f"Mend the facet: it is raised at {frame.filename}:{frame.lineno}.")


def called(facet: type[Facet]) -> str:
    """Return which kind or facet is meant: with its module, or with the file that lies beside stacks."""
    module = facet.__module__
    path = getattr(sys.modules.get(module), "__file__", None) if module.startswith(BESIDE) else None
    return f"{path}: {facet.__name__}" if path else f"{module}.{facet.__name__}"


def of_facet(facet: type[Facet], fields: Collection[str], found: Found | Exception) -> dict[str, Any]:
    """Return the values of a facet's own fields; whatever it ends in leaves those of others alone.

    Raises `Missing` where it is the resource itself that is not there.
    """
    values = alone(facet, lambda: settled(fields, found))
    if isinstance(values, Exception):
        return dict.fromkeys(fields, placeholder(values))
    if stray := [name for name in values if name not in facet.model_fields]:
        told = f"{called(facet)} gives {stray[0]}, which is no field of it{did_you_mean(stray[0], fields)}"
        return dict.fromkeys(fields, Unreadable(Fault(told, cause=told)))
    return values


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
