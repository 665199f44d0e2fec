"""What a remedy can name besides a resource, of what was read of it."""

from __future__ import annotations

from typing import Any


def known_texts(**told: Any) -> dict[str, str]:
    """Return those that are texts and say something; a remedy leaves open what nobody could read."""
    return {name: it for name, it in told.items() if isinstance(it, str) and it}
