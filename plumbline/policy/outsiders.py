"""Whom a policy of a resource lets in from outside the account that the resource belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from plumbline.policy.context import Context, of_role
from plumbline.policy.decision import decide, surely
from plumbline.policy.document import Policy, Statement
from plumbline.values.unknown import Placeholder

EVERYBODY = "*"
_STRANGER = "000000000000"
"""Stands for an account that no policy names."""
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_OF_DELETED = re.compile(r"A(?:RO|ID|GP|NP)A[A-Z0-9]+")
"""The unique id that stands in a policy for a role, user or group that was deleted since: nobody has it.

Source: IAM User Guide, "IAM identifiers", "Unique identifiers".
"""
_FROM_ANYWHERE = ("kms:", "aws:principalorg")
"""How the keys begin, in lower case, of which somebody in another account may give whatever is asked for."""


def outsiders(policy: Policy, account: str) -> list[str]:
    """Return the principals outside an account that a policy lets in, as it names them.

    Services of AWS are none: they act for an account. Raises `Undetermined` where nobody surely is let in,
    and somebody may be, by what is not known. Source: IAM User Guide, "Policy evaluation: Cross-account".
    """
    return sorted(
        surely(
            (named, partial(_is_let_in, policy, statement, asker, account))
            for statement in policy.statements
            if statement.effect == "Allow"
            for named, asker in _askers(statement, policy, account)
        )
    )


def _askers(statement: Statement, policy: Policy, account: str) -> Iterator[tuple[str, str]]:
    """Yield the principals outside the account that a statement names, each with the ARN of one who asks."""
    if statement.not_principals:
        for arn in _of_others(policy, account):
            yield "everybody but those that are named", arn
    for sort, names in statement.principals.items():
        for name in names if sort != "Service" else ():
            if isinstance(name, Placeholder):
                yield "a principal that is not known", name.refuse()
            elif name == EVERYBODY:
                yield from ((EVERYBODY, arn) for arn in _of_others(policy, account))
            elif account not in name.split(":") and not _OF_DELETED.fullmatch(name):
                yield name, f"arn:aws:iam::{name}:role/x" if _ACCOUNT.fullmatch(name) else name


def _of_others(policy: Policy, account: str) -> Iterator[str]:
    """Yield ARNs of principals of other accounts: of those in a policy, and of one that is in none."""
    told = [
        value
        for statement in policy.statements
        for keys in statement.conditions.values()
        for values in keys.values()
        for value in values
        if isinstance(value, str)
    ]
    for other in sorted({_STRANGER, *(it for value in told for it in _ACCOUNT.findall(value))} - {account}):
        yield f"arn:aws:iam::{other}:role/x"
        for arn in (it for it in told if it.startswith("arn:") and ":iam:" in it):
            parts = arn.split(":", 5)
            if len(parts) == 6 and parts[4] in ("*", other):
                yield ":".join([*parts[:4], other, _like(parts[5])])


def _is_let_in(policy: Policy, statement: Statement, asker: str, account: str) -> bool:
    context = {**_asking(statement, asker), "aws:ResourceAccount": account}
    sort = "AWS" if ":iam:" in asker or ":sts:" in asker else "Federated"
    return any(
        decide([policy], action, "", (sort, asker), context) == "allowed"
        for action in _some_of_each(statement)
    )


def _asking(statement: Statement, asker: str) -> Context:
    """Return what is known of a request whose sender gives what a statement asks for, where anybody can."""
    given = {
        key: _like(value)
        for operator, keys in statement.conditions.items()
        for key, values in keys.items()
        for value in values[:1]
        if key.lower().startswith(_FROM_ANYWHERE) and "Not" not in operator and isinstance(value, str)
    }
    known = of_role(asker, resource="")
    account = known.get("aws:PrincipalAccount")
    return {**given, **known, **({"kms:CallerAccount": account} if account else {})}


def _some_of_each(statement: Statement) -> Iterator[str]:
    """Yield an action for each pattern of a statement; of what it excepts nothing is known to be meant."""
    if statement.not_actions:
        yield "x:x"
    for pattern in statement.actions:
        if isinstance(pattern, Placeholder):
            pattern.refuse()
        yield _like(pattern) if ":" in pattern else "x:x"


def _like(pattern: str) -> str:
    """Return a text that a pattern matches."""
    return pattern.replace("*", "x").replace("?", "x")
