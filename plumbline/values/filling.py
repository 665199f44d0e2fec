"""Placeholders in texts: `{env}` in the name of a table, `{name}` in the ARN of what a call reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

NAME = "[a-z_]+"
"""How a placeholder may be called."""
PLACEHOLDER = re.compile(rf"(?<!\$)\{{({NAME})\}}")


def written_otherwise(text: str, names: Iterable[str]) -> list[str]:
    """Return what in a text is some placeholder but for capitals or blanks, and so would stay: `{ENV}`."""
    known = {*names}
    braced = re.findall(r"(?<!\$)\{(\s*\w+\s*)\}", text)
    return [it for it in braced if it not in known and it.strip().lower() in known]


def as_in_terraform(text: str, names: Iterable[str]) -> str:
    """Return the first placeholder in a text that is written as Terraform does, `${env}`; "" for none."""
    return next((f"${{{it}}}" for it in re.findall(r"\$\{(\w+)\}", text) if it in {*names}), "")


def fill(value: Any, placeholders: Mapping[str, str]) -> Any:
    """Return `value` with the placeholders in its strings and keys filled in.

    Raises `KeyError` for an unknown one.
    """
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda match: placeholders[match[1]], value)
    if isinstance(value, dict):
        return {fill(key, placeholders): fill(item, placeholders) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, placeholders) for item in value]
    if isinstance(value, BaseModel):
        return value.model_copy(update={name: fill(item, placeholders) for name, item in value})
    return value
