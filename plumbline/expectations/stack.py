"""A stack: the environments of a system, its resources, and what is expected of each."""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator
from pydantic.fields import FieldInfo

from plumbline.aws.regions import unlike_any
from plumbline.expectations.format import require_format
from plumbline.kinds.kind import Kind
from plumbline.kinds.output import Output
from plumbline.kinds.refused import KindError
from plumbline.kinds.registry import kinds
from plumbline.kinds.selection import Selection, selectable
from plumbline.kinds.settling import called
from plumbline.values.addresses import DATA_SOURCE
from plumbline.values.data import Document, Entry, Place, Said
from plumbline.values.filling import NAME, PLACEHOLDER, as_in_terraform, fill, written_otherwise
from plumbline.values.mistakes import DataError, did_you_mean
from plumbline.values.model import Model
from plumbline.values.sensitive import publish

FoundBy = Selection | Output
"""How a resource is found whose name the stack does not say."""

STAND_IN_ACCOUNT = "123456789012"
"""Stands for an account that a stack does not give, where none is asked: Terraform's ARNs carry an account,
and moto creates things in one. It is the account of AWS's own examples, and moto's; each further environment
has the next number, so that what two of them call the same is not one thing."""


class Environment(Entry):
    """An environment: one AWS account, and how to reach it."""

    account: Annotated[str, Field(pattern=r"^\d{12}$")] | None = None
    """Its id; a stack that is never held against a deployed account need not give it."""
    region: str | None = None
    """Where it lies if not in the stack's region."""
    profile: str | None = None
    """The profile of the AWS configuration to use."""
    role: str | None = None
    """The ARN of a role to assume."""
    production: bool | None = None
    """Whether probes write in it only with --allow-writes-in-production; as where nobody says it."""
    values: dict[Annotated[str, Field(pattern=f"^{NAME}$")], str] = {}
    """Further placeholders for this environment."""


class TerraformSource(Entry):
    """Where the stack's Terraform roots lie, and what each evaluation is given."""

    directory: str
    """The folder that holds the roots, relative to the repository."""
    variables: dict[str, Any] = {}
    """What every root is given with `-var`."""
    variables_of: dict[str, dict[str, Any]] = {}
    """What single roots are given besides, by the root; Terraform refuses what a root does not declare."""
    var_files: list[str] = []
    """Relative to each root; used where the root keeps such files."""
    backend_files: list[str] = []
    """Files as `terraform init -backend-config` takes them, relative to each root."""
    data: dict[Annotated[str, Field(pattern=f"^{DATA_SOURCE}$")], dict[str, Any]] = {}
    """What data sources give that an account alone knows, by address, or by `data.TYPE` for all of a type."""
    workspace: str | None = "default"
    """The workspace that is selected: `{env}` where each environment has its own.

    Null where TF_WORKSPACE or the root's `.terraform/environment` tells it, and else nothing does.
    """

    def given(self, root: str, placeholders: Mapping[str, str]) -> dict[str, Any]:
        """Return the variables that a root of an environment is given, by name."""
        filled = {fill(of, placeholders): values for of, values in self.variables_of.items()}
        return dict(fill({**self.variables, **filled.get(root, {})}, placeholders))


class Owners(Entry):
    """Whose the resources are that name no owner themselves."""

    tag: str | None = None
    """The tag whose value, among the tags that are expected of a resource, is its owner: `Owner`."""
    otherwise: str | None = None
    """Whose all others are."""


_WITHOUT_BLANKS = r"^\S(.*\S)?$"
"""What a name is like of which a kind says nothing else: a blank at its end is seen by nobody."""


def may_be_named(kind: type[Kind], name: str) -> bool:
    """Return whether a stack may say this name of a resource."""
    return bool(kind.name_pattern or re.fullmatch(_WITHOUT_BLANKS, name))


def _one_of(*names: str) -> Any:
    """Return what a JSON schema says of keys of which exactly one is given."""
    return [{"required": [name]} for name in names]


class _Resource(Entry):
    """A resource of the stack."""

    name: str | None = None
    root: str | None = None
    """The Terraform root that declares it, below the stack's folder of roots: `s3`, `envs/{env}`."""
    region: str | None = None
    owner: Annotated[str, Field(pattern=_WITHOUT_BLANKS)] | None = None
    """Whose it is: who is to be told of what is wrong with it. Where it is not said, `owners` decides."""
    account: Annotated[str, Field(pattern=r"^(\d{12}|.*\{\w+\}.*)$")] | None = None
    """Whose it is, where that is another account than the environment's, which may still read it."""
    environments: Annotated[list[str], Field(min_length=1)] | None = None
    """The environments that have it; all of them unless said."""
    asks: Any = None
    """What is asked of it, where its kind leaves that to the stack; `{name}` is its name."""
    groups: list[str] = []
    """Names under which sentences speak of several resources at once: `application-tables`."""
    related: dict[str, str] = {}
    """Other resources that its tests look at, by the name of the argument they come under."""
    expect: Any = None
    expect_in: dict[str, Any] = {}
    """What is expected on top of it in single environments."""


class _Declared(_Resource):
    """A resource of a kind that Terraform declares."""

    model_config = ConfigDict(json_schema_extra={"oneOf": _one_of("name", "output")})

    output: str | None = None
    """The output of its root that is its name, where Terraform makes that up."""

    _ways: ClassVar[tuple[str, ...]] = ("name", "output")

    @model_validator(mode="after")
    def _is_found_in_one_way(self) -> Self:
        if sum(getattr(self, way) is not None for way in self._ways) != 1:
            raise ValueError(f"give one of {', '.join(f'`{way}`' for way in self._ways)}")
        if self.output is not None and self.root is None:
            raise ValueError("`output` is one of a Terraform root: say which as `root`")
        return self


class _Selectable(_Declared):
    """A resource of a kind that can be found by what it is."""

    model_config = ConfigDict(json_schema_extra={"oneOf": _one_of("name", "output", "select")})

    select: Any = None
    """What it is, where nobody says its name: values of its kind's fields. `{}` is the only one there is."""

    _ways: ClassVar[tuple[str, ...]] = ("name", "output", "select")


_CALLED_AS = r"^\w[\w.-]*$"
"""How a stack or an environment is called: --env takes `STACK/NAME`, and several with commas between them."""


class _Stack(Entry):
    """A stack's YAML."""

    format: int
    stack: Annotated[str, Field(pattern=_CALLED_AS)]
    """Its name: that of this file, without `.yaml`."""
    title: Said
    region: str
    repository: str = "."
    """The folder of a checkout that is the stack's own, where one checkout holds those of several."""
    shared: Any = None
    """Holds anchors for values that several resources share."""
    environments: Annotated[dict[Annotated[str, Field(pattern=_CALLED_AS)], Environment], Field(min_length=1)]
    owners: Owners = Owners()
    terraform: TerraformSource


def stand_in(position: int) -> str:
    """Return the account that stands for that of the environment at a position, if it gives none."""
    return str(int(STAND_IN_ACCOUNT) + position)


@functools.cache
def expectation(kind: type[Kind]) -> type[BaseModel]:
    """Return the model of what can be expected of a kind: its fields and limits, all optional.

    Not its name: by that it is found, or found by what it is, and `expected.name` is that which it then has.
    """
    sayable = _sayable(kind)
    sayable.pop("name", None)
    fields = _optional(sayable)
    for name in kind.expects_some:
        said, info = fields[name]
        fields[name] = Annotated[said, Field(min_length=1)], info
    return create_model(f"Expected{kind.__name__}", __base__=Entry, **fields)


@functools.cache
def selection(kind: type[Kind]) -> type[BaseModel]:
    """Return the model of what a resource of a kind can be selected by: its fields, and `selected_by`."""
    by = {*kind.model_fields, *kind.selected_by} - {"name"}
    fields = {name: info for name, info in _sayable(kind).items() if name in by}
    return create_model(f"Selected{kind.__name__}", __base__=Entry, **_optional(fields))


def _sayable(kind: type[Kind]) -> dict[str, FieldInfo]:
    """Return what can be said of a resource: its fields and limits."""
    return {**kind.model_fields, **(kind.limits.model_fields if kind.limits else {})}


def _optional(fields: Mapping[str, FieldInfo]) -> dict[str, Any]:
    return {
        name: (
            Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation,
            Field(default=None, description=info.description),
        )
        for name, info in fields.items()
    }


def stack_model() -> type[_Stack]:
    """Return the model of a stack's YAML: its sections are the kinds."""
    return _of_kinds(tuple(kinds().values()))


@functools.cache
def _of_kinds(known: tuple[type[Kind], ...]) -> type[_Stack]:
    sections: dict[str, Any] = {}
    for kind in known:
        if hasattr(_Stack, kind.plural) or kind.plural in _Stack.model_fields:
            raise KindError(
                f"{called(kind)}: {kind.plural} is another part of a stack: name plural otherwise"
            )
        expected = expectation(kind)
        resource = create_model(
            f"{kind.__name__}Resource",
            **_found_by(kind),
            asks=_asks(kind),
            expect=(expected, Field(default_factory=expected)),
            expect_in=(dict[str, expected], Field(default_factory=dict)),  # type: ignore[valid-type]
        )
        sections[kind.plural] = (dict[str, resource], Field(default_factory=dict))  # type: ignore[valid-type]
    return create_model("Stack", __base__=_Stack, **sections)


def _found_by(kind: type[Kind]) -> dict[str, Any]:
    """Return what an entry is made on, and how it says which resource it means."""
    pattern = Field(pattern=kind.name_pattern or _WITHOUT_BLANKS)
    named = (Annotated[str, pattern] | None, None)
    if not (kind.terraform_type and (kind.name_argument or kind.called_by)):
        return {"__base__": _Resource, "name": (str, pattern)}
    if not selectable(kind):
        return {"__base__": _Declared, "name": named}
    return {"__base__": _Selectable, "name": named, "select": (selection(kind) | None, None)}


def _asks(kind: type[Kind]) -> tuple[Any, Any]:
    """Return the type and the default of what an entry asks; only of some kinds there is something to ask."""
    if kind.question is None:
        return None, None
    return (kind.question | None, None) if kind.may_ask_nothing else (kind.question, ...)


@dataclass(frozen=True)
class Subject:
    """One resource of one environment, with everything filled in that the stack says of it."""

    stack: str
    environment: str
    account: str
    region: str
    kind: type[Kind]
    key: str
    name: str
    """Its name; its key, where it is found in another way."""
    root: str | None
    related: Mapping[str, str] = field(compare=False)
    expected: Mapping[str, Any] = field(compare=False)
    placeholders: Mapping[str, str] = field(compare=False)
    owner: str = field(default="", compare=False)
    """Whose it is, as the stack says; empty where it does not."""
    groups: frozenset[str] = field(default=frozenset(), compare=False)
    """What it is called together with others."""
    question: Model | None = field(default=None, compare=False)
    """What the YAML asks of it, where its kind leaves that to the stack."""
    found_by: FoundBy | None = field(default=None, compare=False)
    """What it is found by, where the stack does not say its name."""
    held_against: tuple[Subject, ...] = field(default=(), compare=False)
    """Resources whose names the stack does not say, and which belong to what is expected of it."""
    undecided: tuple[str, ...] = field(default=(), compare=False)
    """What is told of those of them that several things fit."""

    @property
    def another_account(self) -> str:
        """Whose it is, where that is not the account of its environment; otherwise empty."""
        return "" if self.account == self.placeholders["account"] else self.account

    @property
    def regions(self) -> tuple[str, ...]:
        """Where it is looked for, first where it lies."""
        return tuple(dict.fromkeys((self.region, *self.kind.further_regions(self.question))))

    @property
    def id(self) -> str:
        """The stack, the environment and the resource: `shop/sit/orders`."""
        return f"{self.stack}/{self.environment}/{self.key}"


class Stack:
    """A stack as its YAML describes it. Raises `DataError` for every mistake in it."""

    def __init__(self, path: Path) -> None:
        document = Document(path)
        require_format(document, "stack")
        self.path = path
        self._model = document.validated(stack_model())
        self.name, self.title, self.region = self._model.stack, self._model.title, self._model.region
        self.environments: dict[str, Environment] = self._model.environments
        self.terraform: TerraformSource = self._model.terraform
        self._document = document
        mistakes = [
            *self._misnamed(document),
            *self._unknown_placeholders(document),
            *self._unknown_names(document),
        ]
        if mistakes:
            raise DataError("\n".join(dict.fromkeys(mistakes)))
        self._outputs: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.subjects = functools.cache(self._all_subjects)
        """The resources that an environment has, by their key."""
        for environment in self.environments:
            publish(self.placeholders(environment).values())
            publish(it.name for it in self.subjects(environment).values() if not it.found_by)
            publish(it.owner for it in self.subjects(environment).values())
        mistakes = [
            *self._unknown_regions(document),
            *self._named_twice(),
            *self._variables_of_nothing(document),
            *self._tag_of_nothing(document),
            *self._pointless_questions(),
            *self._undecidable_expectations(),
        ]
        if mistakes:
            raise DataError("\n".join(dict.fromkeys(mistakes)))

    def learn(self, environment: str, root: str, outputs: Mapping[str, Any]) -> None:
        """Note what the outputs of a root are: names of resources may be among them."""
        self._outputs[environment, root] = outputs
        self.subjects.cache_clear()

    def roots(self, environment: str) -> list[str]:
        """Return the Terraform roots that declare the resources of an environment: `s3`, `envs/sit`."""
        declared = (subject.root for subject in self.subjects(environment).values())
        return list(dict.fromkeys(root for root in declared if root))

    def placeholders(self, environment: str) -> dict[str, str]:
        """Return what `{env}`, `{account}`, ... stand for in an environment."""
        settings = self.environments[environment]
        return {
            "stack": self.name,
            "env": environment,
            "account": settings.account or self.stand_in(environment),
            "region": settings.region or self.region,
            **settings.values,
        }

    def stand_in(self, environment: str) -> str:
        """Return the account that stands for that of an environment which gives none."""
        return stand_in([*self.environments].index(environment))

    def directory(self, environment: str) -> Path:
        """Return the folder that holds the Terraform roots of an environment, relative to the repository."""
        return Path(fill(self.terraform.directory, self.placeholders(environment)))

    def checkout(self, around: Path) -> Path:
        """Return the folder of a checkout that is the stack's: the one that it says, or else the whole."""
        own = around / self._model.repository
        return own if own.is_dir() else around

    def roots_in(self, checkout: Path, environment: str) -> Path:
        """Return the folder of a checkout that holds the roots of an environment.

        What was given may be the whole checkout, or the folder in it that is the stack's.
        """
        own, inside = Path(self._model.repository), self.directory(environment)
        if self.is_own(checkout) and inside.is_relative_to(own):
            return checkout / inside.relative_to(own)
        return checkout / inside

    def is_own(self, folder: Path) -> bool:
        """Whether a folder is the one in a checkout of several stacks that is this one's."""
        steps = Path(self._model.repository).parts
        return bool(steps) and folder.resolve().parts[-len(steps) :] == steps

    def home(self, environment: str) -> tuple[str, str]:
        """Return the account and the region of an environment."""
        values = self.placeholders(environment)
        return values["account"], values["region"]

    def without_account(self, environment: str) -> str:
        """Return what to write where an environment gives no account and one is needed, or ""."""
        if self.environments[environment].account:
            return ""
        told = f'{environment} gives no account: write `account: "<12 digits>"` in it'
        return self._document.mistake(("environments", environment), told)

    def without_production(self, environment: str) -> str:
        """Return what to write where nobody says whether an environment is production, or ""."""
        if self.environments[environment].production is not None:
            return ""
        told = (
            f"{environment} does not say whether it is production: write `production: false` in it, or `true`"
        )
        return self._document.mistake(("environments", environment), told)

    @functools.cached_property
    def relations(self) -> dict[str, list[str]]:
        """The files and lines in which resources are related to others, by the argument those come under."""
        found: dict[str, list[str]] = {}
        for kind, key, resource in self._resources():
            for argument in resource.related:
                line = self._document.line((kind.plural, key, "related", argument))
                found.setdefault(argument, []).append(f"{self.path}:{line}")
        return found

    def place(self, kind: type[Kind], key: str) -> str:
        """Return the file and line in which a resource stands."""
        return f"{self.path}:{self._document.line((kind.plural, key))}"

    def place_of(self, subject: Subject, field: str) -> str:
        """Return the file and line in which it says what it expects of a subject's field, or names it."""
        place = (subject.kind.plural, subject.key, *(self.expects(subject, field) if field else ()))
        return f"{self.path}:{self._document.line(place)}"

    def root_said_wrong(self, environment: str, root: str, told: str) -> str:
        """Return what is wrong with a root, with the file and line of the first resource that names it."""
        its = (it for it in self.subjects(environment).values() if it.root == root)
        places = [(it.kind.plural, it.key, "root") for it in its]
        return self._document.mistake(min(places, key=self._document.line), told)

    def said_wrong(self, place: Place, told: str) -> str:
        """Return what is wrong with what stands at a place of the file, with file and line."""
        return self._document.mistake(place, told)

    def mistake(self, kind: type[Kind], key: str, below: Place, message: str) -> str:
        """Return a message about a resource, with the file and line of what stands `below` its key."""
        return self._document.mistake((kind.plural, key, *below), message)

    def expects(self, subject: Subject, field: str) -> Place:
        """Return where it says what it expects of a subject's field, below the key of the resource."""
        resource = getattr(self._model, subject.kind.plural)[subject.key]
        special = resource.expect_in.get(subject.environment)
        if special is not None and field in special.model_fields_set:
            return ("expect_in", subject.environment, field)
        return ("expect", field)

    @property
    def groups(self) -> dict[str, tuple[type[Kind], str]]:
        """The groups that its resources are in, each with the kind and the key of one that is in it."""
        return {group: (kind, key) for kind, key, resource in self._resources() for group in resource.groups}

    def _all_subjects(self, environment: str) -> dict[str, Subject]:
        account, named = self.home(environment)[0], self._named(environment)
        beside = [it for it in self.environments if it != environment and self.home(it)[0] == account]
        every = [*named.values(), *(it for other in beside for it in self._named(other).values())]
        return {key: _completed(subject, every) for key, subject in named.items()}

    def _named(self, environment: str) -> dict[str, Subject]:
        return {
            key: self._subject(kind, key, resource, environment)
            for kind, key, resource in self._resources()
            if resource.environments is None or environment in resource.environments
        }

    def _resources(self) -> Iterator[tuple[type[Kind], str, _Resource]]:
        for kind in kinds().values():
            for key, resource in getattr(self._model, kind.plural).items():
                yield kind, key, resource

    def _subject(self, kind: type[Kind], key: str, resource: _Resource, environment: str) -> Subject:
        values = self.placeholders(environment)
        name = key if resource.name is None else fill(resource.name, values)
        expected = {**_given(resource.expect), **_given(resource.expect_in.get(environment))}
        return Subject(
            stack=self.name,
            environment=environment,
            account=str(fill(resource.account, values)) if resource.account else values["account"],
            region=fill(resource.region, values) if resource.region else values["region"],
            kind=kind,
            key=key,
            name=name,
            root=fill(resource.root, values),
            related=resource.related,
            expected={name: fill(value, values) for name, value in expected.items()},
            placeholders=values,
            owner=self._owner(resource, expected, values),
            groups=frozenset(resource.groups),
            question=fill(resource.asks, {**values, "name": name}),
            found_by=self._found_by(kind, resource, environment, values),
        )

    def _owner(self, resource: _Resource, expected: Mapping[str, Any], values: Mapping[str, str]) -> str:
        """Return whose a resource is: what it says, what its tags must say, or what is said of all others.

        What it is tagged with in fact decides nothing: it may be missing, or changed by whoever broke it.
        """
        owners = self._model.owners
        tagged = _tags(expected).get(owners.tag or "")
        return str(fill(resource.owner or tagged or owners.otherwise or "", values))

    def _found_by(
        self, kind: type[Kind], resource: _Resource, environment: str, values: Mapping[str, str]
    ) -> FoundBy | None:
        """Return what a resource is found by, with everything filled in; None where it has a name."""
        if resource.name is not None or not isinstance(resource, _Declared):
            return None
        if resource.output is not None:
            root = str(fill(resource.root, values))
            output = fill(resource.output, values)
            return Output(kind, root, output, self._outputs.get((environment, root)))
        select = _given(resource.select)  # type: ignore[attr-defined]  # the third way there is
        return Selection(kind, {name: fill(value, values) for name, value in select.items()})

    def _unknown_regions(self, document: Document) -> Iterator[str]:
        """Yield the names of regions that are none: a resource would be looked for where nothing lies."""
        if told := unlike_any(self.region):
            yield document.mistake(("region",), told)
        for environment, settings in self.environments.items():
            if settings.region and (told := unlike_any(settings.region)):
                yield document.mistake(("environments", environment, "region"), told)
            own = self.placeholders(environment)["region"]
            for it in self.subjects(environment).values():
                for region in it.regions:
                    if region != own and (told := unlike_any(region)):
                        yield self.mistake(
                            it.kind, it.key, ("region",) if region == it.region else ("asks",), told
                        )

    def _named_twice(self) -> Iterator[str]:
        """Yield the entries that name what another one names: what they were meant for is not looked at."""
        for environment in self.environments:
            first: dict[tuple[type[Kind], str, str, str], str] = {}
            for it in self.subjects(environment).values():
                if it.found_by or it.question or not (it.kind.terraform_type and it.kind.name_argument):
                    continue
                other = first.setdefault((it.kind, it.name, it.region, it.account), it.key)
                if other != it.key:
                    told = f"{it.key} is {it.name} in {environment}, and so is {other}: name each one once"
                    yield self.mistake(it.kind, it.key, (), told)

    def _variables_of_nothing(self, document: Document) -> Iterator[str]:
        """Yield the roots that variables are given to and no resource lies in."""
        for of in self.terraform.variables_of:
            roots = {it: str(fill(of, self.placeholders(it))) for it in self.environments}
            if not any(root in self.roots(it) for it, root in roots.items()):
                valid = list(dict.fromkeys(root for it in self.environments for root in self.roots(it)))
                told = f"no resource has the root {of}{did_you_mean(of, valid)}"
                yield document.mistake(("terraform", "variables_of", of), told)

    def _tag_of_nothing(self, document: Document) -> Iterator[str]:
        """Yield a tag that is to say whose things are, and that nothing is expected to carry."""
        tag = self._model.owners.tag
        every = [it for environment in self.environments for it in self.subjects(environment).values()]
        carried = {name for it in every for name in _tags(it.expected)}
        if tag is not None and tag not in carried:
            told = f"no resource is expected to carry the tag {tag!r}{did_you_mean(tag, carried)}"
            yield document.mistake(("owners", "tag"), f"{told}: expect it under `tags`, or say `owner`")

    def _pointless_questions(self) -> Iterator[str]:
        """Yield what is asked of a resource and has nothing to do with what the stack names."""
        for environment in self.environments:
            subjects = self.subjects(environment).values()
            for it in subjects:
                if it.question and (told := it.kind.pointless(it.question, subjects)):
                    yield self.mistake(it.kind, it.key, ("asks",), told)

    def _undecidable_expectations(self) -> Iterator[str]:
        """Yield what is expected of a resource and nothing can meet, or break."""
        for environment in self.environments:
            for it in self.subjects(environment).values():
                for bound, told in it.kind.undecidable(it.question, it.expected):
                    yield self.mistake(it.kind, it.key, self.expects(it, bound), told)

    def _misnamed(self, document: Document) -> Iterator[str]:
        if self.name != self.path.stem:
            told = f"stack is {self.name!r}, and its file is called {self.path.name}"
            yield document.mistake(("stack",), f"{told}: write `stack: {self.path.stem}`")

    def _unknown_placeholders(self, document: Document) -> Iterator[str]:
        for kind, key, resource in self._resources():
            for environment in resource.environments or self.environments:
                if environment in self.environments:
                    place = (kind.plural, key)
                    yield from _unfilled(
                        document, place, resource, environment, self.placeholders(environment)
                    )
        for environment in self.environments:
            values = self.placeholders(environment)
            yield from _unfilled(document, ("terraform",), self.terraform, environment, values)
            if "owners" in self._model.model_fields_set:
                yield from _unfilled(document, ("owners",), self._model.owners, environment, values)

    def _unknown_names(self, document: Document) -> Iterator[str]:
        keys: dict[str, str] = {}
        for kind, key, resource in self._resources():
            place = (kind.plural, key)
            if keys.setdefault(key, kind.plural) != kind.plural:
                yield document.mistake(place, f"{key!r} is a key of {keys[key]} too")
            if resource.root is not None and (root := posixpath.normpath(resource.root)) != resource.root:
                yield document.mistake((*place, "root"), f"root is {resource.root!r}: write {root!r}")
            for group in resource.groups:
                if group in {it for _, it, _ in self._resources()}:
                    yield document.mistake(
                        (*place, "groups"), f"group {group!r} is the key of a resource too"
                    )
            for name in [*(resource.environments or []), *resource.expect_in]:
                if name not in self.environments:
                    hint = did_you_mean(name, self.environments)
                    yield document.mistake(place, f"unknown environment {name!r} of {key}{hint}")
        nouns = {kind.noun: list(getattr(self._model, kind.plural)) for kind in kinds().values()}
        for kind, key, resource in self._resources():
            for argument, other in resource.related.items():
                at = (kind.plural, key, "related", argument)
                if other not in keys:
                    hint = did_you_mean(other, keys)
                    yield document.mistake(at, f"{key} is related to {other!r}, which is no resource{hint}")
                elif argument in kinds() and other not in (of_kind := nouns[argument]):
                    told = f"{key} is related to {other!r} as {argument}, which is one of `{keys[other]}`"
                    yield document.mistake(at, told + did_you_mean(other, of_kind))


def _completed(subject: Subject, named: Sequence[Subject]) -> Subject:
    """Return a subject with what follows of it from all that the stack names, or finds by what it is.

    What environments of one account name, an account lists for each of them.
    """
    more = subject.kind.also_expected(subject.question, [it for it in named if it.found_by is None])
    if not more:
        return subject
    found = [it for it in named if it.found_by and subject.kind.is_held_against(subject.question, it)]
    return replace(subject, expected={**subject.expected, **more}, held_against=tuple(found))


_CALLED = ("name", "root", "output", "directory", "workspace", "var_files")
"""Where a stack says how something is called: no name holds `${`."""


def _unfilled(
    document: Document, place: Place, entry: Entry, environment: str, values: Mapping[str, str]
) -> Iterator[str]:
    """Yield a mistake for each placeholder below `place` that the environment gives no value for."""
    elsewhere = {name for name in getattr(entry, "expect_in", {}) if name != environment}
    for at, text in document.strings(place):
        if elsewhere & set(at[len(place) + 1 : len(place) + 2]):
            continue
        if at[len(place)] in _CALLED and (it := as_in_terraform(text, values)):
            yield document.mistake(at, f"{it} is how Terraform writes it, and would stay: write {it[1:]}")
        own = {"name"} if at[len(place) : len(place) + 1] == ("asks",) else set()
        for name in (*PLACEHOLDER.findall(text), *written_otherwise(text, values)):
            if name not in values and name not in own:
                valid = sorted({*values, *own})
                hint = f"{did_you_mean(name.strip(), valid)}; valid: {', '.join(valid)}"
                yield document.mistake(at, f"unknown placeholder {{{name}}} in {environment}{hint}")


def _tags(expected: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the tags that are expected of a resource."""
    tags = expected.get("tags")
    return tags if isinstance(tags, Mapping) else {}


def _given(expectation: BaseModel | None) -> dict[str, Any]:
    if expectation is None:
        return {}
    said = expectation.model_fields_set
    return {name: getattr(expectation, name) for name in type(expectation).model_fields if name in said}
