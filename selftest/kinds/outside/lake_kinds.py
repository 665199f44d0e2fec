"""What a distribution of somebody else's brings: user pools, and the CORS rules of buckets.

docs/kinds.md shows these classes; the proofs beside this file put them through the kit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plumbline.kinds import (
    Asked,
    Beside,
    Call,
    Configuration,
    Declaration,
    Facet,
    Fields,
    Found,
    Kind,
    Missing,
    Model,
    Requests,
    Resource,
    Text,
    Undetermined,
    Unknown,
    companions,
    identity,
    request,
)

_DOMAIN = Call("cognito-idp:DescribeUserPoolDomain", {"Domain": "{name}"}, of="{name}", on="*")


class Clients(Facet):
    """The applications that people sign in to; Cognito lists them by the id of the pool only."""

    call = Call("cognito-idp:ListUserPoolClients", {"UserPoolId": "{id}"}, of="{name}", on="*")
    further_calls = (_DOMAIN,)
    beside = Beside("aws_cognito_user_pool_client", "user_pool_id", many=True)
    arguments = {"clients": "name"}

    clients: list[Text] = []

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        for client in declaration.parts:
            if client.address.endswith("[*]"):
                raise Undetermined(f"how many {client.address} there are is known only after apply")
        return {"clients": [client.values["name"] for client in declaration.parts]}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        pool = asked.ask(_DOMAIN).answer["DomainDescription"]["UserPoolId"]
        reply = asked.ask(cls.calls()[0], id=pool)
        return Found({"clients": reply.at("UserPoolClients[].ClientName")}, reply.call)

    def requested(self) -> Requests:
        for client in self.clients:
            found = yield request("cognito-idp:DescribeUserPoolDomain", Domain=self.name)
            pool = found["DomainDescription"]["UserPoolId"]
            yield request("cognito-idp:CreateUserPoolClient", UserPoolId=pool, ClientName=client)


class CorsRule(Model):
    """A rule that lets pages of other origins ask."""

    id: str
    origins: list[Text]
    max_age_seconds: int | None = None


class Cors(Facet):
    """Which pages may ask the bucket from a browser."""

    extends = "bucket"
    call = Call(
        "s3:GetBucketCors",
        {"Bucket": "{name}"},
        of="arn:aws:s3:::{name}",
        action="s3:GetBucketCORS",
        absent=("NoSuchCORSConfiguration",),
    )
    beside = Beside("aws_s3_bucket_cors_configuration", "bucket")
    arguments = {"cors_rules": "cors_rule"}

    cors_rules: list[CorsRule] = []

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"cors_rules": [_declared_rule(it) for it in declaration.blocks("cors_rule")]}

    @classmethod
    def described(cls, answer: Mapping[str, Any], asked: Asked) -> Fields:
        return {"cors_rules": [_described_rule(it) for it in answer.get("CORSRules", [])]}

    def requested(self) -> Requests:
        if self.cors_rules:
            rules = [_requested_rule(it) for it in self.cors_rules]
            yield request("s3:PutBucketCors", Bucket=self.name, CORSConfiguration={"CORSRules": rules})


def _declared_rule(rule: Mapping[str, Any]) -> CorsRule:
    age = rule.get("max_age_seconds")
    return CorsRule(id=rule["id"], origins=rule["allowed_origins"], max_age_seconds=age)


def _described_rule(rule: Mapping[str, Any]) -> CorsRule:
    age = rule.get("MaxAgeSeconds")
    return CorsRule(id=rule["ID"], origins=rule["AllowedOrigins"], max_age_seconds=age)


def _requested_rule(rule: CorsRule) -> dict[str, Any]:
    age = {"MaxAgeSeconds": rule.max_age_seconds} if rule.max_age_seconds else {}
    return {"ID": rule.id, "AllowedOrigins": rule.origins, "AllowedMethods": ["GET"], **age}


class UserPool(Clients, Kind):
    """A pool of users, named by its domain: its id is Cognito's to choose."""

    noun = "sign_in_pool"
    plural = "sign_in_pools"
    terraform_type = "aws_cognito_user_pool"
    name_argument = ""
    call = _DOMAIN
    chosen = {"id": "UserPool.Id", "arn": "UserPool.Arn"}

    id: str = ""

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return the domain of the pool."""
        domains = companions(resource, configuration, "aws_cognito_user_pool_domain", "user_pool_id")
        return domains[0].values["domain"] if domains else identity(resource, "id")

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"id": identity(declaration.resource, "id")}

    @classmethod
    def described(cls, answer: Mapping[str, Any], asked: Asked) -> Fields:
        if not answer["DomainDescription"]:
            raise Missing(f"user pool {asked.name}", f"in {asked.region}")
        return {"id": answer["DomainDescription"]["UserPoolId"]}

    def requested(self) -> Requests:
        made = yield request("cognito-idp:CreateUserPool", PoolName=self.name)
        pool = made["UserPool"]["Id"]
        yield request("cognito-idp:CreateUserPoolDomain", UserPoolId=pool, Domain=self.name)
        yield request("cognito-idp:DescribeUserPool", UserPoolId=pool)
