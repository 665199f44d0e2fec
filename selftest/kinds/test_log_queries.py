"""What a query of Logs Insights gives: one number or none, however it ends, and no text of any line."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from typing import Any

import pytest
from moto.core.base_backend import BackendDict
from pydantic import ValidationError

from plumbline.aws.reads import Answers, Aws
from plumbline.kinds import log_query
from plumbline.kinds.call import names_of
from plumbline.kinds.log_query import LogQuery, Query
from plumbline.kinds.permitted import OfResource, Permitted
from plumbline.sources.moto.account import account
from plumbline.values.unknown import NoData, ReadError
from selftest.mutations import history

ACCOUNT, REGION, GROUP = "123456789012", "us-east-1", "/shop/api"
CANARY = "planted-canary"
LONGEST = "stats max(@initDuration) as number"
OF_REPORTS = f'filter @type = "REPORT" | {LONGEST}, count(*) as proves_use'
SHARE = 'filter @type = "REPORT" | stats max(@maxMemoryUsed / @memorySize) as number'


@pytest.fixture
def aws() -> Aws:
    """An account with a log group that holds one line."""
    BackendDict.reset()
    made = account(ACCOUNT, REGION)
    history.line(made, GROUP, f"[INFO] {CANARY}")
    return made


def report(aws: Aws, used: int, init: float | None = None, minutes: float = 6) -> None:
    """Let Lambda report an invocation that used so much of 100 MB."""
    history.report(aws, GROUP, used=used, of=100, init=init, minutes=minutes)


def asked(query: str, aws: Aws | None = None, **asks: Any) -> LogQuery:
    return LogQuery.from_aws(aws or account(ACCOUNT, REGION), GROUP, None, Query(query=query, **asks))


def test_the_highest_of_all_lines_is_told(aws: Aws) -> None:
    for used in (40, 91, 60):
        report(aws, used)
    assert asked(SHARE).value == pytest.approx(0.91)


def test_what_no_line_says_is_no_data(aws: Aws) -> None:
    report(aws, 40)
    for query in (f'filter @type = "REPORT" | {LONGEST}', f'filter @type = "START" | {LONGEST}'):
        with pytest.raises(NoData, match="has nothing from"):
            assert asked(query).value <= 5000


def test_what_no_line_says_is_0_where_there_were_lines_to_say_it(aws: Aws) -> None:
    with pytest.raises(NoData):
        assert asked(OF_REPORTS).value == 0
    report(aws, 40)
    assert asked(OF_REPORTS).value == 0
    report(aws, 40, init=5000.1)
    assert asked(OF_REPORTS).value == 5000.1


def test_it_looks_back_as_long_as_it_says(aws: Aws) -> None:
    report(aws, 95, minutes=90)
    report(aws, 40)
    assert asked(SHARE).value == 0.4
    assert asked(SHARE, looked_back_minutes=120).value == 0.95


def test_a_log_group_that_is_not_there_is_no_data(aws: Aws) -> None:
    aws.write("logs:DeleteLogGroup", logGroupName=GROUP)
    with pytest.raises(NoData, match="there is no log group /shop/api"):
        assert asked(SHARE).value == 0


@dataclass
class Logs:
    """A client of CloudWatch Logs that answers in this order."""

    answers: list[dict[str, Any]]
    meta: Any
    stopped: list[str] = field(default_factory=list)
    asked: int = 0

    def can_paginate(self, _: str) -> bool:
        return False

    def start_query(self, **_: Any) -> dict[str, Any]:
        return {"queryId": "one"}

    def get_query_results(self, queryId: str) -> dict[str, Any]:  # noqa: N803  # as botocore calls it
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]

    def stop_query(self, queryId: str) -> dict[str, Any]:  # noqa: N803  # as botocore calls it
        self.stopped.append(queryId)
        return {"success": True}


def answering(*answers: dict[str, Any]) -> tuple[Logs, Aws]:
    logs = Logs([*answers], account(ACCOUNT, REGION).client("logs").meta)
    return logs, Aws(lambda *_: logs, ACCOUNT, REGION, Answers(), None)


def gave(*rows: dict[str, str], status: str = "Complete") -> dict[str, Any]:
    listed = [[{"field": name, "value": it} for name, it in row.items()] for row in rows]
    return {"results": listed, "status": status}


@pytest.fixture(autouse=True)
def without_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def test_it_is_waited_for_and_started_once() -> None:
    partial = gave({"number": "1"}, status="Running")
    logs, aws = answering(gave(status="Scheduled"), partial, gave({"number": "7.5"}))
    assert asked(SHARE, aws).value == 7.5
    assert asked(SHARE, aws).value == 7.5
    assert (logs.asked, logs.stopped) == (3, [])


def test_one_that_does_not_end_is_stopped() -> None:
    logs, aws = answering(gave({"number": "1"}, status="Running"))
    with pytest.raises(ReadError, match="is not over after 60 seconds, and was stopped"):
        assert asked(SHARE, aws).value == 1
    assert logs.asked == log_query._WAITING.times + 1
    assert logs.stopped == ["one"]


@pytest.mark.parametrize("status", ["Failed", "Timeout", "Cancelled", "Unknown"])
def test_one_that_ends_otherwise_could_not_be_read(status: str) -> None:
    _, aws = answering(gave({"number": "0"}, status=status))
    with pytest.raises(ReadError, match=f"a query of /shop/api ended as {status}"):
        assert asked(SHARE, aws).value == 0


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"number": CANARY}], "gave a text instead of a number"),
        ([{"number": "NaN"}], "gave infinite instead of a number"),
        ([{"number": "Infinity"}], "gave infinite instead of a number"),
        ([{"proves_use": CANARY}], "gave a text instead of a number"),
        ([{"number": "1"}, {"number": "2"}], "gave 2 rows instead of one"),
    ],
)
def test_what_is_no_number_could_not_be_read_and_is_not_told(rows: list[dict[str, str]], told: str) -> None:
    _, aws = answering(gave(*rows))
    found = asked(SHARE, aws)
    with pytest.raises(ReadError, match=told):
        assert found.value == 0
    assert CANARY.encode() not in pickle.dumps(aws._answers.settle())
    assert CANARY not in repr(found)


@pytest.mark.parametrize("row", [{"number": ""}, {"number": " "}, {"number": "null"}, {}, {"other": "1"}])
def test_a_row_without_a_number_has_none(row: dict[str, str]) -> None:
    for use, value in (("3", 0.0), ("0", None)):
        _, aws = answering(gave(row | {"proves_use": use}))
        if value is None:
            with pytest.raises(NoData):
                assert asked(SHARE, aws).value == 0
        else:
            assert asked(SHARE, aws).value == value


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("fields @message", "ends in `stats`"),
        (f"{LONGEST} | limit 1", "ends in `stats`"),
        ("stats max(@initDuration)", "calls what it finds out `number`"),
        ("stats max(@initDuration) as numbers", "calls what it finds out `number`"),
        (f"{LONGEST} by bin(5m)", "without `by`"),
        (f"{LONGEST}\n  BY @logStream", "without `by`"),
        (f"SOURCE logGroups(namePrefix: ['/other']) | {LONGEST}", "SOURCE"),
        (f"filter a in (SOURCE '/other' | stats count(*) as n) | {LONGEST}", "SOURCE"),
        (f"filter @message like /x/ | source '/other' | {LONGEST}", "SOURCE"),
        ('stats max(@initDuration) as n, count("a | stats as number") as m', "calls what it finds out"),
        ("fields @message # | stats max(@initDuration) as number", "ends in `stats`"),
    ],
)
def test_a_query_that_gives_no_number_of_its_own_log_group_is_refused(query: str, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Query(query=query)


@pytest.mark.parametrize(
    ("changed", "refused"),
    [({}, False), ({"logGroupName": "/other"}, True), ({"queryString": "fields @message"}, True)],
)
def test_a_live_run_starts_the_query_of_the_stack_alone(changed: dict[str, Any], refused: bool) -> None:
    names = {**names_of(GROUP, question=Query(query=SHARE)), "account": ACCOUNT, "region": REGION}
    permitted = Permitted(OfResource(it, names) for it in LogQuery.calls_for())
    asked = {"logGroupName": GROUP, "queryString": SHARE, "startTime": 1, "endTime": 2}
    assert bool(permitted.refuses("logs:StartQuery", asked | changed)) == refused
    assert not permitted.refuses("logs:GetQueryResults", {"queryId": "one"})


@pytest.mark.parametrize(
    "query",
    [
        SHARE,
        OF_REPORTS,
        LONGEST.upper().replace("@INITDURATION", "@initDuration"),
        f'filter source = "otx" and by = "bin" | {LONGEST}',
        f"filter @message like /a | source b/ | {LONGEST}",
        f"parse @message '* by *' as one, two | {LONGEST} # by hand",
        "stats max(@a / @b) as a, max(@c / @d) as number",
        "stats count(*) as n by bin(5m) | stats max(n) as number",
    ],
)
def test_a_query_that_gives_one_is_taken(query: str) -> None:
    assert Query(query=query).query == query
