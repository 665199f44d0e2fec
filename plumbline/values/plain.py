"""Values of models as plain data, and as a reader wants them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from plumbline.values.unknown import Identity, Placeholder

NOTHING = "nothing"
"""What is told of a value that is not configured."""


def plain_data(value: Any) -> Any:
    """Return a value of a model as JSON has it; what the evidence does not give says why."""
    if isinstance(value, Placeholder):
        return {"not known": repr(value)}
    if isinstance(value, Mapping | BaseModel):
        return {str(key): plain_data(item) for key, item in dict(value).items()}
    if isinstance(value, list | tuple):
        return [plain_data(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def plain(value: Any) -> Any:
    """Return a model as the mapping of its fields, and anything else as it is."""
    return dict(value) if isinstance(value, BaseModel) else value


def spelled(value: Any) -> str:
    """Return a value as a reader wants it: `true`, `"text"`, `nothing`, `aws_kms_key.main.arn`."""
    if isinstance(value, Identity):
        return value.origin
    if isinstance(value, Placeholder):
        return "not known"
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(spelled, value))}]"
    if isinstance(value, Mapping | BaseModel):
        return "{" + ", ".join(f"{key}: {spelled(item)}" for key, item in plain(value).items()) + "}"
    return str(value)
