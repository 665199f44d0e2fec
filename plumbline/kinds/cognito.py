"""User pools of Amazon Cognito, as they are set up; who is in them is told by `cognito_users`."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.by_name import asked_of_moto, id_among
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Request, Requests, request
from plumbline.kinds.in_remedies import known_texts
from plumbline.kinds.kind import NOT_DEPLOYED, Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Beside, Declaration, as_chosen
from plumbline.values.arns import SUFFIXES, partition_of
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Identity, Placeholder

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Settings

POOLS = Call("cognito-idp:ListUserPools", {"MaxResults": 60}, of="user pools in {region}")
_ARN = "arn:aws:cognito-idp:{region}:{account}:userpool/{id}"
_ANY = "arn:aws:cognito-idp:{region}:{account}:userpool/*"


def of_pool(operation: str, absent: tuple[str, ...] = (), **parameters: str | int) -> Call:
    """Return the call that asks something of a pool by its id; an error among `absent` says: nothing."""
    told = {"UserPoolId": "{id}", **parameters}
    return Call(f"cognito-idp:{operation}", told, of=_ARN, on=_ANY, absent=absent)


ENDPOINT = "endpoint"
CLIENTS = of_pool("ListUserPoolClients", MaxResults=60)


def id_of_pool(asked: Asked) -> str:
    """Return the id of the pool of this name: Cognito chooses it, and lets several pools have one name.

    Raises `Missing` where there is none, and `Undetermined` where there are several.
    """
    pools = asked.ask(POOLS).answer["UserPools"]
    return id_among(((it["Name"], it["Id"]) for it in pools), asked, POOLS, "user pool")


def _by_id(facet: type[Facet], call: Call, asked: Asked) -> Found:
    reply = asked.ask(call, id=id_of_pool(asked))
    return Found(reply.at("@").map(lambda answer: facet.described(answer, asked)), reply.call)


class OfPool(Facet):
    """What Cognito tells by the id of a pool, which a list of all tells."""

    further_calls: ClassVar[tuple[Call, ...]] = (POOLS,)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        assert cls.call is not None
        return _by_id(cls, cls.call, asked)


class SecondFactors(OfPool):
    """What users can prove themselves with besides a password.

    Source: Cognito Developer Guide, "Adding MFA to a user pool".
    """

    call = of_pool("GetUserPoolMfaConfig")
    in_terraform: ClassVar = {
        "mfa": "mfa_configuration",
        "software_token_mfa": "software_token_mfa_configuration.enabled",
    }
    in_answer: ClassVar = {
        "mfa": "MfaConfiguration?",
        "software_token_mfa": "SoftwareTokenMfaConfiguration?.Enabled?",
    }

    mfa: str = "OFF"
    """Whether a second factor is asked for: OFF, OPTIONAL, ON."""
    software_token_mfa: bool = False
    """Whether that may be a code of an authenticator app."""

    def requested(self) -> Requests:
        if self.mfa != "OFF" or self.software_token_mfa:
            yield request(
                "cognito-idp:SetUserPoolMfaConfig",
                UserPoolId=(yield from _own_id(self.name)),
                MfaConfiguration=self.mfa,
                SoftwareTokenMfaConfiguration={"Enabled": self.software_token_mfa},
            )


class Groups(OfPool):
    """The groups that users can be put into."""

    call = of_pool("ListGroups")
    beside = Beside("aws_cognito_user_group", "user_pool_id", many=True)
    arguments: ClassVar = {"groups": "name"}

    groups: list[Text] = []
    """Their names, sorted."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"groups": _names(declaration)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"groups": sorted(it["GroupName"] for it in answer["Groups"])}

    def requested(self) -> Requests:
        for group in self.groups:
            pool = yield from _own_id(self.name)
            yield request("cognito-idp:CreateGroup", UserPoolId=pool, GroupName=group)


class Clients(OfPool):
    """The applications that users sign in to; how each is set up is told by `cognito_clients`."""

    call = CLIENTS
    beside = Beside("aws_cognito_user_pool_client", "user_pool_id", many=True)
    seen_through: ClassVar[tuple[str, ...]] = ("user_pool_client",)
    arguments: ClassVar = {"clients": "name"}

    clients: list[Text] = []
    """Their names, sorted; several may have one name."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"clients": _names(declaration)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"clients": sorted(it["ClientName"] for it in answer["UserPoolClients"])}


class UserPoolLimits(Model):
    """What can be expected of a pool besides its fields."""

    mfa_one_of: list[str]
    """The settings of MFA of which it has one."""
    threat_protection_one_of: list[str]
    """The modes of threat protection of which it has one."""
    group: str
    """A group that it has."""


def own_endpoint(pool: Mapping[str, Any], settings: Settings) -> str | None:
    """Return the endpoint of a pool of Terraform, whose id may have been chosen by now."""
    try:
        identifier = pool["id"]
    except KeyError:
        return None
    return _endpoint(identifier) if isinstance(identifier, str) else None


def _endpoint(identifier: str) -> str:
    """Return the endpoint of a pool, whose id begins with the region that it lies in.

    Source: provider, aws_cognito_user_pool, `endpoint`.
    """
    region = identifier.partition("_")[0]
    return f"cognito-idp.{region}.{SUFFIXES[partition_of(region)]}/{identifier}"


class UserPool(SecondFactors, Groups, Clients, Kind):
    """A pool of users, by its name; its id is Cognito's to choose."""

    noun = "user_pool"
    plural = "user_pools"
    expects_some = ("mfa_one_of", "threat_protection_one_of")
    terraform_type = "aws_cognito_user_pool"
    limits = UserPoolLimits
    listing = Listing(POOLS, "UserPools[].Name")
    call = of_pool("DescribeUserPool")
    further_calls: ClassVar[tuple[Call, ...]] = (POOLS,)
    remedy_names = ("pool_id",)
    chosen: ClassVar = {"id": "UserPool.Id", "arn": "UserPool.Arn"}
    computed: ClassVar = {f"aws_cognito_user_pool.{ENDPOINT}": own_endpoint}
    arguments: ClassVar = {
        "threat_protection": "user_pool_add_ons",
        "tier": "user_pool_tier",
    }
    in_answer: ClassVar = {
        "id": "UserPool.Id",
        "arn": "UserPool.Arn",
        "threat_protection": "UserPool.UserPoolAddOns?.AdvancedSecurityMode?",
        "tier": "UserPool.UserPoolTier?",
    }

    id: str = ""
    arn: str = ""
    threat_protection: str = "OFF"
    """OFF, AUDIT (sign-ins are recorded and rated) or ENFORCED (and acted upon)."""
    tier: str = ""
    """The feature plan: LITE, ESSENTIALS or PLUS, which alone has threat protection. Source: Cognito
    Developer Guide, "User pool feature plans"."""

    @property
    def endpoint(self) -> Any:
        """What an identity pool calls it by: a host without `https://`, a slash, and its id."""
        if isinstance(self.id, Identity):
            return Identity(self.id.root, self.id.address, ENDPOINT)
        return self.id if isinstance(self.id, Placeholder) else _endpoint(self.id)

    def named_in_remedies(self) -> dict[str, str]:
        """Return the id of the pool: every command takes that."""
        return known_texts(pool_id=self.id)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        pool = declaration.resource
        tier = declaration.at("user_pool_tier")
        return {
            **{it: as_chosen(pool, it) for it in ("id", "arn")},
            "threat_protection": declaration.at("user_pool_add_ons", "advanced_security_mode", default="OFF"),
            "tier": NOT_DEPLOYED if tier is None else tier,  # AWS chooses the plan where none is written
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        return _by_id(cls, cls.call, asked)

    def requested(self) -> Requests:
        tier = {"UserPoolTier": self.tier} if isinstance(self.tier, str) and self.tier else {}
        yield request(
            "cognito-idp:CreateUserPool",
            PoolName=self.name,
            UserPoolAddOns={"AdvancedSecurityMode": self.threat_protection},
            **tier,
        )


def _names(declaration: Declaration) -> list[Any]:
    return sorted((it.values.get("name") for it in declaration.parts), key=repr)


def _own_id(name: str) -> Generator[Request, dict[str, Any], str]:
    return asked_of_moto(POOLS, "UserPools", "Id", Name=name)
