"""What was read, as plain JSON, and back: times, bytes, models, and why there is no value."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from plumbline.values.counting import AtLeast, Between, InPart
from plumbline.values.shown import text, whole
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import (
    Fault,
    Identity,
    Missing,
    NoData,
    ReadError,
    Spelled,
    Undetermined,
    Unexamined,
    Unknown,
    Unmeasured,
    Unread,
    Unreadable,
)

_TAGS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "$between": (Between, ("number", "most", "reason")),
    "$at least so many": (AtLeast, ("number", "reason")),
    "$in part": (InPart, ("number", "reason", "greater")),
    "$at least": (SomeOf, ("members", "reason")),
    "$identity": (Identity, ("root", "address", "attribute")),
    "$spelled": (Spelled, ("origin", "text")),
    "$unknown": (Unknown, ("origin",)),
    "$unmeasured": (Unmeasured, ("reason",)),
    "$unexamined": (Unexamined, ("reason",)),
    "$unread": (Unread, ("noun",)),
    "$unreadable": (Unreadable, ("error",)),
    "$missing": (Missing, ("what", "where", "holder")),
    "$no data": (NoData, ("reason",)),
    "$undetermined": (Undetermined, ("reason",)),
    "$fault": (Fault, ("message", "cause", "advice")),
    "$error": (ReadError, ("message", "cause", "advice", "command", "by_root", "denied")),
}
"""What says why there is no value: the key of the object that stands for it, and what it is made of.

A more special reason stands before the general one.
"""


class Garbled(ValueError):
    """What stands for no value: it was written by something else, or changed since."""


def encoded(value: Any) -> Any:
    """Return a value as JSON has it; what JSON lacks is an object with one key that says so."""
    for tag, (kind, parts) in _TAGS.items():
        if isinstance(value, kind):
            return {tag: {part: encoded(getattr(value, part)) for part in parts}}
    match value:
        case str():
            return whole(value)
        case datetime():
            return {"$time": value.isoformat()}
        case bytes():
            return {"$bytes": base64.b64encode(value).decode()}
        case BaseModel():
            return {name: encoded(item) for name, item in value}
        case Mapping():
            return {whole(str(key)): encoded(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [encoded(item) for item in value]
    return value if isinstance(value, int | float | bool | None) else str(value)


def decoded(value: Any) -> Any:
    """Return what `encoded` was given; a model comes back as its fields. Raises `Garbled`."""
    match value:
        case {"$time": time, **more} if not more:
            return _made(value, lambda: datetime.fromisoformat(time))
        case {"$bytes": held, **more} if not more:
            return _made(value, lambda: base64.b64decode(held, validate=True))
        case dict():
            return _tagged(value)
        case list():
            return [decoded(item) for item in value]
    return value


def _tagged(value: dict[str, Any]) -> Any:
    tag = next(iter(value), "")
    inner = {key: decoded(item) for key, item in value.items()}
    if len(value) == 1 and tag in _TAGS:
        kind, parts = _TAGS[tag]
        return _made(value, lambda: kind(**{part: inner[tag][part] for part in parts}))
    return inner


def _made(value: dict[str, Any], make: Callable[[], Any]) -> Any:
    try:
        return make()
    except (ValueError, TypeError, LookupError):
        raise Garbled(f"{text(json.dumps(value))} stands for no value") from None
