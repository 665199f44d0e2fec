"""Whether a bucket's policy is public, as S3 decides it.

Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage", "The meaning of public": a
policy counts as public unless each of its grants is for fixed values, without wildcards and policy variables,
of principals or of certain condition keys. What it denies does not matter.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from plumbline.policy.document import Policy, Statement
from plumbline.policy.matching import Entry, Match, every, opposite, some
from plumbline.values.unknown import Identity, Placeholder, Undetermined

_FIXING = frozenset(
    {
        "aws:principalorgid",
        "aws:sourcearn",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:sourceowner",
        "aws:sourceaccount",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
)
"""The condition keys, in lower case, that narrow a grant where they are held against fixed values."""
_ADDRESS = "aws:sourceip"
_ACCESS_POINT = "s3:dataaccesspointarn"
_UNTOLD = ("aws:principal", "aws:source", "aws:vpc", "aws:via")
"""How the keys begin that say who asks, or from where, and of which the guide says nothing."""
_POSITIVE = frozenset(
    {"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"}
)
_BROADEST = {4: 8, 6: 32}
"""The shortest prefix of a range of addresses that is not all the world, by the version of IP."""


def is_public(policy: Policy) -> bool:
    """Return whether S3 calls a bucket's policy public.

    Raises `Undetermined` where that hangs on a value that is not known, or that the guide does not speak of.
    """
    public = some(_is_for_everybody(statement) for statement in policy.statements)
    if isinstance(public, Placeholder):
        public.refuse()
    if isinstance(public, str):
        raise Undetermined(public)
    return public


def _is_for_everybody(statement: Statement) -> Match:
    if statement.effect == "Deny":
        return False
    narrowed = some(
        _narrows(operator.lower(), key.lower(), values)
        for operator, keys in statement.conditions.items()
        for key, values in keys.items()
    )
    return every([opposite(_names_fixed_principals(statement)), opposite(narrowed)])


def _names_fixed_principals(statement: Statement) -> Match:
    if statement.not_principals:
        return False
    named = [entry for entries in statement.principals.values() for entry in entries]
    if not named:
        return "a statement of a bucket's policy names no principal, which S3 refuses"
    return every(map(_is_fixed, named))


def _narrows(operator: str, key: str, values: Sequence[Entry]) -> Match:
    """Return whether a condition leaves a grant to what is fixed."""
    bare = operator.rpartition(":")[2].removesuffix("ifexists")
    if bare not in _POSITIVE:
        return False
    if key == _ADDRESS:
        fixed = every(map(_is_some_address, values))
    elif key == _ACCESS_POINT:
        fixed = every(map(_is_of_an_account, values))
    elif key in _FIXING:
        fixed = every(map(_is_fixed, values))
    elif key.startswith(_UNTOLD):
        return f"S3 does not say whether a condition on {key} keeps a policy from being public"
    else:
        return False
    if fixed is True and bare != operator:
        return f"S3 does not say whether {operator} {key} keeps a policy from being public"
    return fixed


def _is_fixed(value: Entry) -> Match:
    """Return whether a value names one thing; what AWS will choose for a resource does."""
    if isinstance(value, Placeholder):
        return isinstance(value, Identity) or value
    return not any(wild in value for wild in ("*", "?", "${"))


def _is_some_address(value: Entry) -> Match:
    if isinstance(value, Placeholder):
        return value
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return f"{value} is no range of addresses"
    return network.prefixlen >= _BROADEST[network.version]


def _is_of_an_account(value: Entry) -> Match:
    """Return whether the ARN of an access point has a fixed account; its name may hold wildcards."""
    if isinstance(value, Placeholder):
        return isinstance(value, Identity) or value
    parts = value.split(":", 5)
    return len(parts) == 6 and _is_fixed(parts[4])
