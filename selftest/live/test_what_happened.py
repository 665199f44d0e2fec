"""What is asked of metrics, logs and the event history is answered to the number, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from plumbline.aws.reads import Answers, Aws
from selftest.applied.server import moto_server, session
from selftest.front_door import SuiteRun, run_suite, variables_of_server
from selftest.input.tree import copy_suite
from selftest.live.endpoint import Endpoint, endpoint
from selftest.live.happened import ACCOUNT, GROUP, REGION, write
from selftest.mutations import history

DYNAMODB, S3, IAM, KMS = (f"{it}.amazonaws.com" for it in ("dynamodb", "s3", "iam", "kms"))
SECRET = "carol-of-the-board"
MISSING = "of-no-such-thing"


def metric(name: str, statistic: str = "Sum", **dimensions: str | list[str]) -> dict[str, object]:
    return {"namespace": "Shop", "name": name, "statistic": statistic, "dimensions": dimensions}


def exactly(number: float) -> dict[str, float]:
    return {"most": number, "least": number}


ERRORS, REQUESTS, NEVER = metric("Errors", Api="a"), metric("Requests", Api="a"), metric("Never", Api="a")
GREW = {"looked_back_minutes": 15, "over_earlier_minutes": 30}
HITS = {
    "metrics": [metric("CacheHitRate", "Average", Region="Global") | {"namespace": "AWS/CloudFront"}],
    "steps": "lowest",
    "of": {"kind": "distribution", "dimension": "Id", "published_if": {"additional_metrics": "Enabled"}},
}
METRICS = {
    "of-an-id": (HITS, exactly(81)),
    "not-published": (HITS, exactly(81)),
    MISSING: (HITS, exactly(81)),
    "sum": ({"metrics": [REQUESTS]}, exactly(1010)),
    "several": ({"metrics": [metric("Depth", Queue=["x", "y"])]}, exactly(14)),
    "one-is-silent": ({"metrics": [metric("Depth", Queue=["x", "z"])]}, {"most": 10}),
    "too-many-of-one": ({"metrics": [metric("Depth", Queue=["x", "z"])]}, {"most": 9}),
    "enough-of-one": ({"metrics": [metric("Depth", Queue=["x", "z"])]}, {"least": 10}),
    "lowest-of-one": ({"metrics": [REQUESTS, NEVER], "steps": "lowest"}, {"least": 1}),
    "lowest-of-two": (
        {"metrics": [REQUESTS, NEVER], "proves_use": [REQUESTS], "steps": "lowest"},
        exactly(0),
    ),
    "newest": ({"metrics": [metric("Depth", Queue="*")], "steps": "newest"}, exactly(7)),
    "highest": ({"metrics": [metric("Depth", "Maximum", Queue="*")], "steps": "highest"}, exactly(7)),
    "lowest": ({"metrics": [metric("Depth", "Minimum", Queue="*")], "steps": "lowest"}, exactly(3)),
    "lowest-of-some": ({"metrics": [ERRORS], "proves_use": [REQUESTS], "steps": "lowest"}, exactly(0)),
    "newest-of-some": ({"metrics": [ERRORS], "proves_use": [REQUESTS], "steps": "newest"}, exactly(0)),
    "percentile": ({"metrics": [metric("Took", "p95")], "steps": "highest"}, exactly(300)),
    "ratio": ({"metrics": [ERRORS], "over": [metric("Requests", Api="*")]}, exactly(5 / 1010)),
    "highest-ratio": ({"metrics": [ERRORS], "over": [REQUESTS], "steps": "highest"}, exactly(0.5)),
    "newest-ratio": ({"metrics": [ERRORS], "over": [REQUESTS], "steps": "newest"}, exactly(0)),
    "looked-back": ({"metrics": [metric("Late")], "looked_back_minutes": 120}, exactly(2)),
    "used": ({"metrics": [NEVER], "proves_use": [REQUESTS]}, exactly(0)),
    "growth": ({"metrics": [REQUESTS], "steps": "highest", **GREW}, exactly(100)),
    "no-growth": ({"metrics": [NEVER], "proves_use": [REQUESTS], "steps": "highest", **GREW}, exactly(0)),
    "too-much-growth": ({"metrics": [REQUESTS], "steps": "highest", **GREW}, {"most": 99}),
    "from-nothing": (
        {"metrics": [metric("Depth", Queue="y")], "proves_use": [REQUESTS], "steps": "highest", **GREW},
        exactly(0),
    ),
    "too-many": ({"metrics": [REQUESTS]}, {"most": 1009}),
    "too-few": ({"metrics": [REQUESTS]}, {"least": 1011}),
    "unused": ({"metrics": [NEVER]}, exactly(0)),
    "of-nothing": ({"metrics": [ERRORS], "over": [NEVER]}, exactly(0)),
    "too-late": ({"metrics": [metric("Late")]}, exactly(0)),
    "of-nobody": ({"metrics": [metric("Depth", Queue="*", Shard="*")]}, exactly(0)),
}
LINES = {
    "started": ({"any_of": ["started"]}, exactly(1)),
    "lines": ({"any_of": ["error"]}, exactly(2)),
    "slow": ({"any_of": ["took"], "longer_than_milliseconds": 1000}, exactly(1)),
    "too-many-lines": ({"any_of": ["error"]}, {"most": 1}),
    "too-few-lines": ({"any_of": ["stopped"]}, {"least": 1}),
    "more-than-borne": ({"any_of": ["error"], "counted_up_to": 1}, {"most": 0}),
    "enough": ({"any_of": ["error"], "counted_up_to": 1}, {"least": 1}),
    "maybe-slow": (
        {"any_of": ["took"], "longer_than_milliseconds": 1000, "counted_up_to": 1},
        {"most": 0},
    ),
}
EVENTS = {
    "deleted": ({"source": DYNAMODB, "names": ["DeleteTable"]}, exactly(1)),
    "of-these": (
        {"source": DYNAMODB, "names": ["DeleteTable"], "any_parameter": {"tableName": "ord*", "arn": "x"}},
        exactly(1),
    ),
    "of-others": (
        {"source": DYNAMODB, "names": ["DeleteTable"], "any_parameter": {"tableName": "ord"}},
        {"most": 0},
    ),
    "refused": ({"source": DYNAMODB, "error_code": "^AccessDenied"}, exactly(1)),
    "done": ({"source": DYNAMODB, "error_code": "^$"}, exactly(1)),
    "of-a-resource": ({"source": DYNAMODB, "resource": "orders"}, exactly(2)),
    "of-a-key": ({"source": DYNAMODB, "resource": "alias/orders", "error_code": "^Throttling"}, exactly(1)),
    "of-no-key": ({"source": DYNAMODB, "resource": "alias/order"}, {"most": 0}),
    "of-a-user": ({"source": DYNAMODB, "user": SECRET, "names": ["DeleteTable", "Other"]}, exactly(1)),
    "one-of-two": ({"source": DYNAMODB, "names": ["DeleteTable", "UpdateTable"]}, exactly(2)),
    "a-day": ({"source": DYNAMODB, "names": ["DeleteTable"], "looked_back_days": 1}, exactly(2)),
    "global": ({"source": IAM, "names": ["CreateUser"]}, exactly(1)),
    "pages": ({"source": S3}, exactly(60)),
    "nobody": ({"source": DYNAMODB, "user": "nobody"}, {"most": 0}),
    "too-many-events": ({"source": DYNAMODB}, {"most": 1}),
    "too-few-events": ({"source": DYNAMODB, "names": ["CreateTable"]}, {"least": 1}),
    "of-no-service": ({"source": KMS, "names": ["ScheduleKeyDeletion"]}, {"most": 0}),
}
REPORTS = 'filter @type = "REPORT" | stats '
MEMORY = f"{REPORTS}max(@maxMemoryUsed / @memorySize) as number"
COLD = f"{REPORTS}max(@initDuration) as number"
QUERIES = {
    "memory": ({"query": MEMORY}, exactly(0.75)),
    "cold": ({"query": COLD, "looked_back_minutes": 120}, exactly(812.5)),
    "warm": ({"query": f"{COLD}, count(*) as proves_use"}, exactly(0)),
    "too-much-memory": ({"query": MEMORY}, {"most": 0.5}),
    "nobody-says": ({"query": COLD}, {"most": 5000}),
}
FAIL = {
    "too-many",
    "too-many-of-one",
    "too-few",
    "too-much-growth",
    "too-many-lines",
    "too-few-lines",
    "more-than-borne",
}
FAIL |= {"too-many-events", "too-few-events", "of-no-key", "too-much-memory"}
UNDECIDED = {"maybe-slow"}
NO_DATA = {"not-published", "unused", "from-nothing", "of-nothing", "too-late", "of-nobody", "of-no-service"}
NO_DATA |= {"nobody-says", "one-is-silent", "lowest-of-one"}
KEYS = {**METRICS, **LINES, **EVENTS, **QUERIES}


def happen(aws: Aws) -> None:
    """Let happen what is asked about."""
    at = {"minutes": 26.0}
    history.metric(aws, "Shop", "Requests", 10, Api="a", **at)
    history.metric(aws, "Shop", "Requests", 1000, Api="a")
    history.metric(aws, "Shop", "Errors", 5, Api="a", **at)
    history.metric(aws, "Shop", "Depth", 7, Queue="x", **at)
    history.metric(aws, "Shop", "Depth", 3, Queue="x")
    history.metric(aws, "Shop", "Depth", 4, Queue="y")
    history.metric(aws, "Shop", "Depth", 99, Queue="x", Consumer="another")
    history.metric(aws, "Shop", "Took", 100, **at)
    history.metric(aws, "Shop", "Took", 300)
    history.metric(aws, "Shop", "Late", 2, minutes=90)
    for comment, status in (("of-an-id", "Enabled"), ("not-published", "Disabled")):
        distribution(aws, comment, status, 81)
    for message in ("started", "error one", "error two", "it took 5 ms", "it took 5000 ms"):
        history.line(aws, GROUP, message)
    history.report(aws, GROUP, used=75, of=100)
    history.report(aws, GROUP, used=40, of=100, init=812.5, minutes=100)
    by = {"Username": SECRET, "Resources": [{"ResourceType": "table", "ResourceName": "orders"}]}
    history.event(aws, DYNAMODB, "DeleteTable", parameters={"tableName": "orders"}, **by)
    history.event(aws, DYNAMODB, "UpdateTable", code="AccessDenied", **by)
    history.event(aws, DYNAMODB, "DeleteTable", minutes=5)
    history.event(aws, DYNAMODB, "DeleteTable", minutes=100)
    key = aws.client("kms").create_key()["KeyMetadata"]
    aws.client("kms").create_alias(AliasName="alias/orders", TargetKeyId=key["KeyId"])
    of_key = {"Resources": [{"ResourceType": "AWS::KMS::Key", "ResourceName": key["Arn"]}]}
    history.event(aws, DYNAMODB, "TagResource", code="ThrottlingException", **of_key)
    history.event(aws.within("us-east-1"), IAM, "CreateUser")
    for _ in range(60):
        history.event(aws, S3, "CreateBucket")


def distribution(aws: Aws, comment: str, status: str, hits: float) -> None:
    """Let there be a distribution whose additional metrics are so, and a value of one of these."""
    cloudfront = aws.client("cloudfront")
    config = {
        "CallerReference": comment,
        "Comment": comment,
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": "o.example.com"}]},
        "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
    }
    made = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]["Id"]
    switched = {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": status}}
    cloudfront.create_monitoring_subscription(DistributionId=made, MonitoringSubscription=switched)
    of = {"Id": made, "Region": "Global"}
    history.metric(aws, "AWS/CloudFront", "CacheHitRate", hits, **of)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SuiteRun, Endpoint, str]]:
    """The run that asks everything, where it asked, and the evidence that it kept."""
    folder: Path = tmp_path_factory.mktemp("asked")
    tree = copy_suite(folder)
    write(tree, metrics=METRICS, lines_of_logs=LINES, event_histories=EVENTS, log_queries=QUERIES)
    with moto_server(ACCOUNT) as server, endpoint(server.endpoint) as stands:
        clients = session()
        aws = Aws(
            lambda service, region: clients.client(service, region_name=region, endpoint_url=server.endpoint),
            ACCOUNT,
            REGION,
            Answers(),
            calls=None,
        )
        happen(aws)
        run = run_suite(
            *("--stack=asked", "--env=test", "--live", "--window=1h", "--save-evidence=kept.json"),
            variables=variables_of_server(stands.url) | {"PATH": "/usr/bin:/bin"},
            tree=tree.path,
        )
        yield run, stands, (folder / "kept.json").read_text()


def verdicts(run: SuiteRun, key: str) -> dict[str, str]:
    """How each sentence about a question ended, and why."""
    return {test: it.verdict for test, it in run.outcomes.items() if f"/{key}/live]" in test}


@pytest.mark.parametrize("key", [key for key in KEYS if key not in FAIL | UNDECIDED | NO_DATA | {MISSING}])
def test_an_answer_is_what_happened(asked: tuple[SuiteRun, Endpoint, str], key: str) -> None:
    run, *_ = asked
    found = verdicts(run, key)
    assert len(found) == len(KEYS[key][1]), run.output
    assert set(found.values()) == {"passed"}, run.output


def test_what_is_measured_of_what_is_not_there_is_told_once(asked: tuple[SuiteRun, Endpoint, str]) -> None:
    run, *_ = asked
    assert sorted(verdicts(run, MISSING).values()) == ["failed", "skipped"]
    assert f"distribution {MISSING} does not exist" in run.output


@pytest.mark.parametrize("key", sorted(FAIL))
def test_a_bound_that_is_not_kept_fails(asked: tuple[SuiteRun, Endpoint, str], key: str) -> None:
    run, *_ = asked
    assert set(verdicts(run, key).values()) == {"failed"}, run.output


@pytest.mark.parametrize("key", sorted(UNDECIDED))
def test_what_was_not_counted_to_its_end_decides_nothing_else(
    asked: tuple[SuiteRun, Endpoint, str], key: str
) -> None:
    run, *_ = asked
    [outcome] = [it for test, it in run.outcomes.items() if f"/{key}/live]" in test]
    assert outcome.properties["outcome"] == "undetermined", run.output
    assert "there are more than were looked at: at least" in outcome.message


@pytest.mark.parametrize("key", sorted(NO_DATA))
def test_what_nobody_recorded_is_not_zero(asked: tuple[SuiteRun, Endpoint, str], key: str) -> None:
    run, *_ = asked
    found = [it for test, it in run.outcomes.items() if f"/{key}/live]" in test]
    assert {it.properties["outcome"] for it in found} == {"no data"}, run.output


def test_a_percentile_is_asked_for_as_such(asked: tuple[SuiteRun, Endpoint, str]) -> None:
    _, stands, _ = asked
    assert [it for it in stands.requests if it.service == "monitoring" and b"p95" in it.body]


def test_events_of_services_without_a_region_are_looked_up_where_they_are(
    asked: tuple[SuiteRun, Endpoint, str],
) -> None:
    _, stands, _ = asked
    lookups = [it for it in stands.requests if it.operation == "LookupEvents"]
    assert {it.region for it in lookups if IAM.encode() in it.body} == {"us-east-1"}
    assert {it.region for it in lookups if DYNAMODB.encode() in it.body} == {REGION}


def test_an_event_is_counted_and_kept_nowhere(asked: tuple[SuiteRun, Endpoint, str]) -> None:
    *_, kept = asked
    assert "DeleteTable" in kept
    answers = [it for it in json.loads(kept)["calls"] if it["operation"].endswith(":LookupEvents")]
    assert answers
    assert all(SECRET not in str(it["answer"]) for it in answers)


def test_a_query_is_started_once_for_each_question(asked: tuple[SuiteRun, Endpoint, str]) -> None:
    _, stands, _ = asked
    started = [it.body for it in stands.requests if it.operation == "StartQuery"]
    assert len(started) == len(
        {it["query"] + str(it.get("looked_back_minutes")) for it, _ in QUERIES.values()}
    )
    assert not [it for it in stands.requests if it.operation == "StopQuery"]
