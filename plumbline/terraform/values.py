"""The values of the Terraform language, as Python's own types.

Lists and tuples are lists, maps and objects are dicts; the subclasses here keep the element type that
Terraform gave a collection, which decides later conversions. Objects and tuples have their parts' types.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from plumbline.terraform.types import ANY, NUMBER, STRING, Type
from plumbline.values.unknown import Unknown

Value: TypeAlias = "bool | str | int | Decimal | list[Value] | dict[str, Value] | TfSet | Unknown | None"


class InvalidValue(Exception):
    """A value that an operator, a function or a type refuses; the expression around it adds the place."""


class Cycle(InvalidValue):
    """A value that depends on itself, which no try() and no conditional can hide."""


class TfList(list[Value]):
    """A list: unlike in a plain Python list, which is a tuple of Terraform, all elements have one type."""

    __slots__ = ("element",)

    def __init__(self, values: Iterable[Value] = (), element: Type = ANY) -> None:
        super().__init__(values)
        self.element = element


class TfSet(list[Value]):
    """A set: unique values in Terraform's order. Make one with `set_of`, which sorts and drops duplicates."""

    __slots__ = ("element",)

    def __init__(self, values: Iterable[Value] = (), element: Type = ANY) -> None:
        super().__init__(values)
        self.element = element


class TfMap(dict[str, Value]):
    """A map: unlike in a plain dict, which is an object of Terraform, all elements have one type."""

    __slots__ = ("element",)

    def __init__(
        self, values: Mapping[str, Value] | Iterable[tuple[str, Value]] = (), element: Type = ANY
    ) -> None:
        super().__init__(values)
        self.element = element


Between: TypeAlias = tuple[int | Decimal, int | Decimal]


class Pending(Unknown):
    """An unknown value with what Terraform still knows of it: type, start of the text, that it is not null.

    `exact` says that the origin names this very value, so that an attribute of it extends the origin;
    otherwise the value was derived from the origin. `parts` are what a text is joined of, where it is.
    `between` are the least and the most that a number can be, or of a collection how many elements it has.
    """

    __slots__ = ("between", "exact", "not_null", "parts", "prefix", "type")

    def __init__(
        self,
        origin: str,
        type: Type = ANY,
        *,
        exact: bool = False,
        not_null: bool = False,
        prefix: str = "",
        parts: tuple[str | Unknown, ...] = (),
        between: Between | None = None,
    ) -> None:
        super().__init__(origin)
        self.between = between
        self.prefix = prefix
        self.parts = parts
        self.type = type
        self.exact = exact
        self.not_null = not_null


class Drafted(Pending):
    """An unknown text of JSON in which single values are unknown: `draft` is what it says."""

    __slots__ = ("draft",)

    def __init__(self, origin: str, draft: Value, *, exact: bool = False) -> None:
        super().__init__(origin, STRING, exact=exact, not_null=True, prefix=_opening(draft))
        self.draft = draft


class Ephemeral(Pending):
    """A value that Terraform keeps nowhere: it is there while it runs, and never in a plan or a state.

    Source: Terraform language, "Ephemeral values".
    """

    __slots__ = ()


def alike(origin: Unknown) -> type[Pending]:
    """The class of what is made of an unknown value: of an ephemeral one, everything is ephemeral."""
    return Ephemeral if isinstance(origin, Ephemeral) else Pending


def _opening(draft: Value) -> str:
    """How the JSON of a value begins, whatever is in it."""
    if isinstance(draft, Pending) and draft.type is STRING and draft.not_null:
        return '"'
    return "{" if isinstance(draft, dict) else "[" if isinstance(draft, list) else ""


def is_derived(value: object) -> bool:
    """Whether an unknown value was made of what its origin names, and is not that."""
    return isinstance(value, Pending) and not value.exact


_UNSAID = "a plan does not say which, the source (--terraform) or a state does"


class Made(Unknown):
    """A value of which a plan names the references and not what is made of them; its origin is none of them.

    `members` are the references where there is nothing beside them, as in a list of them.
    """

    __slots__ = ("members",)

    def __init__(self, reference: str, members: tuple[str, ...] = ()) -> None:
        super().__init__(f"something made of {reference}; {_UNSAID}")
        self.members = members


class OneOf(Unknown):
    """An attribute of one of several instances; a plan does not say of which.

    It has `x` and `each.key` for `x[each.key]` and for `x[each.key == "a" ? "b" : "a"]`. `among` is the
    address of all of them, `x[*]`, and `own` that of the instance with the key of who refers to it.
    `attribute` is empty where a plan does not say it.
    """

    __slots__ = ("among", "attribute", "own")

    def __init__(self, among: str, own: str, attribute: str = "") -> None:
        super().__init__(f"one of {among}; {_UNSAID}")
        self.among, self.own, self.attribute = among, own, attribute

    def may_be(self, address: str) -> bool:
        """Whether an address is that of one of the instances."""
        pattern = r"\[[^\]]*\]".join(map(re.escape, self.among.split("[*]")))
        return re.fullmatch(pattern, address) is not None


def common(values: Sequence[Value], whole: str) -> Value:
    """What several values say together; where they differ it is unknown, for `whole` is not said."""
    first = values[0]
    if all(repr(it) == repr(first) for it in values):
        return first
    if all(isinstance(it, dict) for it in values):
        maps = [it for it in values if isinstance(it, dict)]
        names = dict.fromkeys(name for it in maps for name in it)
        return {name: common([it.get(name) for it in maps], whole) for name in names}
    lists = [it for it in values if isinstance(it, list)]
    if len(lists) == len(values) and len({len(it) for it in lists}) == 1:
        return [common(items, whole) for items in zip(*lists, strict=True)]
    return Unknown(f"{whole}; {_UNSAID}")


def parts_of(value: Value) -> tuple[str | Unknown, ...]:
    """The texts and unknown values that a text is joined of; what is not joined is the only one."""
    if isinstance(value, Pending) and value.parts:
        return value.parts
    return (value,) if isinstance(value, str | Unknown) else ()


def is_not_null(value: Unknown) -> bool:
    """Whether an unknown value is certainly not null."""
    return isinstance(value, Pending) and value.not_null


def known_prefix(value: Value) -> str:
    """The start of the text that an unknown value will certainly have."""
    return value.prefix if isinstance(value, Pending) else ""


class Instance(dict[str, Value]):
    """A resource or data source instance as seen by references: asks for what is not configured."""

    __slots__ = ("address",)

    def __init__(self, address: str, values: Mapping[str, Value]) -> None:
        super().__init__(values)
        self.address = address

    def __missing__(self, name: str) -> Value:
        return Pending(f"{self.address}.{name}", exact=True)

    def whole(self) -> Value:
        """The instance as one value: unknown, since not all of its attributes are configured."""
        return Pending(self.address, exact=True)


def settled(value: Value) -> Value:
    """A value without instances in it that would still ask for more."""
    if isinstance(value, Instance):
        return settled(value.whole())
    if type(value) is list:
        return [settled(item) for item in value]
    if type(value) is dict:
        return {name: settled(item) for name, item in value.items()}
    return value


def derived(
    origin: Unknown,
    type: Type = ANY,
    *,
    not_null: bool = False,
    prefix: str = "",
    between: Between | None = None,
) -> Pending:
    """The unknown result of an operation on an unknown value."""
    return alike(origin)(origin.origin, type, not_null=not_null, prefix=prefix, between=between)


def bounds(value: Value) -> Between | None:
    """The least and the most that a number is, or that a collection has elements, where that is known."""
    if isinstance(value, Pending):
        return value.between
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value, value
    if isinstance(value, TfSet) and first_unknown(value) is not None:
        return 1, len(value)  # elements that are not known yet may be equal
    return (len(value), len(value)) if isinstance(value, (TfList, TfSet, TfMap)) else None


def step(value: Unknown, text: str, type: Type = ANY) -> Pending:
    """The unknown part of an unknown value: `.name` or `[key]` further along its origin."""
    exact = not isinstance(value, Pending) or value.exact
    return alike(value)(value.origin + text if exact else value.origin, type, exact=exact)


def first_unknown(value: Value) -> Unknown | None:
    """The first unknown value inside a value, or None where all of it is known."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Instance):
        return first_unknown(value.whole())
    if isinstance(value, dict):
        return _first(value.values())
    if isinstance(value, list):
        return _first(value)
    return None


def _first(values: Iterable[Value]) -> Unknown | None:
    for value in values:
        if (unknown := first_unknown(value)) is not None:
            return unknown
    return None


def is_number(value: Value) -> bool:
    """Whether the value is a number; Python's booleans are integers, Terraform's are not."""
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def equal(left: Value, right: Value) -> bool | Unknown:
    """Terraform's `==`: values of different types differ; unknown where an unknown part could decide."""
    if left is None or right is None:
        return _equal_to_null(left, right)
    if isinstance(left, Unknown):
        return False if _excludes(left, right) else derived(left)
    if isinstance(right, Unknown):
        return False if _excludes(right, left) else derived(right)
    if isinstance(left, dict) and isinstance(right, dict):
        return _equal_maps(left, right)
    if isinstance(left, list) and isinstance(right, list):
        return _equal_sequences(left, right)
    return (
        is_number(left) == is_number(right)
        and isinstance(left, bool) == isinstance(right, bool)
        and left == right
    )


def _excludes(unknown: Unknown, value: Value) -> bool:
    """Whether what is known of an unknown value keeps it from being another one."""
    if not isinstance(unknown, Pending) or isinstance(value, Unknown):
        return False
    if unknown.prefix:
        return not isinstance(value, str) or not value.startswith(unknown.prefix)
    if unknown.between is None or not isinstance(value, (int, Decimal)) or isinstance(value, bool):
        return False
    return unknown.type is NUMBER and not unknown.between[0] <= value <= unknown.between[1]


def _equal_to_null(left: Value, right: Value) -> bool | Unknown:
    other = right if left is None else left
    if isinstance(other, Unknown):
        return False if is_not_null(other) else derived(other)
    return other is None


def _equal_maps(left: dict[str, Value], right: dict[str, Value]) -> bool | Unknown:
    if isinstance(left, TfMap) != isinstance(right, TfMap):
        return False
    if isinstance(left, Instance) or isinstance(right, Instance):
        return equal(*(v.whole() if isinstance(v, Instance) else v for v in (left, right)))
    if left.keys() != right.keys():
        return False
    return _all_equal([(left[name], right[name]) for name in left])


def _equal_sequences(left: list[Value], right: list[Value]) -> bool | Unknown:
    if type(left) is not type(right):
        return False
    if isinstance(left, TfSet) and (unknown := first_unknown([left, right])) is not None:
        return derived(unknown)
    return len(left) == len(right) and _all_equal(list(zip(left, right, strict=True)))


def _all_equal(pairs: list[tuple[Value, Value]]) -> bool | Unknown:
    """Whether all pairs are equal, decided by the first that differs or is unknown."""
    for left, right in pairs:
        same = equal(left, right)
        if isinstance(same, Unknown) or not same:
            return same
    return True
