"""What an evaluation, a plan or a state gives: resources, variables, and where each was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from plumbline.terraform.values import Value
from plumbline.values.arns import partition_of
from plumbline.values.files import NOWHERE, Tree
from plumbline.values.shown import text
from plumbline.values.unknown import Unknown

if TYPE_CHECKING:
    from plumbline.terraform.variables import Validation


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a source file; line and column count from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that Terraform would refuse: a sentence, and where it applies."""

    summary: str
    location: Location | None = None

    def __str__(self) -> str:
        if self.location is None:
            return text(self.summary)
        return text(f"{self.location}:{self.location.column}: {self.summary}")


class TerraformError(Exception):
    """Terraform would refuse this directory or file; carries every problem that was found in it.

    `rest` is what was evaluated all the same: what hangs on a problem is unknown in it. One that `hides`
    keeps more from being known, such as what a file declares that does not parse,
    or what was meant by an argument that is not expected.
    """

    def __init__(
        self, problems: tuple[Problem, ...], rest: Configuration | None = None, *, hides: bool = True
    ) -> None:
        super().__init__(problems)
        self.problems = problems
        self.rest, self.hides = rest, hides

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


@dataclass(frozen=True, slots=True)
class Settings:
    """What is known about the environment without asking AWS; None where it is not known."""

    account: str | None = None
    region: str | None = None
    workspace: str | None = "default"
    owner: str = ""
    """The account that what is looked for must be of; empty where nobody says which one that is."""

    @property
    def partition(self) -> str:
        """The partition of the region: `aws`, `aws-cn`, ..."""
        return partition_of(self.region or "")


# Given a resource's type, an attribute that is not configured, the configured values, and the settings with
# the region of the resource's provider: the value where the provider fixes it by rule, otherwise None.
Computed: TypeAlias = Callable[[str, str, Mapping[str, Value], Settings], Value]

NO_FOLDER = Path()
"""Stands for the folder of what is no root, or is not read."""

Chosen: TypeAlias = Mapping[str, Mapping[str, Value]]
"""Attributes that AWS chose, by the address of the resource instance that has them."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A managed resource instance with the arguments that are configured for it.

    Every block type in `values` is a list of dicts; null arguments are absent. Where instances cannot be
    known, one resource stands for all of them and its address ends in `[*]`.
    """

    address: str
    type: str
    name: str
    module: str
    values: dict[str, Value]
    location: Location
    locations: dict[str, Location] = field(default_factory=dict)
    provider: dict[str, Value] = field(default_factory=dict)
    lifecycle: dict[str, Value] | Unknown = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    references: dict[str, tuple[str, ...]] = field(default_factory=dict)
    root: str = ""
    """The root module, or the file, that its address belongs to."""
    written: tuple[str, ...] | None = None
    """The arguments and blocks that the configuration in a plan has, but for dynamic ones; None elsewhere."""
    constant_keys: dict[str, tuple[str, ...]] | None = None
    """The keys to which an argument's own map gives constants; None where there is no source to read."""
    from_files: tuple[str, ...] | None = None
    """The arguments that are made of what files hold, by `filesha256` say; None as above."""
    from_variables: tuple[str, ...] | None = None
    """The arguments that are made of variables of the root module; None as above."""
    files: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The paths of the files that an argument is made of, as they are written; empty where not known."""
    variables: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The variables of the root module that each argument is made of."""


@dataclass(frozen=True, slots=True)
class Variable:
    """An input variable of the root module with the value it has in this evaluation."""

    name: str
    description: str
    type: str
    default: Value
    value: Value
    sensitive: bool
    nullable: bool
    location: Location
    validations: tuple[Validation, ...] = ()
    acceptance: Callable[[Value], bool | Unknown] | None = None
    compared: Callable[[], list[str]] = list

    def accepts(self, value: Value) -> bool | Unknown:
        """Whether Terraform would take the value: its type converts, and every validation rule holds."""
        return True if self.acceptance is None else self.acceptance(value)

    def words(self) -> list[str]:
        """Every text that its validation rules are made of, and that their parts evaluate to."""
        return self.compared()


@dataclass(frozen=True, slots=True)
class Backend:
    """Where the root module keeps its state, with the values of -backend-config files merged in."""

    type: str
    values: dict[str, Value]
    location: Location


@dataclass(frozen=True, slots=True)
class RequiredProvider:
    """An entry of `required_providers`."""

    source: str | None
    version: str | None


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan says that applying it would change, and what was changed beside Terraform."""

    changes: tuple[str, ...]
    drift: tuple[str, ...]
    of_what_is_applied: bool = False
    """Whether it was made of code that is applied already, as whoever gives it says."""
    variables: Mapping[str, object] = field(default_factory=dict)
    """The values of the root module's variables that it was made with."""


@dataclass(frozen=True)
class Configuration:
    """Everything that one evaluation of a root module, or one plan or state file, gives."""

    root: Path
    source: Literal["hcl", "plan", "state"]
    resources: tuple[Resource, ...]
    variables: dict[str, Variable] = field(default_factory=dict)
    outputs: dict[str, Value] = field(default_factory=dict)
    required_version: str | None = None
    required_providers: dict[str, RequiredProvider] = field(default_factory=dict)
    backend: Backend | None = None
    not_evaluated: tuple[str, ...] = ()
    """What is not read of it, and may declare anything: `module.vpc (terraform-aws-modules/vpc/aws)`."""
    doubts: tuple[str, ...] = ()
    """What a plan or a state says of itself that its reader should know: that it is not complete."""
    settings: Settings = Settings()
    code: Path | None = None
    """Where the code of a root lies that is not read because it cannot be evaluated."""
    planned: Planned | None = None
    """What changes with it, of a plan."""
    file: Path = Path()
    """The plan or state file that it was read from."""
    others: Callable[[], tuple[Configuration, ...]] = field(default=tuple, compare=False, repr=False)
    """The other roots of the same environment, evaluated when they are asked for.

    Of one that is not read there is nothing but that, in `not_evaluated`.
    """
    chosen: Chosen = field(default_factory=dict, compare=False, repr=False)
    """What AWS has chosen by now."""
    made_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    """The references that outputs of modules and data sources are made from, by their addresses."""
    tree: Tree = field(default=NOWHERE, compare=False, repr=False)
    """Below it lie the files that its arguments may name."""
    data: tuple[Resource, ...] = field(default=(), compare=False, repr=False)
    """The data sources of it and of its modules, with the arguments that are configured for them."""
    with_variable: Callable[[str, int], Configuration] | None = field(default=None, compare=False, repr=False)
    """The root evaluated with another value for one of its variables; None where there is no source.

    Raises `TerraformError` for one that Terraform refuses.
    """
    with_chosen: Callable[[Chosen], Configuration] | None = field(default=None, compare=False, repr=False)
    """The root evaluated with more that AWS has chosen; None where there is no source."""
    with_texts: Callable[[frozenset[tuple[str, str, str]]], Configuration] | None = field(
        default=None, compare=False, repr=False
    )
    """The root evaluated with a text for each of these attributes; None where there is no source."""
    deposed: tuple[Resource, ...] = ()
    """What a state still has and was replaced: it is there, and no address stands for it any more."""

    def of_type(self, *types: str) -> list[Resource]:
        """The resources of these types, in the order of their declaration."""
        if len(types) == 1:
            return self._by_type.get(types[0], [])
        return [resource for resource in self.resources if resource.type in types]

    @property
    def is_unread(self) -> bool:
        """Whether it stands for a root of which nothing is read."""
        return self.root == NO_FOLDER and bool(self.not_evaluated)

    def at(self, address: str) -> Resource:
        """The resource at an address. Raises `KeyError` where there is none."""
        return self._by_address[address]

    def chosen_for(self, resource: Resource) -> Mapping[str, Value]:
        """What AWS has chosen for a resource by now."""
        return self.chosen.get(resource.address, {})

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.type, []).append(resource)
        return found

    @cached_property
    def _by_address(self) -> dict[str, Resource]:
        return {resource.address: resource for resource in self.resources}


def unread(what: str) -> Configuration:
    """A root that is not read, in the words that say so: it declares nothing, and may declare anything."""
    return Configuration(root=NO_FOLDER, source="hcl", resources=(), not_evaluated=(what,))


def together(roots: Callable[[], tuple[Configuration, ...]]) -> Configuration:
    """The roots of an environment as something sees them that lies in none of them."""
    return Configuration(root=NO_FOLDER, source="hcl", resources=(), others=roots)


def named(configuration: Configuration, root: str) -> Configuration:
    """A root as other roots see it: what is not read of it has its name."""
    not_evaluated = (f"{it} of root {root}" for it in configuration.not_evaluated)
    return replace(configuration, not_evaluated=tuple(not_evaluated))
