"""Date and time functions; the current time is unknown until Terraform runs."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

from plumbline.terraform.functions.function import Function, declare
from plumbline.terraform.types import NUMBER, STRING
from plumbline.terraform.values import InvalidValue, Pending, Value

TABLE: dict[str, Function] = {}
function = declare(TABLE)

_RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)\Z")
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_DURATIONS = re.compile(rf"(?:{_DURATION.pattern})+")
_UNITS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_LONGEST = 2**63 - 1
_TOO_LONG = Decimal(_LONGEST + 1)  # in whatever unit: no product of a larger number has to be made
_TOKEN = re.compile(r"'(?:[^']|'')*'|Y+|M+|D+|E+|h+|H+|a+|A+|m+|s+|Z+|[A-Za-z]+|[^A-Za-z']+|'")


def _time(text: str) -> datetime:
    match = _RFC3339.match(text)
    try:
        if match is None:
            raise ValueError
        zone = "+00:00" if match[4] == "Z" else match[4]
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}")
    except ValueError:
        raise InvalidValue(f'"{text}" is not a time in RFC 3339 form, such as 2024-01-31T12:00:00Z') from None


def _nanoseconds(text: str) -> int:
    """A Go duration such as `1h30m`, in nanoseconds."""
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if digits == "0":
        return 0
    if not _DURATIONS.fullmatch(digits):
        raise InvalidValue(f'"{text}" is not a duration, such as 1h30m')
    parts = _DURATION.findall(digits)
    nanoseconds = int(sum(min(Decimal(number), _TOO_LONG) * _UNITS[unit] for number, unit in parts))
    if nanoseconds > _LONGEST:
        raise InvalidValue(f'"{text}" is longer than the 292 years of the longest duration')
    return sign * nanoseconds


@function(STRING, STRING, returns=STRING)
def timeadd(time: str, duration: str) -> Value:
    fraction = int(_fraction(time) * _UNITS["s"])
    seconds = (fraction + _nanoseconds(duration)) // _UNITS["s"]
    moment = _time(time)
    # The calendar is the same every 400 years, and Python's ends where Terraform's does not.
    shift = -400 if moment.year > 5000 else 400
    added = moment.replace(year=moment.year + shift) + timedelta(seconds=seconds)
    return f"{added.year - shift:04}{added:-%m-%dT%H:%M:%S}" + _zone(added, ":", zulu=True)


@function(STRING, STRING, returns=NUMBER)
def timecmp(first: str, second: str) -> Value:
    a, b = _time(first), _time(second)
    fractions = [_fraction(first), _fraction(second)]
    left, right = (a, fractions[0]), (b, fractions[1])
    return (left > right) - (left < right)


def _fraction(text: str) -> Decimal:
    match = _RFC3339.match(text)
    return Decimal(match[3]) if match and match[3] else Decimal(0)


@function(STRING, STRING, returns=STRING)
def formatdate(pattern: str, time: str) -> Value:
    moment = _time(time)
    return "".join(_formatted(token, moment) for token in _TOKEN.findall(pattern))


def _formatted(token: str, moment: datetime) -> str:
    if token.startswith("'"):
        if len(token) < 2:
            raise InvalidValue("a quoted part of the format does not end")
        return token[1:-1].replace("''", "'")
    if not token[0].isalpha():
        return token
    text = _letters(token, moment)
    if text is None:
        raise InvalidValue(
            f'"{token}" is not a part of a date format; write literal text between single quotes'
        )
    return text


def _letters(token: str, moment: datetime) -> str | None:
    hour = moment.hour % 12 or 12
    half = "AM" if moment.hour < 12 else "PM"
    return {
        "YYYY": f"{moment.year:04}",
        "YY": f"{moment.year % 100:02}",
        "MMMM": f"{moment:%B}",
        "MMM": f"{moment:%b}",
        "MM": f"{moment.month:02}",
        "M": str(moment.month),
        "DD": f"{moment.day:02}",
        "D": str(moment.day),
        "EEEE": f"{moment:%A}",
        "EEE": f"{moment:%a}",
        "hh": f"{moment.hour:02}",
        "h": str(moment.hour),
        "HH": f"{hour:02}",
        "H": str(hour),
        "AA": half,
        "aa": half.lower(),
        "mm": f"{moment.minute:02}",
        "m": str(moment.minute),
        "ss": f"{moment.second:02}",
        "s": str(moment.second),
        "ZZZZZ": _zone(moment, ":"),
        "ZZZZ": _zone(moment, ""),
        "ZZZ": _zone(moment, "") if moment.utcoffset() else "UTC",
        "Z": _zone(moment, ":", zulu=True),
    }.get(token)


def _zone(moment: datetime, separator: str, *, zulu: bool = False) -> str:
    offset = moment.utcoffset() or timedelta()
    if zulu and not offset:
        return "Z"
    minutes = abs(int(offset.total_seconds())) // 60
    return f"{'-' if offset < timedelta() else '+'}{minutes // 60:02}{separator}{minutes % 60:02}"


@function(returns=STRING)
def timestamp() -> Value:
    return Pending("timestamp()", STRING, not_null=True)


@function(returns=STRING)
def plantimestamp() -> Value:
    return Pending("plantimestamp()", STRING, not_null=True)
