"""What policies decide of a request: a Deny wins, and what nothing allows is denied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

from plumbline.policy.document import Policy, Principal
from plumbline.policy.matching import Match, undecided
from plumbline.values.unknown import Placeholder, Undetermined, Unexamined

Decision: TypeAlias = Literal["allowed", "explicitDeny", "implicitDeny"]
"""What policies say of a request, in the words of IAM's policy simulator."""

OVER_TLS = {"aws:SecureTransport": "true"}
"""What is known of every request: AWS's own clients use TLS."""


def decide(
    policies: Iterable[Policy | Placeholder],
    action: str,
    resource: str,
    principal: Principal | None = None,
    context: Mapping[str, str] = OVER_TLS,
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
        _refuse(undecided([*found["Deny"], *unknown]))
        return "allowed"
    _refuse(undecided([*found["Allow"], *unknown]))
    return "implicitDeny"


def trusted_services(policy: Policy, account: str | None) -> list[str | Placeholder]:
    """Return the services that a role's trust policy lets assume it, sorted.

    A service that may do so under a condition of which nothing is known is a placeholder among them. A
    service acts for the role's own account: that is what it gives as `aws:SourceAccount`.
    """
    context = OVER_TLS | ({"aws:SourceAccount": account} if account else {})
    allowing = [statement for statement in policy.statements if statement.effect == "Allow"]
    named = {name for statement in allowing for name in statement.principals.get("Service", [])}
    trusted: list[str | Placeholder] = []
    doubtful: list[str | Placeholder] = []
    for service in sorted(named):
        try:
            if decide([policy], "sts:AssumeRole", "", ("Service", service), context) == "allowed":
                trusted.append(service)
        except Undetermined as reason:
            doubtful.append(Unexamined(f"{service}: {reason}"))
    return [*trusted, *doubtful]


def _refuse(reasons: Sequence[Placeholder | str]) -> None:
    """Raise `Undetermined` with the first of the reasons, if there is one."""
    for reason in reasons:
        if isinstance(reason, Placeholder):
            reason.refuse()
        raise Undetermined(reason)
