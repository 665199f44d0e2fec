"""What the policies of an account grant, and which roles and policies there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Self

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.declared_policies import (
    MANAGED_BY_AWS,
    PRINCIPALS,
    document,
    given_to_others,
    groups_of,
    managed,
    policies_of,
)
from plumbline.kinds.facet import Fields, Found
from plumbline.kinds.iam import Role
from plumbline.kinds.kind import Kind, Wanted
from plumbline.policy import Document, Policy, dynamodb_elsewhere, dynamodb_wildcards, told_apart
from plumbline.terraform.companions import is_counted, uncounted
from plumbline.terraform.declared import given, place
from plumbline.values.model import Text
from plumbline.values.unknown import (
    Placeholder,
    ReadError,
    Undetermined,
    Unexamined,
    Unknown,
    Unreadable,
)

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource

_OF_AWS = "arn:aws:iam::aws:policy/*"
_FOR_SERVICES = re.compile(r"arn:[^:]+:iam::aws:policy/(?:aws-)?service-role/.+")
_OF_EVERY_TABLE = frozenset({"backup.amazonaws.com", "config.amazonaws.com"})
"""The services that copy or record tables whatever their names, and run nobody's code.

Source: AWS Backup Developer Guide, "IAM service roles"; AWS Config Developer Guide, "Permissions for the IAM
role assigned to AWS Config".
"""
_DETAILS = Call(
    "iam:GetAccountAuthorizationDetails",
    {"Filter": ["User", "Group", "Role", "LocalManagedPolicy"]},
    of="account {account}",
)
_POLICY = Call("iam:GetPolicy", {"PolicyArn": "{policy}"}, of="{policy}", on=_OF_AWS)
_VERSION = Call(
    "iam:GetPolicyVersion", {"PolicyArn": "{policy}", "VersionId": "{version}"}, of="{policy}", on=_OF_AWS
)


@dataclass
class _Held:
    """What there is under the names, and where each policy stands."""

    names: list[str | Placeholder] = field(default_factory=list)
    policies: dict[str, Policy | Placeholder] = field(default_factory=dict)
    granted: set[str] = field(default_factory=set)
    """The policies that somebody is given."""
    bounding: set[str] = field(default_factory=set)
    """The policies that bound what others grant."""
    trusts: dict[str, Policy | Placeholder] = field(default_factory=dict)
    """Who may assume each role, by its ARN."""
    places: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, Unexamined] = field(default_factory=dict)
    """Why there may be more, each reason by its words."""


_Principal = tuple["Resource", "Configuration"]
"""A user, group or role, and the root that declares it."""


class Authorization(Kind):
    """The users, groups, roles and customer-managed policies that a source holds for the stack.

    Its name is the names of those that are the stack's in an account, with a space between them; `*` stands
    for any text. What Terraform declares is the stack's whatever its name.
    """

    noun = "authorization"
    plural = "authorizations"
    shows = ("role", "managed_policy")
    shows_besides = ("aws_iam_group", "aws_iam_user")
    further_types = ("aws_iam_group_membership", "aws_iam_user_group_membership")
    further_calls = (_DETAILS, _POLICY, _VERSION)

    roles_and_policies: list[Text] = []
    """The roles and customer-managed policies of these names, as `role/x` and `policy/y`, sorted."""
    policies: dict[str, Document] = {}
    """Every policy of theirs: `policy/y`, `role/x inline-policy`, or the ARN of one of AWS's own."""
    dynamodb_wildcards: list[Text] = []
    """What somebody is granted of every table or every DynamoDB action: `policy/y grants dynamodb:* on *`.

    What AWS grants those of its services that need to see or copy every table is not among it, nor is what
    only bounds other policies.
    """
    dynamodb_elsewhere: list[Text] = []
    """The DynamoDB ARNs in policies that are not all of the environment's account and region."""
    trusts: dict[str, Document] = {}
    """Who may assume each of the roles, by its ARN."""

    @classmethod
    def find(cls, configuration: Configuration, name: str, where: str, wanted: Wanted = None) -> Self:
        """Return what Terraform declares under these names; there may be nothing."""
        found = _declared(configuration, name)
        settings = configuration.settings
        fields, places = _told_of(found, str(settings.account), str(settings.region))
        return cls.of(where, {"name": name, **fields}, places)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Wait for what IAM holds under these names, and ask for AWS's own policies among it."""
        details = asked.ask(_DETAILS)
        found = details.at("@").map(lambda answer: _held(asked, answer)).value()
        fields, places = _told_of(found, asked.account, asked.region)
        return Found(fields, details.call, places)

    def in_an_account(self) -> Self:
        """Return it without what is of others than those of these names, and without AWS's own policies.

        Terraform's are the stack's whatever their names; an account is asked for these names alone.
        """
        return self._of(lambda it: not MANAGED_BY_AWS.fullmatch(it) and _matches(_name(it), self.name))

    def without(self, names: Collection[str]) -> Self:
        """Return it without what roles and policies of these names hold."""
        return self._of(lambda it: _name(it) not in names)

    def _of(self, holds: Callable[[str], bool]) -> Self:
        """Return it with what is of some alone: `role/x`, `policy/y` or an ARN."""
        fields = {name: _held_by(value, holds) for name, value in self if name != "name"}
        return self.model_copy(update=fields)


def _held_by(held: Any, holds: Callable[[str], bool]) -> Any:
    """Return what is of some: of a mapping by its keys, of a list by how its texts begin.

    Where there may be more than is known, that is all there is to say: it may be just this.
    """
    if isinstance(held, Mapping):
        doubts = (it for key, it in held.items() if isinstance(it, Unexamined) and it.reason == key)
        known = {key: it for key, it in held.items() if holds(key.partition(" ")[0])}
        return next(doubts, known)
    if not isinstance(held, list):
        return held
    return [it for it in held if isinstance(it, Placeholder) or holds(str(it).partition(" ")[0])]


def _name(holder: str) -> str:
    return holder.rpartition("/")[2]


def _told_of(found: _Held, account: str, region: str) -> tuple[Fields, dict[str, str]]:
    """Return the fields that there are of what is held, and where what was found stands."""
    only_bounding = found.bounding - found.granted
    granted = {key: policy for key, policy in found.policies.items() if key not in only_bounding}
    wildcards = dict(_told(granted, dynamodb_wildcards))
    own = {key: policy for key, policy in found.policies.items() if not MANAGED_BY_AWS.fullmatch(key)}
    elsewhere = dict(_told(own, lambda policy: dynamodb_elsewhere(policy, account, region)))
    policies = found.policies | found.doubts
    fields = {
        "roles_and_policies": sorted([*found.names, *found.doubts.values()], key=repr),
        "policies": policies,
        "dynamodb_wildcards": _or_unknown(
            sorted(f"{key} grants {it}" for key, told in wildcards.items() for it in told),
            granted | found.doubts,
        ),
        "dynamodb_elsewhere": _or_unknown(
            sorted(f"{key} names {it}" for key, told in elsewhere.items() for it in told), own | found.doubts
        ),
        "trusts": found.trusts | found.doubts,
    }
    located = {
        "dynamodb_wildcards": next((found.places.get(key, "") for key in wildcards), ""),
        "dynamodb_elsewhere": next((found.places.get(key, "") for key in elsewhere), ""),
    }
    return fields, {field: place for field, place in located.items() if place}


def _matches(name: Any, patterns: str) -> bool:
    """Return whether a name is among those asked for; one that is not known may be."""
    return isinstance(name, Placeholder) or any(fnmatchcase(str(name), it) for it in patterns.split())


def _told(
    policies: Mapping[str, Policy | Placeholder], tell: Callable[[Policy], Iterable[str]]
) -> Iterator[tuple[str, list[str]]]:
    """Yield what is told of each policy that there is something to tell of."""
    for key, policy in policies.items():
        told = [] if isinstance(policy, Placeholder) else list(tell(told_apart(policy)[0]))
        if told:
            yield key, told


def _or_unknown(told: list[str], policies: Mapping[str, Policy | Placeholder]) -> list[str] | Placeholder:
    """Return what is told; where that is nothing, it is not known while one of the policies is not."""
    unknown = [doubt for policy in policies.values() for doubt in _doubts(policy)]
    return unknown[0] if unknown and not told else told


def _doubts(policy: Policy | Placeholder) -> list[Placeholder]:
    return [policy] if isinstance(policy, Placeholder) else told_apart(policy)[1]


def _declared(configuration: Configuration, patterns: str) -> _Held:
    """Return what all roots of an environment declare; IAM has no regions.

    The patterns are for the names of roles and policies alone: whatever a root declares is the stack's.
    """
    found = _Held()
    roots = (configuration, *configuration.others())
    for root in roots:
        for what in root.not_evaluated:
            _add_doubt(found, f"{what} may declare further roles and policies")
        for policy in root.of_type("aws_iam_policy"):
            _add_declared_policy(found, policy, patterns)
    declared = [(it, root) for root in roots for it in root.of_type(*PRINCIPALS)]
    users = [it for it in declared if PRINCIPALS[it[0].type] == "user"]
    groups = [it for it in declared if PRINCIPALS[it[0].type] == "group"]
    for principal, root in declared:
        _add_declared(found, principal, root, patterns)
    _doubt_groups(found, users, groups)
    for root in roots:
        for holder, key, granted, where in given_to_others(root, [it[0] for it in declared]):
            _add_given(found, holder, {key: granted}, where)
    return found


def _add_doubt(found: _Held, reason: str) -> None:
    """Note why there may be more."""
    found.doubts[reason] = Unexamined(reason)


def _add_declared_policy(found: _Held, policy: Resource, patterns: str) -> None:
    name = policy.values.get("name")
    key = policy.address if isinstance(name, Placeholder) else f"policy/{name}"
    found.places[key] = place(policy, "policy")
    if not is_counted(policy):
        _add_doubt(found, uncounted(policy))
        return
    if _matches(name, patterns):
        found.names.append(name if isinstance(name, Placeholder) else key)
    try:
        found.policies[key] = document(policy.values.get("policy"), found.places[key], root=policy.root)
    except ReadError as error:
        found.policies[key] = Unreadable(error)


def _doubt_groups(found: _Held, users: Iterable[_Principal], groups: Iterable[_Principal]) -> None:
    """Note the groups that users are in and no root declares: what they grant nobody knows."""
    for user, root in users:
        for named, place_of_it in groups_of(user, root):
            if isinstance(named, Unexamined):
                _add_doubt(found, named.reason)
            elif not any(_is(it[0], named, place_of_it) for it in groups):
                told = named.origin if isinstance(named, Unknown) else named
                _add_doubt(found, f"no root declares the group {told} that {user.address} is in")


def _is(group: Resource, named: Any, root: str) -> bool:
    """Return whether an argument in a root names a group."""
    if isinstance(named, Unknown):
        return group.root == root and named.origin.startswith(f"{group.address}.")
    name = group.values.get("name")
    return not isinstance(name, Placeholder) and bool(name == named)


def _add_declared(found: _Held, principal: Resource, configuration: Configuration, patterns: str) -> None:
    name = principal.values.get("name")
    sort = PRINCIPALS[principal.type]
    if not is_counted(principal):
        _add_doubt(found, uncounted(principal))
        return
    holder = principal.address if isinstance(name, Placeholder) else f"{sort}/{name}"
    trust: Policy | Placeholder = Policy()
    if sort == "role":
        if _matches(name, patterns):
            found.names.append(name if isinstance(name, Placeholder) else holder)
        trust = _trust(principal)
        arn = Role.derive("arn", principal, configuration)
        found.trusts[principal.address if isinstance(arn, Placeholder) else str(arn)] = (
            arn if isinstance(arn, Placeholder) else trust
        )
    try:
        policies = policies_of(principal, configuration)
    except Undetermined as undetermined:
        policies = {"": Unexamined(str(undetermined))}
    except ReadError as error:
        policies = {"": Unreadable(error)}
    if given(limit := principal.values.get("permissions_boundary")):
        bound, _ = managed(limit, configuration, principal.root)
        found.bounding.add(_managed(bound) or bound)
    needed = {key: it for key, it in policies.items() if not _is_needed_by_a_service(key, trust)}
    _add_given(found, holder, needed, str(principal.location))


def _trust(role: Resource) -> Policy | Placeholder:
    """Return who may assume a declared role; what is no policy is told where the role itself is asked for."""
    try:
        return document(role.values.get("assume_role_policy"), place(role, "assume_role_policy"), "trust")
    except ReadError as error:
        return Unreadable(error)


def _add_given(found: _Held, holder: str, policies: Mapping[str, Policy | Placeholder], where: str) -> None:
    for key, policy in policies.items():
        named = key if MANAGED_BY_AWS.fullmatch(key) else _managed(key) or f"{holder} {key}"
        found.policies.setdefault(named, policy)
        found.places.setdefault(named, where)
        found.granted.add(named)


def _is_needed_by_a_service(arn: str, trust: Policy | Placeholder) -> bool:
    """Return whether one of AWS's own policies is given to a service of AWS that needs it as it is."""
    if isinstance(trust, Placeholder) or not _FOR_SERVICES.fullmatch(arn):
        return False
    allowing = [it for it in trust.statements if it.effect == "Allow"]
    services = {name for it in allowing for name in it.principals.get("Service", [])}
    return (
        bool(services)
        and services <= _OF_EVERY_TABLE
        and all({*it.principals} == {"Service"} for it in allowing)
    )


def _managed(arn: str) -> str:
    """Return `policy/name` of a customer-managed policy's ARN."""
    return f"policy/{arn.rpartition('/')[2]}" if arn.startswith("arn:") else ""


def _held(asked: Asked, details: Mapping[str, Any]) -> _Held:
    found, patterns = _Held(), asked.name
    local = {policy["Arn"]: policy for policy in details["Policies"]}
    for arn in local:
        if _matches(arn.rpartition("/")[2], patterns):
            found.names.append(_managed(arn))
            if local[arn].get("PermissionsBoundaryUsageCount") and not local[arn].get("AttachmentCount"):
                found.bounding.add(_managed(arn))
            _add_managed(asked, found, arn, local)
    for sort, principal in _principals(details, patterns):
        holder = f"{sort}/{principal[f'{sort.title()}Name']}"
        trust = Policy()
        if sort == "role":
            found.names.append(holder)
            trust = Policy.read(principal["AssumeRolePolicyDocument"], holder)
            found.trusts[principal["Arn"]] = trust
        for inline in principal[f"{sort.title()}PolicyList"]:
            key = f"{holder} {inline['PolicyName']}"
            found.policies[key] = Policy.read(inline["PolicyDocument"], key)
            found.granted.add(key)
        for attached in principal["AttachedManagedPolicies"]:
            arn = attached["PolicyArn"]
            if not _is_needed_by_a_service(arn, trust):
                found.granted.add(_add_managed(asked, found, arn, local))
    return found


def _principals(details: Mapping[str, Any], patterns: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the users, groups and roles of these names, and the groups that the users are in."""
    users = [user for user in details["UserDetailList"] if _matches(user["UserName"], patterns)]
    groups = {group for user in users for group in user["GroupList"]}
    yield from (("user", user) for user in users)
    for group in details["GroupDetailList"]:
        if group["GroupName"] in groups or _matches(group["GroupName"], patterns):
            yield "group", group
    for role in details["RoleDetailList"]:
        if _matches(role["RoleName"], patterns):
            yield "role", role


def _add_managed(asked: Asked, found: _Held, arn: str, local: Mapping[str, Any]) -> str:
    """Add a managed policy, and return what it is called among the policies."""
    if arn not in local:
        found.policies[arn] = _read_managed(asked, arn)
        return arn
    [text] = [it["Document"] for it in local[arn]["PolicyVersionList"] if it["IsDefaultVersion"]]
    found.policies[_managed(arn)] = Policy.read(text, arn)
    return _managed(arn)


def _read_managed(asked: Asked, arn: str) -> Policy | Placeholder:
    """Return the document of one of AWS's own policies; a placeholder where it may not be read."""
    try:
        version = asked.ask(_POLICY, policy=arn).at("Policy.DefaultVersionId").value()
        document = asked.ask(_VERSION, policy=arn, version=version).at("PolicyVersion.Document")
        read: Policy = document.map(lambda given: Policy.read(given, arn)).value()
        return read
    except ReadError as error:
        return Unreadable(error)
