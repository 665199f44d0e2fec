"""What keeps S3 from becoming public: four settings, of a bucket and of the account for all its buckets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.terraform.declared import Declaration, at
from plumbline.values.model import Model
from plumbline.values.unknown import Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource


class PublicAccessBlock(Model):
    """The four settings that keep S3 from becoming public; what says nothing of them has none on."""

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False

    @classmethod
    def declared(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings as the arguments of a Terraform resource give them."""
        return {name: at(values, name, default=False) for name in cls.model_fields}

    @classmethod
    def described(cls, settings: Mapping[str, bool] | None) -> dict[str, bool]:
        """Return the settings as S3 describes them."""
        return {_SETTINGS[name]: value for name, value in (settings or {}).items()}

    def requested(self) -> dict[str, bool]:
        """Return the settings as S3 takes them."""
        return {name: getattr(self, field) for name, field in _SETTINGS.items()}


_SETTINGS = {
    "BlockPublicAcls": "block_public_acls",
    "IgnorePublicAcls": "ignore_public_acls",
    "BlockPublicPolicy": "block_public_policy",
    "RestrictPublicBuckets": "restrict_public_buckets",
}


class AccountPublicAccess(Kind):
    """The public access block of a whole account. Its name is the account's id.

    Source: Amazon S3 User Guide, "Blocking public access": the account's settings hold for every bucket.
    """

    noun = "account_public_access"
    plural = "account_public_access"
    terraform_type = "aws_s3_account_public_access_block"
    regional = False
    name_argument = "account_id"
    call = Call(
        "s3control:GetPublicAccessBlock",
        {"AccountId": "{name}"},
        of="public access block of account {name}",
        missing=("NoSuchPublicAccessBlockConfiguration",),
        action="s3:GetAccountPublicAccessBlock",
    )

    public_access_block: PublicAccessBlock = PublicAccessBlock()

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return the account that a resource is about: the caller's own where it names none."""
        if resource.values.get("account_id") is None:
            return configuration.settings.account or Unknown(f"{resource.address}.account_id")
        return super().named(resource, configuration)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"public_access_block": PublicAccessBlock.declared(declaration.values)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"public_access_block": PublicAccessBlock.described(answer["PublicAccessBlockConfiguration"])}

    def requested(self) -> Requests:
        settings = self.public_access_block.requested()
        yield request(
            "s3control:PutPublicAccessBlock", AccountId=self.name, PublicAccessBlockConfiguration=settings
        )
