"""How often a `schedule` of GitHub Actions starts a workflow.

Source: POSIX, "crontab", whose five fields GitHub takes: a day matches by its date or by its weekday where
both are restricted.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from plumbline.values.schedule_fields import numbers

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIRST, _DAYS = date(2024, 1, 1), 8 * 366
"""Eight years from a leap year on, so that a schedule for a 29 February has two days."""


def days_between(crons: list[str]) -> int:
    """Return the most days from one start to the next. Raises ValueError for what is no schedule."""
    schedules = [_Schedule(cron) for cron in crons]
    days = [day for day in range(_DAYS) if any(it.runs_on(_FIRST + timedelta(day)) for it in schedules)]
    if not days:
        raise ValueError(f"{', '.join(crons)} never comes")
    return max([after - before for before, after in pairwise(days)] or [_DAYS])


class _Schedule:
    """The days of a schedule; at what time it starts does not matter here."""

    def __init__(self, cron: str) -> None:
        fields = cron.lower().split()
        if len(fields) != 5:
            raise ValueError(f"{cron!r} has {len(fields)} fields, not 5")
        numbers(fields[0], 0, 59), numbers(fields[1], 0, 23)
        self._dates = numbers(fields[2], 1, 31)
        self._months = numbers(fields[3], 1, 12, _MONTHS)
        self._weekdays = {day % 7 for day in numbers(fields[4], 0, 7, _WEEKDAYS)}
        self._either = not fields[2].startswith("*") and not fields[4].startswith("*")

    def runs_on(self, day: date) -> bool:
        by_date, by_weekday = day.day in self._dates, day.isoweekday() % 7 in self._weekdays
        matches = by_date or by_weekday if self._either else by_date and by_weekday
        return matches and day.month in self._months
