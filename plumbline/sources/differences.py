"""What differs between two readings of the same resources, facet by facet, and what of them is not compared.

A reading is what a source gives of a resource, or why it gives nothing. Drift compares code with an account,
parity one environment with another, and both call `compared`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from plumbline.expectations.stack import Subject
from plumbline.kinds.facet import NOT_DECLARED, NOT_DESCRIBED
from plumbline.kinds.kind import NOT_DEPLOYED, NOT_IN_AWS, Kind
from plumbline.kinds.listing import told
from plumbline.terraform.declared import NOT_RECORDED
from plumbline.values.plain import plain_data, spelled
from plumbline.values.redaction import REDACTED, concealed, redacted
from plumbline.values.sensitive import SENSITIVE
from plumbline.values.shown import digest, text
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Missing, ReadError, Undetermined, Unexamined
from plumbline.values.unlike import Open, Steps, Unlike, unlike

Reading: TypeAlias = Kind | Missing | Undetermined | ReadError
"""What a source gives of a resource, or why it gives nothing."""
Side = Literal[0, 1]

_NEVER = {NOT_DECLARED, NOT_DESCRIBED, *(it.reason for it in (NOT_DEPLOYED, NOT_IN_AWS, *NOT_RECORDED))}
"""Why a source by its nature never gives a field."""
MOST_OF_A_NAME = 120


@dataclass(frozen=True)
class Pair:
    """One resource as two sources, or two environments, have it."""

    what: str
    """Which one it is, to people: `table orders`."""
    one: Reading
    other: Reading


@dataclass(frozen=True)
class Difference:
    """A part of a resource that is one thing here and another there, as it may be shown."""

    what: str
    field: str
    """The field, and where in it: `tags.Owner`."""
    values: tuple[str, str]
    where: tuple[str, str]


@dataclass(frozen=True)
class Alone:
    """A resource that one side has and the other has not."""

    what: str
    side: Side
    where: str = ""


@dataclass(frozen=True)
class NotCompared:
    """A resource, or a field of one, of which nobody knows whether it differs."""

    what: str
    field: str
    reason: str
    unread: bool = False
    """Whether it could not be read, which somebody can mend."""


@dataclass(frozen=True)
class Comparison:
    """What two readings of several resources came to."""

    differences: tuple[Difference, ...] = ()
    alone: tuple[Alone, ...] = ()
    open: tuple[NotCompared, ...] = ()
    compared: int = 0
    """How many fields both sides give."""
    never: int = 0
    """How many fields one of the sources by its nature never gives."""
    neither: tuple[str, ...] = ()
    """What neither side has."""

    def __add__(self, more: Comparison) -> Comparison:
        """Return what both came to together."""
        return Comparison(
            self.differences + more.differences,
            self.alone + more.alone,
            self.open + more.open,
            self.compared + more.compared,
            self.never + more.never,
            self.neither + more.neither,
        )

    @property
    def differs(self) -> bool:
        """Whether anything is known to differ."""
        return bool(self.differences or self.alone)

    @property
    def determined(self) -> bool:
        """Whether anything could be compared at all."""
        return bool(self.compared or self.differs)


def what(kind: type[Kind], name: str, elsewhere: str = "") -> str:
    """Return which resource is meant, to people: `table orders`, or `table orders in eu-west-1`."""
    return told(f"{kind.noun.replace('_', ' ')} {name}", elsewhere)


def what_of(subject: Subject, *readings: Reading) -> str:
    """Return which resource a subject is, by the name that it turns out to have."""
    found = (it.name for it in readings if isinstance(it, Kind) and isinstance(it.name, str))
    home = subject.placeholders["region"]
    elsewhere = subject.region if subject.region != home else ""
    return what(subject.kind, next(found, subject.name), elsewhere)


def compared(pairs: Iterable[Pair]) -> Comparison:
    """Return what differs between the two readings of each resource."""
    return sum(map(_compared, pairs), Comparison())


def _compared(pair: Pair) -> Comparison:
    what = shown_name(pair.what)
    match pair.one, pair.other:
        case Missing(), Missing():
            return Comparison(neither=(what,))
        case Kind() as one, Kind() as other:
            return _of_fields(what, one, other)
        case Kind() as one, Missing():
            return Comparison(alone=(Alone(what, 0, shown(one.where())),))
        case Missing(), Kind() as other:
            return Comparison(alone=(Alone(what, 1, shown(other.where())),))
    reason = next(it for it in (pair.one, pair.other) if isinstance(it, Undetermined | ReadError))
    return Comparison(open=(NotCompared(what, "", reason_shown(str(reason)), isinstance(reason, ReadError)),))


def _of_fields(what: str, one: Kind, other: Kind) -> Comparison:
    found = [_of_field(what, name, one, other) for name in type(one).model_fields]
    return sum(found, Comparison())


def _of_field(what: str, name: str, one: Kind, other: Kind) -> Comparison:
    values = getattr(one, name), getattr(other, name)
    lacked_by_both = values[0] is values[1] and isinstance(values[0], Unexamined)
    if lacked_by_both or any(_is_never_given(it, of) for it, of in zip(values, (one, other), strict=True)):
        return Comparison(never=1)
    return of_values(what, name, *values, (shown(one.where(name)), shown(other.where(name))))


def of_values(what: str, name: str, one: Any, other: Any, where: tuple[str, str] = ("", "")) -> Comparison:
    """Return what differs between two values of a field, part by part."""
    parts = [*unlike(one, other, (name,))]
    unknown = tuple(_not_compared(what, it) for it in parts if isinstance(it, Open))
    differing = tuple(_difference(what, it, where) for it in parts if isinstance(it, Unlike))
    whole = any(it.field == path((name,)) for it in unknown) and not differing
    return Comparison(differing, (), unknown, compared=0 if whole else 1)


def _is_never_given(value: Any, of: Kind) -> bool:
    """Return whether the source of a reading by its nature never gives a field."""
    if not isinstance(value, Unexamined):
        return False
    stated = (it for facet in of.facets() for it in (*facet.in_terraform.values(), *facet.in_answer.values()))
    return value.reason in _NEVER or any(value is it for it in stated)


def _not_compared(what: str, part: Open) -> NotCompared:
    return NotCompared(what, path(part.steps), reason_shown(part.reason), part.unread)


def _difference(what: str, part: Unlike, where: tuple[str, str]) -> Difference:
    return Difference(what, path(part.steps), values_shown(part), where)


def values_shown(part: Unlike) -> tuple[str, str]:
    """Return the two values of a part as they may be shown: told apart, and without secrets."""
    both = part.one, part.other
    one, other = (value_shown(part.steps, it) for it in both)
    if one == other and not any(
        it in one for it in (REDACTED, SENSITIVE)
    ):  # they differ beyond what is shown
        one, other = (f"{one} {digest(spelled(it))}" for it in both)
    alike = f" and {part.alike} alike" if part.alike else ""
    return one + alike, other + alike


def value_shown(steps: Steps, value: Any) -> str:
    """Return a value without what is secret by the names that lead to it, or by what it looks like."""
    more = ", perhaps more" if isinstance(value, SomeOf) else ""
    held: Any = plain_data(value.members if isinstance(value, SomeOf) else value)
    for step in reversed(steps):
        held = {step: held}
    held = redacted(held)
    for step in steps:
        held = held[step] if isinstance(held, dict) else held
    return text(spelled(_said(held))) + more


def _said(value: Any) -> Any:
    """Return a value without what its parts do not say: a statement of a policy names few of its elements."""
    if isinstance(value, dict):
        return {name: _said(it) for name, it in value.items() if it not in (None, [], {})}
    return [_said(it) for it in value] if isinstance(value, list) else value


def path(steps: Steps) -> str:
    """Return where a part stands, as it may be shown: `tags.Owner`."""
    return shown(".".join(steps).replace(".[]", "[]"))


def shown_name(name: str) -> str:
    """Return what a resource is called, as it may be shown."""
    return text(concealed(name), MOST_OF_A_NAME)


def reason_shown(reason: str) -> str:
    """Return why something is not compared, in one line."""
    return shown(" ".join(it.strip() for it in reason.splitlines()))


def shown(value: str) -> str:
    """Return a text as it may be shown."""
    return text(concealed(value))


def by_reason(open_: Iterable[NotCompared]) -> Iterator[tuple[str, list[NotCompared]]]:
    """Yield what is not compared by the reason for that, the most frequent first."""
    groups: dict[str, list[NotCompared]] = {}
    for it in open_:
        groups.setdefault(it.reason, []).append(it)
    yield from sorted(groups.items(), key=lambda pair: -len(pair[1]))
