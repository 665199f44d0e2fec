"""What looks back: where its remedies look, and whether CloudWatch is asked for what proves use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from plumbline.kinds.api_log_lines import ApiLogLines
from plumbline.kinds.event_history import LATE, EventHistory
from plumbline.kinds.log_arrivals import LogArrivals
from plumbline.kinds.log_lines import LogLines
from plumbline.kinds.log_query import LogQuery
from plumbline.kinds.looking_back import LookingBack
from plumbline.kinds.measurement import Measurement
from plumbline.kinds.metric import Metric
from plumbline.kinds.object_arrivals import ObjectArrivals
from plumbline.kinds.proven_use import ProvenByUse
from plumbline.values.window import Window
from selftest.kinds.stub import account, text

OF_THE_RUN = Window(datetime(2026, 1, 20, 12, tzinfo=UTC), timedelta(hours=3))
INVOCATIONS = {"namespace": "AWS/Lambda", "name": "Invocations", "dimensions": {"FunctionName": "api"}}
OF_ANY = {**INVOCATIONS, "dimensions": {"FunctionName": "*"}}
ASKED: dict[type[LookingBack], dict[str, Any]] = {
    ApiLogLines: {"any_of": ["ERROR"], "stage": "v1"},
    EventHistory: {"source": "kms.amazonaws.com"},
    LogArrivals: {},
    LogLines: {"any_of": ["ERROR"]},
    LogQuery: {"query": "stats max(@duration) as number"},
    Metric: {"metrics": [INVOCATIONS]},
    ObjectArrivals: {},
}
DENIED = text('{"__type": "AccessDeniedException"}', 403)


@pytest.mark.parametrize("kind", ASKED)
@pytest.mark.parametrize("hours", [None, 2])
def test_a_remedy_looks_where_the_question_does_or_else_the_run(
    kind: type[LookingBack], hours: int | None
) -> None:
    length = {"looked_back_hours": hours} if kind is ObjectArrivals else {"looked_back_minutes": 120}
    assert kind.question
    question = kind.question(**ASKED[kind], **(length if hours else {}))
    aws = account({"*": DENIED})
    aws.window = OF_THE_RUN
    end = OF_THE_RUN.end - (LATE if kind is EventHistory else timedelta())
    begin = end - timedelta(hours=hours or 3)
    assert kind.from_aws(aws, "of/this", None, question).named_in_remedies() == {
        "start": f"{begin.timestamp():.0f}",
        "end": f"{end.timestamp():.0f}",
        "start_ms": f"{begin.timestamp() * 1000:.0f}",
    }


@pytest.mark.parametrize("kind", [it for it in ASKED if issubclass(it, ProvenByUse)])
@pytest.mark.parametrize(
    ("use", "measured"),
    [
        ([], set()),
        ([INVOCATIONS], {"cloudwatch:GetMetricData"}),
        ([INVOCATIONS, OF_ANY], {"cloudwatch:GetMetricData", "cloudwatch:ListMetrics"}),
    ],
)
def test_cloudwatch_is_asked_where_use_is_to_be_proven(
    kind: type[ProvenByUse], use: list[dict[str, Any]], measured: set[str]
) -> None:
    assert kind.question
    calls = kind.calls_for(None, kind.question(**ASKED[kind], proves_use=use))
    assert {it.operation for it in calls if it.operation.startswith("cloudwatch:")} == measured


@pytest.mark.parametrize(
    ("minutes", "step", "begins"),
    [(None, 300, "08:55"), (None, 3600, "08:00"), (10, 300, "11:45"), (10, 60, "11:48"), (60, 3600, "10:00")],
)
def test_of_metrics_the_step_in_which_the_window_begins_is_looked_at(
    minutes: int | None, step: int, begins: str
) -> None:
    question = Measurement(metrics=[INVOCATIONS], looked_back_minutes=minutes, period_seconds=step)
    window = question.window(Window(OF_THE_RUN.end - timedelta(minutes=1, seconds=30), OF_THE_RUN.length))
    assert (f"{window.start:%H:%M:%S}", f"{window.end:%H:%M:%S}") == (f"{begins}:00", "11:58:30")


def test_the_time_before_ends_where_the_steps_of_the_other_begin() -> None:
    question = Measurement(
        metrics=[{**INVOCATIONS, "statistic": "Maximum"}],
        steps="highest",
        looked_back_minutes=10,
        over_earlier_minutes=60,
    )
    window = question.window(Window(OF_THE_RUN.end - timedelta(minutes=1), OF_THE_RUN.length))
    earlier = question.earlier(window)
    assert earlier is not None
    assert (earlier.start, earlier.end) == (window.start - timedelta(minutes=60), window.start)
