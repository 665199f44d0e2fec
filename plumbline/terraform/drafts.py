"""What is made of values some of which are unknown: a text stands for each of these meanwhile."""

from __future__ import annotations

from typing import Any

from plumbline.values.unknown import Unknown

_AS_ARN = "arn:\0{}\0"
"""A text that nobody writes, and that may stand wherever an ARN may."""


def mark(value: Unknown, marks: dict[str, Unknown]) -> str:
    """Return a text that stands for an unknown value, and note which."""
    text = _AS_ARN.format(len(marks))
    marks[text] = value
    return text


def marked(value: Any, marks: dict[str, Unknown]) -> Any:
    """Return a value with a text for each unknown one in it."""
    if isinstance(value, Unknown):
        return mark(value, marks)
    if isinstance(value, dict):
        return {name: marked(it, marks) for name, it in value.items()}
    return [marked(it, marks) for it in value] if isinstance(value, list) else value


def put_back(value: Any, marks: dict[str, Unknown]) -> Any:
    """Return a value with the unknown ones in it for which a text stands."""
    if isinstance(value, str):
        return marks.get(value, value)
    if isinstance(value, dict):
        return {name: put_back(it, marks) for name, it in value.items()}
    return [put_back(it, marks) for it in value] if isinstance(value, list) else value
