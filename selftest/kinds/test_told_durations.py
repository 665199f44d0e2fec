"""What a line of a log says of how long something took, in whatever way applications write that."""

from __future__ import annotations

from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from plumbline.kinds.log_lines import LogLines
from plumbline.kinds.told_durations import told
from plumbline.sources.moto.account import account
from plumbline.values.unknown import Undetermined
from selftest.mutations import history

LONGER = (
    *("took 2500 ms", "took 2500ms.", "Query took 1,234 ms", "took 1_234ms", "took 2.5e3 ms", "took 1001 MS"),
    *(
        "duration: 5 s",
        "duration=1234",
        '{"duration": 1234}',
        '{"q":"x","duration_ms":2500}',
        "durationMs=2500",
    ),
    *("duration_seconds: 2.5", "took 2s", "in 0.5 min", "2000000 µs", "Duration: 2500.5 ms\tBilled: 2501 ms"),
    *("elapsed 1001 millis", "duration in seconds: 3"),
)
SHORTER = (
    *("took 12 ms", "took 1000 ms", "duration=12", "took 0.9s", "took 900,000 us", "12ms of 20ms"),
    *("duration_ns=5000000", "Duration: 3.1 ms Billed Duration: 4 ms Memory Size: 128 MB"),
)
DOUBTFUL = (
    *("waited 20 ms for a connection, query took 2500 ms", "12 ms of 3000 ms", "took 2500", "latency=2500"),
    *("took PT2.5S, 3 rows elapsed: 7", "duration: 1h 5m", "elapsed=2.5"),
)
NOTHING = ("DynamoDB Query started", "3 items in 4 pages", "version 2.5", "us-east-1", "took ages", "12 msgs")


@pytest.mark.parametrize("line", LONGER)
def test_a_line_says_that_it_took_longer(line: str) -> None:
    assert told(line, 1000) == "longer"


@pytest.mark.parametrize("line", SHORTER)
def test_a_line_says_that_it_did_not(line: str) -> None:
    assert told(line, 1000) == "shorter"


@pytest.mark.parametrize("line", DOUBTFUL)
def test_a_line_with_several_times_or_an_unclear_one_is_not_taken_for_fast(line: str) -> None:
    assert told(line, 1000) == "doubtful"


@pytest.mark.parametrize("line", NOTHING)
def test_a_line_says_nothing_of_it(line: str) -> None:
    assert told(line, 1000) == "nothing"


def counted(*lines: str) -> Any:
    """How many lines of a log group say that something took longer than a second."""
    BackendDict.reset()
    aws = account("123456789012", "us-east-1")
    for line in lines:
        history.line(aws, "/shop/api", f"Query: {line}")
    question = LogLines.question(any_of=["Query"], longer_than_milliseconds=1000)
    return LogLines.from_aws(aws, "/shop/api", None, question).number


def test_doubtful_lines_leave_open_whether_there_are_more() -> None:
    assert counted("took 2500 ms", "took 3 ms", "started") == 1
    number = counted("took 2500 ms", DOUBTFUL[0])
    assert number >= 1
    assert number <= 2
    with pytest.raises(Undetermined, match="1 of the lines tell several times"):
        assert number <= 1
