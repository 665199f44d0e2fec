"""POST /enquiries: keeps a question about a property."""

import json
import os
import uuid
from datetime import UTC, datetime

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["ENQUIRIES_TABLE"])


def handler(event, context):
    """Keep an enquiry of whoever is signed in; its model has seen to it that it is whole."""
    asked = json.loads(event["body"])
    enquiry_id = str(uuid.uuid4())
    TABLE.put_item(
        Item={
            "property_id": asked["property_id"],
            "enquiry_id": enquiry_id,
            "user": event["requestContext"]["authorizer"]["claims"]["sub"],
            "message": asked["message"],
            "asked_at": datetime.now(UTC).isoformat(),
        }
    )
    body = json.dumps({"enquiry_id": enquiry_id})
    return {"statusCode": 201, "headers": {"Content-Type": "application/json"}, "body": body}
