"""What there is of a kind: everything that all roots declare, or that an account lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

from pydantic import PrivateAttr, field_validator

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind, Wanted, known_as
from plumbline.kinds.listing import Existing, Listing, told
from plumbline.kinds.registry import by_section, kinds
from plumbline.terraform.companions import everywhere, is_counted, uncounted
from plumbline.terraform.declared import another_account, given, place, region
from plumbline.values.mistakes import did_you_mean
from plumbline.values.model import Model
from plumbline.values.some_of import SomeOf, doubted, members
from plumbline.values.unknown import Placeholder, Undetermined, Unknown
from plumbline.values.wildcards import wildcard

if TYPE_CHECKING:
    from plumbline.aws.fact import Fact
    from plumbline.expectations.stack import Subject
    from plumbline.terraform.model import Configuration, Resource


_IN = " in "
"""What stands between a name and where it is meant to be."""


class OfWhat(Model):
    """Which kind is listed, and what of it is the stack's in an account that holds other things, too."""

    of: str
    """The section of the kind: `tables`."""
    prefixes: list[str] = []
    """How names begin that are the stack's in an account; all names unless said.

    What Terraform declares is the stack's whatever its name.
    """
    regions: list[str] = []
    """Regions that are listed besides its own."""

    @field_validator("of")
    @classmethod
    def _can_be_listed(cls, plural: str) -> str:
        listed = {it.plural for it in kinds().values() if it.listing}
        if plural not in listed:
            near = did_you_mean(plural, listed)
            raise ValueError(
                f"{plural!r} is no kind that can be listed{near}; valid: {', '.join(sorted(listed))}"
            )
        return plural

    @property
    def kind(self) -> type[Kind]:
        """The kind that is listed."""
        return by_section()[self.of]

    @property
    def listing(self) -> Listing:
        """How it is listed."""
        listing = self.kind.listing
        assert listing is not None  # `of` is refused otherwise
        return listing

    @property
    def types(self) -> tuple[str, ...]:
        """The types of Terraform whose resources an account lists: the kind's own, and those beside it."""
        return (self.kind.terraform_type, *self.kind.listed_with, *self.kind.shows_besides)

    def holds(self, name: str) -> bool:
        """Return whether a name is the stack's in an account, by itself or with what it lies in."""
        own = name.rpartition("/")[2] if self.listing.names_end else name
        return not self.prefixes or any(it.startswith(tuple(self.prefixes)) for it in (name, own))

    def may_hold(self, pattern: str) -> bool:
        """Return whether a name that a pattern says, in which `*` is any text, can be the stack's there."""
        begin, wild, _ = pattern.partition("*")
        anything = self.listing.names_end or any(it.startswith(begin) for it in self.prefixes)
        return self.holds(begin) or (bool(wild) and anything)


def listed(question: Model | None) -> str:
    """Return the section of the kind that is listed; empty where something else is asked."""
    return question.of if isinstance(question, OfWhat) else ""


class InventoryLimits(Model):
    """What can be expected of an inventory besides what the stack names."""

    none_of: list[str]
    """Names that nothing may have: `*` stands for any text, and `orders-* in eu-west-1` for those there."""


class Inventory(Kind):
    """Everything that there is of one kind, named by the stack or not. Its name says of what."""

    noun = "inventory"
    plural = "inventories"
    expects_some = ("none_of",)
    question = OfWhat
    limits = InventoryLimits
    implied = ("named",)
    spans_roots = True
    remedy_names = ("unnamed", "unnamed_region")

    found: list[Existing] = []
    """Everything that there is, in the order in which it was found."""

    _beyond: list[Existing] = PrivateAttr(default_factory=list)
    _offence: str = PrivateAttr(default="")
    _further: str = PrivateAttr(default="")
    _doubts: list[str] = PrivateAttr(default_factory=list)
    _unknown: dict[str, str] = PrivateAttr(default_factory=dict)
    """Why the names of resources are not known, by what stands for each, beside all other doubts."""

    def beyond(self, named: Iterable[str]) -> list[Existing] | SomeOf:
        """Return what is there beyond what the stack names.

        What is known decides. Where there may be more, whoever asks whether that is all is refused.
        """
        known = [*named]
        found = self.found
        beyond = [it for it in members(found) if not _is_among(it, known)]
        offence = "the stack does not name"
        if may_be := [*_not_found(known, self._unknown)]:
            return doubted([], may_be)
        if self._unknown:
            left = [
                reason
                for it, reason in self._unknown.items()
                if not any(one.startswith(f"{it}: ") for one in known)
            ]
            return self._wrong(offence, beyond, [*self._doubts, *left])
        return self._wrong(offence, beyond, [found.reason] if isinstance(found, SomeOf) else [])

    def like(self, patterns: Iterable[str]) -> list[Existing] | SomeOf:
        """Return what is there under a name that one of some patterns says.

        What is known decides. Where there may be more, or a pattern says where and that is not known, whoever
        asks whether that is all is refused.
        """
        wanted, found = [*patterns], self.found
        placed = [(name, where) for name, _, where in (it.partition(_IN) for it in wanted)]
        there = members(found)
        doubts = [found.reason] if isinstance(found, SomeOf) else []
        doubts += [
            f"nothing says where {it.name} lies"
            for it in there
            if not it.region and any(it.is_called(name) for name, where in placed if where)
        ]
        alike = [it for it in there if any(map(it.is_called, wanted))]
        return self._wrong(f"{', '.join(wanted)} must not be there, and there is", alike, doubts)

    def _wrong(
        self, offence: str, offenders: list[Existing], doubts: Iterable[str]
    ) -> list[Existing] | SomeOf:
        """Return what is there and is not to be, and note it for what is told of that."""
        found = doubted(offenders, doubts)
        self._beyond, self._offence = offenders, offence
        self._further = found.reason if isinstance(found, SomeOf) else ""
        return found

    @property
    def offenders(self) -> list[Existing]:
        """What the sentence found that is not to be there."""
        return self._beyond

    @property
    def offence(self) -> str:
        """What the sentence found wrong with the offenders."""
        return self._offence

    @property
    def further_offenders(self) -> str:
        """Why there may be more that is not to be there."""
        return self._further

    @classmethod
    def also_expected(cls, question: Any, subjects: Iterable[Subject]) -> Mapping[str, Any]:
        """Return what the stack names of the kind: `named`; source may not say that it is another's."""
        regional = question.listing.regional
        own = [it for it in subjects if it.kind is question.kind]
        named = (
            told(it.name, it.region if regional else "", of) for it in own for of in ("", it.another_account)
        )
        return {"named": sorted({*named})}

    @classmethod
    def pointless(cls, question: Any, subjects: Iterable[Subject]) -> str:
        """Return that by no inventory of the kind what the stack names of it is one of the stack's.

        Beside one by which it is, another one may look for names that nothing has to have, in regions that
        are listed.
        """
        subjects = [*subjects]
        if unlisted := next(_looked_for_elsewhere(question, subjects), ""):
            return unlisted
        named = [it.name for it in subjects if it.kind is question.kind and it.found_by is None]
        lists = [it.question for it in subjects if isinstance(it.question, OfWhat)]
        if not named or any(it.of == question.of and any(map(it.holds, named)) for it in lists):
            return ""
        begin = ", ".join(question.prefixes)
        return f"none of the {question.of} that the stack names begins with {begin}: {', '.join(named[:3])}"

    @classmethod
    def undecidable(cls, question: Any, expected: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield names that no account would tell: by its prefixes they are somebody else's."""
        for pattern in expected.get("none_of", ()):
            if not question.may_hold(pattern.partition(_IN)[0]):
                begin = " or ".join(question.prefixes)
                yield "none_of", f"an account lists only what begins with {begin}, and {pattern} does not"

    @classmethod
    def is_held_against(cls, question: Any, subject: Subject) -> bool:
        """Return whether a resource is of the kind, so that its name is one that the stack names."""
        return subject.kind is question.kind

    @classmethod
    def across(cls, configuration: Configuration, name: str, question: Any) -> Self:
        """Return what the roots of an environment declare of the kind.

        Where a root is not given or a module not evaluated, where a name or how many there are is known only
        after apply, there may be more.
        """
        declared = everywhere(configuration, *question.types)
        doubts = list(declared.doubts)
        found: list[Existing] = []
        unknown_names: dict[str, str] = {}
        for resource, root in (*declared.found, *_deposed(configuration, question.kind)):
            try:
                found.append(_existing(resource, root, question))
            except _NameUnknown as doubt:
                unknown_names[known_as(resource.address)] = doubt.reason
            except Undetermined as doubt:
                doubts.append(doubt.reason)
        for root in (configuration, *configuration.others()):
            copies, unknown = copied(question.kind, root)
            found += [it for it in copies if it.told not in {other.told for other in found}]
            doubts += unknown
        where = f"{question.kind.terraform_type} in all roots"
        everything = [*doubts, *unknown_names.values()]
        model = cls.of(where, {"name": name, "found": doubted(found, everything)})
        model._doubts, model._unknown = doubts, unknown_names
        return model

    @classmethod
    def calls_for(cls, wanted: Wanted = None, question: Model | None = None) -> Iterator[Call]:
        """Yield the call that lists the kind in question, or those of all kinds."""
        asked = [question.kind] if isinstance(question, OfWhat) else kinds().values()
        yield from (call for it in asked if it.listing for call in it.listing.calls)

    @classmethod
    def further_regions(cls, question: Any) -> tuple[str, ...]:
        """Return the regions that are listed besides its own; none where one lists all."""
        regional = any(it.regional for it in question.listing.all)
        return tuple(question.regions) if regional else ()

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list the kind, in each region that is asked about."""
        question: OfWhat = asked.question
        lists = [
            _listed(listing, asked, region)
            for listing in question.listing.all
            for region in dict.fromkeys((asked.region, *(question.regions if listing.regional else ())))
            if listing.call.can_be_made_in(region)
        ]
        first, *_ = lists
        found = first.map(lambda _: list({it.told: it for one in lists for it in one.value()}.values()))
        return Found({"found": found}, first.call)


def _looked_for_elsewhere(question: OfWhat, subjects: Iterable[Subject]) -> Iterator[str]:
    """Yield that what nothing may be called in a region is looked for in others alone."""
    for it in subjects if question.listing.regional else ():
        for pattern in it.expected.get("none_of", ()) if it.question is question else ():
            where = pattern.partition(_IN)[2]
            if where and not any(map(wildcard(where), it.regions)):
                told = f"{pattern} is looked for in {', '.join(it.regions)} alone"
                yield f"{told}: write the region that is meant under `regions`"


def _deposed(configuration: Configuration, kind: type[Kind]) -> Iterator[tuple[Resource, Configuration]]:
    """Yield what of a kind was replaced, and is there until Terraform has destroyed it."""
    types = (kind.terraform_type, *kind.former_types)
    for root in (configuration, *configuration.others()):
        yield from ((it, root) for it in root.deposed if it.type in types)


class _NameUnknown(Undetermined):
    """Raised for a resource whose name only apply decides."""


def copied(kind: type[Kind], root: Configuration) -> tuple[list[Existing], list[str]]:
    """Return what resources of a root make of a kind besides what is declared, and why there may be more."""
    found: list[Existing] = []
    doubts: list[str] = []
    for resource in root.resources:
        try:
            copies = [*kind.copies(resource, root)]
        except Undetermined as doubt:
            doubts.append(doubt.reason)
            continue
        if copies and not is_counted(resource):
            doubts.append(uncounted(resource))
        else:
            of = another_account(resource, root)
            found += [it.model_copy(update={"account": of}) for it in copies]
    return found, doubts


def _listed(listing: Listing, asked: Asked, region: str) -> Fact:
    """Return what a region lists of the stack's; what lies in something of it is the stack's, too."""
    question = asked.question
    lies_in = region if question.listing.regional else ""
    return listing.told(asked, region).map(
        lambda names: [
            Existing(name=name, region=lies_in, where=call) for name, call in names if question.holds(name)
        ]
    )


def _existing(resource: Resource, root: Configuration, question: OfWhat) -> Existing:
    """Return what a resource declares. Raises `Undetermined` where its name is not known."""
    kind = question.kind
    name = kind.named(resource, root)
    chosen = bool(kind.name_argument) and not given(resource.values.get(kind.name_argument))
    if isinstance(name, Placeholder) or chosen:
        raise _NameUnknown(
            f"known only after apply: the name of {resource.address}, which the stack may not name"
        )
    lies_in = region(resource, root) if question.listing.regional else ""
    if isinstance(lies_in, Unknown):
        raise Undetermined(f"known only after apply: the region of {resource.address}")
    known = "" if isinstance(lies_in, Placeholder) else str(lies_in or "")
    of = another_account(resource, root)
    return Existing(name=name, region=known, account=of, where=place(resource, kind.name_argument))


def _not_found(named: Iterable[str], unknown: Iterable[str]) -> Iterator[str]:
    """Yield why the names are not known of what the stack names and nothing that is there stands for."""
    standing = tuple(f"{it}: " for it in unknown)
    for it in named:
        if it.startswith(known_as("")) and not it.startswith(standing):
            yield it.partition(": ")[2]


def _is_among(existing: Existing, named: Iterable[str]) -> bool:
    """Return whether something is named; what does not say where it lies may be that of any region."""
    if existing.told in named:
        return True
    begins, ends = f"{existing.name} in ", told("", "", existing.account)
    return not existing.region and any(it.startswith(begins) and it.endswith(ends) for it in named)
