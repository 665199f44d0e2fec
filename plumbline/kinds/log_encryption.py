"""The key that the lines of a log group are encrypted with, and whether CloudWatch Logs may use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.key_access import KEY_POLICY, KEYS, by_default, declared_access, described_access
from plumbline.kinds.kms import declared_key, described_key
from plumbline.policy import OVER_TLS, Context, Policy, decide
from plumbline.terraform.declared import Declaration, given, known
from plumbline.values.arns import account_in, region_in
from plumbline.values.unknown import Identity, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

GROUPS = Call("logs:DescribeLogGroups", {"logGroupNamePrefix": "{name}"}, of="log group {name}")
_NEEDED = ("kms:Decrypt", "kms:GenerateDataKey")
_DOCUMENTED = ("kms:DescribeKey", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo")
"""What CloudWatch Logs is to be let do besides. Nobody says whether it does without.

Source: CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS Key Management Service".
"""


class Encryption(Facet):
    """The key that its lines are encrypted with."""

    call = GROUPS
    arguments: ClassVar = {"kms_key": "kms_key_id"}

    kms_key: str | None = None
    """The ARN of the key; None where CloudWatch Logs encrypts with one of its own."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return the key. Raises `Undetermined` where no ARN names it: Terraform takes that, AWS does not.

        Source: CloudWatch Logs API reference, CreateLogGroup, kmsKeyId.
        """
        named = declaration.resource.values.get("kms_key_id")
        is_other = isinstance(named, Identity) and named.attribute != "arn"
        if is_other or (isinstance(named, str) and named and not named.startswith("arn:")):
            told = getattr(named, "origin", named)
            raise Undetermined(f"{told} is no ARN, and CloudWatch Logs takes nothing else for a key")
        return {"kms_key": lambda: declared_key(declaration, named) if given(named) else None}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"kms_key": _named(answer, asked)}

    def requested(self) -> Requests:
        if self.kms_key is not None:
            yield request("logs:AssociateKmsKey", logGroupName=self.name, kmsKeyId=self.kms_key)


class KeyAccess(Facet):
    """Who may use that key."""

    call = KEY_POLICY
    further_calls: ClassVar[tuple[Call, ...]] = (GROUPS, KEYS)
    arguments: ClassVar = dict.fromkeys(("key_policy", "key_enabled", "is_let_into_its_key"), "kms_key_id")

    key_policy: Policy | None = None
    """None for the one that KMS gives a key by itself, and where there is no key."""
    key_enabled: bool = True
    """Whether the key encrypts for anybody: it is enabled, and symmetric; also where there is none."""

    if TYPE_CHECKING:
        arn: str
        kms_key: str | None

    @property
    def is_let_into_its_key(self) -> bool:
        """Whether CloudWatch Logs may encrypt the lines with the key, and read them; so where there is none.

        Raises `Undetermined` where the policy hangs on what is not known, or lets only a part of it.
        """
        if self.kms_key is None:
            return True
        if not isinstance(self.kms_key, Identity):
            known(self.kms_key)  # it may turn out to be none
        if not known(self.key_enabled):
            return False
        if not all(map(self._lets, _NEEDED)):
            return False
        if lacking := [it for it in _DOCUMENTED if not self._lets(it)]:
            raise Undetermined(f"the key does not let CloudWatch Logs {lacking[0]}, which it may do without")
        return True

    def _lets(self, action: str) -> bool:
        group = known(self.arn)
        account, region = account_in(group), region_in(group)
        told: Context = {
            **OVER_TLS,
            "aws:SourceAccount": account,
            "aws:SourceArn": group,
            "aws:PrincipalIsAWSService": "true",
            "kms:EncryptionContext:aws:logs:arn": group,
        }
        policy = known(self.key_policy) or by_default(account)
        asker = ("Service", f"logs.{region}.amazonaws.com")
        return decide([policy], action, "", asker, told) == "allowed"

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return declared_access(declaration, declaration.resource.values.get("kms_key_id"))

    @classmethod
    def read(cls, asked: Asked) -> Found:
        return described_access(asked, _named(asked.ask(GROUPS).answer, asked))


def _named(answer: Answer, asked: Asked) -> str | None:
    """Return the ARN of the key of the group of just this name; the prefix finds others too."""
    keys = [it.get("kmsKeyId") for it in answer["logGroups"] if it["logGroupName"] == asked.name]
    return described_key(asked, keys[0] if keys else None)
