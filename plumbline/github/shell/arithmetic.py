"""What counting in a script comes to: `$((failed + 1))`, `((failed += 1))`, `let failed++`.

Source: Bash Reference Manual, "Shell Arithmetic": a name stands for its variable, an unset one for 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping

_NUMBER = re.compile(r"-?\d{1,15}")
_TERM = re.compile(r"\s*(?:\$?\{?([A-Za-z_]\w*)\}?|(\d{1,15}))\s*")
_SIGN = re.compile(r"[-+*]")
_CHANGED = re.compile(r"\s*(?:(?:\+\+|--)\s*)?([A-Za-z_]\w*)\s*(\+\+|--|[-+*/%]?=(?!=)(.*))?\s*", re.DOTALL)

_ASSIGNED = re.compile(r"([A-Za-z_]\w*)\s*(?:\+\+|--|(?:\*\*|<<|>>|[-+*/%&|^])?=(?!=))")


def value(written: str, variables: Mapping[str, str]) -> int | None:
    """Return what numbers and names with `+`, `-` and `*` between two of them come to; None for all else."""
    terms: list[int] = []
    signs: list[str] = []
    at = 0
    while matched := _TERM.match(written, at):
        given = matched[2] or variables.get(matched[1]) or "0"
        if not _NUMBER.fullmatch(given):
            return None
        terms.append(int(given))
        at = matched.end()
        if at == len(written):
            break
        if len(terms) == 2 or not _SIGN.match(written, at):
            return None
        signs.append(written[at])
        at += 1
    if len(terms) != len(signs) + 1:
        return None
    first, last = terms[0], terms[-1]
    return {"+": first + last, "-": first - last, "*": first * last}[signs[0]] if signs else first


def expanded(written: str, variables: Mapping[str, str]) -> str:
    """Return what `$((...))` becomes; as it is written where that is not known."""
    found = value(written.removeprefix("$((").removesuffix("))"), variables)
    return written if found is None else str(found)


def count(written: str, variables: MutableMapping[str, str]) -> None:
    """Let a variable be what an expression makes of it; nobody knows what others come to that it changes."""
    for part in written.removeprefix("((").removesuffix("))").split(","):
        matched = _CHANGED.fullmatch(part)
        if matched is None or not (matched[2] or part.lstrip().startswith(("++", "--"))):
            for name in _ASSIGNED.findall(part):
                variables[name] = f"${name}"
            continue
        name, operator = matched[1], matched[2] or part.lstrip()[:2]
        expression = {"++": f"{name}+1", "--": f"{name}-1"}.get(operator, matched[3])
        if operator[0] in "+-*/%" and "=" in operator[:2]:
            inner = value(matched[3], variables)
            expression = f"{name}{operator[0]}{inner}" if inner is not None and inner >= 0 else "?"
        found = value(expression, variables)
        variables[name] = f"${name}" if found is None else str(found)
