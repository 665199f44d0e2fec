"""Templates: text with interpolations, and the `for` directive; that of `if` is a conditional."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plumbline.terraform import conversion
from plumbline.terraform.characters import composed, safe_prefix
from plumbline.terraform.expressions.base import Expression, Scope
from plumbline.terraform.expressions.collections import pairs, unknown_elements
from plumbline.terraform.marks import made_of
from plumbline.terraform.source import Source
from plumbline.terraform.types import STRING, Type
from plumbline.terraform.values import (
    Ephemeral,
    InvalidValue,
    Pending,
    Value,
    derived,
    known_prefix,
    parts_of,
)
from plumbline.values.unknown import Unknown


class Template(Expression):
    """Parts that are joined to a string; unknown as a whole where a part is."""

    __slots__ = ("parts",)

    def __init__(self, source: Source, offset: int, parts: list[Expression]) -> None:
        super().__init__(source, offset)
        self.parts = parts

    @property
    def gives(self) -> Type:
        """A string."""
        return STRING

    def value(self, scope: Scope) -> Value:
        texts: list[str] = []
        unknown: Unknown | None = None
        prefix = ""
        joined: list[str | Unknown] = []
        for part in self.parts:
            text = _text(part, part.evaluate(scope))
            joined += parts_of(text)
            if not isinstance(text, Unknown):
                texts.append(text)
            elif unknown is None:
                unknown, prefix = text, safe_prefix("".join(texts) + known_prefix(text))
        if unknown is not None:
            kind = Ephemeral if any(isinstance(it, Ephemeral) for it in joined) else Pending
            return kind(unknown.origin, STRING, not_null=True, prefix=prefix, parts=tuple(joined))
        made = composed("".join(texts))
        scope.budget.made(made)
        return made_of(made, texts)

    def children(self) -> Iterable[Expression]:
        return self.parts


def _text(part: Expression, value: Value) -> str | Unknown:
    if value is None:
        raise part.error("a template cannot include null")
    if isinstance(value, Unknown):
        return value
    try:
        text = conversion.convert(value, STRING)
    except InvalidValue:
        raise part.error("a template can include strings, numbers and bools, but no collections") from None
    assert isinstance(text, str)
    return text


class ForDirective(Expression):
    """`%{ for k, v in collection }...%{ endfor }`."""

    __slots__ = ("body", "collection", "names")

    def __init__(
        self, source: Source, offset: int, names: tuple[str, ...], collection: Expression, body: Template
    ) -> None:
        super().__init__(source, offset)
        self.names = names
        self.collection = collection
        self.body = body

    def value(self, scope: Scope) -> Value:
        collection = self.collection.evaluate(scope)
        if (unknown := unknown_elements(collection)) is not None:
            return derived(unknown, STRING, not_null=True)
        texts: list[str] = []
        for pair in pairs(collection):
            local = dict(zip(self.names, pair if len(self.names) == 2 else pair[1:], strict=True))
            text = self.body.evaluate(scope.inside(local))
            if isinstance(text, Unknown):
                return text
            texts.append(conversion.string(text))
        return made_of(composed("".join(texts)), texts)

    def children(self) -> Iterable[Expression]:
        return (self.collection, self.body)

    def traversals(self, bound: frozenset[str] = frozenset()) -> Iterator[Expression]:
        yield from self.collection.traversals(bound)
        yield from self.body.traversals(bound | self.bound())

    def bound(self) -> frozenset[str]:
        return frozenset(self.names)

    def walk(self, bound: frozenset[str] = frozenset()) -> Iterator[tuple[Expression, frozenset[str]]]:
        yield self, bound
        yield from self.collection.walk(bound)
        yield from self.body.walk(bound | self.bound())
