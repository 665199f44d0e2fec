"""Settings of a DynamoDB table that have calls of their own: by what items expire, what is asked for most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.terraform.declared import Beside, Declaration, given, known
from plumbline.values.model import Text
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

ARN_OF_TABLE = "arn:aws:dynamodb:{region}:{account}:table/{name}"


class TimeToLive(Facet):
    """By which attribute items expire."""

    call = Call("dynamodb:DescribeTimeToLive", {"TableName": "{name}"}, of=ARN_OF_TABLE)
    arguments: ClassVar = {"expires_by": "ttl"}

    expires_by: Text | None = None
    """The attribute that holds when an item expires; None where none ever does."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        if not known(declaration.at("ttl", "enabled", default=False)):
            return {"expires_by": None}
        named = declaration.at("ttl", "attribute_name")
        return {"expires_by": named if given(named) else None}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        told = answer["TimeToLiveDescription"]
        return {"expires_by": lambda: _expires_by(told, asked.name)}

    def requested(self) -> Requests:
        if self.expires_by is not None:
            by = {"Enabled": True, "AttributeName": self.expires_by}
            yield request("dynamodb:UpdateTimeToLive", TableName=self.name, TimeToLiveSpecification=by)


def _expires_by(told: Mapping[str, Any], table: str) -> str | None:
    """Return the attribute. Raises `Undetermined` while DynamoDB still switches expiry on.

    That may take an hour. Source: DynamoDB API reference, UpdateTimeToLive.
    """
    if told["TimeToLiveStatus"] == "ENABLING":
        raise Undetermined(f"DynamoDB is switching on that items of {table} expire: look again in an hour")
    return told["AttributeName"] if told["TimeToLiveStatus"] == "ENABLED" else None


class ContributorInsights(Facet):
    """Whether CloudWatch tells which keys are asked for most, and throttled most."""

    call = Call("dynamodb:DescribeContributorInsights", {"TableName": "{name}"}, of=ARN_OF_TABLE)
    beside = Beside("aws_dynamodb_contributor_insights", "table_name", many=True)
    arguments: ClassVar = {"contributor_insights": "index_name"}

    contributor_insights: bool = False
    """Of the table itself; its indexes have their own."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"contributor_insights": lambda: _of_the_table(declaration)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        status = answer["ContributorInsightsStatus"]
        return {"contributor_insights": lambda: _is_on(status, asked.name)}

    def requested(self) -> Requests:
        if self.contributor_insights:
            yield request(
                "dynamodb:UpdateContributorInsights",
                TableName=self.name,
                ContributorInsightsAction="ENABLE",
            )


def _of_the_table(declaration: Declaration) -> bool:
    """Return whether a resource switches it on for the table, and not for an index.

    Raises `Undetermined` where one may be for either.
    """
    indexes = [part.values.get("index_name") for part in declaration.parts]
    return any(not given(it) for it in indexes) or any(not known(it) for it in indexes)


def _is_on(status: str, table: str) -> bool:
    """Return whether it is on. Raises `Undetermined` while DynamoDB still switches it on."""
    if status == "ENABLING":
        raise Undetermined(f"DynamoDB is switching on Contributor Insights of {table}: look again soon")
    return status == "ENABLED"
