"""IAM roles, and the policies that they and others are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.declared_policies import attached, document, inline
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.kinds.role_grants import lost, named_besides, named_in, too_wide, unnamed
from plumbline.kinds.role_use import policies_of
from plumbline.policy import (
    DataService,
    Document,
    Policy,
    Trusted,
    locked_out,
    strangers,
    trusted_services,
)
from plumbline.terraform.declared import Beside, Declaration, arn, given, known
from plumbline.values.model import Model, Text
from plumbline.values.some_of import doubted
from plumbline.values.unknown import Placeholder, Unexamined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.iam_authorization import Authorization
    from plumbline.terraform.model import Configuration, Resource, Settings


def of_role(operation: str, name: str = "{name}", **parameters: str) -> Call:
    """Return a call that reads of the role of the name that this placeholder stands for."""
    return Call(
        operation,
        {"RoleName": name, **parameters},
        of=f"arn:aws:iam::{{account}}:role/{name}",
        on=f"arn:aws:iam::{{account}}:role/*{name}",
        missing=("NoSuchEntity",),
    )


class InlinePolicies(Facet):
    """The policies that lie in the role itself."""

    call = of_role("iam:ListRolePolicies")
    further_calls = (of_role("iam:GetRolePolicy", PolicyName="{policy}"),)
    beside = Beside("aws_iam_role_policy", "role", many=True)

    inline_policies: dict[str, Document] = {}
    """By name."""

    def leaves_out(self, policy: str, arns: list[str]) -> list[str]:
        """Return the ARNs that no Allow statement of an inline policy names; a wildcard that covers one does.

        Raises `Undetermined` where none is left out for certain, and one may be.
        """
        return unnamed(self._policy(policy), known(arns))

    def names_lost(self, policy: str, arns: list[str]) -> list[str]:
        """Return what an inline policy names below the first of some ARNs that is none of them.

        Raises `Undetermined` where nothing is such for certain, and something may be.
        """
        return lost(self._policy(policy), known(arns))

    def names_besides(self, named: dict[str, list[str]]) -> list[str]:
        """Return what inline policies name besides some patterns of ARNs, each: `Reading names arn:...`.

        A wildcard of a policy that covers more than one of the patterns is such a thing. Raises
        `Undetermined` where nothing is for certain, and something may be.
        """
        found = {name: named_besides(self._policy(name), arns) for name, arns in named.items()}
        return [f"{name} names {it}" for name, told in found.items() for it in told]

    def _policy(self, name: str) -> Policy:
        return named_in(self.inline_policies, name)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"inline_policies": inline(declaration.resource, declaration.configuration)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        [reading] = cls.further_calls
        replies = {name: asked.ask(reading, policy=name) for name in answer["PolicyNames"]}
        found = {name: reply.answer["PolicyDocument"] for name, reply in replies.items()}
        return {"inline_policies": {name: Policy.read(text, name) for name, text in found.items()}}

    def requested(self) -> Requests:
        for name, policy in self.inline_policies.items():
            text = known(policy).as_json()
            yield request("iam:PutRolePolicy", RoleName=self.name, PolicyName=name, PolicyDocument=text)


class AttachedPolicies(Facet):
    """The managed policies that the role is given."""

    call = of_role("iam:ListAttachedRolePolicies")
    beside = Beside("aws_iam_role_policy_attachment", "role", many=True)

    attached_policies: list[Text] = []
    """ARNs, sorted."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        arns = [arn for arn, _ in attached(declaration.resource, declaration.configuration)]
        doubts = [arn.reason for arn in arns if isinstance(arn, Unexamined)]
        found = _in_order([arn for arn in arns if not isinstance(arn, Unexamined)])
        return {"attached_policies": doubted(found, doubts)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"attached_policies": sorted(it["PolicyArn"] for it in answer["AttachedPolicies"])}

    def requested(self) -> Requests:
        for policy in self.attached_policies:
            yield request("iam:AttachRolePolicy", RoleName=self.name, PolicyArn=policy)


class RoleLimits(Model):
    """What can be expected of a role besides its fields."""

    subjects: list[str]
    """Whose tokens of an identity provider may assume it: patterns of `sub`, in which `*` is any text."""
    audience: str
    """Whom the tokens must be made out for: their `aud`."""
    data_services: list[DataService]
    """The services of which it may be granted nothing on whatever they keep."""
    named_alone: dict[str, list[str]]
    """The ARNs, or patterns of them, besides which an inline policy names nothing, by its name."""


class Role(InlinePolicies, AttachedPolicies, Kind):
    """An IAM role and who may assume it."""

    noun = "role"
    plural = "roles"
    terraform_type = "aws_iam_role"
    further_types = ("aws_iam_policy_attachment",)
    expects_some = ("data_services", "named_alone")
    regional = False
    limits = RoleLimits
    listing = Listing(
        Call("iam:ListRoles", of="roles of {account}"),
        "Roles[?!starts_with(Path, '/aws-service-role/') && !starts_with(Path, '/aws-reserved/')].RoleName",
        regional=False,
    )
    call = of_role("iam:GetRole")
    arguments: ClassVar = dict.fromkeys(
        ("trust", "trusted_services", "strangers", "locked_out"), "assume_role_policy"
    )
    computed: ClassVar = {
        "aws_iam_role.id": lambda role, settings: role.get("name"),
        "aws_iam_role.arn": lambda role, settings: _arn("role", role, settings),
    }

    arn: str = ""
    path: str = "/"
    trust: Policy = Policy()
    """Who may assume the role, and under what conditions."""
    trusted_services: list[Text] = []
    """The service principals that the trust policy lets assume the role, sorted."""
    permissions_boundary: str | None = None
    """The ARN of the policy that bounds what its others grant."""

    def too_wide(self, authorization: Authorization, data_services: list[DataService]) -> list[str]:
        """Return what it is granted too widely: `Reading grants s3:Get* on *`.

        That is every action of a service, on whatever it is, and anything that a data service does with
        whatever it keeps. `authorization` holds the documents of its managed policies. Raises `Undetermined`
        where nothing is for certain, and something may be.
        """
        held = policies_of(self.inline_policies, self.attached_policies, authorization)
        return too_wide(held, data_services)

    def strangers(self, provider: str, subjects: list[str], audience: str) -> list[str]:
        """Return who may assume it besides these subjects of an identity provider, for this audience.

        Each as the trust policy names it: `repo:shop/* for any audience`, `AWS arn:...`. Raises
        `Undetermined` where nobody surely may, and somebody may by what is not known.
        """
        return strangers(known(self.trust), Trusted(known(provider), subjects, audience))

    def locked_out(self, provider: str, subjects: list[str], audience: str) -> list[str]:
        """Return those of the subjects of which none may assume it. Raises as `strangers` does."""
        return locked_out(known(self.trust), Trusted(known(provider), subjects, audience))

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        trust = document(
            declaration.at("assume_role_policy"), declaration.place("assume_role_policy"), "trust"
        )
        return {
            "arn": cls.derive("arn", declaration.resource, declaration.configuration),
            "path": declaration.at("path", default="/"),
            "trust": trust,
            "trusted_services": trust
            if isinstance(trust, Placeholder)
            else lambda: trusted_services(trust, declaration.account),
            "permissions_boundary": limit if given(limit := declaration.at("permissions_boundary")) else None,
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        role = answer["Role"]
        trust = Policy.read(role["AssumeRolePolicyDocument"], f"role {asked.name}", "trust")
        return {
            "arn": role["Arn"],
            "path": role["Path"],
            "trust": trust,
            "trusted_services": lambda: trusted_services(trust, asked.account),
            "permissions_boundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        }

    def requested(self) -> Requests:
        bounded = {"PermissionsBoundary": self.permissions_boundary} if self.permissions_boundary else {}
        yield request(
            "iam:CreateRole",
            RoleName=self.name,
            Path=self.path,
            AssumeRolePolicyDocument=self.trust.as_json(),
            **bounded,
        )


class ManagedPolicy(Kind):
    """A customer-managed policy. Its name is its path, without the first slash, and its name."""

    noun = "managed_policy"
    plural = "managed_policies"
    terraform_type = "aws_iam_policy"
    regional = False
    listing = Listing(
        Call("iam:ListPolicies", {"Scope": "Local"}, of="policies of {account}"),
        "Policies[].Arn",
        after=":policy/",
        below_paths=True,
        regional=False,
    )
    call = Call(
        "iam:GetPolicy",
        {"PolicyArn": "arn:aws:iam::{account}:policy/{name}"},
        of="arn:aws:iam::{account}:policy/{name}",
        missing=("NoSuchEntity",),
    )
    further_calls = (
        Call(
            "iam:GetPolicyVersion",
            {"PolicyArn": "arn:aws:iam::{account}:policy/{name}", "VersionId": "{version}"},
            of="arn:aws:iam::{account}:policy/{name}",
        ),
    )
    computed: ClassVar = {
        "aws_iam_policy.id": lambda policy, settings: _arn("policy", policy, settings),
        "aws_iam_policy.arn": lambda policy, settings: _arn("policy", policy, settings),
    }

    arn: str = ""
    policy: Policy = Policy()
    """What its default version grants and denies."""

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return path and name of an `aws_iam_policy`."""
        parts = [resource.values.get("path", "/"), resource.values.get("name")]
        unknown = [part for part in parts if isinstance(part, Unknown)]
        return unknown[0] if unknown else "".join(map(str, parts)).removeprefix("/")

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "arn": cls.derive("arn", declaration.resource, declaration.configuration),
            "policy": document(
                declaration.at("policy"), declaration.place("policy"), root=declaration.resource.root
            ),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        [reading] = cls.further_calls
        version = asked.ask(reading, version=answer["Policy"]["DefaultVersionId"])
        text = version.answer["PolicyVersion"]["Document"]
        return {"arn": answer["Policy"]["Arn"], "policy": Policy.read(text, f"policy {asked.name}")}

    def requested(self) -> Requests:
        path, _, name = self.name.rpartition("/")
        text = self.policy.as_json()
        yield request(
            "iam:CreatePolicy", PolicyName=name, Path=f"/{path}/" if path else "/", PolicyDocument=text
        )


def _in_order(arns: list[Any]) -> list[Any]:
    return arns if any(isinstance(arn, Placeholder) for arn in arns) else sorted(set(arns))


def _arn(sort: str, values: Mapping[str, Any], settings: Settings) -> str | None:
    path = known(values.get("path", "/"))
    return arn(settings, "iam", f"{sort}{path}", values.get("name"), regional=False)
