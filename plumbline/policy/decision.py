"""What policies decide of a request: a Deny wins, and what nothing allows is denied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, TypeAlias

from plumbline.policy.context import OVER_TLS, Context
from plumbline.policy.document import Policy, Principal, Statement
from plumbline.policy.matching import Match, glob, refuse, undecided
from plumbline.values.unknown import Placeholder, Undetermined, Unexamined

Decision: TypeAlias = Literal["allowed", "explicitDeny", "implicitDeny"]
"""What policies say of a request, in the words of IAM's policy simulator."""


ALL = Policy.read({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, "everything")
"""The policy that allows everything: beside it only what another one denies is refused."""


def decide(
    policies: Iterable[Policy | Placeholder],
    action: str,
    resource: str,
    principal: Principal | None = None,
    context: Context = OVER_TLS,
) -> Decision:
    """Return what these policies together say of a request.

    `context` holds what is known of it by condition key. Raises `Undetermined` where the decision hangs on
    what is not known: a policy that the evidence does not give, a condition on another key.
    Source: IAM User Guide, "Policy evaluation for requests within a single account".
    """
    unknown: list[Match] = []
    found: dict[str, list[Match]] = {"Allow": [], "Deny": []}
    for policy in policies:
        if isinstance(policy, Placeholder):
            unknown.append(policy)
            continue
        for statement in policy.statements:
            found[statement.effect].append(statement.applies(action, resource, principal, context))
    if any(match is True for match in found["Deny"]):
        return "explicitDeny"
    if any(match is True for match in found["Allow"]):
        refuse(undecided([*found["Deny"], *unknown]))
        return "allowed"
    refuse(undecided([*found["Allow"], *unknown]))
    return "implicitDeny"


def trusted_services(policy: Policy, account: str | None) -> list[str | Placeholder]:
    """Return the services that a role's trust policy lets assume it, sorted.

    A service that may do so under a condition of which nothing is known is a placeholder among them. A
    service acts for the role's own account, which it gives as `aws:SourceAccount`, and for something of its
    own there, which it gives as `aws:SourceArn`: one for which it may is enough.
    """
    allowing = [statement for statement in policy.statements if statement.effect == "Allow"]
    named = {name for statement in allowing for name in statement.principals.get("Service", [])}
    trusted: list[str | Placeholder] = []
    doubtful: list[str | Placeholder] = []
    for service in sorted(named):
        verdicts = [_trusts(policy, service, context) for context in _acting(policy, service, account)]
        if any(isinstance(it, str) and it == "allowed" for it in verdicts):
            trusted.append(service)
        else:
            doubtful += [it for it in verdicts if isinstance(it, Placeholder)][:1]
    return [*trusted, *doubtful]


def _trusts(policy: Policy, service: str, context: Context) -> str | Placeholder:
    try:
        return decide([policy], "sts:AssumeRole", "", ("Service", service), context)
    except Undetermined as reason:
        return Unexamined(f"{service}: {reason}")


def _acting(policy: Policy, service: str, account: str | None) -> Iterator[Context]:
    """Yield what a service may give when it assumes a role: for each source asked for, one like it."""
    for_account: Context = {**OVER_TLS, **({"aws:SourceAccount": account} if account else {})}
    asked_for = [
        pattern
        for statement in policy.statements
        for keys in statement.conditions.values()
        for key, patterns in keys.items()
        if key.lower() == "aws:sourcearn"
        for pattern in patterns
    ]
    for source in {_source_like(it, service, account) for it in asked_for} or {None}:
        yield for_account if source is None else {**for_account, "aws:SourceArn": source}


def _source_like(pattern: str, service: str, account: str | None) -> str | None:
    """Return an ARN of the account that a pattern matches, or its closest one; None where that is not known.

    That a service gives ARNs with its own name in them is known of none that a pattern names otherwise.
    """
    parts = pattern.split(":", 5)
    if len(parts) != 6 or not account or not glob(parts[2])(service.partition(".")[0]):
        return None
    parts[4] = parts[4] and account
    return ":".join(parts).replace("*", "x").replace("?", "x")


def by_itself(policy: Policy) -> Policy:
    """Return what the policy of a resource decides itself, without what it leaves to accounts."""
    return Policy(statements=[it for it in map(_without_accounts, policy.statements) if it is not None])


def _without_accounts(statement: Statement) -> Statement | None:
    if statement.effect == "Deny" or not statement.principals:
        return statement
    principals = {
        sort: left
        for sort, names in statement.principals.items()
        if (left := [it for it in names if isinstance(it, Placeholder) or not _is_account(it)])
    }
    return statement.model_copy(update={"principals": principals}) if principals else None


def _is_account(principal: str) -> bool:
    return principal.isdigit() or principal.endswith(":root")


def surely(asked: Iterable[tuple[str, Callable[[], bool]]]) -> list[str]:
    """Return what of all that is asked is so, as each is called, once.

    Raises `Undetermined` where nothing is so for certain, and something may be by what is not known.
    """
    found: dict[str, None] = {}
    doubts: list[Undetermined] = []
    for told, is_so in asked:
        try:
            if is_so():
                found[told] = None
        except Undetermined as doubt:
            doubts.append(doubt)
    if doubts and not found:
        raise doubts[0]
    return list(found)
