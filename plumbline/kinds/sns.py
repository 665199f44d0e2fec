"""SNS topics and who listens to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from plumbline.kinds.kind import Kind
from plumbline.terraform.declared import arn, companions, known
from plumbline.values.model import Text

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.terraform.model import Configuration, Resource, Settings

_UNCONFIRMED = ("PendingConfirmation", "Deleted")
"""What stands in place of an ARN while a subscriber has not agreed. Source: SNS API reference."""


class Topic(Kind):
    """A topic with its subscriptions."""

    noun = "topic"
    plural = "topics"
    terraform_type = "aws_sns_topic"
    reads: ClassVar = {
        "sns:GetTopicAttributes": "arn:aws:sns:{region}:{account}:{name}",
        "sns:ListSubscriptionsByTopic": "arn:aws:sns:{region}:{account}:{name}",
    }
    computed: ClassVar = {
        "aws_sns_topic.arn": lambda topic, settings: _arn(topic, settings),
        "aws_sns_topic.id": lambda topic, settings: _arn(topic, settings),
    }

    arn: str = ""
    subscriptions: list[Text] = []
    """Who receives what is published, as `email:devops@example.com`; in an account only who has confirmed."""

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the topic as `aws_sns_topic` and its `aws_sns_topic_subscription` declare it."""
        topic_arn = cls.derive("arn", resource, configuration)
        fields = {
            "name": resource.values.get("name"),
            "arn": topic_arn,
            "subscriptions": lambda: sorted(
                _subscription(it.values.get("protocol"), it.values.get("endpoint"))
                for it in companions(
                    resource, configuration, "aws_sns_topic_subscription", "topic_arn", topic_arn
                )
            ),
        }
        return cls.of(str(resource.location), fields)

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the topic as SNS describes it."""
        topic_arn = aws.arn("sns", name)
        topic = aws.read(
            "sns:GetTopicAttributes",
            {"TopicArn": topic_arn},
            of=topic_arn,
            missing=["NotFound", "NotFoundException"],
        )
        listed = aws.read(
            "sns:ListSubscriptionsByTopic", {"TopicArn": topic_arn}, of=topic_arn, absent=["NotFound"]
        )
        fields = {
            "name": topic.at("Attributes.TopicArn").map(lambda found: found.rpartition(":")[2]),
            "arn": topic.at("Attributes.TopicArn"),
            "subscriptions": listed.at("Subscriptions || `[]`").map(_confirmed),
        }
        return cls.of(topic.call, aws.gather(fields), {"subscriptions": listed.call})

    def create(self, aws: Aws) -> None:
        """Create the topic and its subscriptions in moto, where everybody has confirmed."""
        topic_arn = aws.write("sns:CreateTopic", Name=self.name)["TopicArn"]
        for subscription in self.subscriptions:
            protocol, _, endpoint = str(subscription).partition(":")
            aws.write("sns:Subscribe", TopicArn=topic_arn, Protocol=protocol, Endpoint=endpoint)


def _arn(topic: Mapping[str, Any], settings: Settings) -> str | None:
    return arn(settings, "sns", "", topic.get("name"))


def _subscription(protocol: Any, endpoint: Any) -> Any:
    return f"{known(protocol)}:{known(endpoint)}"


def _confirmed(listed: list[dict[str, str]]) -> list[str]:
    return sorted(
        _subscription(it["Protocol"], it["Endpoint"])
        for it in listed
        if it["SubscriptionArn"] not in _UNCONFIRMED
    )
