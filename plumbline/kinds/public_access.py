"""What keeps S3 from becoming public: four settings, of a bucket and of the account for all its buckets."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.terraform.companions import everywhere
from plumbline.terraform.declared import Declaration, at, refuse_difference
from plumbline.values.model import Model
from plumbline.values.unknown import Missing, Undetermined, Unknown

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


def _say_the_same(one: Resource, other: Resource) -> bool:
    try:
        return PublicAccessBlock.declared(one.values) == PublicAccessBlock.declared(other.values)
    except Undetermined:
        return False


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
    def resource(cls, configuration: Configuration, name: str, where: str) -> Resource:
        """Return the resource that says it of an account, whichever root of the environment declares it.

        Raises what a kind's `resource` raises, and `Undetermined` where another root may declare it, or two
        say different things.
        """
        said = everywhere(configuration, cls.terraform_type)
        found = [it for it, root in said.found if cls._is(name, it, root)]
        for other in found[1:]:
            if not _say_the_same(found[0], other):
                refuse_difference(f"the public access block of account {name}", found[0], other)
        if found:
            return found[0]
        for root in configuration.others():
            with contextlib.suppress(Missing):
                return super().resource(root, name, where)
        return super().resource(configuration, name, where)

    @classmethod
    def refuse_namesakes(cls, here: str, resource: Resource, configuration: Configuration) -> None:
        """Refuse none: `resource` compares what they come to, and not how they say it."""

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
