"""Event patterns of EventBridge: which events one matches, and which patterns are none.

Source: EventBridge user guide, "Creating event patterns" and "Comparison operators", and the rules by which
AWS compiles a pattern (aws/event-ruler).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from plumbline.kinds.event_filters import OPERATORS, equal
from plumbline.values.unknown import ReadError, Undetermined

ANYTHING = "*"
"""What stands in an event for a value, or for all that is below it, which differs from event to event."""

_ABSENT = object()


def declared_pattern(text: str, where: str) -> dict[str, Any]:
    """Return the pattern that a text holds. Raises `ReadError` where EventBridge would refuse it."""
    try:
        return _parsed(text)
    except ValueError as error:
        message = f"{where}: EventBridge refuses the event pattern: {error}"
        raise ReadError(message, cause=message) from None


def held_pattern(text: str) -> dict[str, Any]:
    """Return a pattern that EventBridge holds. Raises `Undetermined` where it is not understood."""
    try:
        return _parsed(text)
    except ValueError as error:
        raise Undetermined(f"an event pattern is not evaluated here: {error}") from None


def _parsed(text: str) -> dict[str, Any]:
    """Return the pattern that a text holds. Raises `ValueError` for what is none."""
    try:
        pattern = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    for told in _mistakes(pattern):
        raise ValueError(told)
    return dict(pattern)


def pattern_matches(pattern: Mapping[str, Any], event: Any) -> bool:
    """Return whether every field of a pattern matches an event.

    What differs from event to event is matched only by what takes any value. Raises `Undetermined` where it
    hangs on whether a field is there below what differs.
    """
    found = _matches(pattern, event)
    if found is None:
        raise Undetermined("an event pattern asks for what may or may not lie below a field of the event")
    return found


def _matches(pattern: Mapping[str, Any], event: Any) -> bool | None:
    """Return whether every field matches; None where nobody knows."""
    fields = event if isinstance(event, Mapping) else {}
    below = event == ANYTHING
    return _all(_field_matches(name, wanted, fields, below) for name, wanted in pattern.items())


def _field_matches(name: str, wanted: Any, event: Mapping[str, Any], below: bool) -> bool | None:
    """Return whether a field matches that of an event, or one `below` what differs from event to event."""
    if name == "$or":
        return _any(_matches(it, ANYTHING if below else event) for it in wanted)
    value = ANYTHING if below else event.get(name, _ABSENT)
    if isinstance(wanted, Mapping):
        return _any(_matches(wanted, it) for it in (value if isinstance(value, list) else [value]))
    if below:
        return None if any(_may_take_all(it) for it in wanted) else False
    leaves = list(_leaves(value))
    return any(_accepts(it, leaves) for it in wanted)


def _all(found: Iterable[bool | None]) -> bool | None:
    told = list(found)
    return False if False in told else None if None in told else True


def _any(found: Iterable[bool | None]) -> bool | None:
    told = list(found)
    return True if True in told else None if None in told else False


def _may_take_all(wanted: Any) -> bool:
    """Return whether every value may pass, or that there is none; a value or a form passes some alone."""
    return _takes_anything(wanted) or (
        isinstance(wanted, Mapping) and bool({"exists", "anything-but"} & {*wanted})
    )


def _takes_anything(wanted: Any) -> bool:
    return wanted in ({"wildcard": "*"}, {"prefix": ""}, {"suffix": ""})


def _leaves(value: Any) -> Iterator[Any]:
    """Yield the single values that a field holds: of an array each, of an object none."""
    if isinstance(value, list):
        for it in value:
            yield from _leaves(it)
    elif value is not _ABSENT and not isinstance(value, Mapping):
        yield value


def _accepts(wanted: Any, leaves: list[Any]) -> bool:
    if not isinstance(wanted, Mapping):
        return any(it != ANYTHING and equal(wanted, it) for it in leaves)
    [(name, operand)] = wanted.items()
    if name == "exists":
        return OPERATORS[name].accepts(operand, bool(leaves))
    return any(
        _takes_anything(wanted) if it == ANYTHING else OPERATORS[name].accepts(operand, it) for it in leaves
    )


def _mistakes(pattern: Any) -> Iterator[str]:
    """Yield why EventBridge would refuse a pattern, or an object in one."""
    if not isinstance(pattern, Mapping) or not pattern:
        yield "it must be an object that is not empty, and so must each object in it"
        return
    for name, wanted in pattern.items():
        if name == "$or":
            if not isinstance(wanted, list) or len(wanted) < 2:
                yield "$or takes an array of at least two objects"
                return
            for branch in wanted:
                yield from _mistakes(branch)
        elif isinstance(wanted, Mapping):
            yield from _mistakes(wanted)
        elif not isinstance(wanted, list) or not wanted:
            yield f"{name} must be an object, or an array that is not empty"
        else:
            for it in wanted:
                yield from _mistakes_of_value(name, it)


def _mistakes_of_value(name: str, wanted: Any) -> Iterator[str]:
    if isinstance(wanted, list):
        yield f"{name} holds an array in an array"
    if not isinstance(wanted, Mapping):
        return
    if len(wanted) != 1:
        yield f"{name} holds a filter that is not one of one key"
        return
    [(filtered, operand)] = wanted.items()
    told = OPERATORS[filtered].refuses(operand) if filtered in OPERATORS else "is no filter"
    if told:
        yield f"{filtered} of {name} {told}"
