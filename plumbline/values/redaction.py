"""Keeps secrets out of what is written: values under keys that hold secrets by their meaning."""

from __future__ import annotations

import re
from typing import Any

REDACTED = "(redacted)"

_SECRET = re.compile(
    r"password|secret(?!sarn)|sessiontoken|authtoken|privatekey|credential|plaintext|apikey|externalid",
    re.IGNORECASE,
)
_HOLDS_SECRETS = re.compile(r"^(environment|variables|userdata)$", re.IGNORECASE)
"""Keys under which users keep what they like, secrets among it."""


def redacted(value: Any) -> Any:
    """Return `value` with every secret in it replaced."""
    if isinstance(value, dict) and value.keys() == {"Key", "Value"}:
        return {"Key": value["Key"], "Value": _under(str(value["Key"]), value["Value"])}
    if isinstance(value, dict):
        return {key: _under(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    return value


def _under(key: str, value: Any) -> Any:
    if _SECRET.search(key) and isinstance(value, str | bytes):
        return REDACTED
    if _SECRET.search(key) and isinstance(value, list):
        return [_under(key, item) for item in value]
    if _HOLDS_SECRETS.match(key) and isinstance(value, dict):
        return dict.fromkeys(value, REDACTED)
    return redacted(value)
