"""Mutations for tests/operations, and for what else is asked of the time that a run looks back on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.cloudtrail.models import cloudtrail_backends
from moto.logs.models import logs_backends

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.edits import Happened, call
from selftest.mutations.mutation import mutation, near_miss

OURS = "threat-intel"
MAIN, DEDUP, API, CACHE, ALARM, TRAIL = (
    f"{OURS}{it}-dev" for it in ("", "-dedup", "-api", "-cache", "-high-error-rate", "")
)
COLLECTOR, PROCESSOR, ENRICHMENT, OPTIMIZER = (
    f"/aws/lambda/{OURS}-{it}-dev" for it in ("collector", "processor", "enrichment", "query-optimizer")
)
OF_TRAIL = "CloudTrail/ThreatIntelPlatform"
KILLS, MEMORY = "threat-intel-lambda-08 operations.log-lines", "threat-intel-lambda-08 operations.log-query"
COLD, ARRIVES, ERRORS = (f"threat-intel-lambda-{it}" for it in ("09", "15", "16"))
THROTTLED, FORM, EXPIRED, SLOW = (f"threat-intel-ddb-{it}" for it in ("05", "07", "08", "10"))
HITS, EVICTIONS = "threat-intel-cache-05", "threat-intel-cache-06"
LIMITED, UNAUTHORIZED = "threat-intel-ext-01", "threat-intel-ext-04"
QUIET, HAS_DATA = (f"threat-intel-mon-04 alarms.{it}" for it in ("quiet", "has-data"))
HEARD = "threat-intel-mon-05"
EVENTS, DELIVERS = "threat-intel-mon-07 operations.log-arrivals", "threat-intel-mon-07 trail.log-delivery"
A_DAY = 23 * 60


def counted(namespace: str, name: str, value: float, minutes: float = 6, **dimensions: str) -> Happened:
    """Return that CloudWatch has a value of a metric."""
    of = " ".join(dimensions.values())
    return Happened(
        f"{value:g} {name} of {of}, {minutes:g} minutes ago",
        lambda aws: history.metric(aws, namespace, name, value, minutes, **dimensions),
    )


def logged(group: str, message: str, minutes: float = 6) -> Happened:
    """Return that something is logged."""
    return Happened(
        f"{group}: `{message}`, {minutes:g} minutes ago",
        lambda aws: history.line(aws, group, message, minutes),
    )


def reported(group: str, used: float, of: float, init: float | None = None, minutes: float = 6) -> Happened:
    """Return that Lambda reports an invocation."""
    cold = "" if init is None else f", {init:g} ms to begin"
    return Happened(
        f"{group}: {used:g} of {of:g} MB{cold}, {minutes:g} minutes ago",
        lambda aws: history.report(aws, group, used=used, of=of, init=init, minutes=minutes),
    )


def item(said: str, value: Callable[[], dict[str, Any] | None]) -> Happened:
    """Return that the deduplication table holds an item more."""
    return Happened(
        f"an item expires {said}",
        lambda aws: history.expiring(aws, DEDUP, "another", value(), "expires_at"),
    )


def in_state(state: str, hours: float, ends: str = "Succeeded", then: str = "") -> Happened:
    """Return that the alarm came to a state, with what became of its actions, and to another one later."""

    def happen(aws: Aws) -> None:
        history.alarm_state(aws, ALARM, state, hours=hours, ends=ends)
        if then:
            history.alarm_state(aws, ALARM, then, hours=hours - 0.5)

    later = f", and later to {then}" if then else ""
    return Happened(
        f"{hours:g} hours ago the alarm came to {state}{later}; its action: {ends or 'none'}", happen
    )


def silent(group: str) -> Happened:
    """Return that nothing reached a log group, as where the permission to write is gone."""

    def happen(aws: Aws) -> None:
        logs_backends[aws.account][aws.region].groups[group].streams.clear()

    return Happened(f"nothing reached {group}", happen)


def delivered(said: str, **told: Any) -> Happened:
    """Return what CloudTrail says of the delivery to the log group."""

    def happen(aws: Aws) -> None:
        for trail in cloudtrail_backends[aws.account][aws.region].trails.values():
            before = trail.status.description
            trail.status.description = lambda before=before: {**before(), **told}

    return Happened(said, happen)


OF_CACHE = {"CacheClusterId": CACHE}
OF_STAGE = {"ApiName": API, "Stage": "dev"}
OF_QUERIES = {"TableName": MAIN, "Operation": "Query"}

MUTATIONS = [
    mutation(
        "threat-intel-lambda-07",
        logged(PROCESSOR, "2026-01-01T00:00:00Z 6bc28136 Task timed out after 900.00 seconds", A_DAY),
    ),
    mutation(
        KILLS, logged(ENRICHMENT, "RequestId: 6bc28136 Error: Runtime exited with error: signal: killed")
    ),
    mutation(KILLS, logged(COLLECTOR, "Process exited before completing request (signal: SIGKILL)", A_DAY)),
    mutation(KILLS, logged(PROCESSOR, "Runtime.OutOfMemory")),
    mutation(MEMORY, reported(ENRICHMENT, 1844, 2048, minutes=A_DAY)),
    mutation(MEMORY, reported(COLLECTOR, 1152, 1280)),
    mutation(COLD, reported(OPTIMIZER, 64, 512, init=5000.01, minutes=A_DAY)),
    mutation(ARRIVES, silent(ENRICHMENT)),
    mutation(
        ARRIVES,
        call("logs:DeleteLogGroup", logGroupName=COLLECTOR),
        falls_with={"threat-intel-lambda-14 logs.exists": "the group is not there"},
        only_on="live",
    ),
    mutation(ERRORS, logged(PROCESSOR, "[ERROR] KeyError: 'pulses'")),
    mutation(THROTTLED, counted("AWS/DynamoDB", "WriteThrottleEvents", 1, TableName=DEDUP)),
    mutation(
        THROTTLED,
        counted(
            "AWS/DynamoDB", "ReadThrottleEvents", 1, TableName=MAIN, GlobalSecondaryIndexName="by-source"
        ),
    ),
    mutation(FORM, item("in a text", lambda: {"S": "2026-01-01"})),
    mutation(FORM, item("in milliseconds", lambda: {"N": history.in_seconds(days=1)["N"] + "000"})),
    mutation(FORM, item("in 31 days", lambda: history.in_seconds(days=31))),
    mutation(FORM, item("never", lambda: None)),
    mutation(EXPIRED, item("three days ago", lambda: history.in_seconds(days=-3))),
    mutation(SLOW, counted("AWS/DynamoDB", "SuccessfulRequestLatency", 3001, **OF_QUERIES)),
    mutation("threat-intel-api-10", counted("AWS/ApiGateway", "5XXError", 1, **OF_STAGE)),
    mutation("threat-intel-api-11", counted("AWS/ApiGateway", "4XXError", 1, **OF_STAGE)),
    mutation(HITS, counted("AWS/ElastiCache", "CacheMisses", 2, A_DAY, **OF_CACHE)),
    mutation(EVICTIONS, counted("AWS/ElastiCache", "Evictions", 1, A_DAY, **OF_CACHE)),
    mutation(LIMITED, logged(COLLECTOR, "[WARNING] OTX answered HTTP 429")),
    mutation(LIMITED, logged(COLLECTOR, "urllib.error.HTTPError: HTTP Error 429: Too Many Requests")),
    mutation(UNAUTHORIZED, logged(ENRICHMENT, "Shodan answered HTTP 401 Unauthorized")),
    mutation(UNAUTHORIZED, logged(COLLECTOR, "[WARNING] OTX answered HTTP 401")),
    mutation("threat-intel-data-01", logged(PROCESSOR, "STIX validation failed: indicator--1", A_DAY)),
    mutation(QUIET, in_state("ALARM", 0.5)),
    mutation(HAS_DATA, in_state("INSUFFICIENT_DATA", 25)),
    mutation(HEARD, in_state("ALARM", 200, ends="Failed", then="OK")),
    mutation(HEARD, in_state("ALARM", 200, ends="", then="OK")),
    mutation(EVENTS, silent(OF_TRAIL)),
    mutation(DELIVERS, delivered("the role may not write", LatestCloudWatchLogsDeliveryError="AccessDenied")),
    mutation(
        DELIVERS,
        delivered("nothing was delivered since 2020", LatestCloudWatchLogsDeliveryTime=1577836800),
    ),
    mutation(DELIVERS, delivered("nothing was ever delivered", LatestCloudWatchLogsDeliveryTime=None)),
    mutation(
        "threat-intel-cost-01",
        Happened("the month has cost fifty dollars", lambda aws: history.cost(aws, 50)),
    ),
]

NEAR_MISSES = [
    near_miss(
        "threat-intel-lambda-07",
        logged(PROCESSOR, "Task timed out after 900.00 seconds", 25 * 60),
        why="it is of the day before",
    ),
    near_miss(MEMORY, reported(ENRICHMENT, 1843, 2048), why="it is less than nine tenths"),
    near_miss(COLD, reported(COLLECTOR, 64, 512, init=5000), why="five seconds are borne"),
    near_miss(
        ARRIVES, counted("AWS/Lambda", "Invocations", 1, 2, FunctionName=f"{OURS}-collector-dev"), why="x"
    ),
    near_miss(
        LIMITED, logged(COLLECTOR, "collected 429 pulses in 1429 ms"), why="it counts, and is no answer"
    ),
    near_miss(UNAUTHORIZED, logged(ENRICHMENT, "enriched 401 objects"), why="it counts, and is no answer"),
    near_miss(FORM, item("in 30 days", lambda: history.in_seconds(days=30)), why="it is written just now"),
    near_miss(
        EXPIRED, item("yesterday", lambda: history.in_seconds(days=-1)), why="DynamoDB takes up to two days"
    ),
    near_miss(
        SLOW, counted("AWS/DynamoDB", "SuccessfulRequestLatency", 3000, **OF_QUERIES), why="it is borne"
    ),
    near_miss(
        SLOW,
        counted("AWS/DynamoDB", "SuccessfulRequestLatency", 9000, TableName=MAIN, Operation="Scan"),
        why="it is no query",
    ),
    near_miss(
        HITS, counted("AWS/ElastiCache", "CacheMisses", 1.25, **OF_CACHE), why="five of 6.25 are 80 percent"
    ),
    near_miss(HAS_DATA, in_state("INSUFFICIENT_DATA", 23), why="it is less than a day"),
    near_miss(HEARD, in_state("ALARM", 200, then="OK"), why="somebody was told"),
    near_miss(
        "threat-intel-cost-01",
        Happened("the month has cost a cent less", lambda aws: history.cost(aws, 49.99)),
        why="it is less",
    ),
]
