"""What a stack names and no single resource declares: its roots, and who is granted what in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from plumbline.commands.init.filled_in import Different, Names, joined, telling_words
from plumbline.commands.init.found import (
    Configurations,
    Found,
    everywhere,
    first_word,
    most_common_beginning,
    own_beginning,
    own_end,
)
from plumbline.commands.init.inventories import share_a_place
from plumbline.kinds.registry import kinds
from plumbline.terraform.model import Configuration
from plumbline.values.filling import fill

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
    """Yield who is granted what: one for all roots of an environment, since each is held against them all.

    It lies in the first of them that grants anything.
    """
    granting: dict[str, dict[str, list[str]]] = {}
    for root, environments in called.items():
        for env in environments:
            if them := _named(configurations[root, env]):
                granting.setdefault(env, {})[root] = them
    shared = share_a_place(kinds()["authorization"], names)
    by_root: dict[str, dict[str, list[str]]] = {}
    for env, them_by_root in granting.items():
        them = sorted({it for its in them_by_root.values() for it in its})
        own = telling_words(names[env]).values() if shared else ()
        by_root.setdefault(next(iter(them_by_root)), {})[env] = _patterns(them, own)
    for root, patterns in by_root.items():
        filled = {env: " ".join(it) for env, it in _everywhere(patterns, names).items()}
        several = {it for its in granting.values() for it in its} != {root}
        label = "principals" if several and len(by_root) == 1 else f"{_plain(root)}-principals"
        yield Found(kinds()["authorization"], root, filled, label)


def _everywhere(patterns: Mapping[str, list[str]], names: Names) -> Mapping[str, list[str]]:
    """Return the patterns of each environment so that they are one text: what one has, all look for.

    What only production declares is a finding elsewhere.
    """
    try:
        joined(patterns, names)
    except Different:
        known = set.intersection(*({*telling_words(names[env])} for env in patterns))
        words = {
            env: {it: told for it, told in telling_words(names[env]).items() if it in known}
            for env in patterns
        }
        shapes = list(
            dict.fromkeys(everywhere(it, words[env]) for env, them in patterns.items() for it in them)
        )
        return {env: [fill(it, words[env]) for it in shapes] for env in patterns}
    return patterns


def _plain(root: str) -> str:
    """Return what a root is called among keys: without the environment's name."""
    return re.sub(r"[^\w/-]+", "", root.replace("{env}", "")).strip("/") or "root"


def _named(configuration: Configuration) -> list[str]:
    names = (
        kinds()[noun].named(resource, configuration)
        for noun in _GRANTING
        for resource in kinds()[noun].declared_in(configuration)
    )
    return sorted({it for it in names if isinstance(it, str) and it and not {*it} & {*" *?[{"}})


def _patterns(called: list[str], own: Collection[str]) -> list[str]:
    """Return the names, those of the stack's own beginning as one pattern: others of it are a finding.

    Where an account has several environments, what an environment's have is a word of its own.
    """
    if own:
        return list(dict.fromkeys(_of_environment(it, own) for it in called))
    begin = most_common_beginning(called) or (first_word(called[0]) if len(called) == 1 else "")
    return [f"{begin}*", *(it for it in called if not it.startswith(begin))] if begin else called


def _of_environment(name: str, own: Collection[str]) -> str:
    """Return the pattern of what is called like a name in its environment: `shop-dev-*`, `shop-*-dev`.

    A name without a word of the environment, or that is nothing else, stands for itself.
    """
    begin = own_beginning(name, own)
    if begin != name:
        return f"{begin}*"
    first = first_word(name)
    end = own_end(name, own)
    return f"{first}*{end}" if end and len(first) < len(name) - len(end) else name
