"""Secrets of AWS Secrets Manager, without what they hold: that is `secret_contents`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.declared_policies import document
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.key_access import is_told_later
from plumbline.kinds.kind import NOT_DEPLOYED, Kind
from plumbline.kinds.kms import declared_key, described_key
from plumbline.kinds.listing import Existing, Listing
from plumbline.kinds.role_use import Holder
from plumbline.kinds.secret_use import UsedSecret, others_read, refused
from plumbline.policy import Policy
from plumbline.terraform.declared import (
    Beside,
    Declaration,
    arn,
    blocks,
    given,
    identity,
    known,
    place,
    settings_of,
)
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Identity, Placeholder

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.iam import Role
    from plumbline.kinds.iam_authorization import Authorization
    from plumbline.terraform.model import Configuration, Resource

_ARN = "arn:aws:secretsmanager:{region}:{account}:secret:{name}"
ON = f"{_ARN}-??????"
"""What a permission is granted on: AWS adds a hyphen and six characters to the name. Source: Secrets Manager
User Guide, "Secrets Manager best practices", "Use least-privileged access"."""
NAMED: Mapping[str, str] = {"SecretId": "{name}"}
_ADDED = 7
"""How many characters AWS adds to the name."""
DESCRIBE = Call(
    "secretsmanager:DescribeSecret", NAMED, of=_ARN, on=ON, missing=("ResourceNotFoundException",)
)


class Rotation(Facet):
    """Whether Secrets Manager makes a new value by itself."""

    call = DESCRIBE
    beside = Beside("aws_secretsmanager_secret_rotation", "secret_id")
    arguments: ClassVar = {"rotation": "rotation_rules"}

    rotation: bool = False

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        rules = declaration.at("rotation_rules")
        return {"rotation": rules if isinstance(rules, Placeholder) else declaration.part is not None}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"rotation": answer.get("RotationEnabled", False)}

    def requested(self) -> Requests:
        if self.rotation:
            rules = {"AutomaticallyAfterDays": 30}
            yield request("secretsmanager:RotateSecret", SecretId=self.name, RotationRules=rules)


class Access(Facet):
    """Who may read it, besides those whose own policies let them."""

    call = Call("secretsmanager:GetResourcePolicy", NAMED, of=_ARN, on=ON)
    beside = Beside("aws_secretsmanager_secret_policy", "secret_arn")
    arguments: ClassVar = dict.fromkeys(("policy", "refused", "others_read"), "policy")

    if TYPE_CHECKING:
        arn: str
        partial_arn: str

    policy: Policy | None = None

    def refused(self, actions: list[str], role: Role, authorization: Authorization) -> list[str]:
        """Return the actions on the secret that a role of its account may not take.

        `authorization` holds the documents of the managed policies that the role is given. Raises
        `Undetermined` where nothing is refused for certain, and something may be.
        """
        return refused(actions, self._as_used, Holder.of(role, authorization))

    def others_read(self, role: Role, authorization: Authorization) -> list[str]:
        """Return by what else a role may read secrets: `SecretsPolicy names arn:aws:...:secret:*`.

        Those of the secret's account and region count, whether there are any or not. Raises `Undetermined` as
        `refused` does.
        """
        return others_read(self._as_used, Holder.of(role, authorization))

    @property
    def _as_used(self) -> UsedSecret:
        return UsedSecret(
            self.arn if isinstance(self.arn, Identity) else known(self.arn),
            known(self.partial_arn),
            self.policy,
        )

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what `policy` of the secret itself says."""
        return {"policy": text} if given(text := values.get("policy")) else None

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        text = declaration.at("policy")
        at = declaration.place("policy")
        root = declaration.resource.root
        return {"policy": document(text, at, "resource", root=root) if given(text) else None}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        text = answer.get("ResourcePolicy")
        return {"policy": Policy.read(text, f"the policy of {asked.name}") if text else None}

    def requested(self) -> Requests:
        if self.policy is not None:
            text = self.policy.as_json()
            yield request("secretsmanager:PutResourcePolicy", SecretId=self.name, ResourcePolicy=text)


class SecretLimits(Model):
    """What can be expected of a secret besides its fields."""

    used_actions: list[str]
    """What the role that it is related to must be able to do with it: `secretsmanager:GetSecretValue`."""


class Secret(Rotation, Access, Kind):
    """A secret: how it is kept, and for whom. What it holds is not asked."""

    noun = "secret"
    plural = "secrets"
    expects_some = ("used_actions",)
    terraform_type = "aws_secretsmanager_secret"
    limits = SecretLimits
    listing = Listing(
        Call("secretsmanager:ListSecrets", of="secrets in {region}"), "SecretList[?!OwningService].Name"
    )
    call = DESCRIBE
    arguments: ClassVar = {"kms_key": "kms_key_id"}
    chosen: ClassVar = {"id": "ARN", "arn": "ARN"}

    arn: str = ""
    partial_arn: Text = ""
    """Its ARN without what AWS adds to the name: a hyphen and six characters."""
    kms_key: str | None = None
    """The ARN of the key or of an alias of it; None where it is encrypted with AWS's own for secrets."""
    being_deleted: bool = False
    """Whether it is scheduled for deletion: nobody can read it then."""

    @classmethod
    def copies(cls, resource: Resource, configuration: Configuration) -> Iterator[Existing]:
        """Yield the replicas of a secret, which Secrets Manager lists in their regions."""
        if resource.type == cls.terraform_type:
            for it in blocks(resource.values, "replica"):
                name, lies_in = known(cls.named(resource, configuration)), known(it.get("region"))
                yield Existing(name=name, region=lies_in, where=place(resource, "replica"))

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        told, named = declaration.at("arn"), declaration.at("kms_key_id")
        settings = settings_of(declaration.resource, declaration.configuration)
        partial = arn(settings, "secretsmanager", "secret:", declaration.at("name"))
        return {
            "arn": told if isinstance(told, str) else identity(declaration.resource, "arn"),
            "partial_arn": identity(declaration.resource, "arn") if partial is None else partial,
            "kms_key": lambda: declared_key(declaration, named) if _is_given(declaration) else None,
            "being_deleted": NOT_DEPLOYED,
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "arn": answer["ARN"],
            "partial_arn": answer["ARN"][:-_ADDED],
            "kms_key": described_key(asked, answer.get("KmsKeyId")),
            "being_deleted": answer.get("DeletedDate") is not None,
        }

    def requested(self) -> Requests:
        """Return what creates it, without a value; whoever creates it does not delete it."""
        key = {"KmsKeyId": self.kms_key} if self.kms_key is not None else {}
        yield request("secretsmanager:CreateSecret", Name=self.name, **key)


def _is_given(declaration: Declaration) -> bool:
    """Return whether a key is named; a plan calls one unknown, too, that the provider tells after apply."""
    named = declaration.at("kms_key_id")
    told_later = is_told_later(declaration.resource, "kms_key_id", declaration.configuration)
    return given(named) and not told_later
