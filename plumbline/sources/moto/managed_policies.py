"""The managed policies of AWS's own, which moto knows and holds only if all of them are loaded at its start.

That takes a second; here each is loaded when the first role, user or group is given it.
"""

from __future__ import annotations

import functools
import json
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend


@functools.cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(aws_managed_policies_data)
    return data


def hold(backend: IAMBackend, arn: str) -> None:
    """Let an account in moto hold one of AWS's own policies, where moto knows it."""
    name = arn.rpartition("/")[2]
    if arn in backend.managed_policies or ":iam::aws:policy/" not in arn or name not in _data():
        return
    policy = AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, _data()[name])
    if policy.arn == arn:
        backend.aws_managed_policies.append(policy)
        backend.managed_policies[arn] = policy


def install() -> None:
    """Load a policy of AWS's own before it is attached."""
    for method in ("attach_role_policy", "attach_user_policy", "attach_group_policy"):
        setattr(IAMBackend, method, _after_loading(getattr(IAMBackend, method)))


def _after_loading(attach: Any) -> Any:
    if getattr(attach, "loads", False):
        return attach

    @functools.wraps(attach)
    def loaded(self: IAMBackend, policy_arn: str, *arguments: Any, **named: Any) -> Any:
        hold(self, policy_arn)
        return attach(self, policy_arn, *arguments, **named)

    loaded.loads = True  # type: ignore[attr-defined]  # so that it is not wrapped twice
    return loaded
