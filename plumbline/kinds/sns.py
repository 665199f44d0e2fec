"""SNS topics and who listens to them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.declared_policies import document
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.key_access import (
    KEY_POLICY,
    KEYS,
    by_default,
    declared_access,
    described_access,
    is_of_aws,
)
from plumbline.kinds.kind import Kind
from plumbline.kinds.kms import declared_key, described_key
from plumbline.kinds.listing import Listing
from plumbline.policy import OVER_TLS, Context, Policy, decide
from plumbline.terraform.declared import Beside, Declaration, arn, given, known, place
from plumbline.values.arns import account_in, partition_of, region_in
from plumbline.values.model import Text
from plumbline.values.pseudonyms import PSEUDONYM, pseudonym
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Identity, Placeholder, ReadError

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Resource, Settings

_UNCONFIRMED = ("PendingConfirmation", "Deleted")
"""What stands in place of an ARN while a subscriber has not agreed. Source: SNS API reference."""
_OF_PERSONS = ("email", "email-json", "sms")
_ARN = "arn:aws:sns:{region}:{account}:{name}"


_SUBSCRIPTION = Call(
    "sns:GetSubscriptionAttributes", {"SubscriptionArn": f"{_ARN}:{{subscription}}"}, of=_ARN
)


class Subscriptions(Facet):
    """Who receives what is published."""

    call = Call("sns:ListSubscriptionsByTopic", {"TopicArn": _ARN}, of=_ARN, absent=("NotFound",))
    further_calls: ClassVar[tuple[Call, ...]] = (_SUBSCRIPTION,)
    beside = Beside("aws_sns_topic_subscription", "topic_arn", by="arn", many=True)

    if TYPE_CHECKING:
        arn: str

    subscriptions: list[Text] = []
    """As `sqs:arn:aws:sqs:...`, and of a person `email:1d8e2a7c5b90`; in an account only who has confirmed.

    One whose filter keeps alarms and events from it is none.
    """

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        found = [
            (
                _subscription(*_taken(it)),
                _declared_filter(it),
            )
            for it in declaration.parts
        ]
        return {"subscriptions": _heard(found)}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        reply = asked.ask(cls.call, kept=_without_persons)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        confirmed = [
            it for it in answer.get("Subscriptions", []) if it["SubscriptionArn"] not in _UNCONFIRMED
        ]
        ids = [it["SubscriptionArn"].rpartition(":")[2] for it in confirmed]
        replies = [asked.ask(_SUBSCRIPTION, kept=_filter_alone, subscription=it) for it in ids]
        attributes = [it.answer["Attributes"] for it in replies]
        found = [
            (
                _subscription(it["Protocol"], it["Endpoint"]),
                _hears_services(held.get("FilterPolicy"), held.get("FilterPolicyScope")),
            )
            for it, held in zip(confirmed, attributes, strict=True)
        ]
        return {"subscriptions": _heard(found)}

    def requested(self) -> Requests:
        """Return what subscribes them; in moto everybody confirms at once."""
        for subscription in self.subscriptions:
            protocol, _, endpoint = str(subscription).partition(":")
            yield request("sns:Subscribe", TopicArn=self.arn, Protocol=protocol, Endpoint=endpoint)


_ATTRIBUTES = Call("sns:GetTopicAttributes", {"TopicArn": _ARN}, of=_ARN, absent=("NotFound",))


class Access(Facet):
    """Who may publish."""

    call = _ATTRIBUTES
    beside = Beside("aws_sns_topic_policy", "arn", by="arn")
    arguments: ClassVar = {
        "policy": "policy",
        **dict.fromkeys(("hears_alarm", "hears_rule", "hears_trail", "keeps_alarm_out"), "policy"),
    }

    if TYPE_CHECKING:
        arn: str
        kms_key: str | None
        key_policy: Policy | None
        key_enabled: bool

    policy: Policy | None = None
    """None for the one that SNS gives a topic by itself: whatever the account's own resources publish."""

    def hears_alarm(self, name: str) -> bool:
        """Return whether an alarm of the topic's account may publish to it, through its encryption, too."""
        return not self.keeps_alarm_out(name)

    def keeps_alarm_out(self, name: str) -> list[str]:
        """Return what of the topic keeps an alarm of its account from publishing to it."""
        return self._refusing("cloudwatch", "alarm:", name, {"aws:SourceOwner": self._account})

    def hears_rule(self, name: str) -> bool:
        """Return whether an event rule of the topic's account may. The topic's default does not let it."""
        return not self.keeps_rule_out(name)

    def keeps_rule_out(self, name: str) -> list[str]:
        """Return what of the topic keeps an event rule of its account from publishing to it."""
        # No owner is told of an event: it equals none.
        return self._refusing("events", "rule/", name, {"aws:SourceOwner": ""})

    def hears_trail(self, name: str) -> bool:
        """Return whether a trail of the topic's account may. The topic's default does not let it."""
        return not self._refusing("cloudtrail", "trail/", name, {"aws:SourceOwner": ""})

    def _refusing(self, service: str, resource: str, name: str, context: dict[str, str]) -> list[str]:
        """Return what keeps a service from publishing for one of its resources: the policy, or else the key.

        Raises `Undetermined` where a policy hangs on what is not known. Source: SNS developer guide, "Example
        cases for Amazon SNS access control" and "Enable compatibility between event sources from AWS services
        and encrypted topics"; EventBridge user guide, "Using resource-based policies".
        """
        region = region_in(known(self.arn))
        told: Context = {
            **OVER_TLS,
            "aws:SourceAccount": self._account,
            "aws:PrincipalIsAWSService": "true",
            **context,
        }
        if isinstance(name, str):
            source = f"arn:{partition_of(region)}:{service}:{region}:{self._account}:{resource}{name}"
            told = {**told, "aws:SourceArn": source}
        asker = ("Service", f"{service}.amazonaws.com")
        policy = known(self.policy) or _default(known(self.arn))
        if decide([policy], "sns:Publish", known(self.arn), asker, told) != "allowed":
            return [f"its policy does not let {asker[1]} publish"]
        if self.kms_key is None:
            return []
        if is_of_aws(self.kms_key):
            return [f"{self.kms_key} is AWS's own key, whose policy lets no service in"]
        if not self.key_enabled:
            return ["its key encrypts for nobody: it is disabled, or is no symmetric one"]
        if not isinstance(self.kms_key, Identity):
            known(self.kms_key)  # it may turn out to be none
        key = known(self.key_policy) or by_default(self._account)
        wanted = ("kms:Decrypt", "kms:GenerateDataKey")
        lacking = [it for it in wanted if decide([key], it, "", asker, told) != "allowed"]
        return [f"the policy of its key does not let {asker[1]} call {it}" for it in lacking]

    @property
    def _account(self) -> str:
        return account_in(known(self.arn))

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what `policy` of the topic itself says."""
        return {"policy": text} if given(text := values.get("policy")) else None

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"policy": lambda: _read(declaration.at("policy"), declaration)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        attributes = answer["Attributes"]
        policy = Policy.read(attributes["Policy"], f"the policy of {asked.name}")
        return {"policy": None if policy == _default(attributes["TopicArn"]) else policy}

    def requested(self) -> Requests:
        if self.policy is not None:
            text = self.policy.as_json()
            yield request(
                "sns:SetTopicAttributes", TopicArn=self.arn, AttributeName="Policy", AttributeValue=text
            )


class Encryption(Facet):
    """The key that messages are encrypted with while they wait."""

    call = _ATTRIBUTES
    arguments: ClassVar = {"kms_key": "kms_master_key_id"}

    kms_key: str | None = None
    """The ARN of the key or of an alias of it; None where they are not encrypted with one of KMS."""

    if TYPE_CHECKING:
        arn: str

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        named = declaration.resource.values.get("kms_master_key_id")
        return {"kms_key": lambda: declared_key(declaration, named) if given(named) else None}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"kms_key": described_key(asked, answer["Attributes"].get("KmsMasterKeyId"))}

    def requested(self) -> Requests:
        if self.kms_key is not None:
            yield request(
                "sns:SetTopicAttributes",
                TopicArn=self.arn,
                AttributeName="KmsMasterKeyId",
                AttributeValue=self.kms_key,
            )


class KeyAccess(Facet):
    """Who may use the key that messages are encrypted with."""

    call = KEY_POLICY
    further_calls: ClassVar[tuple[Call, ...]] = (_ATTRIBUTES, KEYS)
    arguments: ClassVar = dict.fromkeys(("key_policy", "key_enabled"), "kms_master_key_id")

    key_policy: Policy | None = None
    """None for the one that KMS gives a key by itself, and where there is no key."""
    key_enabled: bool = True
    """Whether the key encrypts for anybody: it is enabled, and symmetric; also where there is none."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return declared_access(declaration, declaration.resource.values.get("kms_master_key_id"))

    @classmethod
    def read(cls, asked: Asked) -> Found:
        named = asked.ask(_ATTRIBUTES).answer["Attributes"].get("KmsMasterKeyId")
        return described_access(asked, described_key(asked, named))


class Topic(Subscriptions, Access, Encryption, KeyAccess, Kind):
    """A topic with its subscriptions, and who may publish to it."""

    noun = "topic"
    plural = "topics"
    terraform_type = "aws_sns_topic"
    listing = Listing(Call("sns:ListTopics", of="topics in {region}"), "Topics[].TopicArn", after=":")
    call = Call(
        "sns:GetTopicAttributes", {"TopicArn": _ARN}, of=_ARN, missing=("NotFound", "NotFoundException")
    )
    computed: ClassVar = {
        "aws_sns_topic.arn": lambda topic, settings: _arn(topic, settings),
        "aws_sns_topic.id": lambda topic, settings: _arn(topic, settings),
    }

    in_answer: ClassVar = {"arn": "Attributes.TopicArn"}
    arguments: ClassVar = {"keeps_to_itself": "policy"}

    arn: str = ""

    def keeps_to_itself(self, name: str) -> list[str]:
        """Return what keeps everybody from hearing by it of what an event rule of its account matches."""
        nobody = (
            "nobody is subscribed, or the filter of each subscription keeps from it what services publish"
        )
        return [*self.keeps_rule_out(name), *([] if self.subscriptions else [nobody])]

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"arn": cls.derive("arn", declaration.resource, declaration.configuration)}

    def requested(self) -> Requests:
        yield request("sns:CreateTopic", Name=self.name)


def _arn(topic: Mapping[str, Any], settings: Settings) -> str | None:
    return arn(settings, "sns", "", topic.get("name"))


_ENDPOINTS = {
    "application": r"arn:[^:]+:sns:",
    "email": r"[^@\s]+@[^@\s]+$",
    "email-json": r"[^@\s]+@[^@\s]+$",
    "firehose": r"arn:[^:]+:firehose:",
    "http": r"http://",
    "https": r"https://",
    "lambda": r"arn:[^:]+:lambda:",
    "sms": r"\+?[0-9() .-]+$",
    "sqs": r"arn:[^:]+:sqs:",
}
"""The protocols of a subscription, and how their endpoints begin. Source: SNS API Reference, Subscribe."""


def _subscription(protocol: Any, endpoint: Any) -> str:
    """Return how a subscription goes; a person by a pseudonym, which stays the same."""
    told = str(known(endpoint))
    if known(protocol) in _OF_PERSONS and not PSEUDONYM.fullmatch(told):
        told = pseudonym(protocol, told)
    return f"{protocol}:{told}"


def _taken(subscription: Resource) -> tuple[Any, Any]:
    """Return the protocol and the endpoint of a subscription. Raises `ReadError` for what SNS refuses."""
    protocol, endpoint = (known(subscription.values.get(it)) for it in ("protocol", "endpoint"))
    if not re.match(_ENDPOINTS.get(protocol, "$^"), str(endpoint)):
        told = f"{place(subscription, 'protocol')}: SNS subscribes nobody by {protocol!r} at this endpoint"
        raise ReadError(told, cause=told)
    return protocol, endpoint


def _without_persons(answer: Answer) -> Answer:
    """Return a list of subscriptions in which nobody's address stands."""
    listed = [
        {**it, "Endpoint": _subscription(it["Protocol"], it["Endpoint"]).partition(":")[2]}
        for it in answer.get("Subscriptions", [])
    ]
    return {**answer, "Subscriptions": listed} if listed else answer


def _filter_alone(answer: Answer) -> Answer:
    asked = ("FilterPolicy", "FilterPolicyScope")
    return {"Attributes": {name: it for name, it in answer["Attributes"].items() if name in asked}}


def _declared_filter(subscription: Resource) -> bool | None:
    """Return what `_hears_services` says. Raises `ReadError` for a filter that is no JSON."""
    values = subscription.values
    try:
        return _hears_services(values.get("filter_policy"), values.get("filter_policy_scope"))
    except ValueError as error:
        told = f"{place(subscription, 'filter_policy')}: SNS refuses the filter policy: {error}"
        raise ReadError(told, cause=told) from None


def _hears_services(policy: Any, scope: Any) -> bool | None:
    """Return whether a filter lets pass what alarms and event rules publish; None where that is not known.

    They publish without attributes. Raises `ValueError` for what is no JSON. Source: SNS developer guide,
    "Amazon SNS subscription filter policies".
    """
    if isinstance(policy, Placeholder) or isinstance(scope, Placeholder):
        return None
    try:
        asked = json.loads(policy) if given(policy) else {}
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(asked, dict):
        raise ValueError("it must be an object")
    if not asked:
        return True
    is_of_body = scope == "MessageBody"
    may_be_absent = '{"exists": false}' in json.dumps(asked)
    return None if is_of_body or may_be_absent else False


def _heard(found: Iterable[tuple[str, bool | None]]) -> list[str] | SomeOf:
    """Return the subscriptions that receive what services publish; of some perhaps nobody knows it."""
    told = list(found)
    heard = sorted(name for name, hears in told if hears)
    doubtful = [name for name, hears in told if hears is None]
    if not doubtful:
        return heard
    return SomeOf(heard, f"what passes the filter of subscription {doubtful[0]} is not evaluated here")


def _read(text: Any, declaration: Declaration) -> Policy | Placeholder | None:
    """Return the policy of a topic; None for the default one, which a state tells in full."""
    if not given(text):
        return None
    policy = document(text, declaration.place("policy"), "resource")
    if isinstance(policy, Placeholder):
        return policy
    topic = Topic.derive("arn", declaration.resource, declaration.configuration)
    return None if isinstance(topic, str) and policy == _default(topic) else policy


def _default(topic: str) -> Policy:
    """Return the policy that SNS gives a topic. Source: SNS developer guide, "Example cases"."""
    actions = ("GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic")
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{it}" for it in (*actions, "Subscribe", "ListSubscriptionsByTopic", "Publish")],
        "Resource": topic,
        "Condition": {"StringEquals": {"AWS:SourceOwner": account_in(topic)}},
    }
    return Policy.read({"Statement": statement}, topic)
