"""Event selectors of a trail: which management events they record together.

Source: CloudTrail API reference, EventSelector, AdvancedEventSelector and AdvancedFieldSelector; user guide,
"Logging management events".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plumbline.values.unknown import Undetermined

LEFT_OUT = frozenset({"kms.amazonaws.com", "rdsdata.amazonaws.com"})
"""The services whose many management events a trail may leave out, and still records management events."""
_EVALUATED = ("eventCategory equals", "readOnly equals", "eventSource not_equals")
BOTH = frozenset({"read", "write"})


@dataclass(frozen=True)
class Selector:
    """The management events that one selector records."""

    records: frozenset[str]
    """`read`, `write` or both; empty for one that is about other events."""
    excluded: frozenset[str] = frozenset()
    """Services whose calls it leaves out."""
    narrowed: str = ""
    """What else narrows it; empty where nothing does."""


def management_events(selectors: Sequence[Selector]) -> bool:
    """Return whether reading and writing management events are recorded; without selectors all of them are.

    Raises `Undetermined` where a selector would decide that is narrowed by what is not evaluated here.
    """
    if not selectors:
        return True
    lacking = [sort for sort in sorted(BOTH) if not _recorded(sort, selectors)]
    perhaps = [[it for it in selectors if it.narrowed and sort in it.records] for sort in lacking]
    if lacking and all(perhaps):
        raise Undetermined(f"an event selector by {perhaps[0][0].narrowed} is not evaluated here")
    return not lacking


def _recorded(sort: str, selectors: Iterable[Selector]) -> bool:
    """Return whether events of a sort are recorded: what one selector leaves out, another may record."""
    left_out = [it.excluded for it in selectors if sort in it.records and not it.narrowed]
    return bool(left_out) and frozenset.intersection(*left_out) <= LEFT_OUT


def basic(read_write_type: str, includes_management: bool, excluded: Iterable[str]) -> Selector:
    """Return what a basic event selector records."""
    sorts = {"All": BOTH, "ReadOnly": {"read"}, "WriteOnly": {"write"}}
    return Selector(
        frozenset(sorts.get(read_write_type, ())) if includes_management else frozenset(), frozenset(excluded)
    )


def advanced(fields: Mapping[str, Mapping[str, Sequence[str]]]) -> Selector:
    """Return what an advanced event selector records: by its fields, and their operators in words."""
    category = fields.get("eventCategory", {}).get("equals", ())
    if list(category) != ["Management"]:
        return Selector(frozenset())
    reads = {str(it).lower() for it in fields.get("readOnly", {}).get("equals", ("true", "false"))}
    told = [f"{name} {how}" for name, operators in fields.items() for how in operators]
    return Selector(
        frozenset(sort for sort, value in (("read", "true"), ("write", "false")) if value in reads),
        frozenset(fields.get("eventSource", {}).get("not_equals", ())),
        ", ".join(it for it in told if it not in _EVALUATED),
    )
