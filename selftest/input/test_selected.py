"""A stack may say what a resource is, in the place of its name: it is found by that on every source."""

from __future__ import annotations

import pytest

from selftest.front_door import SuiteRun
from selftest.input.tree import Tree, assert_refused

STACK, RUNBOOK = "fixtures/stacks/watched.yaml", "fixtures/runbooks/watched.yaml"
MAIN = "terraform/watched/watching/main.tf"
THE_STACK = """\
format: 2
stack: watched
title: What is watched
region: eu-west-1
environments: {test: {account: "210987654321"}}
terraform: {directory: terraform/watched}
topics:
  alerts: {name: "alerts-{env}", root: watching}
alarms:
  lock-held:
    select: {namespace: Shop, metric_name: OldestLock, dimensions: {Table: "locks-{env}"}}
    root: watching
    related: {topic: alerts}
    expect:
      namespace: Shop
      metric_name: OldestLock
      dimensions: {Table: "locks-{env}"}
      bad: 601
      good: 600
event_rules:
  deleted:
    select: {event: &event {source: aws.dynamodb, detail: {eventName: DeleteTable}}}
    related: {topic: alerts}
    expect: {state: ENABLED, event: *event}
"""
THE_RUNBOOK = """\
format: 2
stack: watched
title: Runbook
source: watched.md
sections: {'1': Watching}
invariants:
  watched-01: &invariant
    test: alarms.metric
    section: '1'
    statement: An alarm fires when a lock is held for ten minutes.
    severity: P2
    evidence: [hcl, aws]
    remedy:
      source: ['threshold = 600 of {name}']
      account: ['aws cloudwatch describe-alarms --alarm-names {name} --region {region}']
  watched-02: {<<: *invariant, test: alarms.heard, statement: Somebody hears it.}
  watched-03: {<<: *invariant, test: events.noticed, statement: A rule tells of deleted tables.}
"""
ALARM = """\
resource "aws_cloudwatch_metric_alarm" "LABEL" {
  alarm_name          = "NAME"
  namespace           = "Shop"
  metric_name         = "OldestLock"
  dimensions          = { Table = "locks-test" }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 600
  alarm_actions       = [aws_sns_topic.alerts.arn]
}
"""
OTHERS = """\
resource "aws_sns_topic" "alerts" {
  name = "alerts-test"
}
resource "aws_sns_topic_subscription" "alerts" {
  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = "shop@example.com"
}
resource "aws_cloudwatch_event_rule" "other" {
  name          = "something-else"
  event_pattern = jsonencode({ source = ["aws.s3"] })
}
resource "aws_cloudwatch_event_rule" "deleted" {
  name          = "whatever-it-is-called"
  event_pattern = jsonencode({ source = ["aws.dynamodb"], detail = { eventName = [{ prefix = "Delete" }] } })
}
resource "aws_cloudwatch_event_target" "deleted" {
  rule = aws_cloudwatch_event_rule.deleted.name
  arn  = aws_sns_topic.alerts.arn
}
"""


def alarm(name: str, label: str = "held", **change: str) -> str:
    """Return an alarm of this name with other values of some arguments."""
    text = ALARM.replace("NAME", name).replace("LABEL", label)
    for argument, value in change.items():
        lines = [line for line in text.splitlines() if line.split("=")[0].strip() == argument]
        text = text.replace(lines[0], f"  {argument} = {value}")
    return text


def write(tree: Tree, *alarms: str, stack: str = THE_STACK) -> None:
    """Write the stack, its runbook, and Terraform with these alarms."""
    for path, text in ((STACK, stack), (RUNBOOK, THE_RUNBOOK), (MAIN, "".join(alarms) + OTHERS)):
        (tree.path / path).parent.mkdir(parents=True, exist_ok=True)
        (tree.path / path).write_text(text)


def run(tree: Tree, *arguments: str) -> SuiteRun:
    return tree.run("--stack=watched", *arguments)


def test_it_is_found_whatever_its_name(tree: Tree) -> None:
    write(tree, alarm("this-is-no-name-of-ours"), alarm("another", "another", metric_name='"Locks"'))
    found = run(tree)
    assert found.exit_code == 0, found.output
    assert {it.source for it in found.those("passed")} == {"hcl", "moto"}
    assert {it.resource for it in found.outcomes.values()} == {
        "this-is-no-name-of-ours",
        "whatever-it-is-called",
    }
    ids = {it.test.rpartition("[")[2] for it in found.outcomes.values()}
    assert {"watched/test/lock-held/hcl]", "watched/test/deleted/moto]"} <= ids


def only(tree: Tree, *arguments: str) -> SuiteRun:
    """Return a run of what is asked of the alarm alone."""
    return run(tree, "-k", "lock-held", *arguments)


def test_what_is_not_there_is_told_once_by_what_was_looked_for(tree: Tree) -> None:
    write(tree, alarm("lock-held-test", namespace='"Other"'))
    missing = only(tree)
    [failed] = missing.those("failed")
    assert (failed.invariant, failed.source, failed.resource) == ("watched-01", "hcl", "lock-held")
    sought = "alarm with namespace Shop and metric_name OldestLock and dimensions {Table: locks-test}"
    assert f"{sought} does not exist in terraform/watched/watching for test" in failed.message
    assert {it.verdict for it in missing.outcomes.values()} == {"failed", "skipped"}
    assert "threshold = 600 of <alarm-name>" in failed.message


def test_a_second_one_that_fits_is_told_and_none_is_taken_for_the_one(tree: Tree) -> None:
    write(tree, alarm("first"), alarm("second", "second", threshold="6000"))
    several = only(tree)
    assert {it.verdict for it in several.outcomes.values()} == {"skipped"}
    [line, *_] = {it.message for it in several.outcomes.values() if it.source == "hcl"}
    assert f"first ({MAIN}:1)" in line
    assert f"second ({MAIN}:13)" in line
    assert "there are 2" in line
    assert "under `select`" in line
    assert only(tree, "--fail-on=undetermined").exit_code == 1


def test_one_of_another_region_is_not_meant(tree: Tree) -> None:
    elsewhere = 'provider "aws" {\n  alias  = "us"\n  region = "us-east-1"\n}\n'
    second = alarm("second", "second", threshold="6000").replace("{\n", "{\n  provider = aws.us\n", 1)
    write(tree, elsewhere, alarm("first"), second)
    assert only(tree).exit_code == 0


@pytest.mark.parametrize(
    ("doubtful", "decided"),
    [
        ({"namespace": "aws_sns_topic.alerts.owner"}, False),
        ({"namespace": "aws_sns_topic.alerts.owner", "metric_name": '"Other"'}, True),
        ({"dimensions": "{ Table = aws_sns_topic.alerts.owner }"}, False),
        ({"dimensions": "{ Table = aws_sns_topic.alerts.owner, Index = 1 }"}, True),
    ],
)
def test_what_nobody_knows_yet_decides_nothing_and_what_is_known_does(
    tree: Tree, doubtful: dict[str, str], decided: bool
) -> None:
    write(tree, alarm("doubtful", "doubtful", **doubtful))
    alone = only(tree, "--source=hcl")
    assert len(alone.those("failed")) == int(decided), alone.output
    if not decided:
        assert "doubtful" in next(iter(alone.outcomes.values())).message
        assert "known only after apply" in next(iter(alone.outcomes.values())).message
    write(tree, alarm("doubtful", "doubtful", **doubtful), alarm("first"))
    beside = only(tree)
    assert beside.exit_code == 0, beside.output
    assert not beside.those("skipped")


def test_one_whose_name_is_chosen_by_apply_is_found_in_source(tree: Tree) -> None:
    write(tree, alarm("first"))
    tree.edit(MAIN, 'name          = "whatever-it-is-called"', 'name_prefix   = "shop-"')
    found = run(tree, "-k", "deleted", "--source=hcl")
    assert [it.verdict for it in found.outcomes.values()] == ["passed"], found.output
    assert [it.verdict for it in run(tree, "-k", "deleted", "--source=moto").outcomes.values()] == ["skipped"]


def test_a_root_that_was_not_given_may_declare_it(tree: Tree) -> None:
    write(tree, alarm("first"), stack=THE_STACK.replace("    root: watching\n", ""))
    assert run(tree).exit_code == 0
    write(tree, stack=THE_STACK.replace("    root: watching\n", ""))
    gone = only(tree, "--source=hcl")
    assert "does not exist in Terraform root watching for test" in gone.output


WRONG = [
    (
        "{namespace: Shop, metric: x}",
        "unknown key 'metric' in alarms.lock-held.select: did you mean 'metric_name'?",
    ),
    ("{name: x}", "unknown key 'name' in alarms.lock-held.select"),
    ("{bad: 1}", "unknown key 'bad' in alarms.lock-held.select"),
    ("{period: soon}", "alarms.lock-held.select.period is 'soon': input should be a valid integer"),
    ('{namespace: "{stage}"}', "unknown placeholder {stage} in test"),
    ('{namespace: "{name}"}', "unknown placeholder {name} in test"),
    ("{namespace: Shop}\n    name: x", "alarms.lock-held: give either `name` or `select`"),
    ("null", "alarms.lock-held: give either `name` or `select`"),
]


@pytest.mark.parametrize(("select", "said"), WRONG, ids=[said[:60] for _, said in WRONG])
def test_what_cannot_be_looked_for_is_refused(tree: Tree, select: str, said: str) -> None:
    old = '{namespace: Shop, metric_name: OldestLock, dimensions: {Table: "locks-{env}"}}\n'
    write(tree, alarm("first"), stack=THE_STACK.replace(f"select: {old}", f"select: {select}\n"))
    line = tree.line(STACK, "    select:" if "give" not in said else "  lock-held")
    assert_refused(run(tree), f"{STACK}:{line}: {said}")


def test_what_no_account_lists_has_a_name(tree: Tree) -> None:
    write(tree, stack=THE_STACK.replace('{name: "alerts-{env}", root', "{select: {}, root"))
    assert_refused(run(tree), "unknown key 'select' in topics.alerts", "topics.alerts.name is missing")


def test_the_only_one_of_its_kind_needs_no_values(tree: Tree) -> None:
    old = '{namespace: Shop, metric_name: OldestLock, dimensions: {Table: "locks-{env}"}}\n'
    write(tree, alarm("first"), stack=THE_STACK.replace(f"select: {old}", "select: {}\n"))
    assert run(tree).exit_code == 0
