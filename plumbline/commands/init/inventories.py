"""Inventories of the kinds that can be listed: what is there and not named is a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from plumbline.commands.init.filled_in import Names, telling_words
from plumbline.commands.init.found import Found, everywhere, own_beginning
from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import kinds

_BEGINNING = re.compile(r"/?(?:[^{}/]+/)*[A-Za-z0-9]+[-_.]|/?(?!aws/)[^{}/]+/")
"""A first word, or a first folder of one's own: `shop-`, `/aws/lambda/shop-`, `/shop/`, `shop/`."""


def inventories(found: Iterable[Found], names: Names, looked_for: Sequence[str] = ()) -> list[Found]:
    """Return an inventory of each kind that was found and can be listed.

    They list what begins as what was `looked_for` did; where nothing was, as what was found does.
    """
    by_kind: dict[type[Kind], list[Found]] = {}
    for it in found:
        if it.kind.listing:
            by_kind.setdefault(it.kind, []).append(it)
    return [_inventory(kind, them, names, looked_for) for kind, them in by_kind.items()]


def _inventory(kind: type[Kind], them: list[Found], names: Names, looked_for: Sequence[str]) -> Found:
    told = kind.plural.replace("_", " ")
    having = list(dict.fromkeys(env for it in them for env in it.environments))
    own = {names[env]["region"] for env in having}
    regions = sorted({at for it in them for at in it.regions.values()} - own)
    asks: dict[str, object] = {"of": kind.plural}
    begin = _shared(them, names) if share_a_place(kind, names) else _prefixes(them)
    if prefixes := [*looked_for] or begin:
        asks["prefixes"] = prefixes
    if regions:
        asks["regions"] = regions
    called = {env: f"{told} of {env}" for env in having}
    every = Found(kinds()["inventory"], "", called, told, asks=asks)
    every.name = f"{told} of {{env}}"
    every.key = f"all-{kind.plural.replace('_', '-')}"
    return every


def share_a_place(kind: type[Kind], names: Names) -> bool:
    """Return whether an account lists what several environments have of a kind as one."""
    by_region = bool(kind.listing and kind.listing.regional)
    places = [(it["account"], it["region"] if by_region else "") for it in names.values()]
    return len({*places}) < len(places)


def _shared(them: Iterable[Found], names: Names) -> list[str]:
    """Return how the names begin that are an environment's, and not of another one beside it."""
    named = ((telling_words(names[env]), name) for it in them for env, name in it.names.items() if name)
    return sorted({everywhere(own_beginning(name, words.values()), words) for words, name in named})


def _prefixes(them: Iterable[Found]) -> list[str]:
    """Return how the names begin; none where one of them has no first word of its own."""
    begin = [_BEGINNING.match(it.name) for it in them if it.name]
    return sorted({it[0] for it in begin if it}) if all(begin) else []
