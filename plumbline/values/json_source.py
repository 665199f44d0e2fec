"""JSON as plain data, whoever wrote it: what Python does not read is no JSON, whatever it says of that."""

from __future__ import annotations

import json
from typing import Any


def data_of(source: str | bytes) -> Any:
    """Return what a text says. Raises `ValueError` for what is no JSON, or is deeper than Python reads."""
    try:
        return json.loads(source)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
