"""Tuples, objects and for expressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from plumbline.terraform import conversion
from plumbline.terraform.expressions.base import Expression, Literal, Scope
from plumbline.terraform.source import Source
from plumbline.terraform.types import BOOL
from plumbline.terraform.values import Instance, InvalidValue, TfSet, Value, derived
from plumbline.values.unknown import Unknown

Pair: TypeAlias = tuple[Value, Value]


class Tuple(Expression):
    """`[a, b]`."""

    __slots__ = ("elements",)

    def __init__(self, source: Source, offset: int, elements: list[Expression]) -> None:
        super().__init__(source, offset)
        self.elements = elements

    def value(self, scope: Scope) -> Value:
        values = [element.evaluate(scope) for element in self.elements]
        scope.budget.made(values)
        return values

    def children(self) -> Iterable[Expression]:
        return self.elements


class Object(Expression):
    """`{ name = a, (key) = b }`."""

    __slots__ = ("items",)

    def __init__(self, source: Source, offset: int, items: list[tuple[Expression, Expression]]) -> None:
        super().__init__(source, offset)
        self.items = items

    def value(self, scope: Scope) -> Value:
        result: dict[str, Value] = {}
        unknown: Unknown | None = None
        for key_expression, expression in self.items:
            key, value = _key(key_expression.evaluate(scope)), expression.evaluate(scope)
            if isinstance(key, Unknown):
                unknown = key
            else:
                result[key] = value
        scope.budget.made(result)
        return result if unknown is None else derived(unknown, not_null=True)

    def children(self) -> Iterable[Expression]:
        return (part for item in self.items for part in item)

    def entries(self) -> dict[str, Expression]:
        """The values by those keys that are constants."""
        return {
            key.constant: value
            for key, value in self.items
            if isinstance(key, Literal) and isinstance(key.constant, str)
        }


def _key(value: Value) -> str | Unknown:
    if value is None:
        raise InvalidValue("a key cannot be null")
    return value if isinstance(value, Unknown) else conversion.string(value)


@dataclass(frozen=True, slots=True)
class Loop:
    """`for k, v in collection ... if condition`: what both for expressions share."""

    names: tuple[str, ...]
    collection: Expression
    condition: Expression | None

    def scopes(self, collection: Value, scope: Scope) -> Iterator[tuple[Scope, bool | Unknown]]:
        """The scope of each element, with whether the condition keeps it."""
        for key, value in pairs(collection):
            local = dict(zip(self.names, (key, value)[-len(self.names) :], strict=True))
            inner = scope.inside(local)
            yield inner, self._keeps(inner)

    def _keeps(self, scope: Scope) -> bool | Unknown:
        if self.condition is None:
            return True
        value = self.condition.evaluate(scope)
        if value is None:
            raise self.condition.error("the condition cannot be null")
        kept = conversion.convert(value, BOOL)
        return kept if isinstance(kept, Unknown) else bool(kept)


class _For(Expression):
    __slots__ = ("loop",)

    def __init__(self, source: Source, offset: int, loop: Loop) -> None:
        super().__init__(source, offset)
        self.loop = loop

    def inner(self) -> Iterable[Expression]:
        """The expressions that see the loop's names."""
        return () if self.loop.condition is None else (self.loop.condition,)

    def children(self) -> Iterable[Expression]:
        return (self.loop.collection, *self.inner())

    def walk(self, bound: frozenset[str] = frozenset()) -> Iterator[tuple[Expression, frozenset[str]]]:
        yield self, bound
        yield from self.loop.collection.walk(bound)
        for child in self.inner():
            yield from child.walk(bound | self.bound())

    def traversals(self, bound: frozenset[str] = frozenset()) -> Iterator[Expression]:
        yield from self.loop.collection.traversals(bound)
        for child in self.inner():
            yield from child.traversals(bound | self.bound())

    def bound(self) -> frozenset[str]:
        return frozenset(self.loop.names)


class ForTuple(_For):
    """`[for k, v in collection : result if condition]`."""

    __slots__ = ("result",)

    def __init__(self, source: Source, offset: int, loop: Loop, result: Expression) -> None:
        super().__init__(source, offset, loop)
        self.result = result

    def value(self, scope: Scope) -> Value:
        collection = self.loop.collection.evaluate(scope)
        if (unknown := unknown_elements(collection)) is not None:
            return derived(unknown)
        results: list[Value] = []
        undecided: Unknown | None = None
        for inner, kept in self.loop.scopes(collection, scope):
            if isinstance(kept, Unknown):
                undecided = kept
            elif kept:
                results.append(self.result.evaluate(inner))
        scope.budget.made(results)
        return results if undecided is None else derived(undecided)

    def inner(self) -> Iterable[Expression]:
        return (*super().inner(), self.result)


class ForObject(_For):
    """`{for k, v in collection : key => result... if condition}`."""

    __slots__ = ("grouping", "key", "result")

    def __init__(
        self, source: Source, offset: int, loop: Loop, key: Expression, result: Expression, *, grouping: bool
    ) -> None:
        super().__init__(source, offset, loop)
        self.key = key
        self.result = result
        self.grouping = grouping

    def value(self, scope: Scope) -> Value:
        collection = self.loop.collection.evaluate(scope)
        if (unknown := unknown_elements(collection)) is not None:
            return derived(unknown)
        groups: dict[str, list[Value]] = {}
        for inner, kept in self.loop.scopes(collection, scope):
            if isinstance(kept, Unknown):
                unknown = kept
            elif kept:
                key = _key(self.key.evaluate(inner))
                value = self.result.evaluate(inner)
                if isinstance(key, Unknown):
                    unknown = key
                else:
                    self._add(groups, key, value)
        if unknown is not None:
            return derived(unknown)
        result: dict[str, Value] = {
            key: list(values) if self.grouping else values[0] for key, values in sorted(groups.items())
        }
        scope.budget.made(result)
        return result

    def _add(self, groups: dict[str, list[Value]], key: str, value: Value) -> None:
        if key in groups and not self.grouping:
            raise self.key.error(f'the key "{key}" appears twice; write "..." after the value to group')
        groups.setdefault(key, []).append(value)

    def inner(self) -> Iterable[Expression]:
        return (*super().inner(), self.key, self.result)


def unknown_elements(value: Value) -> Unknown | None:
    """The unknown that keeps a value from being iterated; raises `InvalidValue` for what has no elements."""
    if isinstance(value, Instance):
        return unknown_elements(value.whole())
    if isinstance(value, Unknown):
        return value
    if value is None:
        raise InvalidValue("cannot iterate over null")
    if not isinstance(value, (list, dict)):
        raise InvalidValue(f"cannot iterate over a {conversion.type_of(value)}")
    return None


def pairs(value: Value) -> list[Pair]:
    """What an iteration over the value gives, as (key, value)."""
    if isinstance(value, Instance):
        return pairs(value.whole())
    if isinstance(value, dict):
        return [(key, value[key]) for key in sorted(value, key=str.encode)]
    if isinstance(value, TfSet):
        return [(element, element) for element in value]
    return list(enumerate(value)) if isinstance(value, list) else []
