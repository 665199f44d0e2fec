"""Identity pools of Amazon Cognito: who is given credentials of AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import WrapValidator

from plumbline.kinds.by_name import id_among
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.cognito import ENDPOINT
from plumbline.kinds.facet import Fields, Found, Requests, request
from plumbline.kinds.in_remedies import known_texts
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Declaration, as_chosen, at
from plumbline.values.model import Model, Text, keep_placeholder
from plumbline.values.some_of import one_is
from plumbline.values.unknown import Identity, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_POOLS = Call("cognito-identity:ListIdentityPools", {"MaxResults": 60}, of="identity pools in {region}")
_POOL = Call(
    "cognito-identity:DescribeIdentityPool",
    {"IdentityPoolId": "{id}"},
    of="arn:aws:cognito-identity:{region}:{account}:identitypool/{id}",
    on="arn:aws:cognito-identity:{region}:{account}:identitypool/*",
)


class Provider(Model):
    """A client of a user pool, whoever has signed in to which is let in."""

    provider_name: Text
    """The endpoint of the user pool."""
    client_id: Text
    server_side_token_check: Annotated[bool, WrapValidator(keep_placeholder)] = False
    """Whether the user pool is asked if the user is still there, and has not signed out everywhere."""


class IdentityPool(Kind):
    """An identity pool, by its name; its id is Cognito's to choose."""

    noun = "identity_pool"
    plural = "identity_pools"
    terraform_type = "aws_cognito_identity_pool"
    name_argument = "identity_pool_name"
    listing = Listing(_POOLS, "IdentityPools[].IdentityPoolName")
    call = _POOL
    further_calls: ClassVar[tuple[Call, ...]] = (_POOLS,)
    remedy_names = ("identity_pool_id",)
    chosen: ClassVar = {"id": "IdentityPoolId"}
    arguments: ClassVar = dict.fromkeys(("providers", "admits"), "cognito_identity_providers")

    id: str = ""
    allow_unauthenticated_identities: bool = False
    """Whether guests get credentials, too."""
    providers: list[Provider] = []
    """Whose users are let in, of those who sign in to Cognito; sorted."""

    def admits(self, provider_name: str, client_id: str) -> bool:
        """Return whether it lets in who signed in to a client of a user pool. Raises `Undetermined`."""
        return one_is(
            self.providers, lambda it: bool(it.client_id == client_id and it.provider_name == provider_name)
        )

    def named_in_remedies(self) -> dict[str, str]:
        """Return the id of the pool: every command takes that."""
        return known_texts(identity_pool_id=self.id)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        guests = declaration.at("allow_unauthenticated_identities", default=False)
        return {
            "id": as_chosen(declaration.resource, "id"),
            "allow_unauthenticated_identities": guests,
            "providers": lambda: _declared(declaration),
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        pools = asked.ask(_POOLS).answer["IdentityPools"]
        pairs = ((it["IdentityPoolName"], it["IdentityPoolId"]) for it in pools)
        reply = asked.ask(_POOL, id=id_among(pairs, asked, _POOLS, "identity pool"))
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        found = [
            Provider(
                provider_name=it["ProviderName"],
                client_id=it["ClientId"],
                server_side_token_check=it.get("ServerSideTokenCheck", False),
            )
            for it in answer.get("CognitoIdentityProviders") or []
        ]
        return {
            "id": answer["IdentityPoolId"],
            "allow_unauthenticated_identities": answer["AllowUnauthenticatedIdentities"],
            "providers": sorted(found, key=repr),
        }

    def requested(self) -> Requests:
        yield request(
            "cognito-identity:CreateIdentityPool",
            IdentityPoolName=self.name,
            AllowUnauthenticatedIdentities=self.allow_unauthenticated_identities,
            CognitoIdentityProviders=[
                {
                    "ProviderName": it.provider_name,
                    "ClientId": it.client_id,
                    "ServerSideTokenCheck": it.server_side_token_check,
                }
                for it in self.providers
            ],
        )


def _declared(declaration: Declaration) -> list[Provider]:
    """Return the providers that Terraform declares. Raises `Undetermined` where their number is unknown."""
    found = [
        Provider(
            provider_name=_endpoint(at(it, "provider_name", default="")),
            client_id=at(it, "client_id", default=""),
            server_side_token_check=at(it, "server_side_token_check", default=False),
        )
        for it in declaration.blocks("cognito_identity_providers")
    ]
    return sorted(found, key=repr)


def _endpoint(told: Any) -> Any:
    """Return what a provider is called by; what stands for anything else of a pool is not its endpoint."""
    is_other = isinstance(told, Identity) and told.attribute != ENDPOINT
    return Unknown(told.origin) if is_other else told
