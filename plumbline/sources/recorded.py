"""Plan and state files as evidence: which environment and root each belongs to, and what it says."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plumbline.expectations.stack import FoundBy, Stack, Subject
from plumbline.github.checkout import shown
from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import arn_lists, computed_attribute, kinds, name_arguments
from plumbline.sources.source import NO_ROOT, ReadSets, everything, owned
from plumbline.terraform.declared import region, settings_of
from plumbline.terraform.handed_on import Givers
from plumbline.terraform.identities import identity
from plumbline.terraform.model import Settings, TerraformError, together, unread
from plumbline.terraform.planned import NOT_SHOWN
from plumbline.terraform.schema import Nested, Schema, find
from plumbline.terraform.types import BOOL, NUMBER, STRING, ListType, MapType, ObjectType, SetType, Type
from plumbline.terraform.values import Made, OneOf
from plumbline.values.files import Tree
from plumbline.values.filling import fill
from plumbline.values.mistakes import DataError
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Identity, Placeholder, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource

Place = tuple[str, str, str]
"""Stack, environment and Terraform root."""
Fit = tuple[tuple[int, int], Place]
"""How well a file fits a place: the more, the better."""
NamesByType = Mapping[str, Collection[str]]
"""The names of what there is, by the type that Terraform has for it."""
NO_FIT = (0, 0)
"""How well one fits that names nothing of a place."""
NOWHERE = Path(os.devnull)
"""Stands for the folder of a root that was not given: no file lies below it."""


class Recorded:
    """Plans or states, each of one root in one environment."""

    def __init__(
        self,
        configurations: Mapping[Place, Configuration],
        reads: ReadSets = everything,
        stacks: Mapping[str, Stack] | None = None,
    ) -> None:
        """Take what the files hold; `stacks` say which roots there are of which none may be given."""
        self._reads, self._stacks = reads, stacks or {}
        self._configurations = {
            place: replace(it, others=cache(partial(self._others, place)))
            for place, it in configurations.items()
        }

    def read(self, subject: Subject) -> Kind:
        """Return the subject as the plan or state of its root has it."""
        if subject.kind.spans_roots:
            roots = self._others((subject.stack, subject.environment, NO_ROOT))
            return subject.kind.across(together(lambda: roots), subject.name, subject.question)
        stack, environment = subject.stack, subject.environment
        if subject.found_by and subject.root is None:
            each = self._configurations.items()
            given = [owned(it, subject) for place, it in each if place[:2] == (stack, environment)]
            return self._selected(subject.found_by, subject, [*given, *self._not_given(stack, environment)])
        place = (stack, environment, subject.root or NO_ROOT)
        if place not in self._configurations:
            raise Undetermined(f"no file of Terraform root {subject.root} is given")
        configuration = owned(self._configurations[place], subject)
        if subject.found_by:
            return self._selected(subject.found_by, subject, [configuration])
        where = f"in {_told(configuration)}"
        return subject.kind.find_in(subject.region, configuration, subject.name, where, self._reads(subject))

    def declared(self, stack: str, environment: str) -> tuple[Configuration, ...]:
        """Return the roots of an environment; one of which no file was given declares nothing."""
        return self._others((stack, environment, NO_ROOT))

    def _selected(self, found_by: FoundBy, subject: Subject, configurations: list[Configuration]) -> Kind:
        files = dict.fromkeys(_told(it) for it in configurations if it.file.name)
        where = f"in {', '.join(files)}"
        return found_by.in_source(configurations, subject.region, where, self._reads(subject))

    def _not_given(self, stack: str, environment: str) -> list[Configuration]:
        """Return what stands for the roots of an environment of which no file was given."""
        known = self._stacks[stack].roots(environment) if stack in self._stacks else []
        return [
            unread(f"root {root}, of which no file was given,")
            for root in known
            if (stack, environment, root) not in self._configurations
        ]

    def _others(self, place: Place) -> tuple[Configuration, ...]:
        """Return the other roots of an environment; one of which no file was given declares nothing."""
        stack, environment, own = place
        given = [it[2] for it in self._configurations if it[:2] == place[:2]]
        known = self._stacks[stack].roots(environment) if stack in self._stacks else given
        return tuple(
            self._configurations[stack, environment, root]
            if root in given
            else unread(f"root {root}, of which no file was given,")
            for root in dict.fromkeys((*known, *given))
            if root != own
        )


def _told(configuration: Configuration) -> str:
    """Return the file that a configuration was read from, as a card names it."""
    return str(shown(configuration.file))


def open_file(
    sort: str,
    path: Path,
    places: Iterable[Place],
    stacks: Mapping[str, Stack],
    directories: Mapping[Place, Path],
    tree: Callable[[Path], Tree] = Tree.around,
    unexamined: Iterable[Place] = (),
) -> tuple[Place, Configuration]:
    """Return what a file holds and where it belongs: the place whose resources it names most of.

    Of places of which it names as many it belongs to the one that is given the values of its variables.
    One that holds no resource belongs to a place that is named: nothing of it exists.
    Raises `DataError` for a file of another sort or format, of none of `places`, of several of them alike, or
    rather of one of `unexamined`.
    """
    configuration = read_file(sort, path)
    fits = [(_fit(configuration, stacks[place[0]], place), place) for place in places]
    elsewhere = [(_fit(configuration, stacks[place[0]], place), place) for place in unexamined]
    try:
        place = _belongs(f"--{sort}", path, fits, elsewhere, is_empty=not configuration.resources)
    except DataError as error:
        raise DataError(f"--{sort} {path} {error}") from None
    stack, environment, own_root = place
    placeholders = stacks[stack].placeholders(environment)
    settings = Settings(
        account=placeholders["account"],
        region=placeholders["region"],
        workspace=fill(stacks[stack].terraform.workspace, placeholders),
        owner=stacks[stack].environments[environment].account or "",
    )
    root = directories.get(place, NOWHERE)
    located = replace(configuration, settings=settings, root=root, tree=tree(root), file=path.absolute())
    return place, followed(located, _named_elsewhere(stacks[stack], environment, own_root))


def _named_elsewhere(stack: Stack, environment: str, root: str) -> NamesByType:
    """Return what a stack names of each type of Terraform's in an environment, and not in this root."""
    found: dict[str, set[str]] = {}
    for it in stack.subjects(environment).values():
        if it.kind.terraform_type and not it.found_by and it.root != root:
            found.setdefault(it.kind.terraform_type, set()).add(it.name)
    return found


def read_file(sort: str, path: Path) -> Configuration:
    """Return what a file holds. Raises `DataError` for a file of another sort or format."""
    from plumbline.terraform.plan import read_plan
    from plumbline.terraform.state import read_state
    from plumbline.terraform.values import InvalidValue

    read = read_plan if sort == "plan" else read_state
    try:
        return read(path, Settings())
    except TerraformError as error:
        raise DataError(f"--{sort} {error}") from None
    except (AssertionError, AttributeError, IndexError, InvalidValue, KeyError, TypeError, ValueError):
        raise DataError(f"--{sort} {path} is not laid out as Terraform lays out a {sort}") from None


def _belongs(option: str, path: Path, fits: list[Fit], elsewhere: list[Fit], *, is_empty: bool) -> Place:
    """Return the place that a file fits best. Raises `DataError` where that is none of them, or several."""
    best = max((it for it, _ in fits), default=NO_FIT)
    among = ["/".join(place) for it, place in fits if it == best]
    other = max(elsewhere, default=(NO_FIT, ("", "", "")))
    if other[0] > max(best, NO_FIT):
        stack, environment, _ = other[1]
        told = f"is of {'/'.join(other[1])}, which this run does not examine: --env {stack}/{environment}"
        raise DataError(told + (f"; or say that it is meant: {option} {among[0]}={path}" if best[0] else ""))
    if not best[0] and not (is_empty and len(fits) == 1):
        candidates = ["/".join(place) for _, place in fits]
        told = f"holds no resource: say whose it is, {option} {candidates[0]}={path}; it may be any of "
        raise DataError((told if is_empty else "declares no resource of any of ") + ", ".join(candidates))
    if len(among) > 1:
        raise DataError(
            f"may be of {' or '.join(among)}, whose resources it names alike: say whose it is, "
            f"{option} {among[0]}={path}"
        )
    return next(place for it, place in fits if it == best)


def _fit(configuration: Configuration, stack: Stack, place: Place) -> tuple[int, int]:
    """Return how well a file fits a place: how much it names of it, and how few variables say otherwise."""
    _, environment, root = place
    given = stack.terraform.given(root, stack.placeholders(environment))
    of_file = configuration.planned.variables if configuration.planned else {}
    otherwise = (name for name in given if name in of_file and _differ(given[name], of_file[name]))
    return _named(configuration, stack, place), -sum(1 for _ in otherwise)


def _differ(given: object, planned: object) -> bool:
    """Whether two values of a variable differ for certain: Terraform makes text of numbers and of truth."""
    scalar = isinstance(given, str | int | float) and isinstance(planned, str | int | float)
    return scalar and str(given).lower() != str(planned).lower()


def _named(configuration: Configuration, stack: Stack, place: Place) -> int:
    """Return of how many of a place's resources the configuration declares something."""
    _, environment, root = place
    subjects = [it for it in stack.subjects(environment).values() if it.root == root]
    return sum(_speaks_of(configuration, subject) for subject in subjects)


def _speaks_of(configuration: Configuration, subject: Subject) -> bool:
    """Whether it declares a resource, or what a view shows: the role of which is asked what it may do."""
    if subject.found_by:
        return subject.found_by.is_met_in(configuration, subject.region)
    if subject.kind.terraform_type:
        return _declares(configuration, subject.kind, subject.name)
    holder = subject.kind.holder(subject.name)
    return any(_declares(configuration, kinds()[noun], holder) for noun in subject.kind.shows if holder)


def _declares(configuration: Configuration, kind: type[Kind], name: str) -> bool:
    names = (kind.named(resource, configuration) for resource in kind.declared_in(configuration))
    return any(not isinstance(it, Unknown) and it == name for it in names)


def followed(configuration: Configuration, named: NamesByType | None = None) -> Configuration:
    """Return the configuration with every reference resolved that the AWS provider fixes by rule.

    `named` is what there is elsewhere. What is not configured and left to the provider is taken
    out: a plan calls it unknown, source has nothing.
    """
    givers = Givers(configuration, name_arguments())
    resources = (
        replace(resource, values=_Follower(resource, configuration, givers, named or {}).values())
        for resource in configuration.resources
    )
    return replace(configuration, resources=tuple(resources))


def _configured(resource: Resource) -> dict[str, Any]:
    schema = find("resource", resource.type)
    return resource.values if schema is None else _Configured(resource.type).values(resource, schema)


_COMPUTED_BLOCKS = ("aws_backup_selection.condition",)
"""Blocks that the provider computes where they are not configured; its schema does not say so."""


@dataclass(frozen=True, slots=True)
class _Configured:
    """Leaves out what the provider computes: an unknown value made from nothing has its own origin."""

    type: str

    def values(self, resource: Resource, schema: Schema) -> dict[str, Any]:
        """Return the configured arguments of a resource."""
        return self._within(resource.values, schema, resource.address)

    def _within(self, values: dict[str, Any], schema: Schema, place: str) -> dict[str, Any]:
        return {
            name: self._blocks(value, schema.block(name), f"{place}.{name}")
            for name, value in values.items()
            if not (isinstance(value, Unknown) and self._is_computed(name, schema, value.origin, place))
        }

    def _is_computed(self, name: str, schema: Schema, origin: str, place: str) -> bool:
        """Whether the provider decides an unknown value; a number in a dynamic block refers to nothing."""
        attribute = schema.attribute(name)
        if attribute is None:
            return f"{self.type}.{name}" in _COMPUTED_BLOCKS and origin == f"{place}.{name}"
        hidden = origin == f"{place}.{name}{NOT_SHOWN}" and attribute.type in (NUMBER, BOOL)
        return attribute.computed and (hidden or origin == f"{place}.{name}")

    def _blocks(self, value: Any, nested: Nested | None, place: str) -> Any:
        if nested is None or not isinstance(value, list):
            return value
        return [
            self._within(block, nested.schema, f"{place}[{i}]") if isinstance(block, dict) else block
            for i, block in enumerate(value)
        ]


_TEXTS = ("policy", "pattern", "definition", "document", "json", "template", "message")
"""How arguments end that hold a text: one that refers to a single resource is more than its ARN or id."""


_NAMES = ("bucket", "name")
"""The arguments that hold the names of what others are named after."""


class _Follower:
    """Follows the references in one resource of a plan to the resources that they name."""

    def __init__(
        self, resource: Resource, configuration: Configuration, givers: Givers, named: NamesByType
    ) -> None:
        self._resource, self._configuration, self._givers = resource, configuration, givers
        self._named = named
        self._resources = {it.address: it for it in configuration.resources}

    def values(self) -> dict[str, Any]:
        """Return the configured values with every reference resolved that the provider fixes by rule."""
        configured = _configured(self._resource)
        return {name: self._follow(value, (name,)) for name, value in configured.items()}

    def _follow(self, value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, Unknown):
            return self._found(value, path)
        if isinstance(value, dict):
            return {key: self._follow(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self._follow(item, path) for item in value]
        return value

    def _found(self, value: Unknown, path: tuple[str, ...]) -> Any:
        """Return what an unknown value is, as far as its references tell it."""
        argument, type_ = f"{self._resource.type}.{path[0]}", self._type(path)
        if isinstance(type_, SetType):
            return self._some(value, path, holds_arns=len(path) == 1 and argument in arn_lists())
        if isinstance(type_, ListType | MapType | ObjectType) or path[-1].endswith(_TEXTS):
            return value
        if len(path) == 1 and argument in name_arguments():
            return Made(f"{value.origin}")  # no two resources of a type have one name, and no id is one
        return self._computed(self._givers.origin_of(value), self._asked(path))

    def _type(self, path: tuple[str, ...]) -> Type:
        """Return the type of an argument; that of a text where the provider's schema has no such one."""
        schema = find("resource", self._resource.type)
        for step in path[:-1]:
            nested = schema.block(step) if schema else None
            schema = nested.schema if nested else None
        attribute = schema.attribute(path[-1]) if schema else None
        return attribute.type if attribute else STRING

    def _some(self, value: Unknown, path: tuple[str, ...], *, holds_arns: bool) -> Any:
        """Return what a set holds at least.

        A plan calls a whole set unknown where one element is. Its configuration has each reference in it, and
        no text that is written beside them.
        """
        names: Sequence[Unknown] = [value]
        if isinstance(value, Made):
            names = [Unknown(it) for it in value.members]
            if holds_arns and any(not it.origin.endswith(".arn") for it in names):
                return value
        asked = "arn" if holds_arns else self._asked(path)
        found = [
            self._arn(it) if holds_arns else self._computed(self._givers.origin_of(it), asked) for it in names
        ]
        if not found or any(isinstance(it, Made) for it in found):
            return value
        told = f"{self._resource.address}.{'.'.join(path)}"
        beside = ", ".join(it.origin for it in names)
        return SomeOf(found, f"a plan does not show what {told} holds beside {beside}")

    def _arn(self, value: Unknown) -> Any:
        """Return the ARN of a list that a reference stands for; one that AWS will choose, by its address."""
        found = self._computed(value, "arn")
        address, _, attribute = value.origin.rpartition(".")
        if found is not value or address not in self._resources:
            return found
        resource = self._resources[address]
        chosen = identity(resource.root, address, resource.type, attribute)
        return found if chosen is None else chosen

    def _computed(self, value: Unknown, asked: str) -> Any:
        """Return what a reference stands for; `asked` where a plan cuts `x[each.key].arn` down to `x`."""
        address, _, attribute = value.origin.rpartition(".")
        if value.origin in self._resources:
            address, attribute = value.origin, asked
        if isinstance(value, OneOf):
            address, attribute = value.own, ""
        if isinstance(value, Identity) or address not in self._resources:
            return value
        resource = self._resources[address]
        for longer in self._longer(resource, anywhere=attribute == "arn"):
            if not (isinstance(value, OneOf) and value.may_be(longer.address)):
                return Made(f"the name of {address}, as that of {longer.address} can be")
        for name in self._longer_elsewhere(resource):
            return Made(f"the name of {address}, as {name} can be, which the stack names")
        settings = settings_of(resource, self._configuration)
        found = computed_attribute(resource.type, attribute, resource.values, settings)
        return value if found is None else found

    def _longer(self, resource: Resource, *, anywhere: bool) -> Iterator[Resource]:
        """Yield the resources whose name is this one's with something added, as `raw-logs` is of `raw`.

        A plan has one reference for `x.id` and for `"${x.id}-logs"`. Nobody spells a name that others like
        the referring one refer to, and only an ARN names what lies in another region.
        """
        name = _name(resource)
        if not name or resource is self._resource:
            return
        for other in self._configuration.of_type(resource.type):
            is_longer = (name != _name(other) and name in _name(other)) or _is_named_after(other, resource)
            if is_longer and other.address not in self._referred and (anywhere or self._lies_beside(other)):
                yield other

    def _longer_elsewhere(self, resource: Resource) -> Iterator[str]:
        """Yield the longer names of the same type that the stack has, and that this plan does not declare."""
        name = _name(resource)
        if name and resource is not self._resource:
            declared = {_name(it) for it in self._configuration.of_type(resource.type)}
            of_stack = sorted(self._named.get(resource.type, ()))
            yield from (it for it in of_stack if it != name and name in it and it not in declared)

    def _lies_beside(self, other: Resource) -> bool:
        """Return whether another resource may lie in the region of this one."""
        here, there = (region(it, self._configuration) for it in (self._resource, other))
        return isinstance(here, Placeholder) or isinstance(there, Placeholder) or bool(here == there)

    @cached_property
    def _referred(self) -> set[str]:
        """The addresses that resources of this one's type refer to."""
        alike = self._configuration.of_type(self._resource.type)
        references = (it for other in alike for them in other.references.values() for it in them)
        return {address for it in references for address in (it, it.rpartition(".")[0])}

    def _asked(self, path: tuple[str, ...]) -> str:
        """Return the attribute of another resource that an argument takes: its ARN or its id."""
        takes_arn = path[-1].endswith("arn") or path[-1] == "role" or "destination" in path
        return "arn" if takes_arn else "id"


def _is_named_after(other: Resource, resource: Resource) -> bool:
    """Return whether the name of another resource is made of this one's, and so not known."""
    made_of = [it for name in _NAMES for it in other.references.get(name, ())]
    return not _name(other) and any(resource.address in (it, it.rpartition(".")[0]) for it in made_of)


def _name(resource: Resource) -> str:
    """Return the name that a resource is given; nothing where it is not known."""
    name = next((resource.values[it] for it in _NAMES if it in resource.values), None)
    return name if isinstance(name, str) else ""
