"""Type conversion and unification, by the rules of Terraform's type system (cty)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from plumbline.terraform import numbers
from plumbline.terraform.marks import Marked, marked
from plumbline.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)
from plumbline.terraform.values import (
    Drafted,
    Instance,
    InvalidValue,
    Pending,
    TfList,
    TfMap,
    TfSet,
    Value,
    alike,
    derived,
    equal,
    first_unknown,
    settled,
)
from plumbline.values.unknown import Identity, Unknown

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def type_of(value: Value) -> Type:
    """The type of a value; `any` for null and for what is unknown in every respect."""
    if value is None:
        return ANY
    if isinstance(value, Unknown):
        return _type_of_unknown(value)
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, str):
        return STRING
    if isinstance(value, (int, Decimal)):
        return NUMBER
    if isinstance(value, TfSet):
        return SetType(value.element)
    if isinstance(value, TfList):
        return ListType(value.element)
    if isinstance(value, list):
        return TupleType(tuple(map(type_of, value)))
    if isinstance(value, Instance):
        return type_of(value.whole())
    if isinstance(value, TfMap):
        return MapType(value.element)
    return ObjectType({name: type_of(element) for name, element in value.items()})


def _type_of_unknown(value: Unknown) -> Type:
    if isinstance(value, Identity):
        return STRING
    return value.type if isinstance(value, Pending) else ANY


def convert(value: Value, wanted: Type) -> Value:
    """The value as the wanted type.

    Raises `InvalidValue` with a sentence where the types do not fit.
    """
    if wanted is ANY or value is None:
        return value
    if isinstance(value, Instance) and not isinstance(wanted, ObjectType):
        return convert(value.whole(), wanted)
    if isinstance(value, Unknown):
        return _unknown(value, wanted)
    converted = _CONVERSIONS[type(wanted)](value, wanted)
    return marked(converted) if isinstance(value, Marked) else converted


def _unknown(value: Unknown, wanted: Type) -> Unknown:
    if isinstance(value, Identity):
        return value if wanted is STRING else _unknown(Pending(value.origin, STRING, exact=True), wanted)
    if isinstance(value, Pending):
        if not _convertible(value.type, wanted):
            raise InvalidValue(f"{_article(wanted)} is required")
        is_text = wanted is STRING
        if is_text and isinstance(value, Drafted):
            return value
        return alike(value)(
            value.origin,
            wanted,
            exact=value.exact,
            not_null=value.not_null,
            prefix=value.prefix if is_text else "",
            parts=value.parts if is_text else (),
            between=value.between if wanted == value.type else None,
        )
    return Pending(value.origin, wanted, exact=True)


def _convertible(given: Type, wanted: Type) -> bool:
    return given is ANY or wanted is ANY or isinstance(given, Primitive) == isinstance(wanted, Primitive)


def string(value: Value) -> str:
    """A known, non-null value as a string."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return numbers.text(value)
    raise InvalidValue("a string is required")


def number(value: Value) -> numbers.Number:
    """A known, non-null value as a number."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        return numbers.parse(value)
    raise InvalidValue("a number is required")


def boolean(value: Value) -> bool:
    """A known, non-null value as a bool."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _BOOLEANS:
        return _BOOLEANS[value]
    raise InvalidValue("a bool is required")


_PRIMITIVES: dict[str, Callable[[Value], Value]] = {"string": string, "number": number, "bool": boolean}


def _to_primitive(value: Value, wanted: Primitive) -> Value:
    return _PRIMITIVES[wanted.name](value)


def _to_list(value: Value, wanted: ListType) -> Value:
    if not isinstance(value, list):
        raise InvalidValue(f"{_article(wanted)} is required")
    if isinstance(value, TfList) and (value.element == wanted.element or wanted.element is ANY):
        return value
    if isinstance(value, TfSet) and (unknown := first_unknown(value)) is not None:
        return derived(unknown, wanted, not_null=True)
    elements, element = _elements(value, _element(value), wanted.element, "list")
    return TfList(elements, element)


def _to_set(value: Value, wanted: SetType) -> Value:
    if not isinstance(value, list):
        raise InvalidValue(f"{_article(wanted)} is required")
    if isinstance(value, TfSet) and (value.element == wanted.element or wanted.element is ANY):
        return value
    elements, element = _elements(value, _element(value), wanted.element, "set")
    return set_of(elements, element)


def _to_map(value: Value, wanted: MapType) -> Value:
    if not isinstance(value, dict):
        raise InvalidValue(f"{_article(wanted)} is required")
    if isinstance(value, TfMap) and (value.element == wanted.element or wanted.element is ANY):
        return value
    elements, element = _elements(list(value.values()), _element(value), wanted.element, "map")
    return TfMap(zip(value, elements, strict=True), element)


def _to_tuple(value: Value, wanted: TupleType) -> Value:
    if not isinstance(value, list) or isinstance(value, TfSet) or len(value) != len(wanted.elements):
        raise InvalidValue(f"a tuple of {len(wanted.elements)} elements is required")
    return [
        _within(f"element {i}", v, t) for i, (v, t) in enumerate(zip(value, wanted.elements, strict=True))
    ]


def _to_object(value: Value, wanted: ObjectType) -> Value:
    if not isinstance(value, dict):
        raise InvalidValue("an object is required")
    required = wanted.attributes.keys() - wanted.optional
    missing = sorted(required - value.keys()) if not isinstance(value, Instance) else []
    if missing:
        names = ", ".join(f'"{name}"' for name in missing)
        raise InvalidValue(
            f"attribute {names} is required" if len(missing) == 1 else f"attributes {names} are required"
        )
    return {
        name: _within(f'attribute "{name}"', _attribute(value, name, wanted), kind)
        for name, kind in sorted(wanted.attributes.items())
    }


def _attribute(value: dict[str, Value], name: str, wanted: ObjectType) -> Value:
    given = value[name] if isinstance(value, Instance) else value.get(name)
    return wanted.defaults.get(name) if given is None else given


_CONVERSIONS: Mapping[type[Type], Callable[..., Value]] = {
    Primitive: _to_primitive,
    ListType: _to_list,
    SetType: _to_set,
    MapType: _to_map,
    TupleType: _to_tuple,
    ObjectType: _to_object,
}


def _element(value: list[Value] | dict[str, Value]) -> Type:
    """The type that the elements of a collection have, were there any; `any` where nothing says it."""
    return value.element if isinstance(value, (TfList, TfSet, TfMap)) else ANY


def _elements(values: Sequence[Value], given: Type, element: Type, kind: str) -> tuple[list[Value], Type]:
    """The values as one element type: the wanted one, or with `any` the one that they have (in common).

    An empty collection is refused as one with elements of its type would be.
    """
    if not values and _never_converts(given, element):
        raise InvalidValue(f"element: {_article(element)} is required")
    if element is ANY and given is not ANY:
        return list(values), given
    if _open(element):
        values = [_within("element", value, element) for value in values]
        element = _common(values, element, kind)
    return [_within("element", value, element) for value in values], element


def _common(values: Sequence[Value], wanted: Type, kind: str) -> Type:
    """The one type of elements that each are of a type with `any` in it.

    A set takes elements as they are, unless it is one of `any`. Source: cty, `conversionTupleToSet`.
    """
    types = [_fitted(value, wanted) for value in values]
    told = [it for it in types if it is not ANY] if kind == "map" else types
    alike = all(it == told[0] for it in told)
    is_known = all(first_unknown(value) is None for value in values)
    takes_others = kind != "set" or wanted is ANY or alike or not is_known
    common = unify(types, mixes=alike or not is_known) if takes_others else None
    if common is None:
        raise InvalidValue(f"all {kind} elements must have the same type")
    return wanted if common is ANY else common


def _fitted(value: Value, wanted: Type) -> Type:
    """The type that a value has which was converted to one: where that has `any`, the value's own."""
    if isinstance(value, dict) and isinstance(wanted, ObjectType):
        return ObjectType({name: _fitted(value[name], it) for name, it in wanted.attributes.items()})
    if isinstance(value, list) and isinstance(wanted, TupleType):
        return TupleType(tuple(map(_fitted, value, wanted.elements)))
    return wanted if value is None or not _open(wanted) else type_of(value)


def _never_converts(given: Type, wanted: Type) -> bool:
    """Whether no value of a type converts to another type, whatever it is."""
    if given is ANY or wanted is ANY:
        return False
    if isinstance(given, Primitive) and isinstance(wanted, Primitive):
        return {given, wanted} == {NUMBER, BOOL}
    if isinstance(given, Primitive) or isinstance(wanted, Primitive):
        return True
    if isinstance(given, (ObjectType, MapType)) != isinstance(wanted, (ObjectType, MapType)):
        return True
    if isinstance(given, ObjectType) and isinstance(wanted, ObjectType):
        return bool(wanted.attributes.keys() - wanted.optional - given.attributes.keys())
    return any(_never_converts(one, other) for one in _parts(given) for other in _parts(wanted))


def _open(kind: Type) -> bool:
    """Whether a type leaves that of a part to the value."""
    return kind is ANY or (not isinstance(kind, Primitive) and any(map(_open, _parts(kind))))


def _within(place: str, value: Value, wanted: Type) -> Value:
    try:
        return convert(value, wanted)
    except InvalidValue as error:
        raise InvalidValue(f"{place}: {error}") from None


def _article(wanted: Type) -> str:
    name = str(wanted)
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def unify(types: Iterable[Type], *, mixes: bool = True) -> Type | None:
    """The one type that values of all these types convert to; None where there is none.

    Where some are of any type it is any that the others would not share with these, or none at all unless
    types may be mixed so. Source: cty, `unify`.
    """
    given = list(types)
    known = [kind for kind in given if kind is not ANY]
    if not known:
        return ANY
    if len(known) == len(given):
        return _unify(known, mixes)
    kinds = set(map(type, known))
    common = None if len(kinds) == 1 and Primitive not in kinds else _unify(known, mixes)
    return ANY if common is None and mixes and not {ObjectType, TupleType} <= kinds else common


def _unify(known: list[Type], mixes: bool) -> Type | None:
    first = known[0]
    if all(kind == first for kind in known[1:]):
        return first
    if all(isinstance(kind, Primitive) for kind in known):
        return STRING if STRING in known else None  # a bool and a number both print, but are no strings
    if all(isinstance(kind, (ObjectType, MapType)) for kind in known):
        return _unify_maps(known, mixes)
    if all(isinstance(kind, (TupleType, ListType, SetType)) for kind in known):
        return _unify_sequences(known, mixes)
    return None


def _unify_maps(types: list[Type], mixes: bool) -> Type | None:
    objects = [kind for kind in types if isinstance(kind, ObjectType)]
    names = objects[0].attributes.keys() if objects else set()
    if len(objects) == len(types) and all(kind.attributes.keys() == names for kind in objects):
        attributes = {name: unify((kind.attributes[name] for kind in objects), mixes=mixes) for name in names}
        found = {name: kind for name, kind in attributes.items() if kind is not None}
        return ObjectType(found) if len(found) == len(attributes) else None
    element = unify((part for kind in types for part in _parts(kind)), mixes=mixes)
    return None if element is None else MapType(element)


def _unify_sequences(types: list[Type], mixes: bool) -> Type | None:
    tuples = [kind for kind in types if isinstance(kind, TupleType)]
    lengths = {len(kind.elements) for kind in tuples}
    if len(tuples) == len(types) and len(lengths) == 1:
        columns = zip(*(kind.elements for kind in tuples), strict=True)
        elements = [unify(column, mixes=mixes) for column in columns]
        found = tuple(kind for kind in elements if kind is not None)
        return TupleType(found) if len(found) == len(elements) else None
    element = unify((part for kind in types for part in _parts(kind)), mixes=mixes)
    if element is None:
        return None
    lists = [kind for kind in types if isinstance(kind, ListType)]
    sets = any(isinstance(kind, SetType) for kind in types)
    if sets and lists and not tuples:
        return lists[0]
    return SetType(element) if sets else ListType(element)


def _parts(kind: Type) -> Iterable[Type]:
    if isinstance(kind, ObjectType):
        return kind.attributes.values()
    if isinstance(kind, TupleType):
        return kind.elements
    return [kind.element] if isinstance(kind, (ListType, SetType, MapType)) else [kind]


def set_of(values: Iterable[Value], element: Type | None = None) -> TfSet:
    """A set of the values: sorted as Terraform iterates them, without duplicates of known values."""
    given = list(values)
    kind = unify(map(type_of, given)) or ANY if element is None else element
    return TfSet(ranked((value, value) for value in given), kind)


def ranked(pairs: Iterable[tuple[Value, Value]]) -> list[Value]:
    """The second of each pair, in the order that a set gives to the first, without duplicates."""
    known: dict[str, tuple[Value, Value]] = {}
    unknown: list[tuple[Value, Value]] = []
    for key, value in pairs:
        if first_unknown(key) is None:
            known.setdefault(_hash(key), (key, value))
        else:
            unknown.append((key, value))  # two that look the same now may differ later
    return [value for _, value in sorted([*known.values(), *unknown], key=lambda pair: _order(pair[0]))]


def unique(values: Iterable[Value]) -> list[Value]:
    """The values in their order without those equal to an earlier one."""
    kept: list[Value] = []
    known = Members()
    for value in values:
        if not known.has(value):
            kept.append(value)
            known.add(value)
    return kept


class Members:
    """Values among which others are looked for, each in the time that it takes to read it."""

    def __init__(self, values: Iterable[Value] = ()) -> None:
        self._alike: dict[str, list[Value]] = {}
        for value in values:
            self.add(value)

    def add(self, value: Value) -> None:
        """Puts a value among them."""
        self._alike.setdefault(_likeness(value), []).append(value)

    def has(self, value: Value) -> bool:
        """Whether a value is certainly equal to one of them."""
        alike = self._alike.get(_likeness(value), ())
        return any(equal(value, other) is True for other in alike)


def _likeness(value: Value) -> str:
    """What equal values have in common: zero equals zero whatever its sign, of which a set makes two."""
    return _hash(settled(value)).replace("-0", "0")


def _order(value: Value) -> tuple[int, numbers.Number, bytes]:
    """Sort key within a set: numbers by size, everything else by text, then null, and unknown last."""
    if isinstance(value, Unknown) or value is None:
        return (1 if value is None else 2, 0, b"")
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return (0, value, numbers.text(value).encode())
    return (0, 0, (value if isinstance(value, str) else _hash(value)).encode())


def _hash(value: Value) -> str:
    """The text by which cty tells and orders the structured elements of a set."""
    if isinstance(value, Unknown):
        return "?"
    if value is None:
        return "~"
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (int, Decimal)):
        return numbers.text(value)
    if isinstance(value, TfMap):
        return "{" + "".join(f'"{k}":{_hash(v)};' for k, v in sorted(value.items())) + "}"
    if isinstance(value, dict):
        return "<" + "".join(f"{_hash(v)};" for _, v in sorted(value.items())) + ">"
    if isinstance(value, (TfList, TfSet)):
        return "[" + "".join(f"{_hash(v)};" for v in value) + "]"
    if isinstance(value, list):
        return "<" + "".join(f"{_hash(v)};" for v in value) + ">"
    raise TypeError(value)
