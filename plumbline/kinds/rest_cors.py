"""What a browser makes of the headers by which an answer lets other origins in.

Source: Fetch Standard, "CORS check" and "CORS-preflight fetch".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from plumbline.terraform.declared import known
from plumbline.values.unknown import Undetermined

ORIGIN = "access-control-allow-origin"
_METHODS = "access-control-allow-methods"
_HEADERS = "access-control-allow-headers"
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
"""Source: RFC 9110, "Tokens"."""
_ANYTHING = "*"
_NAMED_ALWAYS = "authorization"
"""The header that `*` does not stand for. Source: Fetch Standard, "CORS non-wildcard request-header name"."""
_TAKEN_FROM_ELSEWHERE = re.compile(r"(?:integration\.response|context|stageVariables)\b")


def lacking(header: str, value: str, asked: Sequence[str]) -> str:
    """Return what a browser misses in a header's value; empty where it finds all that is asked.

    Order, spaces and, of headers, case say nothing; more than is asked does no harm.
    """
    match header.lower():
        case it if it == ORIGIN:
            return "" if all(value.strip() in (_ANYTHING, origin) for origin in asked) else _told(asked)
        case it if it in (_METHODS, _HEADERS):
            listed = [name.strip() for name in value.split(",") if name.strip()]
            if broken := next((name for name in listed if not _TOKEN.fullmatch(name)), ""):
                return f"a list without {broken!r}, for which no browser reads it"
            there = {name.lower() if it == _HEADERS else name for name in listed}
            return _told([name for name in asked if not _names(name, there, it)])
    return "" if all(value.strip() == text for text in asked) else _told(asked)


def _names(name: str, there: set[str], header: str) -> bool:
    """Return whether a list of methods, or of headers, has a name, itself or by `*`."""
    own = name.lower() if header == _HEADERS else name
    return own in there or (_ANYTHING in there and name.lower() != _NAMED_ALWAYS)


def _told(names: Sequence[str]) -> str:
    return ", ".join(names)


def written(expression: str, of: str) -> str | None:
    """Return the text that an expression of a mapping stands for; None for one that API Gateway refuses.

    Raises `Undetermined` for what is taken from the request or the answer. Source: API Gateway Developer
    Guide, "Mapping template and access logging variable reference", method response header.
    """
    if len(expression) > 1 and expression[0] == expression[-1] == "'":
        return expression[1:-1]
    if _TAKEN_FROM_ELSEWHERE.match(expression):
        raise Undetermined(f"{of} is {expression}, which each answer has its own of")
    return None


def not_given(headers: Mapping[str, str], asked: Mapping[str, Sequence[str]], of: str) -> list[str]:
    """Return what mapped headers lack of what is asked: each header, and what must be in it.

    Raises `Undetermined` where it is not known, and nothing else is lacking.
    """
    by_name = {name.lower(): expression for name, expression in headers.items()}
    told: list[str] = []
    doubts: list[Undetermined] = []
    for header, names in asked.items():
        try:
            told += _not_given(header, by_name.get(header.lower()), names, of)
        except Undetermined as doubt:
            doubts.append(doubt)
    if doubts and not told:
        raise doubts[0]
    return told


def _not_given(header: str, expression: str | None, names: Sequence[str], of: str) -> list[str]:
    if known(expression) is None:
        return [f"{of}: no {header}"]
    value = written(known(expression), f"{header} of {of}")
    if value is None:
        return [f"{of}: {header} is no text in single quotes: {expression}"]
    missed = lacking(header, value, names)
    return [f"{of}: {header} is {value!r}, and must be or have {missed}"] if missed else []
