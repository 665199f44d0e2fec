"""Adds to each indicator of an address what Shodan knows of it."""

import json
import logging
import os
import re
import time
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import boto3
from threat_intel.api_keys import api_key
from threat_intel.cache import connection

logger = logging.getLogger()
logger.setLevel(logging.INFO)

# Shodan takes the key in the query: no URL is ever logged.
SHODAN_HOST = "https://api.shodan.io/shodan/host/{}?key={}&minify=true"
ADDRESS = re.compile(r"\[ipv[46]-addr:value = '([0-9a-fA-F.:]+)'\]")
SECONDS_BETWEEN = 1
CACHED_SECONDS = 24 * 60 * 60


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Enrich one bundle of the bucket processed."""
    bundle = boto3.client("s3").get_object(Bucket=os.environ["PROCESSED_BUCKET"], Key=event["key"])
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    enriched = 0
    for it in json.load(bundle["Body"])["objects"]:
        address = ADDRESS.fullmatch(it.get("pattern", ""))
        known = about(address[1]) if address else None
        if known:
            table.update_item(
                Key={"object_id": it["id"]},
                UpdateExpression="SET shodan = :known",
                ExpressionAttributeValues={":known": json.dumps(known)},
            )
            enriched += 1
    logger.info("enriched %s objects", enriched)
    return {"enriched": enriched}


def about(address: str) -> dict[str, Any]:
    """Return what Shodan knows of an address, if anything. The cache keeps it for a day."""
    redis, name = connection(), f"shodan:{address}"
    kept = redis.get(name)
    if kept is not None:
        return json.loads(kept)
    known = asked(address)
    redis.set(name, json.dumps(known), ex=CACHED_SECONDS)
    return known


def asked(address: str) -> dict[str, Any]:
    """Ask Shodan, which takes one request a second."""
    time.sleep(SECONDS_BETWEEN)
    try:
        with urlopen(SHODAN_HOST.format(address, api_key("shodan")), timeout=10) as response:
            host = json.load(response)
    except HTTPError as error:
        if error.code == 404:
            return {}
        logger.error("Shodan answered HTTP %s %s", error.code, error.reason)
        raise RuntimeError(f"Shodan answered HTTP {error.code}") from None
    return {name: host[name] for name in ("ports", "org", "country_code", "tags") if host.get(name)}
