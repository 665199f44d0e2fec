"""A lookup through an index of a table, which is answered whatever is stored there."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Found
from plumbline.kinds.kind import Kind
from plumbline.values.model import Model
from plumbline.values.unknown import ReadError, missing_as

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_QUERY = Call(
    "dynamodb:Query",
    {
        "TableName": "{bucket}",
        "IndexName": "{key}",
        "KeyConditionExpression": "#attribute = :value",
        "ExpressionAttributeNames": {"#attribute": "{attribute}"},
        "ExpressionAttributeValues": {":value": {"S": "{value}"}},
        "Select": "COUNT",
    },
    of="arn:aws:dynamodb:{region}:{account}:table/{bucket}/index/{key}",
    absent=("ResourceNotFoundException", "ValidationException"),
)


class LookedUp(Model):
    """What is looked up."""

    attribute: str
    """The text that the index is keyed by."""
    value: str
    """A value of it that no item has."""


class IndexLookup(Kind):
    """A lookup of a value that no item has, through an index of a table. Its name is `table/index`.

    It asks for a number only: nothing that users have stored is answered.
    """

    noun = "index_lookup"
    plural = "index_lookups"
    call = Call(
        "dynamodb:DescribeTable",
        {"TableName": "{bucket}"},
        of="arn:aws:dynamodb:{region}:{account}:table/{bucket}",
        missing=("ResourceNotFoundException",),
    )
    further_calls = (_QUERY,)
    question = LookedUp

    answer: str = ""
    """`answered`, or that DynamoDB knows no such index."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to look the value up."""
        reply = asked.ask(_QUERY)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        """Return whether the lookup was answered. Raises `Missing` for the table."""
        if not answer:
            _check_table(asked, cls.call)
        return {"answer": "answered" if answer else "refused: there is no such index"}


def _check_table(asked: Asked, call: Call) -> None:
    """Raise `Missing` for the table where it is not only its index that does not exist."""
    with missing_as(asked.names["bucket"]), suppress(ReadError):
        asked.ask(call).answer  # noqa: B018  # an answer says that it is there
