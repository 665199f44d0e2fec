"""Who deals with a severity is told as the runbook says it, with nothing invented for what it leaves out."""

import pytest
from pydantic import ValidationError

from plumbline.expectations.runbook_files import Escalation


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "Bob"),
        ({"escalate_to": "Ann"}, "Bob, then Ann"),
        ({"final": "Eve"}, "Bob, then Eve"),
        ({"escalate_to": "Ann", "final": "Eve"}, "Bob, then Ann, then Eve"),
        ({"escalate_to": "Ann", "after": "1 hour"}, "Bob; after 1 hour Ann"),
        ({"escalate_to": "Ann", "after": "1 hour", "final": "Eve"}, "Bob; after 1 hour Ann, then Eve"),
    ],
)
def test_an_escalation_says_what_is_there(said: dict[str, str], told: str) -> None:
    assert Escalation(first="Bob", **said).told == told


def test_a_time_after_which_nobody_is_told_is_refused() -> None:
    with pytest.raises(ValidationError, match="nobody is told after 1 hour: escalate_to says who"):
        Escalation(first="Bob", after="1 hour")
