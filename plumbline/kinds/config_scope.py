"""What AWS Config records and judges: a recorder's group of types, and a rule's scope.

Source: AWS Config API reference, RecordingGroup, RecordingStrategy and Scope.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from plumbline.values.model import Model

ALL, INCLUSION, EXCLUSION = (
    "ALL_SUPPORTED_RESOURCE_TYPES",
    "INCLUSION_BY_RESOURCE_TYPES",
    "EXCLUSION_BY_RESOURCE_TYPES",
)


class Judged(Model):
    """A resource that a rule must judge."""

    type: str
    """As AWS Config calls it: `AWS::EC2::Instance`."""
    id: str = ""
    """Its name or id; empty for whichever there is of the type."""
    tags: dict[str, str] = {}
    """Tags that it is known to have."""


def recorded(
    types: Collection[str],
    *,
    all_supported: bool,
    included: Collection[str],
    excluded: Collection[str],
    strategy: str,
) -> bool:
    """Return whether all these types are recorded.

    A group that contradicts itself is refused by AWS Config, and then nothing is recorded: all types, and
    some besides; some that are left out without the strategy that leaves some out.
    """
    if all_supported:
        return not included and not excluded and strategy in ("", ALL)
    if strategy == EXCLUSION:
        return bool(excluded) and not included and not {*types} & {*excluded}
    return strategy in ("", INCLUSION) and not excluded and {*types} <= {*included}


def in_scope(
    resource: Judged,
    *,
    types: Collection[str],
    id: str | None,
    tag: Mapping[str, str | None],
    excluded: Collection[str],
) -> bool:
    """Return whether a rule judges a resource: one of its types, or the one that it names, with its tag."""
    return (
        (not types or resource.type in types)
        and id in (None, resource.id)
        and resource.id not in (*excluded,)
        and all(key in resource.tags and value in (None, resource.tags[key]) for key, value in tag.items())
    )
