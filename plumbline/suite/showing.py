"""Findings as every report may show them: what came from evidence is text, and can do nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from plumbline.suite.finding import About, Advice, Difference, Finding, Offender
from plumbline.values.shown import MOST_CHARACTERS, data, lines, text

_OF_SEVERAL_LINES = ("error", "broken")
"""How a test ended of which several things may be told: all that is wrong with a root, a traceback."""

T = TypeVar("T", About, Advice, Difference, Offender)


def as_shown(finding: Finding) -> Finding:
    """Return a finding with every text in it as it may be shown."""
    what = finding.what
    return replace(
        finding,
        what=replace(
            what,
            message=lines(what.message) if what.outcome in _OF_SEVERAL_LINES else text(what.message),
            differences=[_each(it) for it in what.differences],
            evidence=data(what.evidence),
            offenders=[_each(it) for it in what.offenders],
            denied=text(what.denied),
        ),
        about=_each(finding.about),
        advice=_each(finding.advice),
    )


def _each(part: T) -> T:
    """Return a part with each of its texts as it may be shown; commands are whole, or they are none."""
    whole = ("remedy", "options", "test", "console")
    values: dict[str, Any] = {it.name: getattr(part, it.name) for it in fields(part)}
    return replace(part, **{name: _text(it, whole=name in whole) for name, it in values.items()})


def _text(value: Any, *, whole: bool) -> Any:
    if isinstance(value, list):
        return [_text(it, whole=whole) for it in value]
    return text(value, None if whole else MOST_CHARACTERS) if isinstance(value, str) else value
