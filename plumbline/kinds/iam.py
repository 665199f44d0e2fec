"""IAM roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from plumbline.kinds.declared_policies import document
from plumbline.kinds.kind import Kind
from plumbline.policy import Policy, trusted_services
from plumbline.terraform.declared import arn, known, place
from plumbline.values.model import Text
from plumbline.values.unknown import Placeholder

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws, Reply
    from plumbline.terraform.model import Configuration, Resource, Settings


class Role(Kind):
    """An IAM role and who may assume it."""

    noun = "role"
    plural = "roles"
    terraform_type = "aws_iam_role"
    reads: ClassVar = {"iam:GetRole": "arn:aws:iam::{account}:role/*{name}"}
    computed: ClassVar = {
        "aws_iam_role.id": lambda role, settings: role.get("name"),
        "aws_iam_role.arn": lambda role, settings: _arn("role", role, settings),
        "aws_iam_policy.id": lambda policy, settings: _arn("policy", policy, settings),
        "aws_iam_policy.arn": lambda policy, settings: _arn("policy", policy, settings),
    }

    arn: str = ""
    path: str = "/"
    trust: Policy = Policy()
    """Who may assume the role, and under what conditions."""
    trusted_services: list[Text] = []
    """The service principals that the trust policy lets assume the role, sorted."""

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the role as `aws_iam_role` declares it."""
        located = place(resource, "assume_role_policy")
        trust = document(resource.values.get("assume_role_policy"), located)
        fields = {
            "name": resource.values.get("name"),
            "arn": cls.derive("arn", resource, configuration),
            "path": resource.values.get("path", "/"),
            "trust": trust,
            "trusted_services": trust
            if isinstance(trust, Placeholder)
            else trusted_services(trust, configuration.settings.account),
        }
        return cls.of(str(resource.location), fields, dict.fromkeys(("trust", "trusted_services"), located))

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the role as IAM describes it."""
        reply = read_role(aws, name)
        trust = reply.at("Role.AssumeRolePolicyDocument").map(lambda given: Policy.read(given, reply.call))
        fields = {
            "name": reply.at("Role.RoleName"),
            "arn": reply.at("Role.Arn"),
            "path": reply.at("Role.Path"),
            "trust": trust,
            "trusted_services": trust.map(lambda policy: trusted_services(policy, aws.account)),
        }
        return cls.of(reply.call, aws.gather(fields))

    def create(self, aws: Aws) -> None:
        """Create the role in moto."""
        aws.write(
            "iam:CreateRole",
            RoleName=self.name,
            Path=self.path,
            AssumeRolePolicyDocument=self.trust.as_json(),
        )


def read_role(aws: Aws, name: str) -> Reply:
    """Start reading the role of this name."""
    role_arn = f"arn:aws:iam::{aws.account}:role/{name}"
    return aws.read("iam:GetRole", {"RoleName": name}, of=role_arn, missing=["NoSuchEntity"])


def create_once(aws: Aws, operation: str, **parameters: Any) -> None:
    """Create something in moto, unless another resource of the stack has done so already."""
    try:
        aws.write(operation, **parameters)
    except Exception as refused:  # it is botocore's, which kinds do not load
        if "EntityAlreadyExists" not in str(refused):
            raise


def _arn(sort: str, values: Mapping[str, Any], settings: Settings) -> str | None:
    path = known(values.get("path", "/"))
    return arn(settings, "iam", f"{sort}{path}", values.get("name"), regional=False)
