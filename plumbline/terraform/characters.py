"""Texts as Terraform keeps them: in Unicode's composed form, and of whole characters alone.

Source: Terraform language, "Types and Values": strings are sequences of Unicode characters; cty's
documentation, "String": they are normalised to NFC.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from plumbline.terraform.values import TfList, Value

_HALF = re.compile("[\ud800-\udfff]")


def composed(text: str) -> str:
    """A text in Unicode's composed form."""
    return text if text.isascii() else normalize("NFC", text)


def composed_within(value: Value) -> Value:
    """A value just made, with all the texts in it in composed form, those of keys included."""
    if isinstance(value, str):
        return composed(value)
    if isinstance(value, TfList):
        return TfList(map(composed_within, value), value.element)
    if type(value) is list:
        return [composed_within(it) for it in value]
    if type(value) is dict:
        return {composed(name): composed_within(it) for name, it in value.items()}
    return value


def safe_prefix(text: str) -> str:
    """The part of a known beginning that is certain: its last letter may combine with what follows."""
    return text if text and text[-1].isascii() and not text[-1].isalnum() else text[:-1]


def whole(text: str) -> str:
    """A text with U+FFFD for each half of a character. Source: Go's documentation, "encoding/json"."""
    return _HALF.sub("\ufffd", text)
