"""The policies that Terraform gives an IAM role, user or group."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from plumbline.kinds.spelled_policies import drafted
from plumbline.policy import Policy, Sort
from plumbline.terraform.companions import belonging
from plumbline.terraform.declared import blocks, given, known, place
from plumbline.terraform.values import Drafted
from plumbline.values.some_of import SomeOf, listed
from plumbline.values.unknown import Placeholder, Unexamined, Unknown

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource

PRINCIPALS = {"aws_iam_role": "role", "aws_iam_user": "user", "aws_iam_group": "group"}
"""The types that policies are given to, and what their name is called where they are given."""

MANAGED_BY_AWS = re.compile(r"arn:[^:]+:iam::aws:policy/(?:.*/)?(?P<name>[^/]+)")
_EVERYTHING = {"Effect": "Allow", "Resource": "*"}
_WIDE = {
    "AdministratorAccess": {**_EVERYTHING, "Action": "*"},
    "AmazonDynamoDBFullAccess": {**_EVERYTHING, "Action": "dynamodb:*"},
    "AmazonDynamoDBFullAccess_v2": {**_EVERYTHING, "Action": "dynamodb:*"},
    "PowerUserAccess": {**_EVERYTHING, "NotAction": ["account:*", "iam:*", "organizations:*"]},
}
"""What the widest of AWS's own policies grant; of the others Terraform does not say it.

Source: AWS Managed Policy Reference Guide.
"""


def document(
    value: Any, where: str, of: Sort = "identity", *, root: str | None = None
) -> Policy | Placeholder:
    """Return an argument that holds a policy document; a placeholder where it is not known.

    With `root`, in which it stands, what is known of it counts where single names in it are not.
    """
    if isinstance(value, Drafted) and root is not None:
        return drafted(value, where, of, root)
    return value if isinstance(value, Placeholder) else Policy.read(value, where, of)


def policies_of(principal: Resource, configuration: Configuration) -> dict[str, Policy | Placeholder]:
    """Return the policies of a role, user or group: inline ones by name, managed ones by ARN.

    Where there may be others, the reason stands among them as one that is not known. Raises `Undetermined`
    where it is not known what the resource itself lists, and `ReadError` for what is no policy.
    """
    found = inline(principal, configuration)
    return found | dict(managed(arn, configuration, root) for arn, root in attached(principal, configuration))


def managed(arn: Any, configuration: Configuration, root: str) -> tuple[str, Policy | Placeholder]:
    """Return the managed policy that an argument in a root names: its ARN and its document."""
    for holder in (configuration, *configuration.others()):
        for policy in holder.of_type("aws_iam_policy"):
            if _names(arn, policy, holder, root):
                return _key(arn, policy), _document_of(policy)
    if isinstance(arn, Placeholder):
        return arn.origin if isinstance(arn, Unknown) else repr(arn), arn
    of_aws = MANAGED_BY_AWS.fullmatch(arn)
    if of_aws and of_aws["name"] in _WIDE:
        return arn, Policy.read({"Statement": _WIDE[of_aws["name"]]}, arn)
    by = "AWS" if of_aws else "the account"
    return arn, Unexamined(f"{by}, not this Terraform root, holds what {arn} grants")


def _document_of(policy: Resource) -> Policy | Placeholder:
    return document(policy.values.get("policy"), place(policy, "policy"), root=policy.root)


def inline(principal: Resource, configuration: Configuration) -> dict[str, Policy | Placeholder]:
    """Return the policies that lie in a role, user or group, by name, and why there may be others.

    Of two with one name AWS holds what was applied last, and nobody knows which that is.
    """
    found: dict[str, Policy | Placeholder] = {}
    for name, policy in _inline(principal, configuration):
        other = found.get(name, policy)
        twice = Unexamined(f"{principal.address} is given two policies of the name {name}")
        found[name] = policy if _alike(policy, other) else twice
    return found


def _alike(one: Policy | Placeholder, other: Policy | Placeholder) -> bool:
    return one is other or not (
        isinstance(one, Placeholder) or isinstance(other, Placeholder) or one != other
    )


def _inline(principal: Resource, configuration: Configuration) -> Iterator[tuple[str, Policy | Placeholder]]:
    """Yield the policies that lie in a role, user or group, by name, and why there may be others.

    What a plan says of `inline_policy` that nobody wrote is what was there before: a policy of the same name
    that it makes replaces that. Source: documentation of the AWS provider, `aws_iam_role`.
    """
    sort, name = PRINCIPALS[principal.type], principal.values.get("name")
    found = belonging(principal, configuration, f"aws_iam_{sort}_policy", sort, name)
    if _is_configured(principal, "inline_policy", configuration):
        replaced: list[object] = []
        if configuration.source == "plan" and "inline_policy" not in principal.references:
            replaced = [it.values.get("name") for it in found.certain]
        located = place(principal, "inline_policy")
        for block in blocks(principal.values, "inline_policy"):
            called = str(known(block.get("name")))
            if given(block.get("policy")) and not _is_one_of(called, replaced):
                yield called, document(block["policy"], located, root=principal.root)
    keepers = _keepers(principal, configuration, "policies", "policy_names", "inline_policy")
    for part in found.certain:
        key = _key(part.values.get("name"), part)
        taken = next((it for it, names in keepers if part.values.get("name") not in names), "")
        yield key, _taken_away(taken, part.address) if taken else _document_of(part)
    yield from ((doubt, Unexamined(doubt)) for doubt in found.doubts)


def attached(principal: Resource, configuration: Configuration) -> Iterator[tuple[Any, str]]:
    """Yield the ARNs of the managed policies that a role, user or group is given, each with the root that
    says so; at the end why there may be others, as `Unexamined`.
    """
    if _is_configured(principal, "managed_policy_arns", configuration):
        for arn in known(principal.values.get("managed_policy_arns")) or []:
            yield arn, principal.root
    sort, name = PRINCIPALS[principal.type], principal.values.get("name")
    own = belonging(principal, configuration, f"aws_iam_{sort}_policy_attachment", sort, name)
    several = belonging(principal, configuration, "aws_iam_policy_attachment", f"{sort}s", name)
    keepers = _keepers(principal, configuration, "policy_attachments", "policy_arns", "managed_policy_arns")
    given_by_parts: list[Any] = []
    for part in (*own.certain, *several.certain):
        arn = part.values.get("policy_arn")
        taken = next((it for it, arns in keepers if not _is_one_of(arn, arns)), "")
        taken = taken or _attached_to_others_alone(part, principal, configuration)
        given_by_parts.append(arn)
        yield _taken_away(taken, part.address) if taken else arn, part.root
    for _, arns in keepers:
        yield from ((arn, principal.root) for arn in arns if not _is_one_of(arn, given_by_parts))
    yield from ((Unexamined(doubt), principal.root) for doubt in (*own.doubts, *several.doubts))


def _taken_away(by: str, what: str) -> Unexamined:
    return Unexamined(f"{by} takes away what {what} gives, each time that it is applied")


def _keepers(
    principal: Resource, configuration: Configuration, what: str, argument: str, own: str
) -> list[tuple[str, list[Any]]]:
    """Return what takes away whatever it does not list of a principal's policies, each with its list.

    Source: documentation of the AWS provider, `aws_iam_role_policies_exclusive` and its like, and
    `managed_policy_arns` and `inline_policy` of `aws_iam_role`. Raises `Undetermined` where a list is not
    known.
    """
    sort, name = PRINCIPALS[principal.type], principal.values.get("name")
    found = belonging(principal, configuration, f"aws_iam_{sort}_{what}_exclusive", f"{sort}_name", name)
    keepers = [(it.address, list(known(it.values.get(argument)) or [])) for it in found.certain]
    listed = principal.values.get(own)
    written = configuration.source == "hcl" or own in principal.references
    if written and isinstance(listed, SomeOf):
        listed.refuse()
    if written and isinstance(listed, list):
        names = [known(it).get("name") if own == "inline_policy" else it for it in listed]
        keepers.append((f"{own} of {principal.address}", [it for it in names if it is not None]))
    return keepers


def _is_one_of(arn: Any, arns: list[Any]) -> bool:
    return any(_same(arn, it) for it in arns)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Placeholder) or isinstance(other, Placeholder):
        return isinstance(one, Unknown) and isinstance(other, Unknown) and one.origin == other.origin
    return bool(one == other)


def _attached_to_others_alone(part: Resource, principal: Resource, configuration: Configuration) -> str:
    """Return the `aws_iam_policy_attachment` that takes the policy of another attachment from a principal.

    It is the only one that its policy may have: whoever it does not name loses the policy. Source:
    documentation of the AWS provider, `aws_iam_policy_attachment`.
    """
    if part.type == "aws_iam_policy_attachment":
        return ""
    sort, name = f"{PRINCIPALS[principal.type]}s", principal.values.get("name")
    listing = belonging(principal, configuration, "aws_iam_policy_attachment", sort, name).certain
    for root in (configuration, *configuration.others()):
        for it in root.of_type("aws_iam_policy_attachment"):
            same = _same(it.values.get("policy_arn"), part.values.get("policy_arn"))
            if same and it not in listing:
                return it.address
    return ""


def given_to_others(
    configuration: Configuration, declared: Sequence[Resource]
) -> Iterator[tuple[str, str, Policy | Placeholder, str]]:
    """Yield the policies that a root gives to roles, users and groups that no root declares.

    Each comes with its holder, such as `user/x`, its name or ARN, and where it stands.
    """
    for sort in PRINCIPALS.values():
        names = {it.values.get("name") for it in declared if PRINCIPALS[it.type] == sort and _is_named(it)}
        for policy in configuration.of_type(f"aws_iam_{sort}_policy"):
            if (holder := policy.values.get(sort)) not in names and isinstance(holder, str):
                yield (
                    f"{sort}/{holder}",
                    _key(policy.values.get("name"), policy),
                    _document_of(policy),
                    place(policy, "policy"),
                )
        for type_, argument in (
            (f"aws_iam_{sort}_policy_attachment", sort),
            ("aws_iam_policy_attachment", f"{sort}s"),
        ):
            for attachment in configuration.of_type(type_):
                for holder in listed(attachment.values.get(argument)):
                    if isinstance(holder, str) and holder not in names:
                        arn, granted = managed(
                            attachment.values.get("policy_arn"), configuration, attachment.root
                        )
                        yield f"{sort}/{holder}", arn, granted, str(attachment.location)


def _is_named(principal: Resource) -> bool:
    return isinstance(principal.values.get("name"), str)


def groups_of(user: Resource, configuration: Configuration) -> Iterator[tuple[Any, str]]:
    """Yield the groups that a user is put in, by name or reference, each with the root that says so; at the
    end why there may be others, as `Unexamined`.
    """
    name = user.values.get("name")
    several = belonging(user, configuration, "aws_iam_group_membership", "users", name)
    yield from ((part.values.get("group"), part.root) for part in several.certain)
    own = belonging(user, configuration, "aws_iam_user_group_membership", "user", name)
    for part in own.certain:
        groups = part.values.get("groups")
        yield from ((group, part.root) for group in listed(groups))
        if isinstance(groups, SomeOf):
            yield Unexamined(groups.reason), part.root
    yield from ((Unexamined(doubt), user.root) for doubt in (*several.doubts, *own.doubts))


def _is_configured(principal: Resource, argument: str, configuration: Configuration) -> bool:
    """Return whether an argument is given that the provider fills in itself where it is not."""
    if configuration.source != "plan" or not isinstance(principal.values.get(argument), Unknown):
        return True
    return argument in principal.references


def _names(arn: Any, policy: Resource, configuration: Configuration, root: str) -> bool:
    """Return whether an argument in a root names a policy of this or another one."""
    if isinstance(arn, Unknown):
        return policy.root == root and arn.origin.startswith(f"{policy.address}.")
    given_arn = policy.values.get("arn")
    path = policy.values.get("path", "/")
    account = configuration.settings.account
    ends = f":iam::{account}:policy{path}{policy.values.get('name')}"
    return not isinstance(arn, Placeholder) and (arn == given_arn or str(arn).endswith(ends))


def _key(name: Any, resource: Resource) -> str:
    return name if isinstance(name, str) else resource.address
