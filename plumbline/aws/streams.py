"""Answers that come as a stream, behind the call that asked for them."""

from __future__ import annotations

from typing import Any

from plumbline.values.unknown import ReadError


def read(stream: Any, most_bytes: int, what: str) -> bytes:
    """Return what a stream gives, so many bytes at most. Raises `ReadError` where it breaks off."""
    from botocore.exceptions import BotoCoreError

    try:
        found: bytes = stream.read(most_bytes)
    except BotoCoreError as error:
        told = f"{what}: its answer does not come: {type(error).__name__}"
        raise ReadError(told, cause=told) from None
    return found
