"""The resources that an argument names by the ids that AWS chooses for them, in a list or one by one.

A plan calls a list unknown where one id in it is, and says what that is made from: of several instances not
which of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plumbline.terraform.companions import refers_to
from plumbline.terraform.declared import as_chosen, known
from plumbline.terraform.values import Made, OneOf
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Identity, Placeholder, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource

Placed = tuple["Resource", "Configuration"]
"""A resource, and the root that declares it."""


@dataclass(frozen=True)
class Named:
    """The resources that an argument names."""

    found: tuple[Placed, ...]
    others: tuple[Any, ...] = ()
    """What it names besides, and no root declares: ids, and values that nobody knows."""
    among: str = ""
    """Why not all that was found need be meant: a plan does not say which; empty where all are."""

    @property
    def ids(self) -> Any:
        """The ids, in one order; what stands for them where a plan does not say which they are."""
        if self.among:
            return Unknown(self.among)
        ids = [*(id_of(*it) for it in self.found), *self.others]
        return sorted(ids, key=repr)

    def all(self, what: str) -> tuple[Placed, ...]:
        """Return the resources. Raises `Undetermined` where some are not declared."""
        for it in self.others:
            known(it)
            raise Undetermined(f"Terraform here declares no {what} {it}")
        return self.found

    def one(self, what: str) -> Placed:
        """Return the only one. Raises `Undetermined` where there is another number."""
        found = self.all(what)
        if len(found) != 1:
            raise Undetermined(self.among or f"Terraform here names {len(found)} for one {what}")
        return found[0]


def id_of(resource: Resource, configuration: Configuration) -> Any:
    """Return the id of a resource, as a state has it or moto chose it; elsewhere what stands for it."""
    return configuration.chosen_for(resource).get("id") or as_chosen(resource, "id")


def named(value: Any, type_: str, configuration: Configuration) -> Named:
    """Return which resources of a type an argument in a root names. Raises `Undetermined` for a doubt."""
    if isinstance(value, SomeOf):
        value.refuse()
    if isinstance(value, Sequence) and not isinstance(value, str):
        each = [_one(it, type_, configuration) for it in value if it is not None]
        return _together(each)
    return _one(value, type_, configuration)


def _together(each: list[Named]) -> Named:
    found = {(it.root, it.address): (it, root) for one in each for it, root in one.found}
    return Named(
        tuple(found.values()),
        tuple(it for one in each for it in one.others),
        next((one.among for one in each if one.among), ""),
    )


def _one(value: Any, type_: str, configuration: Configuration) -> Named:
    if not isinstance(value, Placeholder):
        found = _of_id(str(value), type_, configuration)
        return Named((found,)) if found else Named((), (value,))
    here = configuration.of_type(type_)
    if isinstance(value, Identity):
        roots = (configuration, *configuration.others())
        made = [(it, root) for root in roots for it in root.of_type(type_) if _makes(it, value)]
        return Named(tuple(made[:1]), () if made else (value,))
    if isinstance(value, OneOf):
        among = [it for it in here if value.may_be(it.address)]
    elif isinstance(value, Made) and value.members:
        return _together([_one(Unknown(it), type_, configuration) for it in value.members])
    elif isinstance(value, Unknown) and (exact := [it for it in here if refers_to(value, it)]):
        return Named(tuple((it, configuration) for it in exact))
    elif isinstance(value, Unknown) and not isinstance(value, Made):
        among = [it for it in here if it.address.startswith(f"{value.origin}[")]
    else:
        among = []
    if not among:
        return Named((), (value,))
    told = value.origin if isinstance(value, Unknown) else repr(value)
    return Named(tuple((it, configuration) for it in among), among=f"which of {told} are meant")


def _makes(resource: Resource, name: Identity) -> bool:
    return (resource.root, resource.address) == (name.root, name.address)


def _of_id(identifier: str, type_: str, configuration: Configuration) -> Placed | None:
    for root in (configuration, *configuration.others()):
        for it in root.of_type(type_):
            if identifier in (it.values.get("id"), root.chosen_for(it).get("id")):
                return it, root
    return None
