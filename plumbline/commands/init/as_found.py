"""What is expected of a resource as it was found: its fields, what follows from them, what AWS documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from plumbline.commands.init.catalogue import Said
from plumbline.commands.init.derived import derived
from plumbline.commands.init.filled_in import Names
from plumbline.commands.init.yaml_text import flow
from plumbline.kinds.kind import Kind
from plumbline.values.filling import fill
from plumbline.values.redaction import redacted
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Placeholder, ReadError, Undetermined

_PARTLY = ("tags", "backend")
"""Fields of which sentences ask what is expected and nothing more: what is not known of them is left out."""
SOME = "some"


class Otherwise(Exception):
    """Raised where what was found is otherwise than a sentence demands."""

    def __init__(self, demanded: str) -> None:
        super().__init__(demanded)
        self.demanded = demanded


def expected(
    said: Said, asked: Sequence[str], model: Kind, names: Names, environment: str
) -> dict[str, Any] | None:
    """Return what a sentence expects of a resource; None where it is not about such a one.

    Raises `Otherwise`, and `Undetermined` where what is found is not known.
    """
    if any(_is(model, name, value) for name, value in said.unless.items()):
        return None
    for name, value in said.follows.items():
        _refuse_unknown(getattr(model, name))  # else a sentence would be left out, and nobody hear of it
        if not _is(model, name, value):
            return None
    for name, demanded in said.demands.items():
        found = getattr(model, name, None)
        if not isinstance(found, Placeholder | SomeOf) and _plain(found) != _plain_demand(
            model, name, demanded
        ):
            raise Otherwise(f"{name}: {flow(demanded)}")
    fields = [it for it in asked if it != "name" and it not in model.implied]
    own = {*type(model).model_fields, *said.demands, *said.besides}
    more = {} if own.issuperset(fields) else derived(model, names[environment], [*names])
    if not {*own, *more}.issuperset(fields):
        return None
    values: dict[str, Any] = {}
    for name in fields:
        if name in said.demands or name in said.besides:
            values[name] = fill({**said.demands, **said.besides}[name], names[environment])
        elif name in more:
            values[name] = _public(name, _plain(more[name]))
        else:
            values[name] = _public(name, _plain(getattr(model, name), partly=name in _PARTLY))
    says_nothing = any(values.get(name) in ([], {}) for name in model.expects_some)
    return None if says_nothing else values


def _is(model: Kind, name: str, value: Any) -> bool:
    found = getattr(model, name, None)
    if isinstance(found, Placeholder | SomeOf):
        return False
    return bool(found) if value == SOME else _plain(found) == value


def _plain_demand(model: Kind, name: str, demanded: Any) -> Any:
    found = getattr(model, name, None)
    return _plain(type(found)(**demanded)) if isinstance(found, BaseModel) else demanded


def _plain(value: Any, *, partly: bool = False) -> Any:
    """Return a value as YAML has it; of a part of a resource what is not as it is by itself.

    Raises `Undetermined` for what is not known.
    """
    _refuse_unknown(value)
    if isinstance(value, BaseModel):
        defaults = type(value).model_fields
        plain = {name: _plain(item) for name, item in value}
        return {name: item for name, item in plain.items() if item != _default(defaults[name])}
    if isinstance(value, Mapping):
        items = {key: it for key, it in value.items() if not (partly and isinstance(it, Placeholder))}
        return {str(key): _plain(item) for key, item in items.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _refuse_unknown(value: Any) -> None:
    """Raise `Undetermined` for what is not known, or not all of it, whatever keeps that from being known."""
    if isinstance(value, SomeOf):
        raise Undetermined(value.reason)
    if isinstance(value, Placeholder):
        try:
            value.refuse()
        except ReadError as reason:
            raise Undetermined(why(reason)) from None


def _default(info: Any) -> Any:
    return ... if info.is_required() else info.get_default(call_default_factory=True)


def _public(name: str, value: Any) -> Any:
    """Return a value. Raises `Undetermined` for one that is, or holds, a secret."""
    if redacted({name: value})[name] != value:
        raise Undetermined(f"a secret, which is never written: {name}")
    return value


def why(reason: object) -> str:
    """Return why there is nothing where something should be."""
    match reason:
        case Undetermined():
            return reason.reason
        case ReadError():
            return reason.cause
    return str(reason) or type(reason).__name__
