"""What a plan changes, and what was changed beside Terraform since it was applied last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plumbline.terraform.model import Planned
from plumbline.terraform.planned import Json
from plumbline.terraform.planned_references import Call

_NOTHING = ("no-op", "read")


def planned(document: Json) -> Planned:
    """Return what applying a plan would change, and what its refresh found otherwise.

    A refresh finds more than what somebody changed: what other resources set of this one, and what the
    provider writes in another way. Drift is what differs of the arguments that the code gives a resource.
    """
    root = Call((document.get("configuration") or {}).get("root_module") or {})
    drift = tuple(
        f"{'/'.join(it['change']['actions'])} {it['address']}"
        for it in document.get("resource_drift") or ()
        if _changes(it["change"]) and it.get("mode") != "data" and _is_drift(it, root)
    )
    variables = {name: it.get("value") for name, it in (document.get("variables") or {}).items()}
    return Planned((*_resources(document), *_outputs(document)), drift, variables=variables)


def _resources(document: Json) -> Iterator[str]:
    for it in document.get("resource_changes") or ():
        if it.get("mode") != "data" and (done := [*_done(it)]):
            deposed = " (deposed)" if "deposed" in it else ""
            yield f"{'/'.join(done)} {it['address']}{deposed}"


def _done(resource: Json) -> Iterator[str]:
    """Yield what is done with a resource; an import and another address are changes of the state alone.

    Source: Terraform, "JSON Output Format", "Change Representation": `importing`, `previous_address`.
    """
    if resource["change"].get("importing"):
        yield "import"
    if resource.get("previous_address"):
        yield "move"
    if _changes(resource["change"]):
        yield from resource["change"]["actions"]


def _outputs(document: Json) -> Iterator[str]:
    for name, it in (document.get("output_changes") or {}).items():
        if _changes(it):
            yield f"{'/'.join(it['actions'])} output {name}"


def _changes(change: Json) -> bool:
    return any(it not in _NOTHING for it in change["actions"])


def _is_drift(drifted: Json, root: Call) -> bool:
    """Return whether a resource is there no more, or has another value of an argument of its code."""
    before, after = drifted["change"].get("before"), drifted["change"].get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return True
    configured = root.inside(drifted.get("module_address", "")).resource(drifted).get("expressions") or {}
    return any(_normal(before.get(name)) != _normal(after.get(name)) for name in configured)


def _normal(value: Any) -> Any:
    """Return a value as whoever sets it means it: what is empty, zero or false is as what is not given."""
    if isinstance(value, dict):
        return {name: _normal(it) for name, it in value.items() if _normal(it) is not None} or None
    if isinstance(value, list):
        return [_normal(it) for it in value] or None
    return value or None
