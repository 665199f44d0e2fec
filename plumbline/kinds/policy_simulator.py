"""What a role may do, as IAM's policy simulator decides or, of Terraform, as its policies say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.declared_policies import document, managed, policies_of
from plumbline.kinds.facet import Fields, Found
from plumbline.kinds.iam import Role, of_role
from plumbline.kinds.kind import NOT_IN_AWS, Kind, Wanted
from plumbline.kinds.kms import key_called
from plumbline.policy import Context, Document, Policy, decide, is_for_machines
from plumbline.policy import of_role as request_of_role
from plumbline.terraform.declared import given, place, tags
from plumbline.values.model import Text
from plumbline.values.unknown import Placeholder, ReadError, Undetermined, missing_as

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource

OUTSIDE = "outside the permissions boundary"
BY_ORGANIZATION = "denied by a policy of the organization"
_TOLD = {
    "aws:SecureTransport": "boolean",
    "aws:PrincipalArn": "string",
    "aws:PrincipalAccount": "string",
    "aws:RequestedRegion": "string",
}
"""What the simulator is told of a request, with its type: it assumes none of it."""
_OF_PEOPLE = frozenset({"aws:multifactorauthpresent", "aws:multifactorauthage"})
"""What only people give, in lower case: a session of a service or of a federated identity has none of it."""

_KEY = key_called("{key}")


class Simulation(Kind):
    """What a role may do to a resource. Its name is the question: `ROLE may ACTION, ACTION on ARN`.

    The alias of a key stands for the key: a permission takes no alias for it.
    """

    noun = "simulation"
    plural = "simulations"
    name_pattern = r"^(\S+) may (\S+:\S+(?:, \S+:\S+)*) on (\S+)$"
    call = Call(
        "iam:SimulatePrincipalPolicy",
        {"PolicySourceArn": "{role_arn}"},
        of="{role_arn}",
        on="arn:aws:iam::{account}:role/*{holder}",
    )
    holder_call = of_role("iam:GetRole", "{holder}")
    further_calls = (_KEY,)
    shows = ("role", "managed_policy")

    role_arn: str = ""
    policies: dict[str, Document] = {}
    """Inline ones by name, managed ones by ARN. In an account it is the simulator that reads them."""
    boundary: Policy | None = None
    """The role's permissions boundary."""
    refused: dict[str, Text] = {}
    """The actions that the role may not take, with how the simulator puts it: implicitDeny, explicitDeny."""
    allowed: list[Text] = []
    """The actions that the role may take, sorted."""

    @classmethod
    def holder(cls, name: str) -> str:
        """Return the name of the role."""
        return _asked(name).role

    @classmethod
    def find(cls, configuration: Configuration, name: str, where: str, wanted: Wanted = None) -> Self:
        """Return what the role may do by the policies that Terraform gives it."""
        asked = _asked(name)
        with missing_as(asked.role):
            role = Role.resource(configuration, asked.role, where)
        policies = policies_of(role, configuration)
        limit = role.values.get("permissions_boundary")
        boundary = managed(limit, configuration, role.root)[1] if given(limit) else None
        role_arn = Role.derive("arn", role, configuration)
        fields = {
            "name": name,
            "role_arn": role_arn,
            "policies": policies,
            "boundary": boundary,
            **_answers(
                lambda: _judged(policies, boundary, asked, _known_of(role, role_arn, asked, configuration))
            ),
        }
        return cls.of(str(role.location), fields, {"role_arn": place(role, "name")})

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to ask the simulator, once the role's ARN is known; an organization's policies count."""
        question = _asked(asked.name)
        role = asked.ask(cls.holder_call)
        role_arn = role.at("Role.Arn").value()
        resource = _resource(asked, question)
        never = _OF_PEOPLE if role.at("Role").map(_is_for_machines).value() else frozenset()
        about = {
            "ActionNames": question.actions,
            "ResourceArns": [resource],
            "ContextEntries": _entries(request_of_role(role_arn, resource)),
        }
        reply = asked.ask(cls.call, parameters=about, role_arn=role_arn)

        def described(answer: Answer) -> Fields:
            return {
                "role_arn": role_arn,
                "policies": NOT_IN_AWS,
                "boundary": NOT_IN_AWS,
                **_answers(lambda: _simulated(answer["EvaluationResults"], question, never)),
            }

        return Found(reply.at("@").map(described), reply.call, {"role_arn": role.call})


@dataclass(frozen=True)
class _Question:
    role: str
    actions: list[str]
    resource: str

    @property
    def by_alias(self) -> bool:
        """Whether the resource is a key that goes by an alias."""
        return ":kms:" in self.resource and ":alias/" in self.resource


def _asked(name: str) -> _Question:
    """Return what a name asks; a stack's YAML is validated to match the pattern."""
    match = re.fullmatch(Simulation.name_pattern, name)
    assert match, name
    return _Question(match[1], match[2].split(", "), match[3])


def _resource(asked: Asked, question: _Question) -> str:
    """Return the ARN that is asked about, in an account."""
    if not question.by_alias:
        return question.resource
    return str(asked.ask(_KEY, key=question.resource).answer["KeyMetadata"]["Arn"])


_Judged = Mapping[str, str | Undetermined]
"""What is decided of each action, or why that is not known."""


def _answers(judged: Callable[[], _Judged]) -> Fields:
    """Return the fields that follow: what is decided of an action counts, whatever others hang on."""
    return {
        "refused": lambda: _of(judged(), lambda decision: decision != "allowed"),
        "allowed": lambda: sorted(_of(judged(), lambda decision: decision == "allowed")),
    }


def _of(judged: _Judged, wanted: Callable[[str], bool]) -> dict[str, str]:
    """Return the actions of which this is decided. Raises `Undetermined` where that is not known of any."""
    found = {action: it for action, it in judged.items() if isinstance(it, str) and wanted(it)}
    for doubt in judged.values():
        if isinstance(doubt, Undetermined) and not found:
            raise doubt
    return found


def _judged(
    policies: Mapping[str, Policy | Placeholder],
    boundary: Policy | Placeholder | None,
    asked: _Question,
    context: Context,
) -> _Judged:
    if asked.by_alias:
        raise Undetermined(f"which key {asked.resource} stands for is asked of an account only")
    judged: dict[str, str | Undetermined] = {}
    for action in asked.actions:
        try:
            judged[action] = _decision(policies, boundary, action, asked.resource, context)
        except Undetermined as doubt:
            judged[action] = doubt
    return judged


def _decision(
    policies: Mapping[str, Policy | Placeholder],
    boundary: Policy | Placeholder | None,
    action: str,
    resource: str,
    context: Context,
) -> str:
    decision: str = decide(policies.values(), action, resource, context=context)
    if decision == "explicitDeny" or boundary is None:
        return decision
    return decision if decide([boundary], action, resource, context=context) == "allowed" else OUTSIDE


def _known_of(role: Resource, role_arn: Any, asked: _Question, configuration: Configuration) -> Context:
    """Return what is known of a request that the declared role makes."""
    if isinstance(role_arn, Placeholder):
        role_arn = f"arn:aws:iam::{configuration.settings.account}:role/\0"
    declared = tags(role)
    given_tags = {} if isinstance(declared, Placeholder) else declared
    known_tags = {key: value for key, value in given_tags.items() if isinstance(value, str)}
    try:
        trust = document(role.values.get("assume_role_policy"), place(role, "assume_role_policy"), "trust")
    except ReadError:  # told where the role itself is asked for
        trust = Policy()
    people = isinstance(trust, Placeholder) or not is_for_machines(trust)
    return request_of_role(role_arn, asked.resource, with_mfa=people, tags=known_tags)


def _is_for_machines(role: Answer) -> bool:
    trust = role.get("AssumeRolePolicyDocument")
    return trust is not None and is_for_machines(Policy.read(trust, "the role's trust policy"))


def _entries(known: Context) -> list[dict[str, Any]]:
    """Return what is known of a request as the simulator takes it."""
    return [
        {"ContextKeyName": key, "ContextKeyValues": [known[key]], "ContextKeyType": type_}
        for key, type_ in _TOLD.items()
        if key in known
    ]


def _simulated(results: list[dict[str, Any]], asked: _Question, never: frozenset[str]) -> _Judged:
    """Return what the simulator decides of each action.

    What it refuses for want of a value that only a real request has is not decided, unless no request of the
    role ever has it: those are `never`. Source: IAM API reference, EvaluationResult.
    """
    answered = {result["EvalActionName"].lower() for result in results}
    if unanswered := [action for action in asked.actions if action.lower() not in answered]:
        message = f"IAM's policy simulator says nothing of {', '.join(unanswered)}"
        raise ReadError(message, cause=message)
    return {result["EvalActionName"]: _decided(result, never) for result in results}


def _decided(result: dict[str, Any], never: frozenset[str]) -> str | Undetermined:
    lacking = [it for it in result.get("MissingContextValues", ()) if it.lower() not in never]
    if lacking and result["EvalDecision"] != "allowed":
        keys = ", ".join(lacking)
        return Undetermined(
            f"the simulator cannot decide {result['EvalActionName']} without a value of {keys}"
        )
    return _reason(result)


def _reason(result: dict[str, Any]) -> str:
    """Return what is decided of an action, which the organization and a boundary may refuse, too."""
    decision = str(result["EvalDecision"])
    if result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations", True) is False:
        return BY_ORGANIZATION
    within = result.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary", True)
    if within is False and decision != "explicitDeny":
        return OUTSIDE
    return decision
