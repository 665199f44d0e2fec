"""Which instances `count` and `for_each` make of a resource, a data source or a module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from plumbline.terraform import conversion, numbers
from plumbline.terraform.expressions.access import key_text
from plumbline.terraform.expressions.base import EvaluationError, Scope
from plumbline.terraform.expressions.collections import pairs
from plumbline.terraform.hcl.body import Body
from plumbline.terraform.model import Problem
from plumbline.terraform.types import NUMBER, STRING
from plumbline.terraform.values import Ephemeral, Instance, InvalidValue, TfSet, Value, derived, step
from plumbline.values.unknown import Unknown

Key: TypeAlias = int | str | None


@dataclass(frozen=True, slots=True)
class Instances:
    """The scope of each instance by its key; `unknown` says why the keys are not known."""

    scopes: dict[Key, Scope]
    unknown: Unknown | None = None
    repeats: bool = False  # whether count or for_each is set
    keyed: bool = False  # whether it is for_each

    def address(self, base: str, key: Key) -> str:
        """The address of one instance."""
        if self.unknown is not None:
            return f"{base}[*]"
        return base if key is None else f"{base}[{key_text(key)}]"

    def collect(self, base: str, values: dict[Key, Value]) -> Value:
        """What a reference to the whole object gives: the instance, a tuple, or an object of instances."""
        if self.unknown is not None:
            return step(Unknown(base), "")
        if not self.repeats:
            return values[None]
        if self.keyed:
            return {str(key): value for key, value in values.items()}
        return list(values.values())


def instances(body: Body, scope: Scope) -> Instances:
    """Evaluates `count` or `for_each`; raises `EvaluationError`."""
    if "count" in body.arguments and "for_each" in body.arguments:
        raise EvaluationError(
            Problem("count and for_each exclude each other.", body.arguments["for_each"].location)
        )
    if "count" in body.arguments:
        return _counted(body, scope)
    if "for_each" in body.arguments:
        return _each(body, scope)
    return Instances({None: scope})


def _counted(body: Body, scope: Scope) -> Instances:
    expression = body.arguments["count"].expression
    try:
        count = _whole(expression.evaluate(scope))
    except InvalidValue as error:
        raise expression.error(f"invalid count: {error}") from None
    if isinstance(count, Unknown):
        index = derived(count, NUMBER, not_null=True)
        return Instances({None: scope.inside({"count": {"index": index}})}, count, repeats=True)
    return Instances({i: scope.inside({"count": {"index": i}}) for i in range(count)}, repeats=True)


def _whole(value: Value) -> int | Unknown:
    if value is None:
        raise InvalidValue("null is not a number of instances")
    _check_kept(value)
    given = conversion.convert(value, NUMBER)
    if isinstance(given, Unknown):
        return given
    count = numbers.whole(conversion.number(given), "number of instances")
    if count < 0:
        raise InvalidValue("a number that is not negative is required")
    if count > 100_000:
        raise InvalidValue(f"{count} instances are more than any provider takes")
    return count


def _check_kept(value: Value) -> None:
    if isinstance(value, Ephemeral):
        raise InvalidValue("an ephemeral value cannot say which instances there are")


def _each(body: Body, scope: Scope) -> Instances:
    expression = body.arguments["for_each"].expression
    collection = expression.evaluate(scope)
    try:
        unknown = _undecided(collection)
    except InvalidValue as error:
        raise expression.error(f"invalid for_each: {error}") from None
    if unknown is not None:
        each: Value = {"key": derived(unknown, STRING, not_null=True), "value": derived(unknown)}
        return Instances({None: scope.inside({"each": each})}, unknown, repeats=True)
    scopes: Iterator[tuple[Key, Scope]] = (
        (str(key), scope.inside({"each": {"key": key, "value": value}})) for key, value in pairs(collection)
    )
    return Instances(dict(scopes), repeats=True, keyed=True)


def _undecided(value: Value) -> Unknown | None:
    """The unknown that keeps the keys from being known; raises `InvalidValue` for what has no keys."""
    if isinstance(value, Instance):
        return _undecided(value.whole())
    _check_kept(value)
    if isinstance(value, Unknown):
        return value
    if value is None:
        raise InvalidValue("null has no elements")
    if isinstance(value, dict):
        return None
    if not isinstance(value, TfSet):
        raise InvalidValue("a map, an object or a set of strings is required")
    for element in value:
        if isinstance(element, Unknown):
            return element
        if not isinstance(element, str):
            raise InvalidValue("the elements of the set must be strings, and not null")
    return None
