"""A small stack that says of an alarm and of a rule what they are, and not what they are called."""

from __future__ import annotations

from selftest.front_door import SuiteRun
from selftest.input.tree import Tree

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
resource "aws_sns_topic_policy" "alerts" {
  arn = aws_sns_topic.alerts.arn
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sns:Publish", Resource = "*"
    Principal = { Service = ["cloudwatch.amazonaws.com", "events.amazonaws.com"] } }] })
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
