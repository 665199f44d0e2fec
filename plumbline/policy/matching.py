"""Whether patterns and principals match: yes, no, or why that is not known."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from plumbline.values.unknown import Placeholder, Undetermined
from plumbline.values.wildcards import ANYTHING, literal, matcher, wildcard

Match: TypeAlias = bool | Placeholder | str
"""Whether something matches; a placeholder or a reason where the evidence does not say."""
Entry: TypeAlias = str | Placeholder
"""One text of a policy."""

VARIABLE = re.compile(r"\$\{([^}]*)\}")
"""A policy variable, such as `${aws:username}`."""
_COLONS = 5
"""The colons of an ARN that stand before its resource."""


def undecided(matches: Iterable[Match]) -> list[Placeholder | str]:
    """Return those of the matches that are not known."""
    return [match for match in matches if not isinstance(match, bool)]


def refuse(reasons: Sequence[Placeholder | str]) -> None:
    """Raise `Undetermined` with the first of the reasons, if there is one."""
    for reason in reasons:
        if isinstance(reason, Placeholder):
            reason.refuse()
        raise Undetermined(reason)


def every(matches: Iterable[Match]) -> Match:
    """Return whether all match; what is not known matters only where nothing fails."""
    found = list(matches)
    if any(match is False for match in found):
        return False
    return next(iter(undecided(found)), True)


def some(matches: Iterable[Match]) -> Match:
    """Return whether one matches; what is not known matters only where none does."""
    found = list(matches)
    if any(match is True for match in found):
        return True
    return next(iter(undecided(found)), False)


def opposite(match: Match) -> Match:
    """Return the contrary of a match; what is not known stays so."""
    return not match if isinstance(match, bool) else match


def action_matches(pattern: Entry, action: str) -> Match:
    """Return whether a pattern such as `dynamodb:Get*` names an action; letter case does not matter."""
    if isinstance(pattern, Placeholder):
        return pattern
    return glob(pattern.lower())(action.lower())


def resource_matches(pattern: Entry, resource: str, *, in_part: bool = False) -> Match:
    """Return whether a pattern covers a resource, which may hold wildcards of its own.

    With `in_part` it is enough to cover a part of these.
    """
    if isinstance(pattern, Placeholder):
        return pattern
    if VARIABLE.search(pattern):
        wide = VARIABLE.sub("*", pattern)
        return (
            f"{pattern} depends on who asks" if resource_matches(wide, resource, in_part=in_part) else False
        )
    return arn_glob(pattern)(resource) or (in_part and arn_glob(resource)(pattern))


def exception_covers(pattern: Entry, resource: str, *, in_part: bool = False) -> Match:
    """Return whether a pattern under NotResource covers a resource; how IAM reads a short one is not told."""
    if isinstance(pattern, str) and pattern != "*" and pattern.count(":") < _COLONS:
        return f"NotResource {pattern} is not a whole ARN"
    return resource_matches(pattern, resource, in_part=in_part)


def principal_matches(entry: Entry, name: str) -> Match:
    """Return whether an entry under Principal is this principal, its account, or everybody."""
    if isinstance(entry, Placeholder):
        return entry
    parts = name.split(":")
    account = parts[4] if len(parts) > _COLONS else ""
    of_account = (account, f"arn:{parts[1]}:iam::{account}:root") if account else ()
    return entry in (name, "*", *of_account)


def glob(pattern: str) -> Callable[[str], bool]:
    """Return whether a pattern matches in which `*` is any text and `?` any character."""
    return wildcard(pattern, one="?")


@functools.lru_cache(maxsize=4096)
def arn_glob(pattern: str) -> Callable[[str], bool]:
    """Return whether a pattern of ARNs matches.

    A wildcard stays inside its part between colons, but a `*` that ends a part may go on past the colon, so
    that a short one such as `arn:aws:dynamodb:*` is complete. Where the resource has a `*` of its own, only
    `*` matches it.
    Source: IAM User Guide, "IAM JSON policy elements: Resource", "Using wildcards in resource ARNs".
    """
    return matcher("".join(_of_arn(pattern)), pattern)


def _of_arn(pattern: str) -> Iterator[str]:
    """Yield the regular expression for each character of a pattern of ARNs."""
    colons = 0
    for at, character in enumerate(pattern):
        before_resource = colons < _COLONS
        ends_part = pattern[at + 1 : at + 2] in ("", ":")
        if character == "*":
            yield "[^:]*" if before_resource and not ends_part else ANYTHING
        elif character == "?":
            yield "[^:*]" if before_resource else "[^*]"
        else:
            colons += character == ":"
            yield literal(character)
