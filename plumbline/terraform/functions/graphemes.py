"""What a reader sees as one character: Terraform's lengths and reversals count these."""

from __future__ import annotations


def graphemes(text: str) -> list[str]:
    """The grapheme clusters of a text (Unicode Standard Annex #29)."""
    if text.isascii() and "\r" not in text:
        return list(text)
    import regex  # type: ignore[import-untyped]

    found: list[str] = regex.findall(r"\X", text)
    return found
