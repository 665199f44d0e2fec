"""The call that a probe is making: what it hands over it has from an answer, and nobody else has it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_MAKING = threading.local()


@contextmanager
def making(operation: str, parameters: Mapping[str, Any]) -> Iterator[None]:
    """Say what this thread calls, for as long as the block runs."""
    outer = getattr(_MAKING, "call", None)
    _MAKING.call = operation, dict(parameters)
    try:
        yield
    finally:
        _MAKING.call = outer


def is_being_made(operation: str, parameters: Mapping[str, Any]) -> bool:
    """Return whether a probe calls just this in this thread; botocore adds to it whose the bucket must be."""
    made, said = getattr(_MAKING, "call", None) or ("", {})
    return made == operation and all(parameters.get(name) == value for name, value in said.items())
