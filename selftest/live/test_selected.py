"""A resource that is found by what it is, in an account: each is listed once, and each call made once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from selftest.applied.server import moto_server, session
from selftest.front_door import SuiteRun, run_suite, variables_of_server
from selftest.input.selected import write
from selftest.input.tree import Tree, copy_suite
from selftest.live.endpoint import Interference, endpoint, nothing, on, refused

ACCOUNT, REGION = "210987654321", "eu-west-1"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts-test"
LETTING_IN = json.dumps(
    {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com"]},
            "Action": "sns:Publish",
            "Resource": "*",
        }
    }
)
"""A policy that lets alarms and event rules publish."""
PATTERN = '{"source": ["aws.dynamodb"], "detail": {"eventName": ["DeleteTable"]}}'


@dataclass(frozen=True)
class Watched:
    """An account with an alarm and a rule under names that no stack gives."""

    tree: Tree
    endpoint: str

    def client(self, service: str) -> Any:
        return session().client(service, region_name=REGION, endpoint_url=self.endpoint)

    def alarm(self, name: str, **change: Any) -> None:
        """Create an alarm on the oldest lock."""
        put: dict[str, Any] = {
            "AlarmName": name,
            "Namespace": "Shop",
            "MetricName": "OldestLock",
            "Dimensions": [{"Name": "Table", "Value": "locks-test"}],
            "Statistic": "Maximum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": 600,
            "AlarmActions": [TOPIC],
        }
        self.client("cloudwatch").put_metric_alarm(**put | change)

    def run(self, *arguments: str, interference: Interference = nothing) -> tuple[SuiteRun, Counter[str]]:
        """Return a live run, and what it asked, each as service and operation with its body."""
        with endpoint(self.endpoint, interference) as stands:
            run = run_suite(
                *("--stack=watched", "--env=test", "--live", *arguments),
                variables=variables_of_server(stands.url) | {"PATH": "/usr/bin:/bin"},
                tree=self.tree.path,
            )
        return run, Counter(map(str, stands.requests))


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder: Path = tmp_path_factory.mktemp("watched")
    tree = copy_suite(folder)
    write(tree)
    with moto_server(ACCOUNT) as server:
        watched = Watched(tree, server.endpoint)
        watched.client("sns").create_topic(Name="alerts-test")
        told = {"TopicArn": TOPIC, "AttributeName": "Policy", "AttributeValue": LETTING_IN}
        watched.client("sns").set_topic_attributes(**told)
        subscription = {"TopicArn": TOPIC, "Protocol": "email", "Endpoint": "shop@example.com"}
        watched.client("sns").subscribe(**subscription)
        watched.alarm("no-name-of-ours")
        watched.alarm("another", MetricName="Locks")
        events = watched.client("events")
        for name, pattern in (("whatever", PATTERN), ("other", '{"source": ["aws.s3"]}')):
            events.put_rule(Name=name, EventPattern=pattern)
        events.put_targets(Rule="whatever", Targets=[{"Id": "1", "Arn": TOPIC}])
        yield watched


def test_it_is_found_and_no_call_is_made_twice(account: Watched) -> None:
    alone, calls = account.run("-n", "0")
    assert alone.exit_code == 0, alone.output
    assert {it.resource for it in alone.outcomes.values()} == {"no-name-of-ours", "whatever"}
    together, calls_together = account.run("-n", "2")
    assert together.exit_code == 0, together.output
    assert [call for call, times in calls.items() if times > 1] == []
    once = {call for call in calls_together if "GetCallerIdentity" not in call}
    assert once == {call for call in calls if "GetCallerIdentity" not in call}
    assert all(calls_together[call] == 1 for call in once)
    # The list says of each alarm what it watches; only the one that is meant is asked for again.
    assert sum("DescribeAlarms" in call for call in calls) == 2


def test_what_was_found_is_replayed_without_the_account(account: Watched) -> None:
    kept, _ = account.run("--save-evidence=live.json")
    assert kept.exit_code == 0, kept.output
    again = run_suite("--stack=watched", "--env=test", "--evidence=live.json", tree=account.tree.path)
    assert again.exit_code == 0, again.output
    assert again.outcomes.keys() == kept.outcomes.keys()
    assert {it.resource for it in again.outcomes.values()} == {"no-name-of-ours", "whatever"}


@pytest.mark.parametrize("operation", ["DescribeAlarms", "ListRules", "DescribeRule"])
def test_a_call_that_is_denied_is_an_error(account: Watched, operation: str) -> None:
    denied, _ = account.run(interference=on(operation, refused(403, "AccessDeniedException")))
    wrong = {it.verdict for it in denied.outcomes.values() if it.verdict != "passed"}
    assert wrong == {"error"}, denied.output
    assert f":{operation}" in denied.output


def test_of_several_that_fit_one_that_bears_it_out_is_enough_and_each_is_read_once(account: Watched) -> None:
    account.alarm("a-late-one", Threshold=6000)
    try:
        several, calls = account.run("-k", "lock-held", "-n", "2", "--save-evidence=several.json")
    finally:
        account.client("cloudwatch").delete_alarms(AlarmNames=["a-late-one"])
    assert {it.verdict for it in several.outcomes.values()} == {"passed"}, several.output
    assert {it.resource for it in several.outcomes.values()} == {"no-name-of-ours"}
    assert {calls[it] for it in calls if "GetCallerIdentity" not in it} == {1}
    again = run_suite("--stack=watched", "--env=test", "--evidence=several.json", tree=account.tree.path)
    assert {it.resource for it in again.those("passed")} == {"no-name-of-ours"}, again.output


def test_one_that_is_gone_is_told_by_what_was_looked_for(account: Watched) -> None:
    account.client("cloudwatch").delete_alarms(AlarmNames=["no-name-of-ours"])
    try:
        gone, _ = account.run("-k", "lock-held")
    finally:
        account.alarm("no-name-of-ours")
    [failed] = gone.those("failed")
    assert "alarm with namespace Shop and metric_name OldestLock" in failed.message
    assert f"does not exist in {REGION} (cloudwatch:DescribeAlarms)" in failed.message
    assert "--alarm-names <alarm-name>" in failed.message
