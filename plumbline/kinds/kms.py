"""Keys of KMS, and how other resources name the key that they are encrypted with.

Source: KMS Developer Guide, "Key identifiers (KeyId)": a key goes by its id, its ARN, and the name or ARN of
any of its aliases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.key_access import (
    KEY_POLICY,
    SYMMETRIC,
    by_default,
    declared_policy,
    described_policy,
    with_resources,
)
from plumbline.kinds.key_use import UsedKey, refused, withheld
from plumbline.kinds.kind import NOT_DEPLOYED, NOT_IN_AWS, Kind, Wanted
from plumbline.policy import Policy, outsiders
from plumbline.terraform.companions import any_of, companions
from plumbline.terraform.declared import (
    Beside,
    Declaration,
    arn,
    identity,
    known,
    prevent_destroy,
)
from plumbline.terraform.values import OneOf
from plumbline.values.arns import partition_of
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Identity, Placeholder, Undetermined, Unexamined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.iam import Role
    from plumbline.kinds.iam_authorization import Authorization
    from plumbline.terraform.model import Configuration, Resource, Settings

ANY_KEY = "arn:aws:kms:{region}:{account}:key/*"
"""A permission on a key takes no alias for it. Source: KMS Developer Guide, "Using aliases"."""
_KEY_ID = re.compile(r":key/([\w-]+)$")
_PERIOD_UNLESS_SAID = 365
"""In days. Source: KMS API Reference, EnableKeyRotation, RotationPeriodInDays."""
_WHOSE = Unexamined("the account that the key's provider works in is not known")


def key_called(named: str) -> Call:
    """Return the call that tells of a key by what it goes by, an alias say."""
    missing = ("NotFoundException",)
    return Call("kms:DescribeKey", {"KeyId": named}, of=named, on=ANY_KEY, missing=missing)


DESCRIBE = key_called("{name}")

STATUS = Call(
    "kms:GetKeyRotationStatus",
    {"KeyId": "{id}"},
    of="{name}",
    on=ANY_KEY,
    absent=("UnsupportedOperationException",),
)


def declared_key(declaration: Declaration, named: Any) -> Any:
    """Return the ARN of the key or alias that an argument of a resource names; None where it names none.

    What is no ARN is looked for where the resource lies. Raises `Undetermined` where that is not known.
    """
    if isinstance(named, Placeholder):
        return named
    account = declaration.account
    if account is None and named and not named.startswith("arn:"):
        raise Undetermined(f"in which account {named} is looked for is not known")
    return _arn(named, declaration.configuration.settings.partition, declaration.region, account)


def described_key(asked: Asked, named: str | None) -> str | None:
    """Return the ARN of the key or alias that an answer names; None where it names none."""
    return _arn(named, partition_of(asked.region), asked.region, asked.account)


def _arn(named: str | None, partition: str, region: Any, account: str | None) -> str | None:
    if not named or named.startswith("arn:"):
        return named or None
    resource = named if named.startswith("alias/") else f"key/{named}"
    return f"arn:{partition}:kms:{known(region)}:{account}:{resource}"


def _can_be_rotated(declaration: Declaration) -> bool:
    """Return whether KMS rotates such a key; else it refuses to.

    Source: KMS Developer Guide, "Enable automatic key rotation": neither asymmetric keys, nor those for HMAC,
    nor those in a key store of one's own.
    """
    spec = declaration.at("customer_master_key_spec", default=SYMMETRIC)
    return known(spec) == SYMMETRIC and not known(declaration.at("custom_key_store_id", default=None))


class Rotation(Facet):
    """Whether KMS makes new key material by itself; it says that of an id only, not of an alias."""

    call = STATUS
    further_calls = (DESCRIBE,)

    arguments: ClassVar = {"rotation": "enable_key_rotation"}

    rotation: bool = False
    rotation_period_in_days: int | None = None
    """How often that is; None where it is switched off."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        rotation = declaration.at("enable_key_rotation", default=False)
        period = declaration.at("rotation_period_in_days", default=_PERIOD_UNLESS_SAID)
        told = period if isinstance(period, Placeholder) else lambda: period if known(rotation) else None
        return {
            "rotation": lambda: known(rotation) and _can_be_rotated(declaration),
            "rotation_period_in_days": told,
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        rotation = answer.get("KeyRotationEnabled", False)
        return {"rotation": rotation, "rotation_period_in_days": period_of(answer)}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        return read_by_id(cls, cls.call, asked)

    def requested(self) -> Requests:
        if self.rotation:
            key = yield request("kms:DescribeKey", KeyId=self.name)
            period = {"RotationPeriodInDays": it} if (it := self.rotation_period_in_days) else {}
            yield request("kms:EnableKeyRotation", KeyId=key["KeyMetadata"]["KeyId"], **period)


class Aliases(Facet):
    """The names that the key goes by besides its ARN."""

    call = Call("kms:ListAliases", {"KeyId": "{id}"}, of="{name}", on="*")
    further_calls = (DESCRIBE,)
    beside = Beside("aws_kms_alias", "target_key_id", many=True)
    arguments: ClassVar = {"aliases": "name", "is_named_by": "target_key_id"}

    if TYPE_CHECKING:
        arn: str

    aliases: list[Text] = []
    """Their ARNs, those that are known first."""

    def is_named_by(self, arn: str | None) -> bool:
        """Return whether an ARN that another resource gives, such as a bucket's `kms_key`, means this key.

        Raises `Undetermined` where one of the two is not known.
        """
        if arn is None:
            return False
        if isinstance(arn, str) and ":alias/" in arn:
            return any(alias == arn for alias in self.aliases)
        return bool(self.arn == arn)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        found = [declared_key(declaration, alias.values.get("name")) for alias in declaration.parts]
        told = sorted(it for it in found if isinstance(it, str))
        unknown = [it for it in found if isinstance(it, Placeholder)]
        return {"aliases": [*told, *unknown, *_targets_unknown(declaration.configuration)]}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"aliases": sorted(alias["AliasArn"] for alias in answer["Aliases"])}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        return read_by_id(cls, cls.call, asked)

    def requested(self) -> Requests:
        """Yield what creates the others than the one that the key was created with."""
        others = [alias.partition(":alias/")[2] for alias in self.aliases]
        for name in (f"alias/{it}" for it in others if f"alias/{it}" != self.name):
            key = yield request("kms:DescribeKey", KeyId=self.name)
            yield request("kms:CreateAlias", AliasName=name, TargetKeyId=key["KeyMetadata"]["KeyId"])


class KeyAccess(Facet):
    """Who may use the key."""

    call = KEY_POLICY
    further_calls = (DESCRIBE,)
    arguments: ClassVar = dict.fromkeys(("policy", "withheld", "outsiders", "refused"), "policy")

    if TYPE_CHECKING:
        arn: str
        aliases: list[Text]

    policy: Policy | None = None
    """None for the one that KMS gives a key by itself."""
    account: str = ""
    """The twelve digits of the account that it belongs to."""

    def withheld(self, actions: list[str]) -> list[str]:
        """Return the actions that the policy does not leave to the account: who has them IAM cannot say.

        Raises `Undetermined` where that hangs on what is not known. Source: KMS Developer Guide, "Key
        policies in AWS KMS", "Allows access to the AWS account and enables IAM policies".
        """
        return withheld(self._policy, known(self.account), actions)

    @property
    def outsiders(self) -> list[str]:
        """Who is let in from outside the account, as the policy names them; `*` for everybody.

        Raises `Undetermined` where that hangs on what is not known.
        """
        return outsiders(self._policy, known(self.account))

    def refused(
        self, actions: list[str], role: Role, authorization: Authorization, through: str | None = None
    ) -> list[str]:
        """Return the actions on the key that a role may not take: its own policies and the key's decide.

        `authorization` holds the documents of the managed policies that the role is given. A service may ask
        for the role, `dynamodb.eu-west-1.amazonaws.com` say. Raises `Undetermined` where an action is neither
        surely refused nor surely allowed.
        """
        key = UsedKey(self._policy, known(self.account), self.arn, self.aliases, through)
        return refused(actions, key, role, authorization)

    @property
    def _policy(self) -> Policy:
        policy = known(self.policy)
        return by_default(known(self.account)) if policy is None else policy

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "policy": lambda: declared_policy(declaration.resource, declaration.configuration),
            "account": declaration.account or _WHOSE,
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"policy": described_policy(answer, asked.account, asked.name), "account": asked.account}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        return read_by_id(cls, cls.call, asked)

    def requested(self) -> Requests:
        if self.policy is not None:
            key = yield request("kms:DescribeKey", KeyId=self.name)
            text = with_resources(self.policy).as_json()
            yield request(
                "kms:PutKeyPolicy", KeyId=key["KeyMetadata"]["KeyId"], PolicyName="default", Policy=text
            )


def id_in(arn: Any) -> dict[str, str]:
    """Return what remedies call the key of an ARN, where that is known."""
    found = _KEY_ID.search(arn) if isinstance(arn, str) else None
    return {"key_id": found[1]} if found else {}


def period_of(status: Answer) -> int | None:
    """Return how often KMS rotates a key, in days, by its answer; None where it does not."""
    return status.get("RotationPeriodInDays") if status.get("KeyRotationEnabled") else None


def read_by_id(facet: type[Facet], call: Call, asked: Asked) -> Found:
    """Read what KMS says of the id of a key only: its core tells the id."""
    key = asked.ask(DESCRIBE).answer["KeyMetadata"]["KeyId"]
    reply = asked.ask(call, id=key)
    return Found(reply.at("@").map(lambda answer: facet.described(answer, asked)), reply.call)


class KeyLimits(Model):
    """What can be expected of a key besides its fields."""

    account_actions: list[str]
    """What the policy must leave to the account: `kms:PutKeyPolicy`."""
    used_actions: list[str]
    """What the role that it is related to must be able to do with it."""
    used_through: str
    """The service that does this for the role: `dynamodb.eu-west-1.amazonaws.com`."""
    outsiders: list[str]
    """Who may be let in from outside the account, as the policy names them; sorted."""


class Key(Rotation, Aliases, KeyAccess, Kind):
    """A key of KMS, named by an alias: its id is AWS's to choose."""

    noun = "key"
    plural = "keys"
    expects_some = ("account_actions", "used_actions")
    terraform_type = "aws_kms_key"
    further_types = ("aws_kms_key_policy",)
    name_argument = ""
    name_pattern = "^alias/"
    limits = KeyLimits
    remedy_names = ("key_id",)
    call = DESCRIBE
    arguments: ClassVar = {
        "enabled": "is_enabled",
        **dict.fromkeys(("key_spec", "encrypts_data"), "customer_master_key_spec"),
        "prevent_destroy": "lifecycle",
    }
    chosen: ClassVar = {
        "id": "KeyMetadata.KeyId",
        "key_id": "KeyMetadata.KeyId",
        "arn": "KeyMetadata.Arn",
    }
    called_by = ("id", "key_id", "arn")
    computed: ClassVar = {
        "aws_kms_alias.id": lambda alias, settings: alias.get("name"),
        "aws_kms_alias.arn": lambda alias, settings: arn(settings, "kms", "", alias.get("name")),
        "aws_kms_alias.target_key_arn": lambda alias, settings: _target(alias, settings),
    }

    in_answer: ClassVar = {
        "arn": "KeyMetadata.Arn",
        "enabled": "KeyMetadata.Enabled",
        "key_spec": "KeyMetadata.KeySpec",
        "state": "KeyMetadata.KeyState",
        "deletion_window_in_days": NOT_IN_AWS,
        "prevent_destroy": NOT_IN_AWS,
    }

    arn: str = ""
    enabled: bool = True
    key_spec: str = SYMMETRIC
    state: str = ""
    """KMS's KeyState: Enabled, Disabled, PendingDeletion, ..."""
    deletion_window_in_days: int = 30
    """How long a key that is to be deleted can still be kept."""
    prevent_destroy: bool = False

    @property
    def encrypts_data(self) -> bool:
        """Whether services that keep data encrypt it with such a key."""
        return bool(known(self.key_spec) == SYMMETRIC)

    def named_in_remedies(self) -> dict[str, str]:
        """Return the id of the key: most commands take no alias for it."""
        return id_in(self.arn)

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return the first alias of the key; where it has none, the id that AWS chooses is all its name."""
        told = {**configuration.chosen_for(resource), **resource.values}.get("key_id")
        own = told if isinstance(told, str) and told else identity(resource, "key_id")
        return min(_names(resource, configuration), default=own)

    @classmethod
    def find(cls, configuration: Configuration, name: str, where: str, wanted: Wanted = None) -> Self:
        """Return the key of this alias, id or ARN, under the name that was asked for, as KMS does."""
        return super().find(configuration, name, where, wanted).model_copy(update={"name": name})

    @classmethod
    def resource(cls, configuration: Configuration, name: str, where: str) -> Resource:
        """Return the key of this alias, which need not be its only one, or of this id or ARN."""
        for key in configuration.of_type(cls.terraform_type):
            if name in _names(key, configuration) or name in _ids(key, configuration):
                return key
        for alias in configuration.of_type("aws_kms_alias"):
            target, called = alias.values.get("target_key_id"), alias.values.get("name")
            if isinstance(target, OneOf) and isinstance(called, str) and called == name:
                return any_of(target, cls.terraform_type, configuration)
        return super().resource(configuration, name, where)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        told = declaration.at("arn")
        return {
            "arn": told if isinstance(told, str) else identity(declaration.resource, "arn"),
            "enabled": declaration.at("is_enabled", default=True),
            "key_spec": declaration.at("customer_master_key_spec", default=SYMMETRIC),
            "state": NOT_DEPLOYED,
            "deletion_window_in_days": declaration.at("deletion_window_in_days", default=30),
            "prevent_destroy": prevent_destroy(declaration.resource),
        }

    def requested(self) -> Requests:
        of_pair = {} if self.key_spec == SYMMETRIC else {"KeyUsage": "SIGN_VERIFY", "KeySpec": self.key_spec}
        made = yield request("kms:CreateKey", **of_pair)
        key = made["KeyMetadata"]["KeyId"]
        if not isinstance(self.name, Placeholder):
            yield request("kms:CreateAlias", AliasName=self.name, TargetKeyId=key)
        if not self.enabled:
            yield request("kms:DisableKey", KeyId=key)
        yield request("kms:DescribeKey", KeyId=key)


def _ids(key: Resource, configuration: Configuration) -> list[Any]:
    """Return what AWS has chosen for a key, as far as that is known."""
    told = {**configuration.chosen_for(key), **key.values}
    return [it for name in Key.called_by if isinstance(it := told.get(name), str)]


def _names(key: Resource, configuration: Configuration) -> list[str]:
    """Return the names of a key's aliases, as far as they are known."""
    try:
        aliases = companions(key, configuration, "aws_kms_alias", "target_key_id")
    except Undetermined:
        return []
    names = (alias.values.get("name") for alias in aliases)
    return [name for name in names if isinstance(name, str)]


def _targets_unknown(configuration: Configuration) -> list[Unknown]:
    """Return what aliases stand for of which nobody knows the key: it may be any."""
    targets = (alias.values.get("target_key_id") for alias in configuration.of_type("aws_kms_alias"))
    return [it for it in targets if isinstance(it, Unknown) and not isinstance(it, Identity)]


def _target(alias: Mapping[str, Any], settings: Settings) -> Any:
    """Return the ARN of the key that an alias stands for; None where that is not known."""
    target = alias.get("target_key_id")
    if isinstance(target, Identity):
        return Identity(target.root, target.address, "arn")
    if isinstance(target, Placeholder) or None in (settings.region, settings.account):
        return None
    return _arn(target, settings.partition, settings.region, settings.account)
