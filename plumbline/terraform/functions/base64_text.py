"""Base64 as Go reads it: line breaks in it say nothing."""

from __future__ import annotations

import base64
import binascii

from plumbline.terraform.values import InvalidValue


def decoded(text: str) -> bytes:
    """The bytes of a text; raises `InvalidValue`."""
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except binascii.Error as error:
        raise InvalidValue(f"invalid base64: {error}") from None
