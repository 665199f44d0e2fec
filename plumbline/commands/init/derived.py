"""What is expected of a resource that none of its fields says as it stands: found from the others."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import PurePath
from typing import Any

from plumbline.commands.init.conventions import CONVENTIONS
from plumbline.kinds.kind import Kind
from plumbline.kinds.metric_series import Series
from plumbline.terraform.declared import known
from plumbline.values.unknown import ReadError, Undetermined

Values = Mapping[str, Any]
_FIRES_ABOVE = {"GreaterThanThreshold": True, "GreaterThanOrEqualToThreshold": False}
_FIRES_BELOW = {"LessThanThreshold": True, "LessThanOrEqualToThreshold": False}
"""Whether what equals the threshold keeps still.

Source: CloudWatch API, PutMetricAlarm, ComparisonOperator.
"""
MOST_INDEXES = 20
"""Source: DynamoDB Developer Guide, "Quotas", "Secondary indexes"."""
_RELEASE = re.compile(r"\d+(\.\d+){0,2}")
_OF_ALL = ("Sum", "SampleCount")
"""The statistics that hang on how often something is published."""
_PATIENCE = 3600
"""How soon an alarm must have fired where its stack says nothing of that, in seconds."""


def of_index_keys(table: Any) -> Values:
    """Return the types of the attributes that indexes are keyed by."""
    keys = {key for it in table.indexes.values() for key in (it.hash_key, it.range_key) if key}
    return {"index_attributes": {key: table.attributes[key] for key in sorted(keys)}}


def of_file(stored_object: Any) -> Values:
    """Return how the path of the file ends that an object is made of."""
    return {"file": "/".join(PurePath(known(stored_object.source)).parts[-2:])}


def of_scope(config_rule: Any) -> Values:
    """Return what a rule is, and the types that it judges."""
    return {"one_of": [config_rule.source_identifier], "judges": list(config_rule.resource_types)}


def of_recorded(config_recorder: Any) -> Values:
    """Return types that a recorder records."""
    named = list(config_recorder.resource_types)
    return {"recorded_types": named or CONVENTIONS.recorded_types}


def of_event(event_rule: Any, names: Mapping[str, str]) -> Values:
    """Return an event that a rule is for: the first that each part of its pattern takes."""
    pattern = event_rule.event_pattern
    if not pattern:
        raise Undetermined("which event it is for: it runs by a schedule")
    envelope: dict[str, Any] = {"version": "0", "id": "*", "detail-type": "*", "source": "*"}
    envelope |= {"account": names["account"], "time": "*", "region": names["region"], "resources": []}
    envelope["detail"] = {}
    return {"event": envelope | _first(pattern)}


def _first(pattern: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, taken in pattern.items():
        if isinstance(taken, Mapping):
            found[name] = _first(taken)
        elif isinstance(taken, list) and not isinstance(taken[0], Mapping):
            found[name] = taken[:1] if name == "resources" else taken[0]
        elif isinstance(taken, list) and taken[0] == {"exists": True}:
            found[name] = "*"
        else:
            raise Undetermined(f"which event its pattern takes for {name}")
    return found


def of_threshold(alarm: Any) -> Values:
    """Return a value beyond the threshold of an alarm, and one that is not, which it tells apart."""
    if alarm.namespace is None or alarm.threshold is None:
        raise Undetermined("when it must fire: it is not on one metric with a fixed threshold")
    for bad, good in _beside_threshold(alarm):
        with suppress(Undetermined):
            if alarm.tells(_read(bad), _read(good), alarm.metric_name, alarm.dimensions):
                return {"bad": bad, "good": good}
    raise Undetermined("when it must fire: no value beyond its threshold does it tell from one before it")


def _beside_threshold(alarm: Any) -> Iterator[tuple[Any, Any]]:
    """Yield values that a metric publishes twice in each period: first what asks most, amid silence too.

    Of one value alone the sum, the average and all other statistics are the same; it is published once where
    the statistic of two is not known.
    """
    operator, at = alarm.comparison_operator, _number(alarm.threshold)
    step = 1 if isinstance(at, int) else _number(max(1.0, abs(at) / 100))
    if operator in _FIRES_ABOVE:
        bad, good = (at + step, at) if _FIRES_ABOVE[operator] else (at, at - step)
    elif operator in _FIRES_BELOW:
        bad, good = (at - step, at) if _FIRES_BELOW[operator] else (at, at + step)
    else:
        return
    period = alarm.period or 60
    if alarm.statistic == "Sum":
        bad, good = _number(bad / 2), _number(good / 2)
    soon = period * (alarm.evaluation_periods + 1)
    series: dict[str, Any] = {"values": [bad], "every_seconds": period // 2, "repeats": True}
    series |= {"within_seconds": soon} if soon > _PATIENCE else {}
    series |= {"units": [alarm.unit]} if alarm.unit else {}
    yield {**series, "sparse": True}, good
    yield series, good
    if (
        alarm.statistic not in _OF_ALL
    ):  # a percentile of one value is that value, and of several nobody knows it
        yield {**series, "every_seconds": period, "sparse": True}, good
        yield {**series, "every_seconds": period}, good


def _number(value: float) -> float:
    return int(value) if math.isfinite(value) and value == int(value) else value


def _read(value: Any) -> Any:
    return Series(**value) if isinstance(value, dict) else value


def of_root(root: Any, environments: Sequence[str] = ()) -> Values:
    """Return what the variables of a root have to accept, as far as there are such, and its Terraform."""
    told: dict[str, Any] = {}
    if names := {it: [*environments] for it in root.variables if _only(root, it, environments)}:
        told["accepted_names"] = names
    if most := {it: MOST_INDEXES for it in root.variables if _no_more(root, it)}:
        told["most_entries"] = most
    with suppress(Undetermined, ReadError):
        least = _RELEASE.search(known(root.required_version) or "")
        if least and root.admits(release := _whole(least[0])):
            told["terraform_version"] = release
    return told


def _only(root: Any, variable: str, environments: Sequence[str]) -> bool:
    """Return whether a variable accepts the environments, and nothing else."""
    with suppress(Undetermined):
        return bool(root.accepted_of({variable: environments}) == {variable: [*environments]})
    return False


def _no_more(root: Any, variable: str) -> bool:
    """Return whether a variable takes as many indexes as DynamoDB allows, and no more."""
    most = {variable: MOST_INDEXES}
    with suppress(Undetermined):
        return bool(root.accepts_entries(most) and not root.accepts_more_entries(most))
    return False


def _whole(version: str) -> str:
    """Return a release of Terraform with its three numbers: `1.9` is 1.9.0."""
    return ".".join([*version.split("."), "0", "0"][:3])


DERIVED: Mapping[str, Callable[[Any], Values]] = {
    "table": of_index_keys,
    "stored_object": of_file,
    "config_rule": of_scope,
    "config_recorder": of_recorded,
    "alarm": of_threshold,
}
"""What gives the limits of each kind, by noun."""


def derived(model: Kind, names: Mapping[str, str], environments: Sequence[str]) -> Values:
    """Return what is expected of a resource besides its fields, in the environment with these names.

    Raises `Undetermined`, and why.
    """
    if model.noun == "root":
        return of_root(model, environments)
    if model.noun == "event_rule":
        return of_event(model, names)
    rule = DERIVED.get(model.noun)
    return rule(model) if rule else {}
