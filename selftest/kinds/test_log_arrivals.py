"""Whether what ran wrote to its log group: silence counts where something ran, and had time to arrive."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from moto.core.base_backend import BackendDict
from pydantic import ValidationError

from plumbline.aws.reads import Answers, Aws
from plumbline.kinds.log_arrivals import LogArrivals, Written
from plumbline.kinds.log_lines import Lines, LogLines
from plumbline.sources.moto.account import account
from plumbline.values.unknown import NoData
from plumbline.values.window import Window
from selftest.mutations import history

ACCOUNT, REGION, GROUP = "123456789012", "us-east-1", "/aws/lambda/api"
INVOCATIONS = {"namespace": "AWS/Lambda", "name": "Invocations", "dimensions": {"FunctionName": "api"}}


@pytest.fixture
def aws() -> Aws:
    """An account that holds nothing."""
    BackendDict.reset()
    return account(ACCOUNT, REGION)


def ran(aws: Aws, minutes: float) -> None:
    history.metric(aws, "AWS/Lambda", "Invocations", 1, minutes, FunctionName="api")


def number(**asks: Any) -> Any:
    written = Written(**{"proves_use": [INVOCATIONS], **asks})
    return LogArrivals.from_aws(account(ACCOUNT, REGION), GROUP, None, written).number


def test_a_line_is_enough_whatever_ran(aws: Aws) -> None:
    history.line(aws, GROUP, "x")
    assert number() == 1


def test_no_more_lines_are_looked_at_than_is_said(aws: Aws) -> None:
    for minutes in (5, 6, 7):
        history.line(aws, GROUP, "x", minutes)
    assert [number(counted_up_to=it) for it in (1, 2, 3, 4)] == [1, 2, 3, 3]


@pytest.mark.parametrize("exists", [True, False])
def test_silence_of_what_ran_is_0(aws: Aws, exists: bool) -> None:
    if exists:
        history.line(aws, GROUP, "x", minutes=200)
    ran(aws, 20)
    assert number() == 0


@pytest.mark.parametrize("minutes", [None, 2, 90])
def test_silence_where_nothing_ran_that_had_time_to_write_is_no_data(aws: Aws, minutes: float | None) -> None:
    if minutes is not None:
        ran(aws, minutes)
    with pytest.raises(NoData, match="nothing ran from"):
        assert number() == 0


def test_in_less_time_than_a_line_may_take_nothing_is_proven(aws: Aws) -> None:
    ran(aws, 1)
    place = Aws(
        lambda it, _: aws.client(it), ACCOUNT, REGION, Answers(), None, Window(length=timedelta(minutes=5))
    )
    with pytest.raises(NoData):
        assert LogArrivals.from_aws(place, GROUP, None, Written(proves_use=[INVOCATIONS])).number == 0


def test_without_a_proof_of_use_silence_is_0(aws: Aws) -> None:
    assert number(proves_use=[]) == 0


def test_it_looks_back_as_long_as_it_says(aws: Aws) -> None:
    history.line(aws, GROUP, "x", minutes=90)
    ran(aws, 20)
    assert number() == 0
    assert number(looked_back_minutes=120) == 1


def test_what_else_is_counted_of_the_same_lines_is_the_same(aws: Aws) -> None:
    history.line(aws, GROUP, "x")
    history.line(aws, GROUP, "y")
    place = account(ACCOUNT, REGION)
    assert LogLines.from_aws(place, GROUP, None, Lines(any_of=["x"])).number == 1
    assert LogArrivals.from_aws(place, GROUP, None, Written()).number == 1


@pytest.mark.parametrize(
    "asks", [{"looked_back_minutes": 5}, {"looked_back_minutes": 0}, {"counted_up_to": 0}]
)
def test_a_question_without_an_answer_is_refused(asks: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Written(**asks)


@pytest.mark.parametrize(("minutes", "found"), [(None, 0), (120, 1)])
def test_lines_are_looked_for_as_far_back_as_is_said(aws: Aws, minutes: int | None, found: int) -> None:
    history.line(aws, GROUP, "failed", minutes=90)
    history.line(aws, GROUP, "well")
    lines = Lines(any_of=["failed"], looked_back_minutes=minutes)
    assert LogLines.from_aws(account(ACCOUNT, REGION), GROUP, None, lines).number == found
