"""The policies that Terraform gives an IAM role, user or group."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from plumbline.policy import Policy
from plumbline.terraform.declared import blocks, companions, given, known, place
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


def document(value: Any, where: str) -> Policy | Placeholder:
    """Return an argument that holds a policy document; a placeholder where it is not known."""
    return value if isinstance(value, Placeholder) else Policy.read(value, where)


def policies_of(principal: Resource, configuration: Configuration) -> dict[str, Policy | Placeholder]:
    """Return the policies of a role, user or group: inline ones by name, managed ones by ARN.

    Raises `Undetermined` where it is not known which ones it has, and `ReadError` for what is no policy.
    """
    found: dict[str, Policy | Placeholder] = dict(inline(principal, configuration))
    for arn in attached(principal, configuration):
        key, policy = managed(arn, configuration)
        found[key] = policy
    return found


def managed(arn: Any, configuration: Configuration) -> tuple[str, Policy | Placeholder]:
    """Return the managed policy that an argument names: its ARN and its document."""
    for policy in configuration.of_type("aws_iam_policy"):
        if _names(arn, policy, configuration):
            return _key(arn, policy), document(policy.values.get("policy"), place(policy, "policy"))
    if isinstance(arn, Placeholder):
        return arn.origin if isinstance(arn, Unknown) else repr(arn), arn
    of_aws = MANAGED_BY_AWS.fullmatch(arn)
    if of_aws and of_aws["name"] in _WIDE:
        return arn, Policy.read({"Statement": _WIDE[of_aws["name"]]}, arn)
    holder = "AWS" if of_aws else "the account"
    return arn, Unexamined(f"{holder}, not this Terraform root, holds what {arn} grants")


def inline(principal: Resource, configuration: Configuration) -> Iterator[tuple[str, Policy | Placeholder]]:
    """Yield the policies that lie in a role, user or group, by name."""
    if _is_configured(principal, "inline_policy", configuration):
        located = place(principal, "inline_policy")
        for block in blocks(principal.values, "inline_policy"):
            if given(block.get("policy")):
                yield str(known(block.get("name"))), document(block["policy"], located)
    sort, name = PRINCIPALS[principal.type], principal.values.get("name")
    for part in companions(principal, configuration, f"aws_iam_{sort}_policy", sort, name, many=True):
        yield _key(part.values.get("name"), part), document(part.values.get("policy"), place(part, "policy"))


def attached(principal: Resource, configuration: Configuration) -> list[Any]:
    """Return the ARNs of the managed policies that a role, user or group is given."""
    return list(_attached(principal, configuration))


def _attached(principal: Resource, configuration: Configuration) -> Iterator[Any]:
    if _is_configured(principal, "managed_policy_arns", configuration):
        yield from known(principal.values.get("managed_policy_arns")) or []
    sort, name = PRINCIPALS[principal.type], principal.values.get("name")
    for part in companions(
        principal, configuration, f"aws_iam_{sort}_policy_attachment", sort, name, many=True
    ):
        yield part.values.get("policy_arn")
    for part in configuration.of_type("aws_iam_policy_attachment"):
        if any(_is(it, principal) for it in known(part.values.get(f"{sort}s")) or []):
            yield part.values.get("policy_arn")


def _is_configured(principal: Resource, argument: str, configuration: Configuration) -> bool:
    """Return whether an argument is given that the provider fills in itself where it is not."""
    if configuration.source != "plan" or not isinstance(principal.values.get(argument), Unknown):
        return True
    return argument in principal.references


def _is(entry: Any, principal: Resource) -> bool:
    if isinstance(entry, Unknown):
        return entry.origin.startswith(f"{principal.address}.") or bool(known(entry))
    return bool(entry == known(principal.values.get("name")))


def _names(arn: Any, policy: Resource, configuration: Configuration) -> bool:
    if isinstance(arn, Unknown):
        return arn.origin.startswith(f"{policy.address}.")
    given_arn = policy.values.get("arn")
    path = policy.values.get("path", "/")
    account = configuration.settings.account
    ends = f":iam::{account}:policy{path}{policy.values.get('name')}"
    return not isinstance(arn, Placeholder) and (arn == given_arn or str(arn).endswith(ends))


def _key(name: Any, resource: Resource) -> str:
    return name if isinstance(name, str) else resource.address
