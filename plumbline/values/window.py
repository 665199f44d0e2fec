"""The time that a run looks back on: from how long ago until now, by the one clock of the run."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

_TEXT = re.compile(r"([0-9]+)(m|h|d)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
DEFAULT = timedelta(hours=1)
SHORTEST = timedelta(minutes=5)
"""CloudWatch keeps what the suite asks for in steps of five minutes."""
LONGEST = timedelta(days=15)
"""Source: Amazon CloudWatch User Guide, "Metrics retention": steps of a minute are kept for 15 days."""


@dataclass(frozen=True)
class Window:
    """A length of time that ends now; times are in UTC."""

    end: datetime = field(default_factory=lambda: datetime.now(UTC))
    length: timedelta = DEFAULT

    @property
    def start(self) -> datetime:
        """When it begins."""
        return self.end - self.length

    def ago(self, **length: float) -> datetime:
        """Return the time this long before the end: `ago(days=7)`."""
        return self.end - timedelta(**length)

    def from_step(self, seconds: int) -> Window:
        """Return it from where the step of so many seconds begins that its own beginning lies in.

        CloudWatch counts its steps by the clock, and gives none that began before the time that is asked for.
        Source: CloudWatch API reference, GetMetricData, StartTime.
        """
        begun = self.start.timestamp() // seconds * seconds
        return Window(self.end, self.end - datetime.fromtimestamp(begun, UTC))

    @property
    def named(self) -> dict[str, str]:
        """Where it begins and ends, as remedies name it: in seconds and milliseconds since 1970."""
        start, end = self.start.timestamp(), self.end.timestamp()
        return {"start": f"{start:.0f}", "end": f"{end:.0f}", "start_ms": f"{start * 1000:.0f}"}

    def __str__(self) -> str:
        day = "" if self.start.date() == self.end.date() else "%Y-%m-%d "
        return f"{self.start:{day}%H:%M} to {self.end:{day}%H:%M} UTC"


def begun(since: datetime, now: datetime, unit: timedelta) -> int:
    """Return how many units of time have begun since then: 26 hours and a minute are more than 26."""
    return -((since - now) // unit)


def length_text(length: timedelta) -> str:
    """Return a length as `parse_length` takes it: `15m`, `24h`."""
    minutes = int(length.total_seconds()) // 60
    return f"{minutes}m" if minutes % 60 else f"{minutes // 60}h"


def parse_length(text: str) -> timedelta:
    """Return the length that a text such as `15m`, `1h` or `7d` says.

    Raises `ValueError` for another text, and for a length that CloudWatch cannot answer for.
    """
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise ValueError("give a number of minutes, hours or days: 15m, 1h, 24h or 7d")
    number, unit = match.groups()
    if len(number) > 6 or timedelta(**{_UNITS[unit]: int(number)}) > LONGEST:
        raise ValueError(f"give at most {LONGEST.days}d")
    length = timedelta(**{_UNITS[unit]: int(number)})
    if length < SHORTEST:
        raise ValueError(f"give at least {SHORTEST.seconds // 60}m")
    return length
