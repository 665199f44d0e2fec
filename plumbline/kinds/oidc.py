"""Identity providers of IAM that speak OpenID Connect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Declaration, arn, known
from plumbline.values.model import Text
from plumbline.values.unknown import Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource, Settings

_ARN = "arn:aws:iam::{account}:oidc-provider/{name}"
_SCHEME = "https://"
"""How each URL begins; IAM takes it with that, and tells it without. Source: IAM API reference."""


class OidcProvider(Kind):
    """An identity provider. Its name is its URL without `https://`."""

    noun = "oidc_provider"
    plural = "oidc_providers"
    terraform_type = "aws_iam_openid_connect_provider"
    regional = False
    name_argument = "url"
    listing = Listing(
        Call("iam:ListOpenIDConnectProviders", of="identity providers of {account}"),
        "OpenIDConnectProviderList[].Arn",
        after=":oidc-provider/",
        regional=False,
    )
    call = Call(
        "iam:GetOpenIDConnectProvider", {"OpenIDConnectProviderArn": _ARN}, of=_ARN, missing=("NoSuchEntity",)
    )
    computed: ClassVar = {
        "aws_iam_openid_connect_provider.id": lambda provider, settings: _arn(provider, settings),
        "aws_iam_openid_connect_provider.arn": lambda provider, settings: _arn(provider, settings),
    }
    arguments: ClassVar = {"arn": "url", "audiences": "client_id_list"}

    arn: str = ""
    url: str = ""
    audiences: list[Text] = []
    """Whom its tokens may be made out for, sorted: IAM takes no token with another `aud`."""

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return the URL of a Terraform resource without its scheme."""
        url = super().named(resource, configuration)
        return url if isinstance(url, Unknown) else url.removeprefix(_SCHEME)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "arn": cls.derive("arn", declaration.resource, declaration.configuration),
            "url": lambda: _whole(known(declaration.at("url"))),
            "audiences": lambda: _in_order(known(declaration.at("client_id_list")) or []),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "arn": f"arn:aws:iam::{asked.account}:oidc-provider/{asked.name}",
            "url": _whole(answer["Url"]),
            "audiences": _in_order(answer.get("ClientIDList", [])),
        }

    def requested(self) -> Requests:
        yield request(
            "iam:CreateOpenIDConnectProvider",
            Url=self.url,
            ClientIDList=self.audiences,
            ThumbprintList=["0" * 40],
        )


def _whole(url: str) -> str:
    return f"{_SCHEME}{url.removeprefix(_SCHEME)}"


def _in_order(audiences: list[Any]) -> list[Any]:
    return sorted({it: None for it in audiences if isinstance(it, str)}) + [
        it for it in audiences if not isinstance(it, str)
    ]


def _arn(provider: Mapping[str, Any], settings: Settings) -> str | None:
    url = provider.get("url")
    name = url.removeprefix(_SCHEME) if isinstance(url, str) else url
    return arn(settings, "iam", "oidc-provider/", name, regional=False)
