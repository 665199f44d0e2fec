"""Filling moto as Terraform applies: what every root of an environment declares, in waves.

A wave creates each facet whose resources refer to nothing that is still to be created. What refers to what
moto has chosen meanwhile (the id of a key, of an API) is evaluated again with that, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic import BaseModel

from plumbline.kinds.facet import Facet, own_fields
from plumbline.kinds.kind import NOT_DEPLOYED, Kind
from plumbline.kinds.settling import called, fault_of
from plumbline.sources.moto.pieces import Piece, circle, pieces
from plumbline.terraform.companions import is_counted, uncounted
from plumbline.terraform.declared import region
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import (
    Fault,
    Identity,
    Missing,
    Placeholder,
    ReadError,
    Undetermined,
    Unexamined,
    Unknown,
)

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.sources.hcl import Roots
    from plumbline.terraform.model import Configuration

At: TypeAlias = tuple[str, str]
"""A region, and whose account, where that is another one than the environment's."""
_NOT_REQUESTED = Unexamined(
    "moto is never given this: the facet has no `requested`; one that yields nothing says that others make it"
)
_BY_ITSELF = Unexamined("nothing declares this, so moto answers it by itself; a deployed resource has it")


@dataclass
class Filled:
    """An account in moto, and what it was not given."""

    aws: Aws
    unread: list[str]
    """What was not evaluated: `root iam`, `module.log of root iam`."""
    pieces: Collection[Piece]
    """Everything that moto was to be given."""
    roots: Collection[Configuration]
    """The roots that were evaluated."""
    names: dict[Piece, str] = field(default_factory=dict)
    """The name of each resource that moto was given, by the piece that made it."""
    lacking: dict[Piece, Exception] = field(default_factory=dict)
    """Why moto does not hold a piece."""
    doubted: dict[Piece, str] = field(default_factory=dict)
    """Why there may be more of a piece than moto holds."""
    never_given: dict[Piece, dict[str, Placeholder]] = field(default_factory=dict)
    """What stands for the fields of a resource that moto was never given, by its core."""

    def reasons(self, kind: type[Kind], name: str, at: At) -> dict[type[Facet], Exception]:
        """Return why moto was not given facets of the resource of this name in a place."""
        return {
            piece.facet: reason
            for piece, reason in self.lacking.items()
            if self._is_of(piece, kind, name, at)
        }

    def followed(self, piece: Piece) -> Exception | None:
        """Return why moto does not hold what a piece follows, if it does not: AWS would be given both."""
        return next(
            (
                reason
                for other, reason in self.lacking.items()
                if other.address == piece.address and {*piece.facet.follows} & {*own_fields(other.facet)}
            ),
            None,
        )

    def incomplete(self, kind: type[Kind], name: str, at: At) -> dict[type[Facet], str]:
        """Return why there may be more of facets of this resource than moto was given."""
        return {
            piece.facet: doubt for piece, doubt in self.doubted.items() if self._is_of(piece, kind, name, at)
        }

    def by_itself(self, kind: type[Kind], name: str, at: At) -> dict[str, Placeholder]:
        """Return what stands for the fields of this resource that moto was never given."""
        return {
            field: instead
            for piece, fields in self.never_given.items()
            if self._is_of(piece, kind, name, at)
            for field, instead in fields.items()
        }

    def _is_of(self, piece: Piece, kind: type[Kind], name: str, at: At) -> bool:
        return piece.kind is kind and piece.name == name and not self._is_namesake(piece, at)

    def _is_namesake(self, piece: Piece, at: At) -> bool:
        """Return whether a piece lies elsewhere, or is another's, and something of its name is there."""
        region, account = at
        called_so = [it for it in self.pieces if it.kind is piece.kind and it.name == piece.name]
        return (piece.region not in ("", region) and any(it.region == region for it in called_so)) or (
            piece.account != account and any(it.account == account for it in called_so)
        )

    def hides(self, piece: Piece) -> bool:
        """Return whether in one account something hides a piece of another one: it is called the same."""
        listing = piece.kind.listing
        return bool(piece.account) and any(
            it.kind is piece.kind and it.name == piece.name and it.account != piece.account
            for it in self.pieces
            if it.region == piece.region or (listing is not None and not listing.regional)
        )

    def doubts(
        self, shown: Collection[str], besides: Collection[str], holder: str, at: At
    ) -> Iterator[Undetermined]:
        """Yield why moto may not hold all that a view shows, or the one thing `holder` that it shows.

        That are resources of some nouns, and of Terraform types which moto is not given.
        """
        for what in self.unread if shown else ():
            yield Undetermined(f"moto does not hold what {what} declares: that is not read")
        for resource in (it for root in self.roots for it in root.resources):
            if resource.type in besides:
                yield Undetermined(f"moto is not given {resource.address}")
        doubted = {piece: Undetermined(doubt) for piece, doubt in self.doubted.items()}
        for piece, reason in {**self.lacking, **doubted}.items():
            meant = piece.name == holder and not self._is_namesake(piece, at)
            if piece.kind.noun in shown and (not holder or meant):
                what = f"{piece.kind.noun.replace('_', ' ')} {piece.name}"
                told = reason.reason if isinstance(reason, Undetermined) else "it says why itself"
                yield Undetermined(f"moto does not hold all of {what}: {told}")


def fill(aws: Aws, roots: Roots) -> Filled:
    """Create in an empty account what the roots of an environment declare."""
    evaluated = roots.evaluated
    read = {name: root for name, root in evaluated.items() if not isinstance(root, ReadError)}
    waiting = pieces(read)
    filled = Filled(aws, list(_unread(evaluated)), tuple(waiting), [*read.values()])
    while waiting:
        wave = [piece for piece, needs in waiting.items() if needs.isdisjoint(waiting)]
        # None of a wave needs another one of it: its roots are evaluated once with what was chosen before.
        chosen = {piece.address: told for piece in wave if (told := _make(piece, filled, roots))}
        for address, attributes in chosen.items():
            roots.choose(*address, attributes)
        for piece in wave or _give_up(circle(waiting), filled):
            del waiting[piece]
    return filled


def _unread(evaluated: Mapping[str, Configuration | ReadError]) -> Iterator[str]:
    """Yield the roots and the modules that were not evaluated."""
    for name, root in evaluated.items():
        if isinstance(root, ReadError):
            yield f"root {name}"
        else:
            yield from root.not_evaluated


def _give_up(circle: list[Piece], filled: Filled) -> list[Piece]:
    """Note of pieces that wait for each other that moto does not hold them, and return them."""
    told = " -> ".join(piece.told for piece in [*circle, circle[0]])
    for piece in circle:
        filled.lacking[piece] = Undetermined(f"moto is given nothing that waits for itself: {told}")
    return circle


def _make(piece: Piece, filled: Filled, roots: Roots) -> Mapping[str, Any]:
    """Make moto hold a piece, and return what it chose for it; note why it does not hold it."""
    from botocore.exceptions import BotoCoreError, ClientError

    if any(other.address == piece.address and other.is_core for other in filled.lacking):
        return {}
    try:
        answer = _made(piece, filled, roots)
    except (ClientError, BotoCoreError) as refused:
        filled.lacking[piece] = filled.followed(piece) or _not_created(piece, refused)
    except (Undetermined, ReadError, Missing) as reason:
        filled.lacking[piece] = reason
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # told by the tests of this piece alone, also of `sys.exit`
        filled.lacking[piece] = fault_of(piece.facet, error)
    else:
        return _chosen(piece.kind, answer) if piece.is_core else {}
    return {}


def _made(piece: Piece, filled: Filled, roots: Roots) -> dict[str, Any]:
    """Request a piece and return the answer. Raises `Undetermined` for what is not known of it.

    Of what there may be more of, what is known is requested, and the doubt noted.
    """
    if filled.hides(piece):
        raise Undetermined(
            f"it is in account {piece.account}, and moto is given one account, where another one is called so"
        )
    resource, configuration = roots.declaring(*piece.address)
    if not is_counted(resource):
        raise Undetermined(uncounted(resource))
    model, doubts = _certain(piece.kind.from_terraform(resource, configuration), piece.facet)
    try:
        _require_known(model, piece)
    except Undetermined:
        resource, configuration = roots.declaring(*piece.address, again=True)
        model, doubts = _certain(piece.kind.from_terraform(resource, configuration), piece.facet)
        _require_known(model, piece)
    if doubts:
        filled.doubted[piece] = doubts[0]
    place = region(resource, configuration)
    aws = filled.aws.within(place) if isinstance(place, str) and place else filled.aws
    answer = model.create_facet(piece.facet, aws)
    if piece.is_core:
        filled.names[piece] = model.name
        undeclared = (
            name
            for name in type(model).model_fields
            if getattr(model, name) is NOT_DEPLOYED and name not in piece.kind.chosen
        )
        filled.never_given[piece] = {
            **dict.fromkeys(undeclared, _BY_ITSELF),
            **dict.fromkeys(_not_requested(piece.kind), _NOT_REQUESTED),
        }
    return answer


def _not_requested(kind: type[Kind]) -> Iterator[str]:
    """Yield the fields of facets from outside that are asked of AWS, and never requested of moto."""
    for facet in kind.facets()[1:]:
        if facet.is_from_outside() and facet.calls() and facet.requested is Facet.requested:
            yield from own_fields(facet)


def _certain(model: Kind, facet: type[Facet]) -> tuple[Kind, list[str]]:
    """Return the model with what is known of the lists in a facet, and why there may be more in them."""
    lists = {name: value for name in own_fields(facet) if isinstance(value := getattr(model, name), SomeOf)}
    members = {name: value.members for name, value in lists.items()}
    return model.model_copy(update=members), [value.reason for value in lists.values()]


def _require_known(model: Kind, piece: Piece) -> None:
    """Raise `Undetermined` unless the name and everything in the facet is known, but for what AWS chooses."""
    chosen = {*piece.kind.chosen}
    if piece.is_core and isinstance(model.name, Identity):
        chosen.add("name")
    for name in ("name", *own_fields(piece.facet)):
        if name not in chosen:
            _refuse_unknown(getattr(model, name))


def _refuse_unknown(value: object) -> None:
    """Raise `Undetermined` for a value of which a part is known only after apply: it cannot be created."""
    if isinstance(value, Unknown):
        value.refuse()
    elif isinstance(value, BaseModel):
        for _, part in value:
            _refuse_unknown(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            _refuse_unknown(part)
    elif isinstance(value, list):
        for part in value:
            _refuse_unknown(part)


def _chosen(kind: type[Kind], answer: dict[str, Any]) -> dict[str, Any]:
    import jmespath

    return {attribute: jmespath.search(path, answer) for attribute, path in kind.chosen.items()}


def _not_created(piece: Piece, refused: Exception) -> ReadError:
    """Return why something is not created; where an operation takes no such parameter, its kind is wrong."""
    if any(
        it in str(refused) for it in ("Unknown parameter in input", "Missing required parameter in input")
    ):
        told = f"{called(piece.facet)} requests what AWS takes no call for: {refused}"
        return Fault(told, cause=told, advice="Mend what the facet requests.")
    return ReadError(
        f"moto refuses to create {piece.told} as declared: {refused}",
        cause=f"not created: {piece.told}",
        advice="AWS may well refuse it too: compare what is declared with the message.",
    )
