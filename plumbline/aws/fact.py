"""A value of an answer that may still be on its way."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from plumbline.values.unknown import ReadError

_HERE = str(Path(__file__).parents[1])


def _of_another(error: BaseException) -> str:
    """Return where an error was raised, where that is in code of somebody else's: it may be that code's."""
    frames = [it for it in traceback.extract_tb(error.__traceback__) if not it.filename.startswith(_HERE)]
    return (
        f", or the kind that reads it so is wrong: {frames[-1].filename}:{frames[-1].lineno}"
        if frames
        else ""
    )


class Fact:
    """One value of a reply that may still be on its way."""

    def __init__(self, value: Callable[[], Any], call: str = "") -> None:
        self._value, self.call = value, call

    def map(self, convert: Callable[[Any], Any]) -> Fact:
        """Return the converted value; an answer that it cannot be made from is a `ReadError`."""

        def converted() -> Any:
            value = self._value()
            try:
                return convert(value)
            except (AttributeError, LookupError, TypeError, ValueError) as error:
                told = f"the answer to {self.call} is not what the API describes"
                advice = f"{type(error).__name__}: {error}{_of_another(error)}"
                raise ReadError(told, cause=told, advice=advice) from error

        return Fact(converted, self.call)

    def value(self) -> Any:
        """Wait for the value. Raises `ReadError` for a failed call, `Missing` for an absent resource."""
        return self._value()
