"""Questions that mean nothing are refused when they are loaded, with file, line and what to write instead."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
import yaml
from pydantic import ValidationError

from plumbline.aws.operations import operation_model
from plumbline.expectations.stack import Stack, expectation
from plumbline.kinds.backup_history import RESTORABLE
from plumbline.kinds.bounds import AtMost, Rate, Some
from plumbline.kinds.event_history import EventHistory, Events
from plumbline.kinds.kind import Kind
from plumbline.kinds.log_lines import Lines, LogLines
from plumbline.kinds.log_query import LogQuery
from plumbline.kinds.metric import Metric
from plumbline.kinds.registry import kinds
from selftest.front_door import REPOSITORY
from selftest.input.tree import Tree, assert_refused
from selftest.live.happened import write

STACK = "fixtures/stacks/asked.yaml"


def metric(**more: Any) -> dict[str, Any]:
    return {"namespace": "Shop", "name": "Requests", **more}


def measured(**more: Any) -> dict[str, Any]:
    return {"metrics": [metric()], **more}


def events(**more: Any) -> dict[str, Any]:
    return {"source": "dynamodb.amazonaws.com", **more}


def patience(**more: Any) -> dict[str, Any]:
    return {"stale_after_minutes": 15, "job_minutes": 30, **more}


def restores(of: str) -> dict[str, Any]:
    return {"looked_back_days": 92, "resource_type": of}


def place(tree: Tree, key: str) -> str:
    """Return the file and line of a key in the stack, which stands there last."""
    before, found, _ = (tree.path / STACK).read_text().rpartition(f'"{key}":')
    assert found
    return f"{STACK}:{before.count(chr(10)) + 1}: "


NO_SUM = "do not add up: write `steps: highest`, `lowest` or `newest`"
NO_TOGETHER = "of several metrics do not add up: write one metric, or `steps: highest` or `lowest`"
METRICS = [
    (
        {"metrics": [metric(nmae="x")]},
        "nmae",
        "unknown key 'nmae' in metrics.it.asks.metrics.0: did you mean 'name'?",
    ),
    (measured(step="newest"), "step", "unknown key 'step' in metrics.it.asks: did you mean 'steps'?"),
    (
        measured(steps="last"),
        "steps",
        "asks.steps is 'last': input should be 'sum', 'highest', 'lowest' or 'newest'",
    ),
    ({"metrics": []}, "metrics", "asks.metrics is []: list should have at least 1 item"),
    (
        {"metrics": [metric(statistic="sum")]},
        "statistic",
        "'sum' is no statistic of CloudWatch (did you mean Sum?)",
    ),
    ({"metrics": [metric(statistic="p101")]}, "statistic", "'p101' is no statistic of CloudWatch"),
    ({"metrics": [metric(statistic="p95")]}, "asks", f"the values of p95 of several steps {NO_SUM}"),
    (
        measured(over=[metric(statistic="Average")]),
        "asks",
        f"the values of Average of several steps {NO_SUM}",
    ),
    (
        {"metrics": [metric(statistic="p95", dimensions={"Api": "*"})], "steps": "newest"},
        "asks",
        f"the values of p95 {NO_TOGETHER}",
    ),
    (
        {"metrics": [metric(statistic="Maximum")] * 2, "over": [metric()], "steps": "highest"},
        "asks",
        f"the values of Maximum {NO_TOGETHER}",
    ),
    ({"metrics": [metric(dimensions={"Api": []})]}, "Api", "write a value, a list of values, or '*'"),
    ({"metrics": [metric(dimensions={"Api": ["a", "*"]})]}, "Api", "'*' stands for every value, and alone"),
    ({"metrics": [metric(dimensions={"Api": "a*"})]}, "Api", "'*' stands for every value, and alone"),
    (
        measured(period_seconds=90),
        "period_seconds",
        "CloudWatch has steps of 1, 5, 10, 20, 30 or a multiple of 60",
    ),
    (measured(period_seconds=10), "asks", "are kept for 3 hours: write `looked_back_minutes` too"),
    (measured(looked_back_minutes=4), "asks", "4 minutes are less than a step of 300 seconds"),
    (
        measured(looked_back_minutes=30 * 24 * 60, period_seconds=60),
        "asks",
        "steps of 60 seconds are not kept for 43200 minutes: write a multiple of `period_seconds: 300`",
    ),
    (measured(looked_back_minutes=500 * 24 * 60), "asks", "CloudWatch keeps 455 days"),
    (measured(looked_back_minutes=0), "looked_back_minutes", "input should be greater than 0"),
    (measured(over_earlier_minutes=60), "asks", "write `looked_back_minutes` too: growth is from one time"),
    (
        measured(over_earlier_minutes=60, looked_back_minutes=60),
        "asks",
        "two times are not of one length: write `steps: highest` or `lowest`",
    ),
    (
        measured(over_earlier_minutes=60, looked_back_minutes=60, over=[metric()], steps="highest"),
        "asks",
        "give either `over` or `over_earlier_minutes`: a value is divided once",
    ),
    (
        measured(over_earlier_minutes=30_000, looked_back_minutes=1440, period_seconds=60, steps="highest"),
        "asks",
        "steps of 60 seconds are not kept for 31440 minutes: write a multiple of `period_seconds: 300`",
    ),
]
LINES = [
    ({}, "asks", "give either `any_of` or `pattern`"),
    ({"any_of": ["x"], "pattern": "y"}, "asks", "give either `any_of` or `pattern`"),
    ({"any_off": ["x"]}, "any_off", "did you mean 'any_of'?"),
    ({"any_of": ["x"], "counted_up_to": 0}, "counted_up_to", "input should be greater than 0"),
    ({"pattern": '"payment refused'}, "pattern", "is not closed: it has a quote without its other"),
    ({"pattern": '{ $.level = "error"'}, "pattern", "is not closed: what begins with { ends with }"),
    ({"pattern": "[ip, code = 5*"}, "pattern", "is not closed: what begins with [ ends with ]"),
    ({"pattern": "%5[0-9]+"}, "pattern", "is not closed: what begins with % ends with %"),
    (
        {"any_of": ["x"], "longer_than_milliseconds": float("nan")},
        "longer_than_milliseconds",
        "input should be",
    ),
    ({"any_of": ["x"], "longer_than_milliseconds": -1}, "longer_than_milliseconds", "input should be"),
]
EVENTS = [
    ({"names": ["DeleteTable"]}, "asks", "event_histories.it.asks.source is missing"),
    ({"source": "dynamodb"}, "source", "should match pattern"),
    (events(event="DeleteTable"), "event", "unknown key 'event' in event_histories.it.asks: valid keys: "),
    (events(looked_back_days=91), "asks", "CloudTrail's event history holds 90 days: look back no longer"),
    (events(looked_back_minutes=90 * 24 * 60 + 1), "asks", "CloudTrail's event history holds 90 days"),
    (events(looked_back_days=1, looked_back_minutes=5), "asks", "give either `looked_back_minutes` or"),
    (events(resource="orders", user="alice"), "asks", "give either `resource` or `user`"),
    (events(names=["GetItem"]), "asks", "GetItem is a data event of dynamodb.amazonaws.com"),
    (events(error_code="("), "error_code", "'(' is not a pattern: missing )"),
    (
        events(names=["DeletTable"]),
        "asks",
        "dynamodb.amazonaws.com has no event DeletTable (did you mean DeleteTable?)",
    ),
]
LOCKS = [
    (patience(stale_after_minutes=0), "stale_after_minutes", "input should be greater than 0"),
    (patience(job_minutes=0), "job_minutes", "input should be greater than 0"),
    (patience(stale_after_minutes=60), "asks", "write a first number that is not above the second"),
]
BACKUPS = [({"looked_back_days": days}, "looked_back_days", "input should be") for days in (-1, 0, 3651)]
RESTORES = [
    (restores("S33"), "resource_type", "AWS Backup restores no 'S33' (did you mean S3?)"),
    (restores("table"), "resource_type", "AWS Backup restores no 'table'; valid: Aurora, "),
]
WITH_BOUNDS = ("metrics", "lines_of_logs", "event_histories")
AGES = 10**15
"""More minutes, or days, than a calendar has."""
TOO_LONG = [
    ("metrics", measured(looked_back_minutes=AGES), "looked_back_minutes", "input should be less than"),
    (
        "metrics",
        measured(looked_back_minutes=60, over_earlier_minutes=AGES, steps="highest"),
        "over_earlier_minutes",
        "input should be less than",
    ),
    (
        "lines_of_logs",
        {"any_of": ["x"], "looked_back_minutes": AGES},
        "looked_back_minutes",
        "input should be less than",
    ),
    ("event_histories", events(looked_back_minutes=AGES), "looked_back_minutes", "input should be less than"),
    ("event_histories", events(looked_back_days=AGES), "looked_back_days", "input should be less than"),
]
WRONG = [
    *TOO_LONG,
    *(("metrics", *it) for it in METRICS),
    *(("lines_of_logs", *it) for it in LINES),
    *(("event_histories", *it) for it in EVENTS),
    *(("lock_tables", *it) for it in LOCKS),
    *(("backup_histories", *it) for it in BACKUPS),
    *(("restore_histories", *it) for it in RESTORES),
]


@pytest.mark.parametrize(
    ("section", "asks", "at", "said"), WRONG, ids=[f"{it[0]}-{it[2]}-{it[3][:50]}" for it in WRONG]
)
def test_a_question_that_means_nothing_is_refused(
    tree: Tree, section: str, asks: dict[str, Any], at: str, said: str
) -> None:
    write(tree, **{section: {"it": (asks, {"most": 0} if section in WITH_BOUNDS else {})}})
    path = tree.path / STACK
    path.write_text(path.read_text().replace("NaN", ".nan"))
    assert_refused(tree.run("--stack=asked"), place(tree, at), said)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("", "an empty word is in every line"),
        ("  ", "an empty word is in every line"),
        ('say "x"', 'holds ", which no term can hold'),
        ("C:\\temp", "holds \\, which no term can hold"),
    ],
)
def test_a_word_that_no_term_can_be_is_refused(tree: Tree, word: str, said: str) -> None:
    write(tree, lines_of_logs={"it": ({"any_of": ["ERROR", word]}, {"most": 0})})
    file, line = place(tree, "any_of").removesuffix(": ").split(":")
    assert_refused(tree.run("--stack=asked"), f"{file}:{int(line) + 2}: ", said)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("signin.amazonaws.com", "ConsoleLogin"),
        ("lambda.amazonaws.com", "CreateFunction20150331v2"),
        ("cloudfront.amazonaws.com", "UpdateDistribution2020_05_31"),
        ("s3.amazonaws.com", "PutBucketPublicAccessBlock"),
        ("s3.amazonaws.com", "ListBuckets"),
        ("s3.amazonaws.com", "PutAccelerateConfiguration"),
        ("kms.amazonaws.com", "DeleteKey"),
        ("monitoring.amazonaws.com", "DeleteAlarms"),
        ("nowhere.amazonaws.com", "DeletTable"),
    ],
)
def test_an_event_with_a_name_of_its_own_is_taken(source: str, name: str) -> None:
    assert Events(source=source, names=[name]).names == [name]


def test_what_aws_backup_restores_is_what_its_reference_lists() -> None:
    taken = operation_model("backup:ListRestoreJobs").input_shape.members["ByResourceType"]
    assert set(re.findall("<code>(.*?)</code>", taken.documentation)) <= {*RESTORABLE}


@pytest.mark.parametrize(
    "pattern", ['"a phrase"', '{ $.level = "error" }', "[ip, code = 5*]", "%5[0-9]+%", "ERROR"]
)
def test_a_closed_pattern_is_taken(pattern: str) -> None:
    assert Lines(pattern=pattern).filter == pattern


def test_the_questions_of_the_documentation_are_taken(tree: Tree) -> None:
    [example] = re.findall(
        r"```yaml\n(metrics:\n.*?)```", (REPOSITORY / "docs/formats.md").read_text(), re.DOTALL
    )
    write(tree)
    stack = yaml.safe_load((tree.path / STACK).read_text()) | yaml.safe_load(example)
    (tree.path / STACK).write_text(yaml.safe_dump(stack))
    assert set(Stack(tree.path / STACK).subjects("test")) >= set(next(iter(yaml.safe_load(example).values())))


@pytest.mark.parametrize(
    ("section", "asks", "bound", "said"),
    [
        ("metrics", measured(), {"least": 5, "most": 1}, "no number is at least 5 and at most 1"),
        ("metrics", measured(), {"most": float("inf")}, "expect.most is"),
        ("metrics", measured(), {"least": float("nan")}, "expect.least is"),
        ("metrics", measured(), {"at_least": 1}, "unknown key 'at_least' in metrics.it.expect"),
        (
            "lines_of_logs",
            {"any_of": ["x"]},
            {"least": 0},
            "expect.least is 0: input should be greater than 0",
        ),
        ("lines_of_logs", {"any_of": ["x"]}, {"most": -1}, "expect.most is -1: input should be greater than"),
        ("restore_histories", restores("S3"), {"least_restores": 0}, "expect.least_restores is 0: input"),
        ("restore_histories", restores("S3"), {"least_restores": -1}, "expect.least_restores is -1: input"),
        (
            "backup_histories",
            {"looked_back_days": 7},
            {"most_hours_between_backups": 0},
            "expect.most_hours_between_backups is 0: input",
        ),
        ("event_histories", events(), {"least": 0.5}, "expect.least is 0.5: input should be a valid integer"),
    ],
)
def test_a_bound_that_holds_of_everything_or_nothing_is_refused(
    tree: Tree, section: str, asks: dict[str, Any], bound: dict[str, float], said: str
) -> None:
    write(tree, **{section: {"it": (asks, bound)}})
    path = tree.path / STACK
    path.write_text(path.read_text().replace("Infinity", ".inf").replace("NaN", ".nan"))
    assert_refused(tree.run("--stack=asked"), place(tree, next(iter(bound))), said)


NUMBERS = (int, float, Some, AtMost, Rate)
BOUNDS = [
    (kind, name)
    for kind in kinds().values()
    for name, field in (kind.limits.model_fields if kind.limits else {}).items()
    if {field.annotation, *get_args(field.annotation)} & {*NUMBERS}
]
NEGATIVE = (Metric, LogQuery)
"""What may be below nothing."""


@pytest.mark.parametrize(("kind", "name"), BOUNDS, ids=[f"{kind.noun}-{name}" for kind, name in BOUNDS])
def test_no_bound_is_one_that_everything_keeps(kind: type[Kind], name: str) -> None:
    of_each = get_args(kind.limits.model_fields[name].annotation)[:1] if kind.limits else ()
    keys = [*get_args(of_each[0]), "x"] if of_each else []

    def taken(number: float) -> bool:
        try:
            expectation(kind)(**{name: {keys[0]: number} if keys else number})
        except ValidationError:
            return False
        return True

    assert not taken(float("inf"))
    assert not taken(float("nan"))
    if name.startswith("least") and kind not in NEGATIVE:
        assert taken(1)
        assert not taken(0)
        assert not taken(-1)


@pytest.mark.parametrize(
    ("kind", "question", "bound", "told"),
    [
        (Metric, {"metrics": [metric()]}, {"most": 0.5, "least": 0.5}, None),
        (Metric, {"metrics": [metric()]}, {"most": -1}, None),  # CloudWatch takes negative values
        (Metric, {"metrics": [metric()]}, {"most": 0.5, "least": 0.75}, "no number is at least 0.75"),
        (LogLines, {"any_of": ["x"]}, {"most": 2, "least": 3}, "no number is at least 3 and at most 2"),
        (LogLines, {"any_of": ["x"], "counted_up_to": 5}, {"most": 4, "least": 5}, "no number is"),
        (LogLines, {"any_of": ["x"], "counted_up_to": 5}, {"most": 4}, None),
        (LogLines, {"any_of": ["x"], "counted_up_to": 5}, {"least": 5}, None),
        (LogLines, {"any_of": ["x"], "counted_up_to": 5}, {"most": 5}, "write `counted_up_to: 6` in `asks`"),
        (LogLines, {"any_of": ["x"], "counted_up_to": 5}, {"least": 6}, "write `counted_up_to: 6` in `asks`"),
        (LogLines, {"any_of": ["x"]}, {"most": 1000}, "counting ends at 1000, so nobody knows whether most:"),
        (EventHistory, events(names=["A", "B"], counted_up_to=5), {"most": 9}, None),
        (EventHistory, events(names=["A", "B"], counted_up_to=5), {"most": 10}, "write `counted_up_to: 6`"),
    ],
)
def test_a_bound_that_can_be_met_and_broken_is_taken_and_no_other(
    kind: type[Kind], question: dict[str, Any], bound: dict[str, float], told: str | None
) -> None:
    assert kind.question
    said = [reason for _, reason in kind.undecidable(kind.question(**question), bound)]
    assert [it for it in said if told is None or told not in it] == []
    assert bool(said) == (told is not None)
