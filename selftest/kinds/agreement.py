"""Two models of one resource, compared field by field where both kinds of evidence carry the field."""

from typing import Any

from plumbline.kinds.kind import NOT_DEPLOYED, NOT_IN_AWS, Kind
from plumbline.values.model import Model
from plumbline.values.some_of import SomeOf, members
from plumbline.values.unknown import Placeholder, Unexamined, Unknown, Unmeasured

Pairs = dict[str, tuple[Any, Any]]


def carried(one: Kind, other: Kind) -> Pairs:
    """Return the values of each field that neither kind of evidence lacks by its nature."""
    pairs = {name: (getattr(one, name), getattr(other, name)) for name in type(one).model_fields}
    return {
        name: pair
        for name, pair in pairs.items()
        if not any(isinstance(value, Unexamined | Unknown) for value in pair)
    }


def differences(one: Kind, other: Kind) -> Pairs:
    """Return those of them that are not equal."""
    return {name: pair for name, pair in carried(one, other).items() if not _agree(*pair)}


def _agree(one: Any, other: Any) -> bool:
    """Whether two values are equal, as far as both are told.

    A text within one that only apply decides is some text in the other, and of two tables the
    entries that both tell: the name of one that is not told may have been decided later, too.
    """
    if isinstance(one, Unknown):
        return isinstance(other, str)
    if isinstance(one, SomeOf) or isinstance(other, SomeOf):
        return _may_be_one(members(one), members(other))
    if isinstance(one, Unexamined) or isinstance(other, Unexamined):
        return True
    if isinstance(one, Model) and type(one) is type(other):
        return all(_agree(getattr(one, name), getattr(other, name)) for name in type(one).model_fields)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_agree, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        untold = sum(isinstance(it, Unexamined) for it in (*one.values(), *other.values()))
        named_alike = len(one) == len(other) and len(one.keys() - other.keys()) <= untold
        return named_alike and all(_agree(one[name], other[name]) for name in one.keys() & other.keys())
    return bool(one == other)


def _may_be_one(told: list[Any], others: list[Any]) -> bool:
    """Whether the shorter of two lists, to which others may belong, holds nothing that the longer lacks."""
    fewer, more = sorted((told, others), key=len)
    return all(any(_agree(it, one) for one in more) for it in fewer)


def lacked_by_nature(*models: Kind) -> set[str]:
    """Return the fields of which a model says that its kind of evidence never has them, or not yet."""
    return {
        name
        for model in models
        for name in type(model).model_fields
        if any(getattr(model, name) is sentinel for sentinel in (NOT_DEPLOYED, NOT_IN_AWS, *stated(model)))
        or isinstance(getattr(model, name), Unmeasured)
    }


def stated(model: Kind) -> list[Placeholder]:
    """Return why the facets of a model say that source, or the account, never gives some of their fields."""
    given = [
        path for facet in model.facets() for path in (*facet.in_terraform.values(), *facet.in_answer.values())
    ]
    return [path for path in given if isinstance(path, Placeholder)]
