"""What is known of a request before anybody makes it: the values of its condition keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from plumbline.policy.document import Policy


class Several(tuple[str, ...]):
    """What a request gives for a key of several values: all of these at once."""

    __slots__ = ()


Given: TypeAlias = str | tuple[str | None, ...] | Several | None
"""What a request gives for a key: a text, None for nothing, or each of these that it may give."""
Context: TypeAlias = Mapping[str, Given]
"""What is known of a request, by condition key; of a key that is not among them nothing is."""

OVER_TLS: Context = {"aws:SecureTransport": "true"}
"""What is known of every request: AWS's own clients use TLS."""

WITHOUT_TLS: Context = {"aws:SecureTransport": "false", "s3:TlsVersion": (None, "")}
"""What is known of a request over plain HTTP: it has no version of TLS, and no number stands for that.

Source: IAM User Guide, "AWS global condition context keys"; whether S3 then gives an empty version or none is
not documented.
"""

_BY_A_SERVICE = ("aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:PrincipalServiceName")
"""What a request gives only where a service of AWS makes it in its own name."""
_OF_ANOTHER_PRINCIPAL = ("aws:username", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:CalledVia")
_MFA: Context = {"aws:MultiFactorAuthPresent": ("false", None), "aws:MultiFactorAuthAge": None}


def of_role(
    role: str, resource: str, *, with_mfa: bool = True, tags: Mapping[str, str] | None = None
) -> Context:
    """Return what is known of a request that a role makes itself, given the ARNs of both.

    `with_mfa` says whether whoever assumes the role may have shown a second factor, `tags` are the role's.
    Source: IAM User Guide, "AWS global condition context keys".
    """
    account, region = _part(role, 4), _part(resource, 3)
    return {
        **OVER_TLS,
        "aws:PrincipalArn": role,
        "aws:PrincipalType": "AssumedRole",
        "aws:PrincipalIsAWSService": "false",
        "aws:ViaAWSService": "false",
        **dict.fromkeys((*_BY_A_SERVICE, *_OF_ANOTHER_PRINCIPAL)),
        **({"aws:PrincipalAccount": account} if account else {}),
        **({"aws:RequestedRegion": region} if region and region != "*" else {}),
        **({"aws:ResourceAccount": _part(resource, 4)} if _part(resource, 4).isdigit() else {}),
        **({} if with_mfa else _MFA),
        **{f"aws:PrincipalTag/{key}": value for key, value in (tags or {}).items()},
    }


def is_for_machines(trust: Policy) -> bool:
    """Return whether a trust policy lets only services and federated identities assume its role.

    None of them shows a second factor to AWS. Source: IAM User Guide, "Secure API access with MFA".
    """
    allowing = [statement for statement in trust.statements if statement.effect == "Allow"]
    return bool(allowing) and all(
        it.principals and it.principals.keys() <= {"Service", "Federated"} for it in allowing
    )


def _part(arn: str, index: int) -> str:
    parts = arn.split(":")
    return parts[index] if len(parts) > index else ""
