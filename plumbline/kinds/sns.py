"""SNS topics and who listens to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Beside, Declaration, arn, known
from plumbline.values.model import Text

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Settings

_UNCONFIRMED = ("PendingConfirmation", "Deleted")
"""What stands in place of an ARN while a subscriber has not agreed. Source: SNS API reference."""
_ARN = "arn:aws:sns:{region}:{account}:{name}"


class Subscriptions(Facet):
    """Who receives what is published."""

    call = Call("sns:ListSubscriptionsByTopic", {"TopicArn": _ARN}, of=_ARN, absent=("NotFound",))
    beside = Beside("aws_sns_topic_subscription", "topic_arn", by="arn", many=True)

    if TYPE_CHECKING:
        arn: str

    subscriptions: list[Text] = []
    """As `email:devops@example.com`; in an account only who has confirmed."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        found = [
            _subscription(it.values.get("protocol"), it.values.get("endpoint")) for it in declaration.parts
        ]
        return {"subscriptions": sorted(found)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        confirmed = [
            _subscription(it["Protocol"], it["Endpoint"])
            for it in answer.get("Subscriptions", [])
            if it["SubscriptionArn"] not in _UNCONFIRMED
        ]
        return {"subscriptions": sorted(confirmed)}

    def requested(self) -> Requests:
        """Return what subscribes them; in moto everybody confirms at once."""
        for subscription in self.subscriptions:
            protocol, _, endpoint = str(subscription).partition(":")
            yield request("sns:Subscribe", TopicArn=self.arn, Protocol=protocol, Endpoint=endpoint)


class Topic(Subscriptions, Kind):
    """A topic with its subscriptions."""

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

    arn: str = ""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"arn": cls.derive("arn", declaration.resource, declaration.configuration)}

    def requested(self) -> Requests:
        yield request("sns:CreateTopic", Name=self.name)


def _arn(topic: Mapping[str, Any], settings: Settings) -> str | None:
    return arn(settings, "sns", "", topic.get("name"))


def _subscription(protocol: Any, endpoint: Any) -> str:
    return f"{known(protocol)}:{known(endpoint)}"
