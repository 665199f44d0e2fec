"""Finding a resource by what it is: the one of its kind that has some values, whatever its name."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Found, own_fields
from plumbline.kinds.kind import Kind, Wanted
from plumbline.kinds.listing import Listing
from plumbline.kinds.settling import alone, of_facet
from plumbline.terraform.companions import is_counted, uncounted
from plumbline.values.shown import text
from plumbline.values.unknown import Missing, ReadError, Undetermined, Unknown, Unread

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer, Aws, Reply
    from plumbline.terraform.model import Configuration, Resource

T = TypeVar("T")
Declared = tuple["Resource", "Configuration"]
"""A resource, and what declares it."""

_MOST_OF_A_VALUE = 200
"""How many characters of a value are told: an event has many more, and what matters of it comes first."""
_MEMBERS = re.compile(r"(\w+)\[(?:\?[^\]]*)?\]\.(\w+)")
"""Names that stand in one list of an answer: `MetricAlarms[].AlarmName`, `Rules[?!ManagedBy].Name`."""


def selectable(kind: type[Kind]) -> bool:
    """Return whether resources of a kind can be found by what they are, on every source."""
    return bool(kind.terraform_type and (kind.candidates or kind.listing))


class Several(Undetermined):
    """Raised where several are what is looked for: which one is meant, only what is asked of them can say."""

    def __init__(self, reason: str, each: Iterable[Any]) -> None:
        super().__init__(reason)
        self.each = tuple(each)
        """What fits; or, of each, the resource, or why that cannot be read."""

    def read(self, one: Callable[[Any], Kind]) -> Several:
        """Return it with each that fits read, or with why that cannot be."""
        return Several(self.reason, (_outcome(one, it) for it in self.each))


@dataclass(frozen=True)
class Candidate(Generic[T]):
    """What may be the one that is looked for."""

    what: T
    told: str
    """How a reader finds it: its name, and where it stands."""
    model: Callable[[], Kind]
    """Reads of it what decides. Raises what reading raises."""
    doubt: str = ""
    """Why it is not known whether it is there at all."""


@dataclass(frozen=True)
class Selection:
    """What a resource must be to be the one that is meant."""

    kind: type[Kind]
    values: Mapping[str, Any]
    """By field, or by a key of the kind's `selected_by`; empty for the only one there is."""

    def __str__(self) -> str:
        """Return what is looked for: `alarm with namespace Shop and metric_name Errors`."""
        told = [f"{name} {text(_shown(value), _MOST_OF_A_VALUE)}" for name, value in self.values.items()]
        noun = self.kind.noun.replace("_", " ")
        return f"{noun} with {' and '.join(told)}" if told else noun

    @property
    def reads(self) -> frozenset[str]:
        """The attributes that decide."""
        return frozenset(self.kind.selected_by.get(name, name) for name in self.values)

    def calls(self) -> Iterator[Call]:
        """Yield the calls that find it in an account."""
        yield self._listed.call
        yield from (call for it in self._listed.all if it.of_each for call in (it.of_each.call, it.call))
        yield from self.kind.calls_for(self.reads)

    def in_source(
        self,
        configurations: Iterable[Configuration],
        region: str,
        where: str,
        wanted: Wanted,
        unread: Iterable[ReadError] = (),
    ) -> Kind:
        """Return the resource that is meant, as its source declares it; `unread` is what else may declare it.

        Raises `Missing` where there is none, `Several`, and `Undetermined` where one may be it and none is
        for certain.
        """
        given = list(configurations)
        found = [
            self._declared(resource, configuration)
            for configuration in given
            for resource in self.kind.declared_in(configuration)
            if self.kind.is_seen_in(region, resource, configuration)
        ]
        elsewhere = list(dict.fromkeys(name for it in given for name in it.not_evaluated))
        hidden = [Undetermined(f"{', '.join(elsewhere)} may declare the {self}")] if elsewhere else []
        hidden += [
            Undetermined(f"{it.address} ({it.location}) may make the {self}")
            for configuration in given
            for it in configuration.resources
            if it.type in self.kind.made_by
        ]

        def read(meant: Declared) -> Kind:
            self.kind.refuse_namesakes(region, *meant)
            return self.kind.from_terraform(*meant, wanted)

        try:
            return read(self.the_one(found, where, [*unread, *hidden]))
        except Several as several:
            raise several.read(read) from None

    def is_met_in(self, configuration: Configuration, region: str) -> bool:
        """Return whether something that is declared is meant, be it one of several."""
        for resource in self.kind.declared_in(configuration):
            with suppress(Undetermined, ReadError):
                if self.kind.is_seen_in(region, resource, configuration) and self.fits(
                    self.kind.from_terraform(resource, configuration, self.reads)
                ):
                    return True
        return False

    def in_account(self, aws: Aws) -> str:
        """Return the name of the resource that is meant. Raises as `in_source`, and where listing fails."""
        where = f"in {aws.region} ({self._listed.call.operation})"
        try:
            return self.the_one(self._candidates(aws, self._listed), where)
        except Missing:
            if self.kind.further_candidates is None:
                raise
            return self.the_one(self._candidates(aws, self.kind.further_candidates), where)

    def the_one(
        self, candidates: Iterable[Candidate[T]], where: str, doubts: Iterable[Undetermined | ReadError] = ()
    ) -> T:
        """Return the one candidate that fits. Raises as `in_source`; what cannot be read goes first."""
        fitting: list[Candidate[T]] = []
        doubtful: list[Undetermined | ReadError] = list(doubts)
        for candidate in candidates:
            try:
                if self.fits(candidate.model()):
                    if candidate.doubt:
                        raise Undetermined(candidate.doubt)
                    fitting.append(candidate)
            except Undetermined as reason:
                doubtful.append(Undetermined(f"{candidate.told} may be the {self}: {reason}"))
            except ReadError as reason:
                doubtful.append(reason)
            except Missing:
                continue  # deleted since it was listed
        if len(fitting) > 1:
            names = ", ".join(it.told for it in fitting)
            told = f"which {self} is meant: there are {len(fitting)}, {names}; say more of it under `select`"
            raise Several(told, (it.what for it in fitting))
        if fitting:
            return fitting[0].what
        for doubt in sorted(doubtful, key=lambda it: isinstance(it, Undetermined)):
            raise doubt
        raise Missing(str(self), where)

    def fits(self, model: Kind) -> bool:
        """Return whether a resource has the values; what is known and differs decides, whatever is not known.

        Raises `Undetermined` or `ReadError` where what is not known would decide.
        """
        return _all_hold(functools.partial(self._holds, model, name) for name in self.values)

    def _holds(self, model: Kind, name: str) -> bool:
        wanted = self.values[name]
        if method := self.kind.selected_by.get(name):
            return bool(getattr(model, method)(wanted))
        return _is_same(getattr(model, name), wanted)

    @property
    def _listed(self) -> Listing:
        listing = self.kind.candidates or self.kind.listing
        assert listing is not None  # no other kind is selected
        return listing

    def _declared(self, resource: Resource, configuration: Configuration) -> Candidate[Declared]:
        name = self.kind.named(resource, configuration)
        told = resource.address if isinstance(name, Unknown) else name
        return Candidate(
            (resource, configuration),
            f"{told} ({resource.location})",
            functools.partial(self.kind.from_terraform, resource, configuration, self.reads),
            "" if is_counted(resource) else uncounted(resource),
        )

    def _candidates(self, aws: Aws, listing: Listing) -> list[Candidate[str]]:
        """Return all of the kind that an account lists."""
        asked = Asked(aws, "")
        if self._is_told_by(listing):
            reply = asked.ask(listing.call)
            listed = reply.at("@").map(functools.partial(self._each_alone, listing)).value()
            return [
                Candidate(name, name, functools.partial(self._as_listed, Asked(aws, name), reply, answer))
                for name, answer in listed
            ]
        others = (it.told(asked) for it in listing.all if it.of_each)
        names = dict.fromkeys(name for told in (listing.told(asked), *others) for name, _ in told.value())
        for name in names:
            self._ask_ahead(aws, name)
        return [
            Candidate(name, name, functools.partial(self.kind.from_aws, aws, name, self.reads))
            for name in names
        ]

    def _is_told_by(self, listing: Listing) -> bool:
        """Return whether the list says of each what decides, as the call about one would."""
        core = self.kind.facets()[0]
        same = core.call is not None and core.call.operation == listing.call.operation
        as_usual = inspect.getattr_static(core, "read") is inspect.getattr_static(Facet, "read")
        in_one_list = _MEMBERS.fullmatch(listing.names) is not None
        return same and as_usual and in_one_list and self.kind.needed(self.reads) == (core,)

    def _each_alone(self, listing: Listing, answer: Answer) -> list[tuple[str, Answer]]:
        """Return each name in a list, with the answer that the call about it alone would give."""
        [(members, _)] = _MEMBERS.findall(listing.names)
        of_one, alone = replace(listing, further=""), ({**answer, members: [it]} for it in answer[members])
        return [(name, one) for one in alone for name in of_one.named(one)]

    def _as_listed(self, asked: Asked, reply: Reply, answer: Answer) -> Kind:
        core = self.kind.facets()[0]
        found = Found(reply.at("@").map(lambda _: core.described(answer, asked)), reply.call)
        others = {it for it in self.kind.model_fields if it not in own_fields(core)}
        unread = {name: Unread(self.kind.noun, name) for name in others}
        return self.kind.of(
            reply.call, unread | of_facet(core, own_fields(core), found) | {"name": asked.name}
        )

    def _ask_ahead(self, aws: Aws, name: str) -> None:
        """Send out what one is asked, so that no answer is waited for before all are asked."""
        for facet in self.kind.needed(self.reads):
            with suppress(Missing):
                alone(facet, functools.partial(facet.read, Asked(aws, name, self.kind.holder(name))))


def _outcome(read: Callable[[Any], Kind], what: Any) -> Kind | Exception:
    try:
        return read(what)
    except (Missing, Undetermined, ReadError) as reason:
        return reason


def _all_hold(conditions: Iterable[Callable[[], bool]]) -> bool:
    """Return whether all hold: not, where one of them does not. Raises why it is not known otherwise."""
    reasons: list[Undetermined | ReadError] = []
    for holds in conditions:
        try:
            if not holds():
                return False
        except (Undetermined, ReadError) as reason:
            reasons.append(reason)
    for unknown in reasons:
        raise unknown
    return True


def _is_same(value: Any, wanted: Any) -> bool:
    """Return whether a value is the one that is wanted; a part of it that differs decides."""
    if isinstance(value, Mapping) and isinstance(wanted, Mapping):
        parts = (functools.partial(_is_same, value[key], wanted[key]) for key in wanted)
        return value.keys() == wanted.keys() and _all_hold(parts)
    return bool(value == wanted)


def _shown(value: Any) -> str:
    """Return a value as a line of YAML has it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_shown(it)}" for key, it in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
