"""Findings as every report may show them: what came from evidence is text, and can do nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from plumbline.suite.finding import (
    OF_FILES,
    About,
    Advice,
    Difference,
    Finding,
    Offender,
    What,
    without_lines,
)
from plumbline.values.redaction import REDACTED, concealed, leaves_out, redacted, tells
from plumbline.values.shown import MOST_CHARACTERS, data, digest, lines, text

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
            message=_message(what),
            beyond=beyond(concealed(what.message), moves=True),
            differences=[
                _shown(_untold(it), moves=finding.about.source == OF_FILES) for it in what.differences
            ],
            evidence=data(redacted(what.evidence)),
            offenders=[_each(_concealed(it)) for it in what.offenders],
            denied=text(what.denied),
        ),
        about=_each(finding.about),
        advice=_each(_concealed(finding.advice)),
    )


def _message(what: What) -> str:
    told = concealed(what.message)
    return lines(told) if what.outcome in _OF_SEVERAL_LINES else text(told)


def beyond(*told: str, moves: bool) -> str:
    """Return what tells texts from others of which the same is shown; nothing where each is shown as a whole.

    Where their lines move a line number in them tells nothing. Of secrets nothing may tell one from another.
    """
    if all(len(it) <= MOST_CHARACTERS for it in told):
        return ""
    if any(map(leaves_out, told)):
        return REDACTED
    return digest("\0".join(map(without_lines, told) if moves else told))


def _shown(difference: Difference, *, moves: bool) -> Difference:
    more = beyond(difference.expected, difference.observed, moves=moves)
    return replace(_each(difference), beyond=more)


def _untold(difference: Difference) -> Difference:
    """Return a difference without a secret, by what the field is called or the value looks like."""
    hidden = tells(difference.field.rpartition(".")[2]) and difference.observed.startswith('"')
    observed = REDACTED if hidden else concealed(difference.observed)
    return replace(difference, expected=concealed(difference.expected), observed=observed)


def _concealed(part: T) -> T:
    """Return a part without the secrets in its texts."""
    values: dict[str, Any] = {it.name: getattr(part, it.name) for it in fields(part)}
    return replace(part, **{name: _without_secrets(it) for name, it in values.items()})


def _without_secrets(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_secrets(it) for it in value]
    return concealed(value) if isinstance(value, str) else value


def _each(part: T) -> T:
    """Return a part with each of its texts as it may be shown; commands are whole, or they are none."""
    whole = ("remedy", "options", "test", "console")
    values: dict[str, Any] = {it.name: getattr(part, it.name) for it in fields(part)}
    return replace(part, **{name: _text(it, whole=name in whole) for name, it in values.items()})


def _text(value: Any, *, whole: bool) -> Any:
    if isinstance(value, list):
        return [_text(it, whole=whole) for it in value]
    return text(value, None if whole else MOST_CHARACTERS) if isinstance(value, str) else value
