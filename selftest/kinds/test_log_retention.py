"""What lines are no longer there: a log group that keeps them for less than is looked back."""

from __future__ import annotations

from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from plumbline.aws.reads import Aws
from plumbline.kinds.api_log_lines import ApiLogLines
from plumbline.kinds.log_lines import LogLines
from plumbline.kinds.log_query import LogQuery
from plumbline.kinds.looking_back import LookingBack
from plumbline.sources.moto.account import account
from plumbline.values.unknown import Undetermined
from selftest.kinds.stub import account as answering
from selftest.kinds.stub import text
from selftest.mutations import history

GROUP, DAY = "/shop/api", 24 * 60
OF_LINES: dict[type[LookingBack], dict[str, Any]] = {
    ApiLogLines: {"any_of": ["ERROR"], "stage": "v1"},
    LogLines: {"any_of": ["ERROR"]},
    LogQuery: {"query": "stats max(@duration) as number"},
}
ASKS = "logs:DescribeLogGroups"


@pytest.fixture
def aws() -> Aws:
    """An account with a log group that holds one line, an error."""
    BackendDict.reset()
    made = account("123456789012", "us-east-1")
    history.line(made, GROUP, "[ERROR] there is no paper")
    return made


def counted(aws: Aws, minutes: int) -> LogLines:
    question = LogLines.question(any_of=["ERROR"], looked_back_minutes=minutes)
    return LogLines.from_aws(aws, GROUP, None, question)


@pytest.mark.parametrize(("days", "minutes"), [(None, 30 * DAY), (7, 7 * DAY), (1, DAY), (1, 60)])
def test_lines_that_are_kept_as_long_as_is_looked_back_are_all_there_are(
    aws: Aws, days: int | None, minutes: int
) -> None:
    if days:
        aws.write("logs:PutRetentionPolicy", logGroupName=GROUP, retentionInDays=days)
    assert counted(aws, minutes).number == 1


def test_where_lines_are_removed_before_there_may_have_been_more(aws: Aws) -> None:
    aws.write("logs:PutRetentionPolicy", logGroupName=GROUP, retentionInDays=3)
    number = counted(aws, 7 * DAY).number
    assert number >= 1
    assert not number < 1
    with pytest.raises(Undetermined, match="/shop/api keeps a line for 3 days, which is less than from "):
        assert number <= 1


def test_a_number_that_a_query_makes_of_a_part_of_the_lines_says_nothing(aws: Aws) -> None:
    aws.write("logs:PutRetentionPolicy", logGroupName=GROUP, retentionInDays=3)
    history.report(aws, GROUP, used=40, of=100)
    share = "stats max(@maxMemoryUsed / @memorySize) as number"

    def asked(days: int) -> LogQuery:
        question = LogQuery.question(query=share, looked_back_minutes=days * DAY)
        return LogQuery.from_aws(aws, GROUP, None, question)

    assert asked(3).value == 0.4
    with pytest.raises(Undetermined, match="keeps a line for 3 days"):
        assert asked(4).value == 0.4


def test_whoever_may_not_ask_how_long_lines_are_kept_knows_nothing_of_those_that_lack() -> None:
    denied = text('{"__type": "AccessDeniedException"}', 403)
    found = text('{"events": [{"message": "ERROR", "timestamp": 1}]}')
    aws = answering({"DescribeLogGroups": denied, "FilterLogEvents": found})
    assert counted(aws, DAY).number == 1
    with pytest.raises(Undetermined, match="is not known: "):
        assert counted(aws, 7 * DAY).number <= 1


@pytest.mark.parametrize("kind", OF_LINES)
@pytest.mark.parametrize(("minutes", "asks"), [(None, False), (DAY, False), (DAY + 1, True)])
def test_the_policy_holds_what_asks_only_where_a_question_looks_back_so_far(
    kind: type[LookingBack], minutes: int | None, asks: bool
) -> None:
    assert kind.question
    question = kind.question(**{**OF_LINES[kind], "looked_back_minutes": minutes})
    assert (ASKS in {it.operation for it in kind.calls_for(None, question)}) == asks
