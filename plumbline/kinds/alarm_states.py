"""The state that an alarm of CloudWatch is in, from the datapoints of its latest periods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

State: TypeAlias = Literal["OK", "ALARM", "INSUFFICIENT_DATA", "as before"]
Breach: TypeAlias = bool | None
"""Whether a datapoint breaches the threshold; None where there is no datapoint."""


def state_after(latest: Sequence[Breach], periods: int, to_alarm: int, missing: str) -> State:
    """Return the state after the datapoints of an evaluation range, oldest first.

    `periods` and `to_alarm` are the alarm's N and M, `missing` how it treats missing data. Source: CloudWatch
    user guide, "Configuring how CloudWatch alarms treat missing data", its tables and "Avoiding premature
    transitions to alarm state".
    """
    newest_first = list(reversed(latest))
    real = [breach for breach in newest_first if breach is not None]
    if len(real) >= periods:  # what is missing is not needed then
        return _state(sum(real[:periods]), to_alarm)
    match missing:
        case "breaching":
            return _state(sum(real) + periods - len(real), to_alarm)
        case "notBreaching":
            return _state(sum(real), to_alarm)
    if not real:
        return "as before" if missing == "ignore" else "INSUFFICIENT_DATA"
    if sum(real) >= to_alarm:
        return "ALARM"
    if all(real) and _age_of_oldest(newest_first) >= to_alarm:
        return "as before" if missing == "ignore" else "ALARM"
    return "OK"


def _state(breaching: int, to_alarm: int) -> State:
    return "ALARM" if breaching >= to_alarm else "OK"


def _age_of_oldest(newest_first: Sequence[Breach]) -> int:
    """Return which of the datapoints, counted from the newest, is the oldest that there is."""
    return max(age for age, breach in enumerate(newest_first, start=1) if breach is not None)
