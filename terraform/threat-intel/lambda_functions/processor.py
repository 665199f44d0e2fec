"""Makes STIX 2.1 objects of what the collector fetched, and keeps those that are valid and not known yet."""

import hashlib
import json
import logging
import os
import time
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import stix2
from stix2.exceptions import STIXError

logger = logging.getLogger()
logger.setLevel(logging.INFO)

SEEN_SECONDS = 30 * 24 * 60 * 60
NAMESPACE = uuid.UUID("2f0b7a0e-8f0c-5b6f-9d5e-3c1f5a7b9d11")

# How OTX calls a kind of indicator, and how a STIX pattern compares it.
PATTERNS = {
    "IPv4": "[ipv4-addr:value = '{}']",
    "IPv6": "[ipv6-addr:value = '{}']",
    "domain": "[domain-name:value = '{}']",
    "hostname": "[domain-name:value = '{}']",
    "URL": "[url:value = '{}']",
    "FileHash-MD5": "[file:hashes.MD5 = '{}']",
    "FileHash-SHA1": "[file:hashes.'SHA-1' = '{}']",
    "FileHash-SHA256": "[file:hashes.'SHA-256' = '{}']",
}


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Process one object of the bucket raw."""
    raw = boto3.client("s3").get_object(Bucket=os.environ["RAW_BUCKET"], Key=event["key"])
    tables = boto3.resource("dynamodb")
    table, dedup = tables.Table(os.environ["TABLE"]), tables.Table(os.environ["DEDUP_TABLE"])

    kept: list[dict[str, Any]] = []
    invalid = 0
    for candidate in candidates(json.load(raw["Body"])):
        if not is_valid(candidate):
            invalid += 1
            continue
        fingerprint = hashlib.sha256(json.dumps(candidate, sort_keys=True).encode()).hexdigest()
        if seen(dedup, fingerprint):
            continue
        table.put_item(
            Item={
                "object_id": candidate["id"],
                "object_type": candidate["type"],
                "source": "otx",
                "modified": candidate["modified"],
                "stix": json.dumps(candidate),
            }
        )
        expires_at = int(time.time()) + SEEN_SECONDS
        dedup.put_item(Item={"fingerprint": fingerprint, "expires_at": expires_at})
        kept.append(candidate)

    if kept:
        hand_over(event["key"], kept)
    logger.info("kept %s objects, %s were invalid", len(kept), invalid)
    return {"kept": len(kept), "invalid": invalid}


def candidates(pulses: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield an indicator for each that a pulse has and that STIX has a pattern for."""
    for pulse in pulses:
        for it in pulse.get("indicators", []):
            pattern = PATTERNS.get(it.get("type", ""))
            if pattern is None:
                continue
            value = str(it.get("indicator", "")).replace("\\", "\\\\").replace("'", "\\'")
            created = f"{str(it.get('created', ''))[:19]}.000Z"
            yield {
                "type": "indicator",
                "spec_version": "2.1",
                "id": f"indicator--{uuid.uuid5(NAMESPACE, value)}",
                "created": created,
                "modified": created,
                "name": str(it.get("title") or pulse.get("name") or it["type"]),
                "pattern": pattern.format(value),
                "pattern_type": "stix",
                "valid_from": created,
            }


def is_valid(candidate: dict[str, Any]) -> bool:
    """Whether STIX 2.1 allows the object. Which it was goes to the log, and not what it says."""
    try:
        stix2.parse(candidate, allow_custom=False, version="2.1")
    except (STIXError, ValueError) as error:
        logger.warning("STIX validation failed: %s %s", candidate["id"], type(error).__name__)
        return False
    return True


def seen(dedup: Any, fingerprint: str) -> bool:
    """Whether the same was kept lately. What has expired may be there for another two days."""
    item = dedup.get_item(Key={"fingerprint": fingerprint}).get("Item")
    return item is not None and int(item["expires_at"]) > time.time()


def hand_over(key: str, kept: list[dict[str, Any]]) -> None:
    """Keep the objects as a bundle, and have them enriched."""
    boto3.client("s3").put_object(
        Bucket=os.environ["PROCESSED_BUCKET"],
        Key=key,
        Body=json.dumps({"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": kept}).encode(),
        ContentType="application/json",
    )
    boto3.client("lambda").invoke(
        FunctionName=os.environ["ENRICHMENT_FUNCTION"],
        InvocationType="Event",
        Payload=json.dumps({"key": key}).encode(),
    )
