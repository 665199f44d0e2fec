"""The account that the credentials in use belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from plumbline.kinds.kind import Kind

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws


class Account(Kind):
    """An AWS account, as the Security Token Service names the caller."""

    noun = "account"
    plural = "accounts"
    reads: ClassVar = {"sts:GetCallerIdentity": "*"}

    id: str = ""
    """The twelve digits of the caller's account."""

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the account of the caller."""
        identity = aws.read("sts:GetCallerIdentity", of=f"account {name}")
        return cls.of(identity.call, aws.gather({"name": name, "id": identity.at("Account")}))

    def create(self, aws: Aws) -> None:
        """Do nothing: moto's account is the environment's."""
