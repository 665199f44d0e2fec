"""IAM roles."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from evidence.declared import arn, known, place
from evidence.kind import Kind, Text
from evidence.unknown import Placeholder, ReadError

if TYPE_CHECKING:
    from evidence.aws.reads import Aws
    from evidence.terraform import Configuration, Resource, Settings


class Role(Kind):
    """An IAM role and who may assume it."""

    noun = "role"
    plural = "roles"
    terraform_type = "aws_iam_role"
    reads: ClassVar = {"iam:GetRole": "arn:aws:iam::{account}:role/*{name}"}
    computed: ClassVar = {
        "aws_iam_role.id": lambda role, settings: role.get("name"),
        "aws_iam_role.arn": lambda role, settings: _arn(role, settings),
    }

    arn: str = ""
    path: str = "/"
    trusted_services: list[Text] = []
    """The service principals that an Allow statement lets assume the role, sorted."""

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the role as `aws_iam_role` declares it."""
        policy = resource.values.get("assume_role_policy")
        located = place(resource, "assume_role_policy")
        fields = {
            "name": resource.values.get("name"),
            "arn": cls.derive("arn", resource, configuration),
            "path": resource.values.get("path", "/"),
            "trusted_services": policy if isinstance(policy, Placeholder) else _declared(policy, located),
        }
        return cls.of(str(resource.location), fields, {"trusted_services": located})

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the role as IAM describes it."""
        role_arn = f"arn:aws:iam::{aws.account}:role/{name}"
        reply = aws.read("iam:GetRole", {"RoleName": name}, of=role_arn, missing=["NoSuchEntity"])
        fields = {
            "name": reply.at("Role.RoleName"),
            "arn": reply.at("Role.Arn"),
            "path": reply.at("Role.Path"),
            "trusted_services": reply.at("Role.AssumeRolePolicyDocument").map(_trusted_services),
        }
        return cls.of(reply.call, aws.gather(fields))

    def create(self, aws: Aws) -> None:
        """Create the role in moto."""
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": self.trusted_services},
            "Action": "sts:AssumeRole",
        }
        aws.write(
            "iam:CreateRole",
            RoleName=self.name,
            Path=self.path,
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )


def _arn(role: Mapping[str, Any], settings: Settings) -> str | None:
    path = known(role.get("path", "/"))
    return arn(settings, "iam", f"role{path}", role.get("name"), regional=False)


def _declared(policy: object, where: str) -> list[str]:
    try:
        document = json.loads(str(policy))
    except ValueError as error:
        raise ReadError(f"{where}: assume_role_policy is not JSON: {error}", cause=where) from None
    return _trusted_services(document)


def _trusted_services(document: Mapping[str, Any]) -> list[str]:
    trusting = [
        statement
        for statement in _listed(document.get("Statement"))
        if statement.get("Effect") == "Allow" and _assumes(_listed(statement.get("Action")))
    ]
    principals = [statement.get("Principal") or {} for statement in trusting]
    services = (_listed(it.get("Service")) if isinstance(it, Mapping) else [] for it in principals)
    return sorted({service for listed in services for service in listed})


def _assumes(actions: Iterable[str]) -> bool:
    return any(action in ("sts:AssumeRole", "sts:*", "*") for action in actions)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
