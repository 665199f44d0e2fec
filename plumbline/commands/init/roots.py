"""What a stack names and no single resource declares: its roots, and who is granted what in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from plumbline.commands.init.filled_in import Different, Names, joined, telling_words
from plumbline.commands.init.found import Configurations, Found, most_common_beginning, own_beginning
from plumbline.commands.init.inventories import share_a_place
from plumbline.kinds.registry import kinds
from plumbline.terraform.model import Configuration

_GRANTING = ("role", "managed_policy")
"""The nouns of what grants something, by a name that an account can be asked for."""


def roots(configurations: Configurations, names: Names) -> list[Found]:
    """Return the roots, as source says what they are, and what is granted in each."""
    called = {root: [env for other, env in configurations if other == root] for root, _ in configurations}
    found = [*_settings(configurations, called), *_grants(configurations, called, names)]
    return [it for it in found if _is_named(it, names)]


def _is_named(found: Found, names: Names) -> bool:
    try:
        found.name = joined(found.names, names)
    except Different:
        return False
    return True


def _settings(configurations: Configurations, called: dict[str, list[str]]) -> Iterator[Found]:
    for root, environments in called.items():
        if all(configurations[root, env].source == "hcl" for env in environments):
            filled = {env: root.replace("{env}", env) for env in environments}
            yield Found(kinds()["root"], root, filled, _plain(root))


def _grants(configurations: Configurations, called: dict[str, list[str]], names: Names) -> Iterator[Found]:
    granting = {
        root: {env: them for env in environments if (them := _named(configurations[root, env]))}
        for root, environments in called.items()
    }
    alone = sum(bool(it) for it in granting.values()) == 1
    shared = share_a_place(kinds()["authorization"], names)
    for root, by_environment in granting.items():
        if by_environment:
            filled = {
                env: " ".join(
                    _patterns(them, telling_words(names[env]).values() if shared else ()) if alone else them
                )
                for env, them in by_environment.items()
            }
            yield Found(kinds()["authorization"], root, filled, f"{_plain(root)}-principals")


def _plain(root: str) -> str:
    """Return what a root is called among keys: without the environment's name."""
    return re.sub(r"[^\w/-]+", "", root.replace("{env}", "")).strip("/") or "root"


def _named(configuration: Configuration) -> list[str]:
    names = (
        kinds()[noun].named(resource, configuration)
        for noun in _GRANTING
        for resource in kinds()[noun].declared_in(configuration)
    )
    return sorted({it for it in names if isinstance(it, str) and it and not {*it} & {" ", "*", "?", "["}})


def _patterns(called: list[str], own: Collection[str]) -> list[str]:
    """Return the names, those of the stack's own beginning as one pattern: others of it are a finding.

    Where an account has several environments, the beginning goes up to a word of its own.
    """
    if own:
        begins = {it: own_beginning(it, own) for it in called}
        return list(dict.fromkeys(it if begin == it else f"{begin}*" for it, begin in begins.items()))
    begin = most_common_beginning(called)
    return [f"{begin}*", *(it for it in called if not it.startswith(begin))] if begin else called
