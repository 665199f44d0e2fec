"""What every kind of resource has in common, and the list of the kinds."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import PrivateAttr, ValidationError

from plumbline.terraform.declared import given, region
from plumbline.values.model import Model
from plumbline.values.unknown import (
    Missing,
    NoData,
    Placeholder,
    ReadError,
    Undetermined,
    Unexamined,
    Unknown,
    Unmeasured,
)

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.github.checkout import Checkout
    from plumbline.terraform.model import Configuration, Resource, Settings
    from plumbline.terraform.values import Value

NOT_DEPLOYED = Unexamined("only a deployed resource has this")
NOT_IN_AWS = Unexamined("Terraform source alone says this; it leaves no trace in the account")

ComputedAttribute = Callable[[Mapping[str, Any], "Settings"], Any]


class Kind(Model):
    """One kind of resource: its model, and how it is read from Terraform and from AWS.

    The fields are the schema of what a stack may expect. `None` or an empty collection means
    "not configured"; what the evidence does not give is a `Placeholder`.
    """

    noun: ClassVar[str]
    """The argument that tests receive it under: `table`."""
    plural: ClassVar[str]
    """Its section in a stack's YAML: `tables`."""
    terraform_type: ClassVar[str] = ""
    """The Terraform resource type that declares it; empty for what no single resource declares."""
    name_argument: ClassVar[str] = "name"
    """The argument of `terraform_type` that holds its name."""
    name_pattern: ClassVar[str] = ""
    """The regular expression that its names match, where they are more than a name."""
    reads: ClassVar[Mapping[str, str | list[str]]] = {}
    """The AWS API operations that `from_aws` calls, with the ARN, or ARNs, of what each reads.

    The read-only guard allows these operations and no others; the policy of a live run is made of them.
    """
    writes: ClassVar[Mapping[str, str | list[str]]] = {}
    """The operations of a probe, with the ARNs of what each is about: they change something, or read what
    users have stored. They are allowed, and in the policy, only with --allow-writes."""
    limits: ClassVar[type[Model] | None] = None
    """What a stack can expect of it besides the fields: bounds, and questions to ask."""
    remedy_names: ClassVar[tuple[str, ...]] = ()
    """What a remedy can name besides the resource itself: the keys of `named_in_remedies`."""
    lies_in_repository: ClassVar[bool] = False
    """Whether a checkout of the repository says it, whatever other source a test is held against."""
    computed: ClassVar[dict[str, ComputedAttribute]] = {}
    """Attributes that the AWS provider fixes by rule, as `type.attribute`, from what is configured."""

    needs_others: ClassVar[bool] = False
    """Whether it can be created only after what it names: an object's bucket, a filter's log group."""
    arn_lists: ClassVar[tuple[str, ...]] = ()
    """Arguments that hold a list of ARNs of other resources, as `type.argument`.

    A plan calls such a list unknown where one ARN is; it is then made of what the configuration refers to.
    """

    name: str
    _where: dict[str, str] = PrivateAttr(default_factory=dict)
    _answers: dict[str, Any] = PrivateAttr(default_factory=dict)

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the resource as Terraform source, a plan or a state declares it."""
        raise Undetermined(f"Terraform does not declare {cls.plural}")

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the resource as the AWS API describes it. Raises `Missing` and `ReadError`."""
        raise Undetermined(f"the AWS API does not know {cls.plural}")

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return what a checkout of the repository says. Raises `Missing` and `ReadError`."""
        raise Undetermined(f"a repository does not hold {cls.plural}")

    def create(self, aws: Aws) -> None:
        """Create the resource in moto."""
        raise Undetermined(f"{self.plural} cannot be created in moto")

    @classmethod
    def find(cls, configuration: Configuration, name: str, where: str) -> Self:
        """Return the resource of this name in `configuration`. Raises what `resource` raises."""
        return cls.from_terraform(cls.resource(configuration, name, where), configuration)

    @classmethod
    def resource(cls, configuration: Configuration, name: str, where: str) -> Resource:
        """Return the Terraform resource that declares the one of this name.

        Raises `Missing` where no resource has the name, and `Undetermined` where one may have it: its
        name is known only after apply, or a module that could declare it was not evaluated.
        """
        candidates = configuration.of_type(cls.terraform_type)
        names = [(resource, cls.named(resource, configuration)) for resource in candidates]
        for resource, declared in names:
            if not isinstance(declared, Unknown) and declared == name:
                return resource
        for resource, declared in names:
            if isinstance(declared, Unknown):
                raise Undetermined(f"{resource.address} may be {name}: its name is known only after apply")
        if configuration.not_evaluated:
            raise Undetermined(f"{name} may be declared in {', '.join(configuration.not_evaluated)}")
        raise Missing(f"{cls.noun.replace('_', ' ')} {name}", where)

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return the name that a Terraform resource gives."""
        value = resource.values.get(cls.name_argument)
        return value if isinstance(value, Unknown) else str(value)

    @classmethod
    def holder(cls, name: str) -> str:
        """Return the name of the resource that one of this name lies in; empty where it lies in none."""
        return ""

    @classmethod
    def derive(cls, attribute: str, resource: Resource, configuration: Configuration) -> Any:
        """Return an attribute of `resource` that follows from what is configured, or `Unknown`."""
        if given(resource.values.get(attribute)):
            return resource.values[attribute]
        settings = replace(configuration.settings, region=region(resource, configuration))
        value = cls.computed[f"{resource.type}.{attribute}"](resource.values, settings)
        return Unknown(f"{resource.address}.{attribute}") if value is None else value

    @classmethod
    def of(cls, where: str, fields: Mapping[str, Any], located: Mapping[str, object] | None = None) -> Self:
        """Build the model; `located` says where single fields stand if not at `where`.

        A field may be given as a function; one that meets an unknown value leaves just that field unknown.
        Raises `ReadError` where the evidence holds a value that the field cannot take.
        """
        try:
            model = cls(**{name: _settled(value) for name, value in fields.items()})
        except ValidationError as invalid:
            first = invalid.errors()[0]
            field = ".".join(map(str, first["loc"]))
            raise ReadError(
                f"{where}: {field} is {first['input']!r}: {first['msg'].lower()}", cause=f"{where}: {field}"
            ) from None
        model._where.update({"": where}, **{field: str(place) for field, place in (located or {}).items()})
        return model

    def named_in_remedies(self) -> dict[str, str]:
        """Return what a remedy can name besides the resource itself, such as the id of a lock."""
        return {}

    def answered(self, question: str, ask: Callable[[], Any]) -> Any:
        """Return the answer to what no field says; it is asked once, and kept with the evidence."""
        try:
            answer = self._answers[question]
        except KeyError:
            try:
                answer = ask()
            except (Undetermined, ReadError) as reason:
                answer = reason
            self._answers[question] = answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def answers(self) -> dict[str, Any]:
        """What was asked of it so far, and what the answers were."""
        return dict(self._answers)

    def answers_only(self, answers: dict[str, Any]) -> Self:
        """Return it so that it knows these answers and asks no further."""
        self._answers = answers
        return self

    @property
    def places(self) -> dict[str, str]:
        """Where single fields were read, and under the empty name all others."""
        return dict(self._where)

    def where(self, field: str = "") -> str:
        """Return where `field` was read: file and line, or API operation and ARN."""
        return self._where.get(field) or self._where.get("", "")


def _settled(value: Any) -> Any:
    if not callable(value) or isinstance(value, Placeholder):
        return value
    try:
        return value()
    except NoData as no_data:
        return Unmeasured(str(no_data))
    except Undetermined as undetermined:
        return Unexamined(str(undetermined))


@functools.cache
def kinds() -> dict[str, type[Kind]]:
    """Return every kind under plumbline/kinds, by its noun."""
    package = importlib.import_module("plumbline.kinds")
    found: dict[str, type[Kind]] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        for value in vars(importlib.import_module(f"plumbline.kinds.{module}")).values():
            if isinstance(value, type) and issubclass(value, Kind) and value is not Kind:
                found[value.noun] = value
    return found


def operations(*, writes: bool = False) -> frozenset[str]:
    """Return the AWS API operations that kinds read with; with `writes` also those that probes write with."""
    declared = [kind.reads for kind in kinds().values()]
    declared += [kind.writes for kind in kinds().values() if writes]
    return frozenset().union(*declared)


def computed_attribute(
    type_: str, attribute: str, values: Mapping[str, Value], settings: Settings
) -> Value | None:
    """Return an attribute that the AWS provider fixes by rule, or None: `computed` for the evaluator."""
    rule = _computed_rules().get(f"{type_}.{attribute}")
    return rule(values, settings) if rule else None


@functools.cache
def _computed_rules() -> dict[str, ComputedAttribute]:
    return {attribute: rule for kind in kinds().values() for attribute, rule in kind.computed.items()}


@functools.cache
def arn_lists() -> frozenset[str]:
    """Return the arguments, as `type.argument`, that hold nothing but ARNs of other resources."""
    return frozenset(argument for kind in kinds().values() for argument in kind.arn_lists)
