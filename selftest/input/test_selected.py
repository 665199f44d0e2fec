"""A stack may say what a resource is, in the place of its name: it is found by that on every source."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from selftest.front_door import SuiteRun
from selftest.input.selected import MAIN, STACK, THE_STACK, alarm, run, write
from selftest.input.tree import Tree, assert_refused


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


LATE, UNHEARD = {"threshold": "6000"}, {"alarm_actions": "[]"}
SEVERAL = [
    ([{}, LATE], {"a"}, {"passed"}),
    ([LATE, {}], {"b"}, {"passed"}),
    ([{}, {}], {"a"}, {"passed"}),
    ([LATE, UNHEARD], {"a"}, {"passed", "failed"}),  # nobody hears the one that fires
    ([UNHEARD | LATE, LATE, UNHEARD | LATE], {"b"}, {"passed", "failed"}),
    ([LATE | {"alarm_actions": '["arn:aws:sns:eu-west-1:210987654321:other"]'}, {}], {"b"}, {"passed"}),
]


@pytest.mark.parametrize(("alarms", "meant", "ends"), SEVERAL)
def test_of_several_that_fit_the_one_is_meant_that_bears_out_the_most(
    tree: Tree, alarms: list[dict[str, str]], meant: set[str], ends: set[str]
) -> None:
    names = "abc"[: len(alarms)]
    write(tree, *(alarm(name, name, **change) for name, change in zip(names, alarms, strict=True)))
    several = only(tree)
    assert {it.resource for it in several.outcomes.values()} == meant, several.output
    assert {it.verdict for it in several.outcomes.values() if it.source == "hcl"} == ends, several.output
    assert several.exit_code == int("failed" in ends)


def test_of_several_that_fit_what_is_not_known_is_better_than_what_does_not_hold(tree: Tree) -> None:
    unknown = alarm("unknown", "unknown", threshold="aws_sns_topic.alerts.owner")
    write(tree, alarm("late", "late", **LATE), unknown)
    several = only(tree, "--source=hcl")
    assert {it.verdict for it in several.outcomes.values()} == {"passed", "skipped"}, several.output
    assert {it.resource for it in several.outcomes.values()} == {"unknown"}
    assert only(tree, "--source=hcl", "--fail-on=undetermined").exit_code == 1


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


def test_where_no_root_is_said_nothing_is_missing(tree: Tree) -> None:
    write(tree, alarm("lock-held-test"))
    text = (tree.path / STACK).read_text()
    (tree.path / STACK).write_text(re.sub(r",? root: watching|    root: watching\n", "", text))
    run_of_it = only(tree)
    assert not run_of_it.those("failed", "error"), run_of_it.output
    told = {it.message for it in run_of_it.those("skipped") if it.invariant == "watched-01"}
    assert told == {"undetermined: no Terraform root is said to declare lock-held"}


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
    ("{namespace: Shop}\n    name: x", "alarms.lock-held: give one of `name`, `output`, `select`"),
    ("null", "alarms.lock-held: give one of `name`, `output`, `select`"),
]


@pytest.mark.parametrize(("select", "said"), WRONG, ids=[said[:60] for _, said in WRONG])
def test_what_cannot_be_looked_for_is_refused(tree: Tree, select: str, said: str) -> None:
    old = '{namespace: Shop, metric_name: OldestLock, dimensions: {Table: "locks-{env}"}}\n'
    write(tree, alarm("first"), stack=THE_STACK.replace(f"select: {old}", f"select: {select}\n"))
    line = tree.line(STACK, "    select:" if "give" not in said else "  lock-held")
    assert_refused(run(tree), f"{STACK}:{line}: {said}")


def test_what_no_account_lists_has_a_name(tree: Tree) -> None:
    write(tree, stack=THE_STACK + "keys:\n  sealing: {select: {}, root: watching}\n")
    assert_refused(run(tree), "unknown key 'select' in keys.sealing")


def test_the_only_one_of_its_kind_needs_no_values(tree: Tree) -> None:
    old = '{namespace: Shop, metric_name: OldestLock, dimensions: {Table: "locks-{env}"}}\n'
    write(tree, alarm("first"), stack=THE_STACK.replace(f"select: {old}", "select: {}\n"))
    assert run(tree).exit_code == 0


def state(tree: Tree, *alarms: tuple[str, str]) -> str:
    """Write a state that holds a topic and alarms, each with its name and its namespace; return its file."""
    topic = {"name": "alerts-test", "arn": "arn:aws:sns:eu-west-1:210987654321:alerts-test"}
    held = [("aws_sns_topic", "alerts", topic)]
    for name, namespace in alarms:
        values = {
            "alarm_name": name,
            "arn": f"arn:aws:cloudwatch:eu-west-1:210987654321:alarm:{name}",
            "namespace": namespace,
            "metric_name": "OldestLock",
            "dimensions": {"Table": "locks-test"},
            "comparison_operator": "GreaterThanThreshold",
            "threshold": 600,
            "statistic": "Maximum",
            "period": 60,
            "evaluation_periods": 1,
        }
        held.append(("aws_cloudwatch_metric_alarm", name, values))
    resources = [
        {
            "mode": "managed",
            "type": type_,
            "name": label,
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [{"schema_version": 1, "attributes": values}],
        }
        for type_, label, values in held
    ]
    whole = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "0a", "outputs": {}}
    (tree.path / "state.json").write_text(json.dumps({**whole, "resources": resources}))
    return "state.json"


@pytest.mark.parametrize(
    ("alarms", "ends"),
    [
        ([("its-name", "Shop"), ("other", "Other")], {"passed"}),
        ([("other", "Other")], {"failed"}),
        ([("its-name", "Shop"), ("second", "Shop")], {"passed"}),
    ],
)
def test_it_is_found_in_a_state(tree: Tree, alarms: list[tuple[str, str]], ends: set[str]) -> None:
    write(tree)
    found = run(tree, f"--state={state(tree, *alarms)}", "-k", "fires")
    assert {it.verdict for it in found.outcomes.values()} == ends, found.output
    assert (ends == {"passed"}) == ("its-name" in {it.resource for it in found.outcomes.values()})


@pytest.mark.parametrize("alarms", [[alarm("first")], [alarm("late", "late", **LATE), alarm("first")]])
def test_what_was_found_is_kept_and_replayed(tree: Tree, alarms: list[str]) -> None:
    write(tree, *alarms)
    kept = run(tree, "--save-evidence=kept.json", "-n", "2")
    assert kept.exit_code == 0, kept.output
    write(tree)
    again = run(tree, "--evidence=kept.json")
    assert again.exit_code == 0, again.output
    assert {it: end.resource for it, end in again.outcomes.items()} == {
        it: end.resource for it, end in kept.outcomes.items()
    }


def test_the_policy_of_a_live_run_lists_and_reads_whatever_is_listed(tree: Tree) -> None:
    write(tree)
    command = (sys.executable, "-m", "plumbline", "policy", "--stack=watched", "--env=test")
    printed = subprocess.run(command, cwd=tree.path, capture_output=True, text=True, check=True).stdout
    allowed = {
        (action, arn)
        for statement in json.loads(printed)["Statement"]
        for action in statement["Action"]
        for arn in statement["Resource"]
    }
    rules = "arn:aws:events:eu-west-1:210987654321:rule/*"
    assert {
        ("events:ListRules", "*"),
        ("events:DescribeRule", rules),
        ("events:ListTargetsByRule", rules),
    } <= (allowed)
    assert ("cloudwatch:DescribeAlarms", "arn:aws:cloudwatch:eu-west-1:210987654321:alarm:*") in allowed


def test_a_waiver_speaks_of_it_by_its_key(tree: Tree) -> None:
    write(tree, alarm("first", threshold="6000"))
    entry = {"invariant": "watched-01", "owner": "Shop", "reason": "later", "until": "2999-01-01"}
    waivers = {"format": 2, "stack": "watched", "waivers": [{**entry, "resource": "lock-held"}]}
    (tree.path / "fixtures/waivers").mkdir(exist_ok=True)
    (tree.path / "fixtures/waivers/watched.yaml").write_text(json.dumps(waivers))
    waived = run(tree, "--source=hcl")
    assert waived.exit_code == 0, waived.output
    assert "waived" in waived.output
