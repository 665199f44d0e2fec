"""How long a line of a log says that something took: `1234 ms`, `took 2.5s`, `"duration_ms": 12`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

Told = Literal["longer", "shorter", "doubtful", "nothing"]
"""What a line says of a time: all its durations are longer, none is, some are or none is clear, or it has
none."""

_MILLISECONDS = {
    **dict.fromkeys(("ns", "nanos", "nanosecond", "nanoseconds"), 1e-6),
    **dict.fromkeys(("us", "µs", "μs", "micros", "microsecond", "microseconds"), 1e-3),
    **dict.fromkeys(("", "ms", "msec", "msecs", "millis", "millisecond", "milliseconds"), 1.0),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1e3),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 6e4),
}
"""How many milliseconds a unit is; a duration without one is in these."""
_UNITS = "|".join(sorted(filter(None, _MILLISECONDS), key=len, reverse=True))
_NUMBER = r"(?:[0-9]{1,3}(?:[,_][0-9]{3})+|[0-9]{1,18})(?:\.[0-9]{1,18})?(?:e[+-]?[0-9]{1,2})?"
_MEASURED = re.compile(rf"(?<![\w.,])({_NUMBER}) ?({_UNITS})(?![a-zµμ0-9])", re.IGNORECASE)
"""A number with its unit."""
_NAMED = re.compile(
    rf"duration[ _-]?(?:in[ _-]?)?({_UNITS})?[^\w.+-]{{1,4}}({_NUMBER})"
    rf"(?![\w.]| ?(?:{_UNITS})(?![a-zµμ0-9]))",
    re.IGNORECASE,
)
"""What is called a duration, with its unit in the name or without one."""
_SPOKEN_OF = re.compile(
    r"(?:duration|elapsed|latency|took)\w*[^\w.+-]{1,4}(?:[a-z]{1,12} )?[+-]?[.0-9]", re.IGNORECASE
)


def told(line: str, milliseconds: float) -> Told:
    """Return what a line says of whether something took longer than this."""
    found = list(_durations(line))
    if not found:
        return "doubtful" if _SPOKEN_OF.search(line) else "nothing"
    longer = [it > milliseconds for it in found]
    return "longer" if all(longer) else "doubtful" if any(longer) else "shorter"


def _durations(line: str) -> Iterator[float]:
    """Yield each duration that a line tells, in milliseconds."""
    for number, unit in _MEASURED.findall(line):
        yield _value(number) * _MILLISECONDS[unit.lower()]
    for unit, number in _NAMED.findall(line):
        yield _value(number) * _MILLISECONDS[unit.lower()]


def _value(number: str) -> float:
    return float(re.sub("[,_]", "", number))
