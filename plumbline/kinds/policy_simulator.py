"""What a role may do, as IAM's policy simulator decides or, of Terraform, as its policies say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.declared_policies import managed, policies_of
from plumbline.kinds.facet import Fields, Found
from plumbline.kinds.iam import Role, of_role
from plumbline.kinds.kind import NOT_IN_AWS, Kind, Wanted
from plumbline.policy import Document, Policy, decide
from plumbline.terraform.declared import given, place
from plumbline.values.model import Text
from plumbline.values.unknown import Missing, Placeholder, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration

OUTSIDE = "outside the permissions boundary"
BY_ORGANIZATION = "denied by a policy of the organization"
_OVER_TLS = {
    "ContextKeyName": "aws:SecureTransport",
    "ContextKeyValues": ["true"],
    "ContextKeyType": "boolean",
}


class Simulation(Kind):
    """What a role may do to a resource. Its name is the question: `ROLE may ACTION, ACTION on ARN`."""

    noun = "simulation"
    plural = "simulations"
    name_pattern = r"^(\S+) may (\S+:\S+(?:, \S+:\S+)*) on (\S+)$"
    call = Call(
        "iam:SimulatePrincipalPolicy",
        {"PolicySourceArn": "{role_arn}", "ContextEntries": [_OVER_TLS]},
        of="{role_arn}",
        on="arn:aws:iam::{account}:role/*{holder}",
    )
    holder_call = of_role("iam:GetRole", "{holder}")
    shows = ("role", "managed_policy")

    role_arn: str = ""
    policies: dict[str, Document] = {}
    """Inline ones by name, managed ones by ARN. In an account it is the simulator that reads them."""
    boundary: Policy | None = None
    """The role's permissions boundary."""
    refused: dict[str, Text] = {}
    """The actions that the role may not take, with how the simulator puts it: implicitDeny, explicitDeny."""

    @classmethod
    def holder(cls, name: str) -> str:
        """Return the name of the role."""
        return _asked(name).role

    @classmethod
    def find(cls, configuration: Configuration, name: str, where: str, wanted: Wanted = None) -> Self:
        """Return what the role may do by the policies that Terraform gives it."""
        asked = _asked(name)
        try:
            role = Role.resource(configuration, asked.role, where)
        except Missing as missing:
            raise Missing(missing.what, missing.where, holder=asked.role) from None
        policies = policies_of(role, configuration)
        limit = role.values.get("permissions_boundary")
        boundary = managed(limit, configuration, role.root)[1] if given(limit) else None
        fields = {
            "name": name,
            "role_arn": Role.derive("arn", role, configuration),
            "policies": policies,
            "boundary": boundary,
            "refused": lambda: _refused(policies, boundary, asked),
        }
        return cls.of(str(role.location), fields, {"role_arn": place(role, "name")})

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to ask the simulator, once the role's ARN is known; an organization's policies count."""
        question = _asked(asked.name)
        role = asked.ask(cls.holder_call)
        role_arn = role.at("Role.Arn").value()
        about = {"ActionNames": question.actions, "ResourceArns": [question.resource]}
        reply = asked.ask(cls.call, parameters=about, role_arn=role_arn)

        def described(answer: Answer) -> Fields:
            return {
                "role_arn": role_arn,
                "policies": NOT_IN_AWS,
                "boundary": NOT_IN_AWS,
                "refused": lambda: _simulated(answer["EvaluationResults"]),
            }

        return Found(reply.at("@").map(described), reply.call, {"role_arn": role.call})


@dataclass(frozen=True)
class _Question:
    role: str
    actions: list[str]
    resource: str


def _asked(name: str) -> _Question:
    """Return what a name asks; a stack's YAML is validated to match the pattern."""
    match = re.fullmatch(Simulation.name_pattern, name)
    assert match, name
    return _Question(match[1], match[2].split(", "), match[3])


def _refused(
    policies: Mapping[str, Policy | Placeholder], boundary: Policy | Placeholder | None, asked: _Question
) -> dict[str, str]:
    """Return the actions that the policies refuse. Raises `Undetermined` where that is not known of any."""
    refused: dict[str, str] = {}
    doubts: list[Undetermined] = []
    for action in asked.actions:
        try:
            decision = _decision(policies, boundary, action, asked.resource)
        except Undetermined as doubt:
            doubts.append(doubt)
            continue
        if decision != "allowed":
            refused[action] = decision
    if doubts and not refused:
        raise doubts[0]
    return refused


def _decision(
    policies: Mapping[str, Policy | Placeholder],
    boundary: Policy | Placeholder | None,
    action: str,
    resource: str,
) -> str:
    decision: str = decide(policies.values(), action, resource)
    if decision == "explicitDeny" or boundary is None:
        return decision
    return decision if decide([boundary], action, resource) == "allowed" else OUTSIDE


def _simulated(results: list[dict[str, Any]]) -> dict[str, str]:
    """Return the actions that the simulator refuses, and by what.

    What it refuses for want of a value that only a real request has is not decided. Source: IAM API
    reference, EvaluationResult.
    """
    denied = [result for result in results if result["EvalDecision"] != "allowed"]
    decided = {it["EvalActionName"]: _reason(it) for it in denied if not it.get("MissingContextValues")}
    for result in denied:
        if not decided:
            lacking = ", ".join(result["MissingContextValues"])
            raise Undetermined(f"the simulator cannot decide {result['EvalActionName']} without {lacking}")
    return decided


def _reason(result: dict[str, Any]) -> str:
    if not result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations", True):
        return BY_ORGANIZATION
    within = result.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary", True)
    decision = str(result["EvalDecision"])
    return decision if within or decision == "explicitDeny" else OUTSIDE
