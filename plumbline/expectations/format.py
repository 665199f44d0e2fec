"""The format of a YAML file: the number that it carries, and how an older file is brought up to date."""

from __future__ import annotations

from typing import Literal

from plumbline.values.data import Document
from plumbline.values.mistakes import DataError

FORMAT = 2
"""The format that this Plumbline reads; docs/formats.md tells what each one changed."""

Sort = Literal["stack", "runbook", "waivers"]

_CALLED: dict[Sort, str] = {"stack": "stack", "runbook": "runbook", "waivers": "waivers file"}
_BEGUN: dict[Sort, str] = {
    "stack": "`python -m plumbline init` begins a stack, and docs/formats.md says what stands in it",
    "runbook": 'docs/formats.md, "A runbook", says what stands in it',
    "waivers": "write `format`, `stack` and `waivers` in it, or remove it",
}
"""What to do about a file that says nothing."""
_FROM_1: dict[Sort, str] = {
    "waivers": f"write `format: {FORMAT}` as its first line",
    "stack": f"write `format: {FORMAT}` as its first line",
    "runbook": (
        f"write `format: {FORMAT}` as its first line; in each remedy call `aws` `account` and `terraform` "
        "`source`, and take out of `source` what deploys; give each contact as `{reach: ...}`"
    ),
}
"""What to change in a file of format 1, which carried no number."""


def require_format(document: Document, sort: Sort) -> None:
    """Raise `DataError` for an empty file, or one of another format, with what to change or what reads it."""
    data = document.data
    if data is None or data == {}:
        raise DataError(document.mistake((), f"the file is empty: {_BEGUN[sort]}"))
    if not isinstance(data, dict):
        return
    given = data.get("format", 1)
    if type(given) is not int or given < 1:  # `true` is an int to Python
        raise DataError(document.mistake(("format",), f"format is {given!r}: it is a number, now {FORMAT}"))
    if given > FORMAT:
        newer = f"format {given} is newer than this Plumbline, which reads format {FORMAT}"
        advice = f"use a Plumbline that reads format {given}: pip install --upgrade pytest-plumbline"
        raise DataError(document.mistake(("format",), f"{newer}; {advice}"))
    if given < FORMAT:
        older = f"this is a {_CALLED[sort]} of format {given}, and this Plumbline reads format {FORMAT}"
        advice = f"to migrate it, {_FROM_1[sort]} (docs/formats.md)"
        raise DataError(document.mistake(("format",), f"{older}; {advice}"))
