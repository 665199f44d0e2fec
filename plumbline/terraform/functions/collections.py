"""Collection functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import product, takewhile
from math import prod

from plumbline.terraform import conversion, numbers
from plumbline.terraform.conversion import Members, convert, set_of, type_of, unify
from plumbline.terraform.functions.function import Function, Parameter, declare, limited
from plumbline.terraform.numbers import Number, small
from plumbline.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from plumbline.terraform.values import (
    Between,
    InvalidValue,
    TfList,
    TfMap,
    TfSet,
    Value,
    bounds,
    derived,
    equal,
    first_unknown,
    is_number,
)
from plumbline.values.unknown import Unknown

TABLE: dict[str, Function] = {}
function = declare(TABLE)

_PARTS = Parameter(ANY, parts=True)
_ANYTHING = Parameter(ANY, null=True, parts=True, unknown=True)
_LIST = Parameter(ListType(ANY), parts=True)
_SET = Parameter(SetType(ANY))
_BOOLS = Parameter(ListType(BOOL), parts=True)
_TEXTS = Parameter(ListType(STRING), parts=True)


def _sequence(value: Value) -> list[Value]:
    if not isinstance(value, list):
        raise InvalidValue(f"a list, tuple or set is required, not a {type_of(value)}")
    return value


def _ordered(value: Value) -> list[Value]:
    if not isinstance(value, list) or isinstance(value, TfSet):
        raise InvalidValue(f"a list or tuple is required, not a {type_of(value)}")
    return value


def _mapping(value: Value) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise InvalidValue(f"a map or object is required, not a {type_of(value)}")
    return value


def _like(source: Value, values: list[Value]) -> Value:
    """The values as a list where the source was one, otherwise as a tuple."""
    return TfList(values, source.element) if isinstance(source, TfList) else values


def _unknown_of(values: Sequence[Value]) -> Unknown | None:
    return next((value for value in values if isinstance(value, Unknown)), None)


@function(_BOOLS, returns=BOOL)
def alltrue(values: list[Value]) -> Value:
    decisive = next((value for value in values if value is not True), True)
    return derived(decisive, BOOL, not_null=True) if isinstance(decisive, Unknown) else decisive is True


@function(_BOOLS, returns=BOOL)
def anytrue(values: list[Value]) -> Value:
    if any(value is True for value in values):
        return True
    unknown = _unknown_of(values)
    return False if unknown is None else derived(unknown, BOOL, not_null=True)


@function(_LIST, NUMBER, returns=ListType(ListType(ANY)))
def chunklist(values: TfList, size: Number) -> Value:
    count = small(size, "size")
    if count < 0:
        raise InvalidValue("the size cannot be negative")
    chunks = [values[i : i + count] for i in range(0, len(values), count)] if count else [list(values)]
    inner = ListType(values.element)
    return TfList((TfList(chunk, values.element) for chunk in chunks if chunk), inner)


@function(rest=_ANYTHING)
def coalesce(*values: Value) -> Value:
    """The first value that is neither null nor an empty string."""
    common = unify(map(type_of, values))
    if common is None:
        raise InvalidValue("all arguments must have types that convert to one another")
    for value in values:
        if isinstance(value, Unknown):
            return derived(value, common, not_null=True)
        if value is not None and value != "":
            return convert(value, common)
    raise InvalidValue("no argument is other than null and an empty string")


@function(rest=Parameter(ANY, parts=True, unknown=True))
def coalescelist(*values: Value) -> Value:
    for value in takewhile(lambda it: not isinstance(it, Unknown), values):
        _ordered(value)
    for value in values:
        if isinstance(value, Unknown):
            return derived(value)
        if _ordered(value):
            return value
    raise InvalidValue("no argument is a list with elements")


@function(_TEXTS, returns=ListType(STRING))
def compact(values: list[Value]) -> Value:
    if (unknown := _unknown_of(values)) is not None:
        return derived(unknown, ListType(STRING), not_null=True)
    return TfList((value for value in values if value not in (None, "")), STRING)


@function(rest=_PARTS)
def concat(*values: Value) -> Value:
    if not values:
        raise InvalidValue("at least one list is required")
    joined = [element for value in values for element in _ordered(value)]
    types = [value.element for value in values if isinstance(value, TfList)]
    if len(types) == len(values) and (common := unify(types)) is not None:
        return TfList((convert(element, common) for element in joined), common)
    return joined


@function(_PARTS, _PARTS)
def contains(values: Value, wanted: Value) -> Value:
    unknown: Unknown | None = first_unknown(wanted)
    for value in _sequence(values):
        same = equal(value, wanted)
        if isinstance(same, Unknown):
            unknown = same
        elif same:
            return True
    return False if unknown is None else derived(unknown, BOOL, not_null=True)


@function(_LIST, returns=ListType(ANY))
def distinct(values: TfList) -> Value:
    if (unknown := first_unknown(values)) is not None:
        return derived(unknown, ListType(values.element), not_null=True)
    return TfList(conversion.unique(values), values.element)


@function(_PARTS, NUMBER)
def element(values: Value, index: Number) -> Value:
    """The element at an index that goes on at the other end, in both directions.

    Terraform 1.10 and 1.11 take a negative index of a list and refuse one of most tuples; later ones do not.
    Source: Terraform's and OpenTofu's documentation, "element Function".
    """
    sequence = _ordered(values)
    if not sequence:
        raise InvalidValue("an empty list has no elements")
    return sequence[small(index, "index") % len(sequence)]


@function(_PARTS)
def flatten(values: Value) -> Value:
    flat: list[Value] = []
    unknown = _flatten(values, flat)
    return flat if unknown is None else derived(unknown)


def _flatten(values: Value, flat: list[Value]) -> Unknown | None:
    for value in _sequence(values):
        if isinstance(value, Unknown) and (not hasattr(value, "type") or _may_be_sequence(value.type)):
            return value
        if isinstance(value, list):
            if (unknown := _flatten(value, flat)) is not None:
                return unknown
        else:
            flat.append(value)
    return None


def _may_be_sequence(kind: Type) -> bool:
    return kind is ANY or not isinstance(kind, (type(STRING), MapType, ObjectType))


@function(_PARTS, Parameter(ANY, parts=True))
def index(values: Value, wanted: Value) -> Value:
    for position, value in enumerate(_ordered(values)):
        same = equal(value, wanted)
        if isinstance(same, Unknown):
            return derived(same, NUMBER)
        if same:
            return position
    raise InvalidValue("the value is not in the list")


@function(_PARTS)
def keys(values: Value) -> Value:
    names = sorted(_mapping(values), key=str.encode)
    return TfList(names, STRING) if isinstance(values, TfMap) else list(names)


@function(Parameter(ANY, parts=True, unknown=True), returns=NUMBER)
def length(value: Value) -> Value:
    if isinstance(value, str):
        return _characters(value)
    if isinstance(value, Unknown):
        count = _known_length(type_of(value))
        return _counted(value, bounds(value)) if count is None else count
    if isinstance(value, TfSet) and (unknown := first_unknown(value)) is not None:
        return _counted(unknown, bounds(value))
    if isinstance(value, (list, dict)):
        return len(value)
    raise InvalidValue("a string, list, tuple, set, map or object is required")


def _counted(unknown: Unknown, between: Between | None) -> Value:
    if between is not None and between[0] == between[1]:
        return between[0]
    return derived(unknown, NUMBER, not_null=True, between=between)


def _known_length(kind: Type) -> int | None:
    """How many elements an unknown value has, where its type tells."""
    if isinstance(kind, TupleType):
        return len(kind.elements)
    return len(kind.attributes) if isinstance(kind, ObjectType) else None


def _characters(text: str) -> int:
    from plumbline.terraform.functions.graphemes import graphemes

    return len(graphemes(text))


@function(_PARTS, STRING, rest=_ANYTHING)
def lookup(values: Value, key: str, *default: Value) -> Value:
    mapping = _mapping(values)
    if len(default) > 1:
        raise InvalidValue(f"takes 2 or 3 arguments, not {len(default) + 2}")
    if isinstance(mapping, TfMap) and default:
        default = (convert(default[0], mapping.element),)
    if key in mapping:
        return mapping[key]
    if default:
        return default[0]
    raise InvalidValue(f'there is no element with the key "{key}", and no default')


@function(_LIST, _LIST, _LIST, returns=ListType(ANY))
def matchkeys(values: TfList, names: TfList, wanted: TfList) -> Value:
    if len(values) != len(names):
        raise InvalidValue("the values and the keys must have the same length")
    if (unknown := first_unknown([names, wanted])) is not None:
        return derived(unknown, ListType(values.element))
    common = unify([names.element, wanted.element])
    if common is None:
        raise InvalidValue("the keys and what is searched for must have elements of one type")
    searched = Members(convert(name, common) for name in wanted)
    kept = [value for value, name in zip(values, names, strict=True) if searched.has(convert(name, common))]
    return TfList(kept, values.element)


@function(rest=Parameter(ANY, null=True, parts=True, unknown=True))
def merge(*values: Value) -> Value:
    if (unknown := _unknown_of(values)) is not None:
        return derived(unknown)
    mappings = [_mapping(value) for value in values if value is not None]
    merged: dict[str, Value] = {}
    for mapping in mappings:
        merged |= mapping
    types = [mapping.element for mapping in mappings if isinstance(mapping, TfMap)]
    if types and len(types) == len(values) and all(kind == types[0] for kind in types):
        return TfMap(merged, types[0])
    return merged


@function(_PARTS)
def one(values: Value) -> Value:
    sequence = _sequence(values)
    if len(sequence) > 1:
        raise InvalidValue("a list with no or one element is required")
    return sequence[0] if sequence else None


@function(rest=NUMBER, returns=ListType(NUMBER))
def range_(*limits: Number) -> Value:
    if not 1 <= len(limits) <= 3:
        raise InvalidValue(f"takes 1 to 3 arguments, not {len(limits)}")
    start, end = (0, limits[0]) if len(limits) == 1 else limits[:2]
    step = limits[2] if len(limits) == 3 else (1 if end >= start else -1)
    if step == 0 or ((end > start) != (step > 0) and end != start):
        raise InvalidValue("the step must lead from the start towards the end")
    values: list[Value] = []
    while (start < end) if step > 0 else (start > end):
        if len(values) >= 1024:
            raise InvalidValue("more than 1024 values would result")
        values.append(start)
        start = numbers.add(start, step)
    return TfList(values, NUMBER)


@function(_PARTS)
def reverse(values: Value) -> Value:
    if isinstance(values, TfSet):
        return TfList(reversed(values), values.element)
    return _like(values, list(reversed(_sequence(values))))


@function(_SET, rest=_SET, returns=SetType(ANY))
def setintersection(*sets: TfSet) -> Value:
    return _combined(sets, _in_all)


@function(_SET, _SET, returns=SetType(ANY))
def setsubtract(first: TfSet, second: TfSet) -> Value:
    return _combined((first, second), _only_in_first)


@function(Parameter(SetType(ANY), parts=True), rest=Parameter(SetType(ANY), parts=True), returns=SetType(ANY))
def setunion(*sets: TfSet) -> Value:
    return _combined(sets, lambda first, rest: [*first, *(v for s in rest for v in s)])


def _combined(
    sets: Sequence[TfSet], combine: Callable[[list[Value], list[list[Value]]], list[Value]]
) -> TfSet:
    common = unify((s.element for s in sets), mixes=False)
    if common is None:
        raise InvalidValue("the sets must have elements of one type")
    converted = [[convert(value, common) for value in s] for s in sets]
    return set_of(combine(converted[0], converted[1:]), common)


def _in_all(first: list[Value], others: list[list[Value]]) -> list[Value]:
    members = [Members(other) for other in others]
    return [value for value in first if all(it.has(value) for it in members)]


def _only_in_first(first: list[Value], others: list[list[Value]]) -> list[Value]:
    members = Members(others[0])
    return [value for value in first if not members.has(value)]


@function(rest=_PARTS)
def setproduct(*sets: Value) -> Value:
    if len(sets) < 2:
        raise InvalidValue("at least two sets are required")
    for each in sets:
        if isinstance(each, TfSet) and (unknown := first_unknown(each)) is not None:
            return derived(unknown)
    columns = [each if isinstance(each, TfSet) else convert(_ordered(each), ListType(ANY)) for each in sets]
    limited(prod(len(_sequence(it)) for it in columns) * len(columns), "elements")
    rows: list[Value] = [list(row) for row in product(*map(_sequence, columns))]
    kind = TupleType(tuple(column.element for column in columns if isinstance(column, (TfList, TfSet))))
    return set_of(rows, kind) if any(isinstance(each, TfSet) for each in sets) else TfList(rows, kind)


@function(_PARTS, NUMBER, NUMBER)
def slice_(values: Value, start: Number, end: Number) -> Value:
    sequence = _ordered(values)
    first, last = small(start, "start"), small(end, "end")
    if not 0 <= first <= last <= len(sequence):
        raise InvalidValue(f"the range {first} to {last} is not inside a list of {len(sequence)}")
    return _like(values, sequence[first:last])


@function(_TEXTS, returns=ListType(STRING))
def sort(values: TfList) -> Value:
    if (unknown := first_unknown(values)) is not None:
        return TfList([derived(unknown, STRING, not_null=True)] * len(values), STRING)
    if any(value is None for value in values):
        raise InvalidValue("a null element cannot be sorted")
    return TfList(sorted(values, key=lambda value: str(value).encode()), STRING)


@function(_PARTS, returns=NUMBER)
def sum_(values: Value) -> Value:
    sequence = _sequence(values)
    if not sequence:
        raise InvalidValue("at least one number is required")
    if (unknown := _unknown_of(sequence)) is not None:
        return derived(unknown, NUMBER)
    if any(not is_number(value) and not isinstance(value, str) for value in sequence):
        raise InvalidValue("a list of numbers is required")
    return reduce(numbers.add, map(conversion.number, sequence))


@function(MapType(ListType(STRING)), returns=MapType(ListType(STRING)))
def transpose(values: dict[str, Value]) -> Value:
    names: dict[str, list[Value]] = {}
    for key in sorted(values, key=str.encode):
        for name in _sequence(values[key]):
            if name is None:
                raise InvalidValue("a null element cannot become a key")
            names.setdefault(str(name), []).append(key)
    inner = ListType(STRING)
    return TfMap({name: TfList(names[name], STRING) for name in sorted(names, key=str.encode)}, inner)


@function(_PARTS)
def values(mapping: Value) -> Value:
    ordered = [value for _, value in sorted(_mapping(mapping).items(), key=lambda item: item[0].encode())]
    return TfList(ordered, mapping.element) if isinstance(mapping, TfMap) else ordered


@function(_TEXTS, _PARTS)
def zipmap(names: TfList, values: Value) -> Value:
    sequence = _ordered(values)
    if len(names) != len(sequence):
        raise InvalidValue(f"there are {len(names)} keys for {len(sequence)} values")
    if (unknown := first_unknown(names)) is not None:
        return derived(unknown)
    if any(name is None for name in names):
        raise InvalidValue("a key cannot be null")
    zipped = dict(zip(map(str, names), sequence, strict=True))
    return TfMap(zipped, values.element) if isinstance(values, TfList) else zipped
