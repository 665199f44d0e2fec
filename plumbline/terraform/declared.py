"""Reading what a Terraform resource declares: its blocks, its tags, where an argument stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar

from plumbline.terraform import whereabouts
from plumbline.terraform.identities import own
from plumbline.terraform.schema import find
from plumbline.values.arns import account_in
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Placeholder, Undetermined, Unexamined, Unknown

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource, Settings

T = TypeVar("T")

NO_LIFECYCLE = Unexamined("a plan or a state does not carry prevent_destroy; the source does")
NOT_WRITTEN_OUT = Unexamined("a plan or a state does not show how a value is written; the source does")
NO_REGION = Unexamined("a state does not say the region")
NOT_RECORDED = (NO_LIFECYCLE, NOT_WRITTEN_OUT, NO_REGION)
"""What stands for that which no plan, or no state, carries."""


def known(value: object) -> Any:
    """Return `value`. Raises `Undetermined` for a value that the source does not give."""
    return value.refuse() if isinstance(value, Placeholder) else value


def given(value: object) -> bool:
    """Return whether an argument says anything; a state holds empty values for what is not configured."""
    return isinstance(value, Placeholder | SomeOf) or value not in (None, "", [], {})


def blocks(values: Mapping[str, Any], type_: str) -> list[Mapping[str, Any]]:
    """Return the blocks of a type, in order. Raises `Undetermined` where their number is unknown."""
    return [known(block) for block in known(values.get(type_)) or []]


def first_block(values: Mapping[str, Any], type_: str) -> Mapping[str, Any] | None:
    """Return the first block of a type; None where there is none."""
    return next(iter(blocks(values, type_)), None)


def block(values: Mapping[str, Any], type_: str) -> Mapping[str, Any]:
    """Return the only block of a type, or an empty mapping."""
    return first_block(values, type_) or {}


def tags(resource: Resource) -> Any:
    """Return the tags that AWS will hold: the provider's default_tags under the resource's own.

    In a plan and a state the provider has said what they make together.
    """
    if resource.constant_keys is None and given(together := resource.values.get("tags_all")):
        return together
    parts: list[Any] = [block(resource.provider, "default_tags").get("tags"), resource.values.get("tags")]
    unknown = [part for part in parts if isinstance(part, Placeholder)]
    return unknown[0] if unknown else {key: value for part in parts if part for key, value in part.items()}


def prevent_destroy(resource: Resource) -> Any:
    """Return the `prevent_destroy` of the lifecycle block; a plan and a state do not carry it."""
    lifecycle = resource.lifecycle
    if isinstance(lifecycle, Placeholder):
        return NO_LIFECYCLE
    return lifecycle.get("prevent_destroy", False)


def is_ignored(resource: Resource, argument: str) -> bool:
    """Return whether Terraform leaves an argument as it is once there, by `ignore_changes` in the source."""
    if isinstance(resource.lifecycle, Placeholder):
        return False
    ignored = resource.lifecycle.get("ignore_changes") or []
    return ignored == "all" or (isinstance(ignored, list) and argument in ignored)


def is_written(resource: Resource, argument: str, configuration: Configuration) -> bool:
    """Return whether somebody is known to have written an argument that is else what AWS answered last.

    A state says of none whether anybody has, and a plan not of dynamic blocks.
    """
    if configuration.source == "plan":
        return argument in (resource.written or ())
    return configuration.source == "hcl" and argument in resource.values


def literal_tags(resource: Resource) -> Any:
    """Return the tags whose values are written out in the resource itself; only source shows that."""
    if resource.constant_keys is None:
        return NOT_WRITTEN_OUT
    return list(resource.constant_keys.get("tags", ()))


def place(resource: Resource, argument: str) -> str:
    """Return file and line of an argument or block, or of the resource where it has none."""
    return str(resource.locations.get(argument, resource.location))


def region(resource: Resource, configuration: Configuration) -> Any:
    """Return the region that the resource lies in: as it says itself, or as its provider does.

    A state carries no providers; there the ARN says it, if anything does.
    """
    for values in (resource.values, resource.provider):
        if given(values.get("region")) and not isinstance(values["region"], Unknown):
            return values["region"]
    if "region" in resource.provider:
        return resource.provider["region"]
    if configuration.source != "state":
        return configuration.settings.region
    if not _has_arn(resource):
        return NO_REGION
    parts = str(resource.values.get("arn")).split(":")
    return parts[3] if len(parts) > 3 and parts[3] else NO_REGION


def settings_of(resource: Resource, configuration: Configuration) -> Settings:
    """Return the settings of the environment with the region and the account of a resource."""
    settings = whereabouts.of(resource.provider, configuration.settings)
    return replace(settings, region=region(resource, configuration))


def account(resource: Resource, configuration: Configuration) -> str:
    """Return whose a resource is, as its own ARN or its provider says; empty where nothing says it."""
    told = resource.values.get("arn")
    own_account = account_in(told) if isinstance(told, str) and _has_arn(resource) else ""
    return own_account or whereabouts.account_of(resource.provider, configuration.settings.owner)


def another_account(resource: Resource, configuration: Configuration) -> str:
    """Return whose a resource is where that is known to be another account than the environment's."""
    own, usual = account(resource, configuration), configuration.settings.owner
    return own if usual and own != usual else ""


def refuse_of_another(parts: Iterable[Resource], resource: Resource, configuration: Configuration) -> None:
    """Raise `Undetermined` for a part that AWS refuses: it says that the bucket is of another account.

    Source: Amazon S3 API reference, x-amz-expected-bucket-owner: the request fails then.
    """
    own = account(resource, configuration) or configuration.settings.account
    for it in parts:
        expected = it.values.get("expected_bucket_owner")
        if own and isinstance(expected, str) and expected not in ("", own):
            told = f"expected_bucket_owner of {it.address} is {expected}, and {resource.address} is of {own}"
            raise Undetermined(f"AWS refuses it: {told}")


def _has_arn(resource: Resource) -> bool:
    """Return whether `arn` is the resource's own; an event target has its target's there."""
    schema = find("resource", resource.type)
    attribute = schema.attribute("arn") if schema else None
    return attribute is None or attribute.computed


def arn(settings: Settings, service: str, prefix: str, name: object, *, regional: bool = True) -> str | None:
    """Return the ARN of the resource `prefix` + `name` in the account of `settings`; None where not known."""
    region = settings.region if regional else ""
    if not all(isinstance(part, str) for part in (settings.account, region, name)):
        return None
    if isinstance(settings.region, Placeholder):
        return None  # nor the partition
    return f"arn:{settings.partition}:{service}:{region}:{settings.account}:{prefix}{name}"


def identity(resource: Resource, attribute: str) -> Unknown:
    """Return what stands for an attribute of `resource` that AWS decides: a name of it, or just unknown."""
    return own(resource.root, resource.address, resource.type, attribute)


def as_chosen(resource: Resource, attribute: str) -> Any:
    """Return an attribute that AWS chooses, as a state has it; elsewhere what stands for it."""
    told = resource.values.get(attribute)
    return told if isinstance(told, str) and told else identity(resource, attribute)


def only(target: Resource, found: Sequence[Resource]) -> Resource | None:
    """Return the one of `found` that says what holds of `target`, or None.

    Raises `Undetermined` where two of them say different things: AWS holds what was applied last.
    """
    for other in found[1:]:
        if not are_alike(found[0], other):
            refuse_difference(target.address, found[0], other)
    return found[0] if found else None


def refuse_difference(target: str, one: Resource, other: Resource) -> NoReturn:
    """Raise `Undetermined`: two resources say different things of `target`."""
    both = " and ".join(_told_apart(one, other))
    raise Undetermined(f"{both} both configure {target}, and differ")


def each_once(target: str, said: Iterable[tuple[Resource, str, T]]) -> dict[str, T]:
    """Return what resources say of `target`, by what AWS tells it apart by and so keeps once.

    Raises `Undetermined` where two of them say different things of one: AWS holds what was applied last.
    """
    first: dict[str, tuple[Resource, T]] = {}
    for resource, key, value in said:
        one, held = first.setdefault(key, (resource, value))
        if one is not resource and held != value:
            refuse_difference(f"{key} of {target}", one, resource)
    return {key: value for key, (_, value) in first.items()}


def _told_apart(one: Resource, other: Resource) -> tuple[str, str]:
    """Return the addresses of two resources, with where they stand if they are of different roots."""
    if one.root == other.root:
        return one.address, other.address
    return f"{one.address} ({one.location})", f"{other.address} ({other.location})"


def are_alike(one: Resource, other: Resource) -> bool:
    """Return whether two resources are known to say the same."""
    try:
        return one.values == other.values
    except Undetermined:
        return False


def at(values: object, *path: str, default: Any = None) -> Any:
    """Return the value at `path` through single blocks; `default` where it is unset.

    A `Placeholder` on the way is the answer.
    """
    for step in path:
        if isinstance(values, list):
            values = values[0] if values else {}
        if isinstance(values, Placeholder):
            return values
        values = values.get(step) if isinstance(values, Mapping) else None
    return default if values is None else values


@dataclass(frozen=True)
class Beside:
    """Resources that hold a part of another one, and name it in an argument."""

    type: str
    """`aws_s3_bucket_versioning`."""
    argument: str
    """The argument that names the other one: `bucket`."""
    by: Literal["name", "arn"] = "name"
    """Whether that is by its name or by its ARN."""
    many: bool = False
    """Whether any number of them may name one: each adds something, and none replaces another."""
    bare: Callable[[str], str] | None = None
    """Gives the name that is in a longer one, where the argument takes that, too: an ARN, a version."""
    also: tuple[str, ...] = ()
    """Other types of such resources, where there are many: they name the other one in the same argument."""

    @property
    def types(self) -> tuple[str, ...]:
        """All types of such resources."""
        return (self.type, *self.also)


@dataclass(frozen=True)
class Declaration:
    """What Terraform declares of a resource or of one of its facets."""

    resource: Resource
    """The resource itself: the `aws_s3_bucket`."""
    configuration: Configuration
    parts: tuple[Resource, ...]
    """The resources that declare the facet; the resource itself where that does."""
    doubt: str = ""
    """Why there may be more of the `parts`, where any number of them adds up."""

    @property
    def part(self) -> Resource | None:
        """The one resource that declares the facet, or None.

        Raises `Undetermined` where two of them say different things: AWS holds what was applied last.
        """
        return only(self.resource, self.parts)

    @property
    def values(self) -> Mapping[str, Any]:
        """The arguments of the one resource that declares the facet; none where there is no such resource."""
        return self.part.values if self.part else {}

    def at(self, *path: str, default: Any = None) -> Any:
        """Return the value at `path` through single blocks; `default` where it is unset."""
        return at(self.values, *path, default=default)

    def blocks(self, type_: str) -> list[Mapping[str, Any]]:
        """Return the blocks of a type. Raises `Undetermined` where their number is unknown."""
        return blocks(self.values, type_)

    def place(self, argument: str) -> str:
        """Return file and line of an argument of the facet's first resource, or of the resource itself."""
        return place(next(iter(self.parts), self.resource), argument)

    @property
    def region(self) -> Any:
        """The region that the resource lies in."""
        return region(self.resource, self.configuration)

    @property
    def account(self) -> str | None:
        """The twelve digits of the account that the resource's provider works in."""
        return whereabouts.of(self.resource.provider, self.configuration.settings).account
