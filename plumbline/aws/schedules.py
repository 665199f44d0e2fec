"""Schedules as EventBridge and AWS Backup take them: `cron(0 3 * * ? *)`.

Source: Amazon EventBridge User Guide, "Cron expressions reference": minutes, hours, day of the month, month,
day of the week from Sunday as 1, year; one of both days is `?`. All but years go on behind their last one:
`20-2`, `FRI-MON`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from plumbline.values.schedule_fields import numbers

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_CYCLE = 28 * 366
"""Days after which dates and weekdays have met in every way, but for centuries."""

Day = Callable[[date], bool]
"""Tells of a day whether a schedule starts on it."""


def starts_after(schedule: str, today: date) -> bool:
    """Return whether a cron schedule starts today or later. Raises `ValueError` for what is none."""
    on, years = _days(schedule), _years(schedule)
    if not (future := [year for year in years if year >= today.year]):
        return False
    first = max(today, date(future[0], 1, 1))
    days = min(_CYCLE, (date(future[-1], 12, 31) - first).days + 1)
    return any(day.year in years and on(day) for day in (first + timedelta(it) for it in range(days)))


def minutes_of(schedule: str) -> set[int]:
    """Return the minutes of an hour at which a schedule starts; none of what is no schedule."""
    try:
        return numbers(_fields(schedule)[0], 0, 59, wraps=True)
    except ValueError:
        return set()


def _fields(schedule: str) -> list[str]:
    written = re.fullmatch(r"cron\((.*)\)", schedule.strip())
    fields = written[1].upper().split() if written else []
    if len(fields) != 6:
        raise ValueError(f"{schedule!r} is no cron(...) of six fields")
    return fields


def _years(schedule: str) -> list[int]:
    return sorted(numbers(_fields(schedule)[5], _FIRST_YEAR, _LAST_YEAR))


def _days(schedule: str) -> Day:
    minutes, hours, day, month, weekday, _ = _fields(schedule)
    numbers(minutes, 0, 59, wraps=True), numbers(hours, 0, 23, wraps=True)
    if (day == "?") == (weekday == "?"):
        raise ValueError(f"{schedule!r}: one of the day of the month and the day of the week is `?`")
    months = numbers(month, 1, 12, _MONTHS, wraps=True)
    fits = _of_month(day) if weekday == "?" else _of_week(weekday)
    return lambda it: it.month in months and fits(it)


def _of_month(field: str) -> Day:
    """Return which days of a month a field means: numbers, `L` the last one, `3W` the working day nearest."""
    if field == "L":
        return lambda it: it.day == _length(it)
    if field == "LW":
        return lambda it: it.day == _working(it, _length(it))
    if nearest := re.fullmatch(r"(\d{1,2})W", field):
        [wanted] = numbers(nearest[1], 1, 31)
        return lambda it: wanted <= _length(it) and it.day == _working(it, wanted)
    days = numbers(field, 1, 31, wraps=True)
    return lambda it: it.day in days


def _of_week(field: str) -> Day:
    """Return which days of a week a field means: `MON-FRI`, `L` Saturday, `5L` the last, `3#2` the second."""
    if last := re.fullmatch(r"(\w+)L", field):
        [wanted] = numbers(last[1], 1, 7, _WEEKDAYS)
        return lambda it: _weekday(it) == wanted and it.day > _length(it) - 7
    if counted := re.fullmatch(r"(\w+)#([1-5])", field):
        [wanted], which = numbers(counted[1], 1, 7, _WEEKDAYS), int(counted[2])
        return lambda it: _weekday(it) == wanted and (it.day + 6) // 7 == which
    days = {7} if field == "L" else numbers(field, 1, 7, _WEEKDAYS, wraps=True)
    return lambda it: _weekday(it) in days


def _weekday(day: date) -> int:
    return day.isoweekday() % 7 + 1


def _length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _working(month: date, wanted: int) -> int:
    """Return the working day that is nearest to a day of the month, and in that month."""
    weekday = month.replace(day=wanted).isoweekday()
    if weekday == 6:
        return wanted - 1 if wanted > 1 else wanted + 2
    if weekday == 7:
        return wanted + 1 if wanted < _length(month) else wanted - 2
    return wanted
