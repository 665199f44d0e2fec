"""Bounds of what is counted or measured that nothing can meet, or that no count is high enough to break."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

Some = Annotated[int, Field(gt=0)]
"""How many there must be at least: everything has none at least, or fewer."""
AtMost = Annotated[int, Field(ge=0)]
"""How many there may be at most: nothing has fewer than none."""
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False)]
"""How much of something there is in a time, where none means nothing."""
Minutes = Annotated[int, Field(gt=0, le=3653 * 24 * 60)]
"""How long is looked back: no longer than AWS keeps what has a day to be removed on.

Source: CloudWatch Logs API reference, PutRetentionPolicy.
"""
Hours = Annotated[int, Field(ge=0, le=3653 * 24)]
"""How long something may still be there, or on its way, as `Minutes`; not at all is as good."""
Seconds = Annotated[int, Field(gt=0, le=24 * 60 * 60)]
"""How long a run waits for something: no longer than a day."""
Days = Annotated[int, Field(gt=0, le=36_525)]
"""How old something is, or how far ahead: up to a century, so that there is such a day."""
Told = Iterator[tuple[str, str]]
"""What is expected and cannot decide anything, each with the reason."""


def unmeetable(expected: Mapping[str, Any]) -> Told:
    """Yield that no number is as high as the least and as low as the most that is expected."""
    least, most = expected.get("least"), expected.get("most")
    if least is not None and most is not None and least > most:
        yield "least", f"no number is at least {least:g} and at most {most:g}"


def uncounted(expected: Mapping[str, Any], counted_up_to: int, searches: int = 1) -> Told:
    """Yield the bounds that lie beyond what is counted, in so many searches each so far."""
    counted = counted_up_to * searches
    for name, enough in (("most", counted - 1), ("least", counted)):
        bound = expected.get(name)
        if bound is not None and bound > enough:
            needed = -(-(bound + (name == "most")) // searches)
            told = f"counting ends at {counted}, so nobody knows whether {name}: {bound} holds"
            yield name, f"{told}: write `counted_up_to: {needed}` in `asks`"
