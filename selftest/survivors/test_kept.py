"""The list is read as it was written, and tells what it lacks."""

from pathlib import Path

import pytest

from selftest.stacks.proven import EXAMPLE, Proven
from selftest.survivors.kept import EQUIVALENT, Kept, read, write

ALARM = "notes/watching.tf aws_cloudwatch_metric_alarm.throttled.period"
REASON = "no sentence speaks of it (Watching; no period is given)"


@pytest.fixture
def empty(tmp_path: Path) -> Proven:
    """A stack without a list."""
    return Proven(EXAMPLE.repository, tmp_path)


def test_a_list_is_read_as_it_was_written(empty: Proven) -> None:
    kept = Kept(
        {"notes/main.tf": "0123456789abcdef", "sns:Subscribe": "fedcba9876543210"},
        {"notes/main.tf": {"equivalent": 1, "red": 3, "survives": 2}, "sns:Subscribe": {"survives": 1}},
        {
            f"{ALARM}: halved": "",
            f"{ALARM}: doubled": REASON,
            'sns:Subscribe alerts.Attributes.FilterPolicy."a: b": removed': REASON,
            "notes/main.tf local.colon: changed to a": EQUIVALENT,
        },
    )
    write(empty, kept)
    assert read(empty) == kept


def test_a_list_says_what_was_not_tried_yet(empty: Proven) -> None:
    kept = Kept({"notes/main.tf": "0123456789abcdef"}, not_swept="12 edits of 2 files and requests wait")
    write(empty, kept)
    assert read(empty) == kept


def test_a_stack_without_a_list_has_an_empty_one(empty: Proven) -> None:
    assert read(empty) == Kept()


@pytest.mark.parametrize("reason", ["", "reviewed", "equivalent", "no sentence speaks of it", "hole"])
def test_what_gives_no_reason_is_none(reason: str) -> None:
    assert Kept(reasons={"an edit": reason}).unreasoned == ["an edit"]


@pytest.mark.parametrize(
    "reason", [REASON, EQUIVALENT, "equivalent: the default", "hole: notes-01 asks less"]
)
def test_what_gives_one_is(reason: str) -> None:
    assert Kept(reasons={"an edit": reason}).unreasoned == []
