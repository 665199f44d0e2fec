"""What a plan changes, and what was changed beside Terraform since it was applied last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plumbline.terraform import schema
from plumbline.terraform.model import Planned
from plumbline.terraform.planned import Json

_NOTHING = ("no-op", "read")


def planned(document: Json) -> Planned:
    """Return what applying a plan would change, and what a refresh found changed.

    What the provider alone decides of a resource changes by itself, and is no drift.
    """
    changes = (*_resources(document), *_outputs(document))
    drift = tuple(
        f"{'/'.join(it['change']['actions'])} {it['address']}"
        for it in document.get("resource_drift") or ()
        if _changes(it["change"]) and it.get("mode") != "data" and _could_be_set(it["type"], it["change"])
    )
    return Planned(changes, drift)


def _resources(document: Json) -> Iterator[str]:
    for it in document.get("resource_changes") or ():
        if _changes(it["change"]) and it.get("mode") != "data":
            deposed = " (deposed)" if "deposed" in it else ""
            yield f"{'/'.join(it['change']['actions'])} {it['address']}{deposed}"


def _outputs(document: Json) -> Iterator[str]:
    for name, it in (document.get("output_changes") or {}).items():
        if _changes(it):
            yield f"{'/'.join(it['actions'])} output {name}"


def _changes(change: Json) -> bool:
    return any(it not in _NOTHING for it in change["actions"])


def _could_be_set(type_: str, change: Json) -> bool:
    """Return whether what differs is an argument, or the resource is there no more."""
    before, after = change.get("before"), change.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return True
    known = schema.find("resource", type_)
    names = {it for it in {*before, *after} if before.get(it) != after.get(it)}
    return known is None or not names or any(_is_argument(it, known) for it in names)


def _is_argument(name: str, known: Any) -> bool:
    attribute = known.attribute(name)
    return attribute is None or attribute.optional or attribute.required
