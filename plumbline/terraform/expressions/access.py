"""References, attributes, indexes and splats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from plumbline.terraform import conversion, numbers
from plumbline.terraform.expressions.base import Expression, Literal, Scope
from plumbline.terraform.marks import made_of
from plumbline.terraform.source import Source
from plumbline.terraform.types import ANY, ListType, MapType, ObjectType, SetType, TupleType, Type
from plumbline.terraform.values import (
    Instance,
    InvalidValue,
    Pending,
    TfList,
    TfMap,
    TfSet,
    Value,
    derived,
    is_not_null,
    step,
)
from plumbline.values.unknown import Unknown

_TEMPLATES = re.compile(r"[$%]\{")
_ESCAPES = {"\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r"\"", "\\": "\\\\"}


class _Path(Expression):
    __slots__ = ()

    def traversals(self, bound: frozenset[str] = frozenset()) -> Iterator[Expression]:
        root = self.root()
        if root is None:
            yield from super().traversals(bound)
        elif root not in bound:
            yield self


class Reference(_Path):
    """A dotted path such as `local.x.y` or `aws_s3_bucket.b.id`; later words are attributes."""

    __slots__ = ("path",)

    def __init__(self, source: Source, offset: int, path: tuple[str, ...]) -> None:
        super().__init__(source, offset)
        self.path = path

    def value(self, scope: Scope) -> Value:
        path = self.path
        if path[0] in scope.local:
            value, taken = scope.local[path[0]], 1
        else:
            value, taken = scope.names.resolve(path)
        for name in path[taken:]:
            value = attribute(value, name)
        return value

    def root(self) -> str | None:
        return self.path[0]


class DottedKey(Reference):
    """`{ a.b = ... }`: only `providers` of a module block has such keys, and never evaluates them."""

    __slots__ = ()

    def value(self, scope: Scope) -> Value:
        raise InvalidValue("a key that is a reference must stand in parentheses")


class Attribute(_Path):
    """`target.name`."""

    __slots__ = ("name", "target")

    def __init__(self, source: Source, offset: int, target: Expression, name: str) -> None:
        super().__init__(source, offset)
        self.target = target
        self.name = name

    def value(self, scope: Scope) -> Value:
        return attribute(self.target.evaluate(scope), self.name)

    def root(self) -> str | None:
        return self.target.root()

    def children(self) -> Iterable[Expression]:
        return (self.target,)


class Index(_Path):
    """`target[key]`."""

    __slots__ = ("key", "target")

    def __init__(self, source: Source, offset: int, target: Expression, key: Expression) -> None:
        super().__init__(source, offset)
        self.target = target
        self.key = key

    def value(self, scope: Scope) -> Value:
        key = self.key.evaluate(scope)
        return made_of(element(self.target.evaluate(scope), key), [key])

    def root(self) -> str | None:
        return self.target.root() if isinstance(self.key, Literal) else None

    def children(self) -> Iterable[Expression]:
        return (self.target, self.key)


class Each(Expression):
    """Stands for the current element inside a splat's steps."""

    __slots__ = ()

    def value(self, scope: Scope) -> Value:
        if "*" not in scope.local:
            raise self.error("What stands behind * has a value for each element alone")
        return scope.local["*"]


class Splat(Expression):
    """`target[*].a.b` and `target.*.a`: the steps, applied to each element."""

    __slots__ = ("steps", "target")

    def __init__(self, source: Source, offset: int, target: Expression, steps: Expression) -> None:
        super().__init__(source, offset)
        self.target = target
        self.steps = steps  # an expression over `Each`

    def value(self, scope: Scope) -> Value:
        target = self.target.evaluate(scope)
        if target is None:
            return []
        if isinstance(target, Unknown) and not _is_single(target):
            return derived(target)
        if isinstance(target, (TfList, TfSet)) and not target and target.element is not ANY:
            one = Pending("an element of an empty list", target.element)
            return TfList([], conversion.type_of(self.steps.evaluate(scope.inside({"*": one}))))
        elements = target if isinstance(target, list) else [target]
        values = [self.steps.evaluate(scope.inside({"*": each})) for each in elements]
        if isinstance(target, (TfList, TfSet)):
            return TfList(values, conversion.unify(map(conversion.type_of, values)) or ANY)
        return values

    def children(self) -> Iterable[Expression]:
        return (self.target, self.steps)


def _is_single(value: Unknown) -> bool:
    """Whether an unknown value is certainly one thing, neither null nor a list."""
    kind = conversion.type_of(value)
    single = kind is not ANY and not isinstance(kind, (ListType, SetType, TupleType))
    return single and is_not_null(value)


def attribute(value: Value, name: str) -> Value:
    """`value.name`, which for a map is the same as `value["name"]`."""
    if isinstance(value, Unknown):
        return step(value, f".{name}", _attribute_type(conversion.type_of(value), name))
    if value is None:
        raise InvalidValue(f'cannot take the attribute "{name}" of null')
    if isinstance(value, dict):
        if isinstance(value, Instance) or name in value:
            return value[name]
        kind = "map" if isinstance(value, TfMap) else "object"
        raise InvalidValue(f'this {kind} has no element named "{name}"')
    if isinstance(value, list):
        raise InvalidValue(
            f'cannot take the attribute "{name}" of a list; name one of its elements with [...]'
        )
    raise InvalidValue(f'a {conversion.type_of(value)} has no attributes, so there is no "{name}"')


def _attribute_type(kind: Type, name: str) -> Type:
    """The type of an attribute of what is unknown; raises `InvalidValue` where there is none."""
    if kind is ANY:
        return ANY
    if isinstance(kind, MapType):
        return kind.element
    if not isinstance(kind, ObjectType):
        raise InvalidValue(f'a {kind} has no attributes, so there is no "{name}"')
    if name not in kind.attributes:
        raise InvalidValue(f'this object has no element named "{name}"')
    return kind.attributes[name]


def element(value: Value, key: Value) -> Value:
    """`value[key]`."""
    if value is None:
        raise InvalidValue("cannot index null")
    if isinstance(value, TfSet):
        raise InvalidValue("elements of a set have no index; convert it to a list or use a for expression")
    if isinstance(value, Unknown):
        return _unknown_element(value, key)
    if isinstance(key, Unknown):
        return derived(key)
    if key is None:
        raise InvalidValue("an index cannot be null")
    if isinstance(value, list):
        return _item(value, key)
    if isinstance(value, dict):
        return _entry(value, conversion.string(key))
    raise InvalidValue(f"a {conversion.type_of(value)} has no elements to index")


def _unknown_element(value: Unknown, key: Value) -> Value:
    if isinstance(key, (Unknown, list, dict)) or key is None:
        return derived(value)
    kind = conversion.type_of(value)
    inner = kind.element if isinstance(kind, (ListType, SetType, MapType)) else ANY
    if isinstance(kind, TupleType) and isinstance(key, int) and key < len(kind.elements):
        inner = kind.elements[key]
    if isinstance(kind, ObjectType) and isinstance(key, str):
        inner = kind.attributes.get(key, ANY)
    return step(value, f"[{key_text(key)}]", inner)


def _item(values: list[Value], key: Value) -> Value:
    index = numbers.whole(conversion.number(key), "index")
    if not 0 <= index < len(values):
        raise InvalidValue(f"the index {index} does not exist: there are {len(values)} elements")
    return values[index]


def _entry(values: dict[str, Value], key: str) -> Value:
    if isinstance(values, Instance) or key in values:
        return values[key]
    raise InvalidValue(f'there is no element with the key "{key}"')


def key_text(key: Value) -> str:
    """An instance key as an address shows it: `"name"` or `0`; what starts a template is doubled there."""
    if isinstance(key, str):
        return f'"{_TEMPLATES.sub(_doubled, "".join(map(_escaped, key)))}"'
    return conversion.string(key)


def _doubled(start: re.Match[str]) -> str:
    return f"{start[0][0]}{start[0]}"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
