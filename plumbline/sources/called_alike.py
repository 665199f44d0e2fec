"""Names that a stack gives one resource in two environments, and that no placeholder makes one name."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping

from plumbline.expectations.stack import Subject

_Back = Callable[[str], str]


def called_alike(
    own: Mapping[str, Subject], others: Mapping[str, Subject], backs: tuple[_Back, _Back]
) -> dict[str, str]:
    """Return, by each such name of an environment, one text for it and for that of the other environment.

    `backs` put the placeholders of the two back. `orders` and `dev-orders` are `{|dev-}orders`.
    """
    found: dict[str, str] = {}
    for mine, its in _differing(own, others):
        if backs[0](mine.name) != backs[1](its.name):
            first, second = sorted((mine, its), key=lambda it: it.environment)
            found.setdefault(mine.name, _one_text(first.name, second.name))
    return found


def _differing(
    own: Mapping[str, Subject], others: Mapping[str, Subject]
) -> Iterator[tuple[Subject, Subject]]:
    """Yield what the stack names in both, and not alike; a number may stand anywhere for something else."""
    for key in [it for it in own if it in others]:
        mine, its = own[key], others[key]
        named = mine.found_by is None and its.found_by is None
        if named and mine.name != its.name and not mine.name.isdigit() and not its.name.isdigit():
            yield mine, its


def _one_text(first: str, second: str) -> str:
    """Return two names as one: what both begin and end with, and in braces what is between."""
    begin = _common(first, second)
    rests = [it.removeprefix(begin) for it in (first, second)]
    end = _common(rests[0][::-1], rests[1][::-1])[::-1]
    between = "|".join(it.removesuffix(end) for it in rests)
    return f"{begin}{{{between}}}{end}"


def _common(first: str, second: str) -> str:
    """Return how two texts both begin."""
    pairs = zip(first, second, strict=False)
    return "".join(one for one, _ in itertools.takewhile(lambda it: it[0] == it[1], pairs))
