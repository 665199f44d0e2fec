"""GET /properties: what there is in a county, page by page."""

import json
import os

import boto3
from boto3.dynamodb.conditions import Key

TABLE = boto3.resource("dynamodb").Table(os.environ["PROPERTIES_TABLE"])
PAGE = 100


def handler(event, context):
    """Answer with the properties of a county; the validator of the API has seen to it that there is one."""
    asked = event["queryStringParameters"]
    question = {"KeyConditionExpression": Key("county").eq(asked["county"]), "Limit": PAGE}
    if after := asked.get("after"):
        question["ExclusiveStartKey"] = {"county": asked["county"], "property_id": after}
    found = TABLE.query(**question)
    following = found.get("LastEvaluatedKey", {}).get("property_id")
    body = json.dumps({"properties": found["Items"], "after": following}, default=str)
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": body}
