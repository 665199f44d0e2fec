"""Whether a service of AWS may write logs as a role: who assumes it, and what it grants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from plumbline.policy import ALL, OVER_TLS, Context, decide, surely
from plumbline.terraform.declared import known
from plumbline.values.arns import account_in
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.kinds.iam import Role

_INTO_A_GROUP = ("logs:CreateLogStream", "logs:PutLogEvents")
_WRITING = ("logs:CreateLogGroup", *_INTO_A_GROUP)


def kept_out(
    service: str, role: Role, group: str, region: str, *of_aws: str, is_there: bool = False
) -> list[str]:
    """Return what keeps a service (`apigateway`) from writing to a log group of a region as a role.

    `of_aws` are the names of policies that AWS keeps for the service, with every action that it takes. Other
    managed policies of the role are not read: raises `Undetermined` where nothing keeps it out for certain,
    and something may. A group that `is_there` is just the one that is meant, and needs not be made.
    """
    principal = f"{service}.amazonaws.com"
    told: Context = {
        **OVER_TLS,
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": principal,
    }

    def is_not_trusted() -> bool:
        return decide([known(role.trust)], "sts:AssumeRole", "", ("Service", principal), told) != "allowed"

    log = f"arn:aws:logs:{region}:{account_in(known(role.arn))}:log-group:{group}:log-stream:0"
    actions = _INTO_A_GROUP if is_there else _WRITING
    asked = ((it, partial(_may_not, it, log, role, of_aws, is_meant=is_there)) for it in actions)
    return surely([("sts:AssumeRole", is_not_trusted), *asked])


def _may_not(action: str, log: str, role: Role, of_aws: Sequence[str], *, is_meant: bool) -> bool:
    """Return whether a role is refused an action. Raises `Undetermined`.

    Unless this is the very log that is meant, a policy that names another one may grant what is meant.
    """
    attached = [known(it) for it in known(role.attached_policies)]
    inline = known(role.inline_policies).values()
    denied = decide([ALL, *inline], action, log) == "explicitDeny"
    if denied or not (attached or inline):
        return True
    if known(role.permissions_boundary):
        raise Undetermined(f"what {role.permissions_boundary} leaves of {action} is not read")
    names = "|".join(map(re.escape, of_aws))
    is_meant_for_it = re.compile(rf"arn:[^:]+:iam::aws:policy/service-role/(?:{names})").fullmatch
    if any(map(is_meant_for_it, attached)) or decide(inline, action, log) == "allowed":
        return False
    if is_meant and not attached:
        return True
    raise Undetermined(f"whether {', '.join(attached) or role.name} grants {action} is not read")
