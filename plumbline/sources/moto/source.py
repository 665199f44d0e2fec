"""moto as evidence: what Terraform source declares, created and read back as a deployed resource is."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from plumbline.expectations.stack import Subject
from plumbline.kinds.facet import own_fields
from plumbline.kinds.inventory import Inventory
from plumbline.kinds.kind import Kind, Wanted
from plumbline.kinds.output import Output
from plumbline.kinds.selection import Several
from plumbline.kinds.settling import placeholder
from plumbline.sources.hcl import Hcl
from plumbline.sources.moto.made_up import made_up
from plumbline.sources.source import NO_ROOT_SAID, ReadSets, everything, name_of
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Missing, Placeholder, ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.kinds.facet import Facet
    from plumbline.sources.moto.filling import At, Filled


class Moto:
    """What all Terraform roots of an environment declare, created in moto and read back."""

    def __init__(
        self,
        declared: Hcl,
        home: Callable[[str, str], tuple[str, str]],
        reads: ReadSets = everything,
    ) -> None:
        """Take the source, and what gives account and region of a stack's environment."""
        self._declared, self._home, self._reads = declared.with_chosen(made_up), home, reads
        self._filled = functools.cache(self._fill)

    def read(self, subject: Subject) -> Kind:
        """Return the subject as moto describes it after everything of its environment was created.

        Of a facet that moto was not given, each field says why.
        """
        from plumbline.sources.moto.inventory import inventory

        kind = subject.kind
        if issubclass(kind, Inventory):
            filled = self._filled(subject.stack, subject.environment)
            return inventory(subject, filled, self._declared.beside.unnamed(subject))
        if not kind.creatable():
            raise Undetermined(f"{kind.plural} cannot be created in moto")
        if kind.in_every_account and not kind.shows:
            raise Undetermined(f"moto has {kind.plural} of its own, whatever is declared")
        name, wanted = subject.name, self._reads(subject)
        try:
            # What keeps it from being found in source is the reason here, too.
            if subject.root or subject.found_by:
                declared = self._declared.read(subject)
                name = _known(declared.name) if subject.found_by else name
        except ReadError as error:
            error.left = None  # moto holds nothing of it
            raise
        except Several as several:
            named = replace(subject, found_by=None)
            raise several.read(lambda it: self._created(named, _name(it), wanted)) from None
        if isinstance(subject.found_by, Output):
            subject = replace(
                subject, found_by=replace(subject.found_by, told={subject.found_by.output: name})
            )
        return self._created(subject, name, wanted)

    def _created(self, subject: Subject, name: str, wanted: Wanted) -> Kind:
        """Return what was created under a name, as moto describes it. Raises as `read`."""
        kind = subject.kind
        filled = self._filled(subject.stack, subject.environment)
        at = subject.region, subject.another_account
        for doubt in filled.doubts(kind.shows, kind.shows_besides, kind.holder(name), at):
            raise doubt
        reasons = filled.reasons(kind, name, at)
        reasons |= _unseen(kind.needed(wanted), reasons, filled, at)
        for facet in kind.needed(subject.found_by.reads if subject.found_by else ()):
            if facet in reasons:
                raise reasons[facet]
        place = filled.aws.within(subject.region)
        try:
            found = name_of(subject, place) if subject.found_by else name
            model = kind.from_aws(place, found, wanted, subject.question)
        except Missing:
            if kind.terraform_type and not (subject.root or subject.found_by):
                raise Undetermined(NO_ROOT_SAID.format(subject.key)) from None
            raise
        lacking = {name: _why(reason) for facet, reason in reasons.items() for name in own_fields(facet)}
        incomplete = {
            name: SomeOf(members, doubt)
            for facet, doubt in filled.incomplete(kind, name, at).items()
            for name in own_fields(facet)
            if isinstance(members := getattr(model, name), list)
        }
        by_itself = filled.by_itself(kind, name, at)
        return model.model_copy(update=by_itself | incomplete | lacking)

    def _fill(self, stack: str, environment: str) -> Filled:
        from plumbline.sources.moto.account import account
        from plumbline.sources.moto.filling import fill

        return fill(account(*self._home(stack, environment)), self._declared.roots(stack, environment))


def _name(declared: Kind | Exception) -> str:
    """Return the name of what source declares. Raises why it cannot be read, and as `_known`."""
    if isinstance(declared, Exception):
        raise declared
    return _known(declared.name)


def _known(name: Any) -> str:
    """Return a name. Raises `Undetermined` where only apply decides it: nothing is created without one."""
    if isinstance(name, Placeholder):
        name.refuse()
    return str(name)


def _unseen(
    facets: Iterable[type[Facet]], reasons: Mapping[type[Facet], Exception], filled: Filled, at: At
) -> dict[type[Facet], Exception]:
    """Return why moto cannot say facets that are read through what it lacks, be it of the resource itself."""
    found: dict[type[Facet], Exception] = {}
    for facet in (it for it in facets if it.seen_through or it.seen_besides):
        own = (reason for other, reason in reasons.items() if {*facet.follows} & {*own_fields(other)})
        lacking = next(filled.doubts(facet.seen_through, facet.seen_besides, "", at), None)
        if reason := next(own, None) or lacking:
            found[facet] = reason
    return found


def _why(reason: Exception) -> Placeholder:
    """Return what stands for the fields of a facet that moto was not given."""
    if isinstance(reason, Undetermined | ReadError):
        return placeholder(reason)
    raise reason
