"""GET /collect tells what is known; POST /collect fetches new pulses from OTX for the processor.

Invoked with {"action": "circuit_breaker_status"} it says whether the circuit breaker lets requests through.
"""

import json
import logging
import os
import random
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import boto3
from boto3.dynamodb.conditions import Key
from threat_intel.api_keys import api_key
from threat_intel.cache import connection
from threat_intel.queries import counted

logger = logging.getLogger()
logger.setLevel(logging.INFO)

OTX_REQUESTS_PER_HOUR = 900
OTX_PULSES = "https://otx.alienvault.com/api/v1/pulses/subscribed?limit=20&modified_since="

ATTEMPTS = 4
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 4.0
RETRIED = {429, 500, 502, 503, 504}

FAILURES_THAT_OPEN = 5
OPEN_SECONDS = 300

CORS = {"Access-Control-Allow-Origin": "*"}
INDEXES = {"type": ("by-type", "object_type"), "source": ("by-source", "source")}


class CircuitOpen(Exception):
    """The source failed too often lately: it is not asked."""


class RateExceeded(Exception):
    """The hour's requests are used up."""


class CircuitBreaker:
    """Lets requests through until too many failed in a row; then none for a while. All instances share it."""

    def __init__(self, source: str) -> None:
        self.failures = f"circuit:{source}:failures"
        self.open = f"circuit:{source}:open"

    def call(self, request: Callable[[], Any]) -> Any:
        """Return what a request gives, or raise `CircuitOpen` without making it."""
        redis = connection()
        if redis.exists(self.open):
            raise CircuitOpen
        try:
            answer = request()
        except (HTTPError, URLError, TimeoutError):
            if redis.incr(self.failures) >= FAILURES_THAT_OPEN:
                redis.set(self.open, "1", ex=OPEN_SECONDS)
                redis.delete(self.failures)
            raise
        redis.delete(self.failures)
        return answer

    def status(self) -> dict[str, Any]:
        """Say whether it is open, for how long, and how many requests failed in a row."""
        redis = connection()
        seconds = max(0, redis.ttl(self.open))
        return {
            "state": "open" if seconds else "closed",
            "open_seconds": seconds,
            "failures": int(redis.get(self.failures) or 0),
        }


breaker = CircuitBreaker("otx")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer the API, or whoever invokes the function."""
    if event.get("action") == "circuit_breaker_status":
        return {"circuit_breaker": breaker.status()}
    if event.get("httpMethod") == "GET":
        return known(event.get("queryStringParameters") or {})
    if event.get("httpMethod") == "POST":
        return collected()
    return answer(400, {"error": "GET tells what is known, POST collects"})


def known(asked: dict[str, str]) -> dict[str, Any]:
    """Return the latest objects of a type or of a source."""
    by = next((name for name in INDEXES if asked.get(name)), None)
    if by is None:
        return answer(400, {"error": f"ask by one of {', '.join(INDEXES)}"})
    index, attribute = INDEXES[by]
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    with counted(attribute):
        found = table.query(
            IndexName=index,
            KeyConditionExpression=Key(attribute).eq(asked[by]),
            ScanIndexForward=False,
            Limit=100,
        )
    return answer(200, {"objects": [json.loads(item["stix"]) for item in found["Items"]]})


def collected() -> dict[str, Any]:
    """Fetch the pulses that are new since the last time, keep them as they came, and hand them over."""
    redis = connection()
    begun = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    since = redis.get("otx:since") or "2020-01-01T00:00:00"
    try:
        pulses = breaker.call(lambda: fetched(OTX_PULSES + quote(since)))
    except CircuitOpen:
        return answer(503, {"error": "OTX failed too often lately: it is asked again in a few minutes"})
    except RateExceeded:
        return answer(429, {"error": "the hour's requests to OTX are used up"})
    except (HTTPError, URLError, TimeoutError):
        logger.exception("OTX could not be asked")
        return answer(502, {"error": "OTX could not be asked"})

    key = f"otx/{begun[:10].replace('-', '/')}/{uuid.uuid4()}.json"
    boto3.client("s3").put_object(
        Bucket=os.environ["RAW_BUCKET"],
        Key=key,
        Body=json.dumps(pulses["results"]).encode(),
        ContentType="application/json",
    )
    boto3.client("lambda").invoke(
        FunctionName=os.environ["PROCESSOR_FUNCTION"],
        InvocationType="Event",
        Payload=json.dumps({"key": key}).encode(),
    )
    redis.set("otx:since", begun)
    logger.info("collected %s pulses", len(pulses["results"]))
    return answer(202, {"pulses": len(pulses["results"])})


def fetched(url: str) -> Any:
    """Return what OTX answers. What may pass is asked again, each time after twice the time."""
    request = Request(url, headers={"X-OTX-API-KEY": api_key("otx")})
    for attempt in range(ATTEMPTS):
        take_one_of_the_hour()
        try:
            with urlopen(request, timeout=5) as response:
                return json.load(response)
        except HTTPError as error:
            logger.warning("OTX answered HTTP %s", error.code)
            if error.code not in RETRIED or attempt == ATTEMPTS - 1:
                raise
        time.sleep(wait_seconds(attempt))
    raise TimeoutError


def wait_seconds(attempt: int) -> float:
    """Return how long to wait after so many failed attempts: twice as long each time, about."""
    return min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**attempt) * random.uniform(0.5, 1)


def take_one_of_the_hour() -> None:
    """Count a request of this hour, of all instances together; raise `RateExceeded` after the last."""
    redis = connection()
    hour = f"otx:requests:{int(time.time()) // 3600}"
    taken = redis.incr(hour)
    redis.expire(hour, 7200)
    if taken > OTX_REQUESTS_PER_HOUR:
        raise RateExceeded


def answer(status: int, body: dict[str, Any]) -> dict[str, Any]:
    """Return what API Gateway sends on, which adds no header of its own."""
    return {
        "statusCode": status,
        "headers": {**CORS, "Content-Type": "application/json"},
        "body": json.dumps(body),
    }
