"""IAM's policy simulator, which moto lacks: it decides as `plumbline.policy` does."""

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import IAMBackend, ManagedPolicy, Role
from moto.iam.responses import IamResponse

from plumbline.policy import Context, Policy, decide
from plumbline.sources.moto.managed_policies import hold
from plumbline.values.unknown import Undetermined


def simulate_principal_policy(self: IamResponse) -> ActionResult:
    """Decide every action on one resource, by the policies and the permissions boundary of a role."""
    role = self.backend.get_role_by_arn(self._get_param("PolicySourceArn"))
    [resource] = self._get_param("ResourceArns")
    policies = [Policy.read(text, role.arn) for text in _documents(role)]
    limit, unknown = _boundary(self.backend, role.permissions_boundary_arn)
    given = self._get_param("ContextEntries") or []
    context = {it["ContextKeyName"]: it["ContextKeyValues"][0] for it in given}
    results = [
        _result(policies, limit, action, resource, context) for action in self._get_param("ActionNames")
    ]
    if unknown:
        results = [_within_unknown(result, unknown) for result in results]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def _boundary(backend: IAMBackend, arn: str | None) -> tuple[Policy | None, str]:
    """Return a permissions boundary, and its ARN where moto holds no such policy: IAM would not take it."""
    if not arn:
        return None, ""
    hold(backend, arn)
    held = backend.managed_policies.get(arn)
    return (Policy.read(_document(held), arn), "") if held else (None, arn)


def _within_unknown(result: dict[str, Any], boundary: str) -> dict[str, Any]:
    """Return what is decided where nobody can read the boundary: what is denied anyway, and nothing else."""
    if result["EvalDecision"] != "allowed":
        return result
    lacking = f"the boundary {boundary}, which moto does not hold"
    return {**result, "EvalDecision": "implicitDeny", "MissingContextValues": [lacking]}


def _documents(role: Role) -> list[str]:
    inline = [text if isinstance(text, str) else json.dumps(text) for text in role.policies.values()]
    return [*inline, *(_document(policy) for policy in role.managed_policies.values())]


def _document(policy: ManagedPolicy) -> str:
    return str(next(version.document for version in policy.versions if version.is_default))


def _result(
    policies: list[Policy], limit: Policy | None, action: str, resource: str, context: Context
) -> dict[str, Any]:
    result = {"EvalActionName": action, "EvalResourceName": resource}
    try:
        decision = decide(policies, action, resource, context=context)
        within = limit is None or decide([limit], action, resource, context=context) == "allowed"
    except Undetermined:
        counting = policies if limit is None else [*policies, limit]
        lacking = sorted(_keys(counting, action, resource) - {*context})
        return {**result, "EvalDecision": "implicitDeny", "MissingContextValues": lacking}
    if decision == "allowed" and not within:
        decision = "implicitDeny"
    boundary = {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": within}}
    return {**result, "EvalDecision": decision, **(boundary if limit else {})}


def _keys(policies: list[Policy], action: str, resource: str) -> set[str]:
    """Return the condition keys that policies ask for where a request is about this."""
    statements = [statement for policy in policies for statement in policy.statements]
    about = [
        it
        for it in statements
        if it.model_copy(update={"conditions": {}}).applies(action, resource, None, {}) is not False
    ]
    return {key for it in about for keys in it.conditions.values() for key in keys}


def install() -> None:
    """Add the operation to moto's, unless moto has it."""
    if not hasattr(IamResponse, simulate_principal_policy.__name__):
        setattr(IamResponse, simulate_principal_policy.__name__, simulate_principal_policy)
