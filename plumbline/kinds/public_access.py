"""What keeps S3 from becoming public: four settings, of a bucket and of the account for all its buckets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from plumbline.kinds.kind import Kind
from plumbline.terraform.declared import at, place
from plumbline.values.model import Model
from plumbline.values.unknown import Placeholder, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.terraform.model import Configuration, Resource


class PublicAccessBlock(Model):
    """The four settings that keep S3 from becoming public; what says nothing of them has none on."""

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False

    @classmethod
    def declared(cls, values: Any) -> Any:
        """Return the settings as the arguments of a Terraform resource give them."""
        if isinstance(values, Placeholder):
            return values
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
    name_argument = "account_id"
    reads: ClassVar = {"s3control:GetPublicAccessBlock": "*"}

    public_access_block: PublicAccessBlock = PublicAccessBlock()

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return the account that a resource is about: the caller's own where it names none."""
        if resource.values.get("account_id") is None:
            return configuration.settings.account or Unknown(f"{resource.address}.account_id")
        return super().named(resource, configuration)

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the settings as `aws_s3_account_public_access_block` declares them."""
        fields = {
            "name": cls.named(resource, configuration),
            "public_access_block": PublicAccessBlock.declared(resource.values),
        }
        return cls.of(str(resource.location), fields, {"name": place(resource, "account_id")})

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the settings as S3 describes them; an account that has none is missing them."""
        block = aws.read(
            "s3control:GetPublicAccessBlock",
            {"AccountId": name},
            of=f"public access block of account {name}",
            missing=["NoSuchPublicAccessBlockConfiguration"],
        )
        settings = block.at("PublicAccessBlockConfiguration").map(PublicAccessBlock.described)
        return cls.of(block.call, aws.gather({"name": name, "public_access_block": settings}))

    def create(self, aws: Aws) -> None:
        """Switch the settings in moto."""
        aws.write(
            "s3control:PutPublicAccessBlock",
            AccountId=self.name,
            PublicAccessBlockConfiguration=self.public_access_block.requested(),
        )
