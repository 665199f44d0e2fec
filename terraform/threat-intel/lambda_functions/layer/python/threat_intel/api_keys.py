"""The keys of the external sources. They are read when they are needed, and never logged."""

import json
import os
import time

import boto3

_SECONDS = 300
_read: dict[str, str] = {}
_read_at = 0.0


def api_key(source: str) -> str:
    """Return the key of a source: "otx", "shodan". A rotated key is there after five minutes."""
    global _read, _read_at
    if time.monotonic() - _read_at > _SECONDS or not _read:
        answer = boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["SECRET_ARN"])
        _read, _read_at = json.loads(answer["SecretString"]), time.monotonic()
    return _read[f"{source}_api_key"]
