"""A value of an answer that may still be on its way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plumbline.values.unknown import ReadError


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
                raise ReadError(told, cause=told, advice=f"{type(error).__name__}: {error}") from error

        return Fact(converted, self.call)

    def value(self) -> Any:
        """Wait for the value. Raises `ReadError` for a failed call, `Missing` for an absent resource."""
        return self._value()
