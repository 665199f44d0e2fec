"""The applications that users of a pool of Cognito sign in to, each with how it is set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.by_name import asked_of_moto, id_among
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.cognito import CLIENTS, POOLS, id_of_pool, of_pool
from plumbline.kinds.facet import Fields, Found, Requests, request
from plumbline.kinds.in_remedies import known_texts
from plumbline.kinds.kind import Kind
from plumbline.terraform.declared import Declaration, as_chosen, at, given, known
from plumbline.terraform.named_by_id import named
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Placeholder, Undetermined, Unknown, missing_as

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource

CLIENT = of_pool("DescribeUserPoolClient", ClientId="{client}")
_SECRET = "ClientSecret"
_FLOWS = ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
"""The flows of a client for which none is said. Source: Cognito API Reference, CreateUserPoolClient,
ExplicitAuthFlows."""
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_TOKENS = {"access_token": (1, "hours"), "id_token": (1, "hours"), "refresh_token": (30, "days")}
"""How long tokens are good for where nothing is said, and in what a number without a unit is. Source: the
same, AccessTokenValidity, IdTokenValidity, RefreshTokenValidity, TokenValidityUnits."""
_IN_API = {"access_token": "AccessToken", "id_token": "IdToken", "refresh_token": "RefreshToken"}


class UserPoolClientLimits(Model):
    """What can be expected of a client besides its fields."""

    forbidden_auth_flows: list[str]
    """Flows of which it has none, each under whatever name Cognito takes it by."""


class UserPoolClient(Kind):
    """A client of a user pool. Its name is `pool/client`; its id is Cognito's to choose.

    What its secret is, is never kept.
    """

    noun = "user_pool_client"
    plural = "user_pool_clients"
    expects_some = ("forbidden_auth_flows",)
    terraform_type = "aws_cognito_user_pool_client"
    held_by = "user_pool"
    limits = UserPoolClientLimits
    call = CLIENT
    further_calls: ClassVar[tuple[Call, ...]] = (POOLS, CLIENTS)
    remedy_names = ("pool_id", "client_id")
    chosen: ClassVar = {"id": "UserPoolClient.ClientId"}
    arguments: ClassVar = {
        "flows_among": "explicit_auth_flows",
        **{f"{it}_seconds": f"{it}_validity" for it in _TOKENS},
    }

    id: str = ""
    user_pool_id: str = ""
    explicit_auth_flows: list[Text] = _FLOWS
    """How users can sign in, sorted."""
    generate_secret: bool = False
    """Whether it has a secret."""
    prevent_user_existence_errors: str = "LEGACY"
    """ENABLED where a failed sign-in does not tell whether there is such a user."""
    enable_token_revocation: bool = False
    access_token_seconds: int = 3600
    id_token_seconds: int = 3600
    refresh_token_seconds: int = 30 * 86400
    """How long each sort of token is good for."""

    @property
    def measured_by(self) -> dict[str, Any]:
        """The dimensions of its metrics. Source: Cognito developer guide, "User pool metrics"."""
        return {"UserPool": self.user_pool_id, "UserPoolClient": self.id}

    def flows_among(self, forbidden: list[str]) -> list[str]:
        """Return those of some flows that the client has, also by the older name of one.

        ADMIN_NO_SRP_AUTH is that of ALLOW_ADMIN_USER_PASSWORD_AUTH, CUSTOM_AUTH_FLOW_ONLY that of
        ALLOW_CUSTOM_AUTH, and USER_PASSWORD_AUTH that of ALLOW_USER_PASSWORD_AUTH. Source: Cognito API
        Reference, CreateUserPoolClient, ExplicitAuthFlows.
        """
        wanted = {_newer(it) for it in forbidden}
        return [it for it in self.explicit_auth_flows if _newer(known(it)) in wanted]

    def named_in_remedies(self) -> dict[str, str]:
        """Return the ids of the pool and of the client: every command takes those."""
        return known_texts(pool_id=self.user_pool_id, client_id=self.id)

    @classmethod
    def holder(cls, name: str) -> str:
        """Return the name of the pool."""
        return name.partition("/")[0]

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return `pool/client`; what stands for it where nothing here says the name of the pool."""
        try:
            pool, _ = named(resource.values.get("user_pool_id"), _POOL, configuration).one("user pool")
        except Undetermined:
            return Unknown(f"{resource.address}.user_pool_id")
        names = [it.values.get("name") for it in (pool, resource)]
        unknown = [it for it in names if isinstance(it, Unknown)]
        return unknown[0] if unknown else "/".join(map(str, names))

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        client = declaration.resource
        flows = declaration.at("explicit_auth_flows")
        return {
            "id": as_chosen(client, "id"),
            "user_pool_id": declaration.at("user_pool_id"),
            "explicit_auth_flows": (lambda: sorted(known(flows), key=repr))
            if given(flows)
            else _unsaid(client, "explicit_auth_flows"),
            "generate_secret": declaration.at("generate_secret", default=False),
            **{
                it: _unsaid(client, it) if (told := declaration.at(it)) is None else told
                for it in ("prevent_user_existence_errors", "enable_token_revocation")
            },
            **{f"{it}_seconds": _declared_seconds(declaration, it) for it in _TOKENS},
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        pool, client = ids_of_client(asked)
        reply = asked.ask(CLIENT, id=pool, client=client, kept=without_secret)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        client = answer["UserPoolClient"]
        return {
            "id": client["ClientId"],
            "user_pool_id": client["UserPoolId"],
            "explicit_auth_flows": sorted(client.get("ExplicitAuthFlows") or _FLOWS),
            "generate_secret": bool(client.get(_SECRET)),
            "prevent_user_existence_errors": client.get("PreventUserExistenceErrors", "LEGACY"),
            "enable_token_revocation": client.get("EnableTokenRevocation", False),
            **{f"{it}_seconds": _described_seconds(client, it) for it in _TOKENS},
        }

    def requested(self) -> Requests:
        pool, _, client = self.name.partition("/")
        yield request(
            "cognito-idp:CreateUserPoolClient",
            UserPoolId=(yield from asked_of_moto(POOLS, "UserPools", "Id", Name=pool)),
            ClientName=client,
            GenerateSecret=self.generate_secret,
            ExplicitAuthFlows=self.explicit_auth_flows,
            PreventUserExistenceErrors=self.prevent_user_existence_errors,
            EnableTokenRevocation=self.enable_token_revocation,
            TokenValidityUnits={_IN_API[it]: "seconds" for it in _TOKENS},
            **{f"{_IN_API[it]}Validity": getattr(self, f"{it}_seconds") for it in _TOKENS},
        )


_POOL = "aws_cognito_user_pool"
_NEWER = {
    "ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "CUSTOM_AUTH_FLOW_ONLY": "ALLOW_CUSTOM_AUTH",
    "USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH",
}


def ids_of_client(asked: Asked) -> tuple[str, str]:
    """Return the ids of the pool and of the client of a name `pool/client`.

    Raises `Missing` where there is none, and `Undetermined` where several have the name.
    """
    pool = UserPoolClient.holder(asked.name)
    with missing_as(pool):
        of = id_of_pool(replace(asked, name=pool))
    listed = asked.ask(CLIENTS, id=of).answer["UserPoolClients"]
    pairs = ((f"{pool}/{it['ClientName']}", it["ClientId"]) for it in listed)
    return of, id_among(pairs, asked, CLIENTS, "client")


def without_secret(answer: Answer) -> Answer:
    """Return what is told of a client with whether it has a secret in the place of that."""
    client = answer["UserPoolClient"]
    return {**answer, "UserPoolClient": {**client, _SECRET: _SECRET in client}}


def _newer(flow: str) -> str:
    return _NEWER.get(flow, flow)


def _unsaid(client: Resource, argument: str) -> Unknown:
    """Return what stands for an argument that is left as it was: Terraform does not say how that is."""
    return Unknown(f"{client.address}.{argument}")


def _declared_seconds(declaration: Declaration, token: str) -> Any:
    number = declaration.at(f"{token}_validity")
    if not given(number) or number == 0:
        return _unsaid(declaration.resource, f"{token}_validity")
    unit = declaration.at("token_validity_units", token)
    if isinstance(number, Placeholder) or isinstance(unit, Placeholder):
        return number if isinstance(number, Placeholder) else unit
    return int(number) * _SECONDS[unit or _TOKENS[token][1]]


def _described_seconds(client: Mapping[str, Any], token: str) -> int:
    number, unit = _TOKENS[token]
    told = client.get(f"{_IN_API[token]}Validity") or number
    return int(told) * _SECONDS[at(client, "TokenValidityUnits", _IN_API[token], default=unit)]
