"""Which requests a web ACL logs. Source: AWS WAF API Reference, LoggingFilter, Filter, Condition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from plumbline.terraform.declared import block, blocks, known
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Undetermined

KEEP, DROP = "KEEP", "DROP"
_ALL = "MEETS_ALL"


class LogFilter(Model):
    """What becomes of the log lines of some requests."""

    behavior: Text
    """KEEP or DROP."""
    requirement: Text
    """MEETS_ALL or MEETS_ANY of what follows."""
    actions: list[Text] = []
    """What was done with the request: ALLOW, BLOCK, COUNT, ...; sorted."""
    labels: list[Text] = []
    """The labels that rules gave it, sorted."""


def logs(action: str, filters: Sequence[LogFilter], otherwise: str) -> bool:
    """Return whether requests that end in this action are logged, whatever their labels.

    Raises `Undetermined` where that hangs on their labels, or filters contradict each other.
    """
    meant = [(known(it.behavior), _is_for(action, it)) for it in filters]
    becomes = {behavior for behavior, is_for in meant if is_for is not False}
    if not any(is_for for _, is_for in meant):
        becomes.add(known(otherwise))
    if len(becomes) > 1:
        raise Undetermined(f"whether requests that end in {action} are logged hangs on several filters")
    return becomes == {KEEP}


def _is_for(action: str, it: LogFilter) -> bool | None:
    """Return whether a filter is for each request of this action; None where its labels decide."""
    met: list[bool | None] = [known(its) == action for its in it.actions]
    met += [None for _ in it.labels]
    decides = bool(known(it.requirement) != _ALL)  # any that is met decides; of all any that is not
    if decides in met:
        return decides
    return None if None in met else not decides


def declared_filters(configured: Mapping[str, Any]) -> list[LogFilter]:
    """Return the filters of a logging configuration in Terraform."""
    return [
        LogFilter(
            behavior=it["behavior"],
            requirement=it["requirement"],
            actions=_of(it, "action_condition", "action"),
            labels=_of(it, "label_name_condition", "label_name"),
        )
        for it in blocks(block(configured, "logging_filter"), "filter")
    ]


def _of(filter_: Mapping[str, Any], type_: str, argument: str) -> list[Any]:
    found = (block(it, type_) for it in blocks(filter_, "condition"))
    return sorted((it[argument] for it in found if it), key=repr)


def described_filters(filters: Iterable[Mapping[str, Any]]) -> list[LogFilter]:
    """Return the filters of an answer."""
    return [
        LogFilter(
            behavior=it["Behavior"],
            requirement=it["Requirement"],
            actions=sorted(one["Action"] for its in it["Conditions"] if (one := its.get("ActionCondition"))),
            labels=sorted(
                one["LabelName"] for its in it["Conditions"] if (one := its.get("LabelNameCondition"))
            ),
        )
        for it in filters
    ]


def requested_filter(filters: Iterable[LogFilter], otherwise: str) -> dict[str, Any]:
    """Return what configures filters."""
    return {
        "Filters": [
            {
                "Behavior": it.behavior,
                "Requirement": it.requirement,
                "Conditions": [
                    *({"ActionCondition": {"Action": action}} for action in it.actions),
                    *({"LabelNameCondition": {"LabelName": label}} for label in it.labels),
                ],
            }
            for it in filters
        ],
        "DefaultBehavior": otherwise,
    }
