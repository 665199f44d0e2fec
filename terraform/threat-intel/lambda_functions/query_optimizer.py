"""Says which attributes the table is asked by without an index. Invoke it with {"analyze_queries": true}."""

import os
from typing import Any

import boto3
from threat_intel.queries import statistics

SLOW_MS = 3000


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Return how the table was asked, and what to do about it."""
    if not event.get("analyze_queries"):
        return {"error": 'invoke with {"analyze_queries": true}'}
    asked = statistics()
    return {"queries": asked, "recommendations": recommendations(asked, indexed())}


def indexed() -> dict[str, str]:
    """Return each attribute that the table can be asked by, and where: the table itself, or an index."""
    table = boto3.client("dynamodb").describe_table(TableName=os.environ["TABLE"])["Table"]
    keys = {"the table": table["KeySchema"]}
    keys |= {it["IndexName"]: it["KeySchema"] for it in table.get("GlobalSecondaryIndexes", [])}
    return {schema[0]["AttributeName"]: name for name, schema in keys.items()}


def recommendations(asked: dict[str, dict[str, int]], indexes: dict[str, str]) -> list[str]:
    """Return what would make the queries faster, those that are asked most first."""
    told = []
    for attribute, it in sorted(asked.items(), key=lambda each: -each[1]["queries"]):
        if attribute not in indexes:
            told.append(f"add an index by {attribute}: {it['queries']} queries asked by it")
        elif it["slowest_ms"] > SLOW_MS:
            told.append(f"look for hot keys of {indexes[attribute]}: a query took {it['slowest_ms']} ms")
    return told
