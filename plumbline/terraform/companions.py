"""What belongs to a resource: the resources beside it that name it, in every root of its environment.

What is not read may hold more of them: a module that was not evaluated, a root that was not given, one whose
argument leads nowhere, one of which nobody knows how many there are. Each is a doubt, told with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from plumbline.terraform.declared import given, only, refuse_difference, region
from plumbline.terraform.identities import TAKES
from plumbline.terraform.values import OneOf, Value, common, is_derived, known_prefix
from plumbline.values.some_of import SomeOf, doubted, listed
from plumbline.values.unknown import Identity, Placeholder, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource

_OF_CLOUD_CONTROL = "cloudcontrolapi_resource"
_OF_AWS = re.compile(r"AWS::(?P<service>\w+)::(?P<resource>\w+)")
"""A type of AWS's own, as CloudFormation calls it; a module is none."""
Bare: TypeAlias = Callable[[str], str]
MAKE_ANYTHING = (
    *("cloudformation_stack", "cloudformation_stack_set"),
    *("cloudformation_stack_instances", "cloudformation_stack_set_instance"),
    *("serverlessapplicationrepository_cloudformation_stack", _OF_CLOUD_CONTROL),
    *("servicecatalog_provisioned_product", "servicecatalog_cloud_formation_provisioned_product"),
    *("sagemaker_project", "elastic_beanstalk_environment", "elasticbeanstalk_environment"),
)
"""Types of resources, without their provider, that make others of any type, which Terraform does not show.

An environment of Elastic Beanstalk makes what the `.ebextensions` of its code list under `Resources`, and a
project of SageMaker is a product of Service Catalog. Source: AWS Elastic Beanstalk Developer Guide, "Adding
and customizing Elastic Beanstalk environment resources"; Amazon SageMaker Developer Guide, "What is a
SageMaker AI Project?".
"""
UNCOUNTED = "[*]"
"""How an address says that one resource stands for instances of which nobody knows how many there are."""


@dataclass(frozen=True)
class Belonging:
    """The resources of one type that belong to another one, and why there may be more."""

    certain: tuple[Resource, ...]
    perhaps: tuple[Resource, ...]
    """Those that belong to it if there are any: their count is not known."""
    elsewhere: tuple[str, ...]
    """Why others may."""

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why there may be more than the certain ones."""
        return (*map(uncounted, self.perhaps), *self.elsewhere)


def companion(
    target: Resource, configuration: Configuration, type_: str, argument: str, name: object = None
) -> Resource | None:
    """Return the only one of `companions`, or None.

    Raises `Undetermined` where two of them say different things: AWS holds what was applied last.
    """
    return only(target, companions(target, configuration, type_, argument, name))


def speaking(target: Resource, beside: Resource | None, argument: str, source: str) -> Resource:
    """Return which resource says an argument that `target` has itself: the one `beside` it, if there is one.

    A plan and a state have in `target` what AWS holds by the one beside it. Raises `Undetermined` where the
    source says both, and they differ: each apply undoes what the other says.
    """
    if beside is None:
        return target
    own = target.values.get(argument)
    if source == "hcl" and given(own) and own != beside.values.get(argument):
        refuse_difference(target.address, beside, target)
    return beside


def companions(
    target: Resource,
    configuration: Configuration,
    type_: str,
    argument: str,
    name: object = None,
    *,
    bare: Bare | None = None,
) -> list[Resource]:
    """Return the resources of `type_` whose `argument` names `target`, of which it can have one.

    One that is found decides, whatever is not read. Raises `Undetermined` where none is and one may be.
    """
    found = belonging(target, configuration, type_, argument, name, alone=True, bare=bare)
    if found.doubts and not found.certain:
        raise Undetermined(found.doubts[0])
    return [*found.certain, *found.perhaps]


def belonging(
    target: Resource,
    configuration: Configuration,
    type_: str,
    argument: str,
    name: object = None,
    *,
    alone: bool = False,
    bare: Bare | None = None,
) -> Belonging:
    """Return the resources of `type_` whose `argument` names `target`: by its name, its ARN or a reference.

    The argument may be a list that `target` is one of. Those of the other roots of the environment belong to
    it that name it and lie where it does. `alone` says that it can have one of them; `bare` gives the name
    that is in a longer one.
    """
    certain: list[Resource] = []
    perhaps: list[Resource] = []
    elsewhere: list[str] = []
    for root in (configuration, *configuration.others()):
        elsewhere += [f"{what} may declare {type_} of {target.address}" for what in root.not_evaluated]
        for candidate in root.of_type(type_):
            try:
                part = candidate
                if alone and isinstance(candidate.values.get(argument), OneOf):
                    part = _dealt(candidate, argument, root, target)
                belongs = _belongs(part, argument, root, target, configuration, name, bare)
            except Undetermined as doubt:
                elsewhere.append(doubt.reason)
                continue
            if belongs:
                (certain if is_counted(part, target) else perhaps).append(part)
    return Belonging(tuple(certain), tuple(perhaps), tuple(elsewhere))


@dataclass(frozen=True)
class Everywhere:
    """The resources of one type in all roots of an environment, and why there may be more."""

    found: tuple[tuple[Resource, Configuration], ...]
    """Each with its root."""
    doubts: tuple[str, ...]

    def complete(self, members: list[Any]) -> list[Any] | SomeOf:
        """Return what was made of the resources: where there may be more of these, at least that."""
        return doubted(members, self.doubts)


def everywhere(configuration: Configuration, type_: str, *shown_by: str) -> Everywhere:
    """Return the resources of a type that the roots of an environment declare.

    There may be more of them where there may be more of the types by which they are shown, too.
    """
    roots = (configuration, *configuration.others())
    declared = [(it, root) for root in roots for it in root.of_type(type_)]
    unread = [f"{what} may declare {type_}" for root in roots for what in root.not_evaluated]
    unread += [told for root in roots for told in makers(root, type_, *shown_by)]
    return Everywhere(
        found=tuple(it for it in declared if is_counted(it[0])),
        doubts=(*unread, *(uncounted(it) for it, _ in declared if not is_counted(it))),
    )


def makers(root: Configuration, *types: str) -> Iterator[str]:
    """Yield what in a root may make resources of some types which Terraform does not show as those."""
    for it in root.resources:
        made = (type_ for type_ in types if may_make(it.type, type_, it.values.get("type_name")))
        yield from (f"{it.address} ({it.location}) may make {type_}" for type_ in [*made][:1])


def may_make(other: str, type_: str, named: object = None) -> bool:
    """Return whether resources of another type may make one of `type_` which Terraform does not show as that.

    The provider awscc calls things as CloudFormation does: an `aws_cloudwatch_metric_alarm` is its
    `awscc_cloudwatch_alarm`. The last word is what both have in common. `named` is the type that a resource
    of Cloud Control names, `AWS::CloudWatch::Alarm`; one that is not AWS's may make whatever it likes.
    """
    last, (provider, _, whatever) = other.rpartition("_")[2], other.partition("_")
    if whatever == _OF_CLOUD_CONTROL and isinstance(named, str) and (its := _OF_AWS.fullmatch(named)):
        words = re.sub(r"(?<!^)(?=[A-Z])", "_", its["resource"]).lower()
        return may_make(f"awscc_{its['service'].lower()}_{words}", type_)
    return whatever in MAKE_ANYTHING or (provider == "awscc" and type_.endswith(last))


def is_counted(resource: Resource, beside: Resource | None = None) -> bool:
    """Return whether it is known that there is one of a resource, given that there is one `beside` it."""
    base, several, _ = resource.address.rpartition(UNCOUNTED)
    return not several or (
        beside is not None and beside.root == resource.root and beside.address.startswith(f"{base}{several}.")
    )


def uncounted(resource: Resource) -> str:
    """Return why it is not known whether there is a resource."""
    return f"known only after apply: how many {resource.address.replace(UNCOUNTED, '')} there are"


def _belongs(
    candidate: Resource,
    argument: str,
    root: Configuration,
    target: Resource,
    home: Configuration,
    name: object,
    bare: Bare | None,
) -> bool:
    """Return whether a resource of a root names `target`. Raises `Undetermined` where that is not known."""
    value = candidate.values.get(argument)
    named = listed(value)
    if root is home and any(refers_to(it, target) for it in named):
        return True
    names = (name, target.values.get("id"), target.values.get("arn"), *home.chosen_for(target).values())
    called = [form for it in named if isinstance(it, str) for form in ((it, bare(it)) if bare else (it,))]
    if any(isinstance(own, str) and own in called for own in names):
        return lies_beside(target, home, candidate, root)
    for it in named:
        if isinstance(it, Placeholder) and not _leads_to_another(it, target, root):
            told = it.origin if isinstance(it, Unknown) else repr(it)
            raise Undetermined(
                f"known only after apply: what {candidate.address} belongs to, its {argument} {told}"
            )
        if isinstance(it, str) and (_is_to_be_chosen(target, argument, home) or _may_be_called(name, it)):
            raise Undetermined(
                f"known only after apply: whether {candidate.address} belongs to {target.address}, "
                f"its {argument} {it}"
            )
    return isinstance(value, SomeOf) and value.refuse()


def _may_be_called(own: object, name: str) -> bool:
    """Return whether a name that is known only after apply may be this one."""
    if not isinstance(own, Unknown) or isinstance(own, Identity):
        return False
    return name.startswith(known_prefix(own))


def _dealt(candidate: Resource, argument: str, root: Configuration, target: Resource) -> Resource:
    """Return one of several companions of several resources with what all of them say.

    A plan does not say which companion names which resource. Where there are as many of both, with the same
    keys, each resource has one, since it can have no other beside it; elsewhere this is the candidate as it
    is, which belongs to nobody knows whom.
    """
    value = candidate.values[argument]
    assert isinstance(value, OneOf)
    owners = [it.address for it in root.of_type(target.type) if value.may_be(it.address)]
    parts: list[dict[str, Value]] = []
    named: list[str] = []
    for it in root.of_type(candidate.type):
        other = it.values.get(argument)
        if isinstance(other, OneOf) and other.among == value.among:
            parts.append({**it.values, argument: None})
            named.append(other.own)
    if sorted(named) != sorted(owners):
        return candidate
    agreed = common(parts, f"{candidate.type} of one of {value.among}")
    assert isinstance(agreed, dict)
    return replace(candidate, values={**agreed, argument: Unknown(f"{value.own}.{argument}")})


def any_of(named: OneOf, type_: str, configuration: Configuration) -> Resource:
    """Return what stands for whichever of several instances is named: it says what all of them say.

    Raises `Undetermined` where they are of another type.
    """
    instances = [it for it in configuration.of_type(type_) if named.may_be(it.address)]
    if not instances:
        named.refuse()
    agreed = common([it.values for it in instances], named.origin)
    assert isinstance(agreed, dict)
    return replace(instances[0], address=named.among, values=agreed)


def lies_beside(target: Resource, home: Configuration, candidate: Resource, elsewhere: Configuration) -> bool:
    """Return whether what names `target` lies where it does; IAM has no regions."""
    if home.settings.account != elsewhere.settings.account:
        return False
    if target.type.startswith("aws_iam_"):
        return True
    here, there = region(target, home), region(candidate, elsewhere)
    if home is elsewhere and (isinstance(here, Placeholder) or isinstance(there, Placeholder)):
        return True  # as far as anybody knows, one provider makes both
    return bool(here == there)


def refers_to(value: object, target: Resource) -> bool:
    """Return whether an unknown value is an attribute of `target`, and not only made of one."""
    return (
        isinstance(value, Unknown) and not is_derived(value) and value.origin.startswith(f"{target.address}.")
    )


def _leads_to_another(value: Placeholder, target: Resource, root: Configuration) -> bool:
    """Return whether an unknown argument is made by another resource: of the target's type in its root, or
    one whose own name it is.
    """
    if isinstance(value, Identity):
        return (value.root, value.address) != (target.root, target.address)
    if isinstance(value, OneOf):
        others = {(it.root, it.address) for it in root.of_type(target.type) if value.may_be(it.address)}
        return bool(others) and (target.root, target.address) not in others
    return isinstance(value, Unknown) and any(refers_to(value, it) for it in root.of_type(target.type))


def _is_to_be_chosen(target: Resource, argument: str, home: Configuration) -> bool:
    """Return whether the argument takes an id that AWS has yet to choose, so that any text may be it."""
    if given(target.values.get("id")) or home.chosen_for(target):
        return False
    return target.type in TAKES.get(argument, ())
