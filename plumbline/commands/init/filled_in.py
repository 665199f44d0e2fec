"""Values of several environments as one: with `{env}`, `{account}` and `{region}` where they differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from plumbline.values.filling import fill

Names = Mapping[str, Mapping[str, str]]
"""What `{env}`, `{account}`, `{region}` and the words of their own are in each environment."""
_GIVEN = frozenset({"stack", "env", "account", "region"})
"""The placeholders that every stack has."""
_MOST_PLACES = 6
"""In how many places of a text the name of the environment is looked for."""


class Different(Exception):
    """Raised where the values of environments are no single one, whatever is filled in."""


def joined(values: Mapping[str, Any], names: Names) -> Any:
    """Return the one value that is each environment's once it is filled in. Raises `Different`."""
    given = list(values.values())
    if all(isinstance(it, str) for it in given):
        return _text(values, names)
    if all(isinstance(it, dict) for it in given):
        return _mapping(values, names)
    if all(isinstance(it, list) for it in given) and len({*map(len, given)}) == 1:
        return [joined({env: it[n] for env, it in values.items()}, names) for n in range(len(given[0]))]
    if all(type(it) is type(given[0]) and it == given[0] for it in given):
        return given[0]
    raise Different


def _mapping(values: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Return one mapping; a key is put together like any text, in the order in which the keys stand."""
    first = next(iter(values.values()))
    if all({*it} == {*first} for it in values.values()):
        rows = [dict.fromkeys(values, key) for key in first]
    elif len({*map(len, values.values())}) == 1:
        rows = [dict(zip(values, keys, strict=True)) for keys in zip(*values.values(), strict=True)]
    else:
        raise Different
    return {
        _text(row, names): joined({env: values[env][key] for env, key in row.items()}, names) for row in rows
    }


def _text(texts: Mapping[str, str], names: Names) -> str:
    told = {env: located(text, names[env]) for env, text in texts.items()}
    first = max(told, key=lambda env: len(telling_words(names[env])))
    candidates = _variants(told[first], [*telling_words(names[first]).items()])
    for candidate in candidates if len({*told.values()}) > 1 else [told[first]]:
        if all(_is(candidate, text, names[env]) for env, text in texts.items()):
            return candidate
    raise Different


def _is(candidate: str, text: str, names: Mapping[str, str]) -> bool:
    try:
        return bool(fill(candidate, names) == text)
    except KeyError:  # what stands in braces there is no placeholder
        return False


def own_values(names: Mapping[str, str]) -> dict[str, str]:
    """Return what placeholders of a stack's own are in an environment; one may be nothing there."""
    return {placeholder: word for placeholder, word in names.items() if placeholder not in _GIVEN}


def own_words(names: Mapping[str, str]) -> dict[str, str]:
    """Return the words of an environment that stand in names beside, or instead of, what it is called."""
    return {placeholder: word for placeholder, word in own_values(names).items() if word}


def telling_words(names: Mapping[str, str]) -> dict[str, str]:
    """Return what an environment is told by in names, by placeholder: by what it is called first of all."""
    return {"env": names["env"]} | own_words(names)


def located(text: str, names: Mapping[str, str]) -> str:
    """Return a text with `{account}`, and with `{region}` where it is that alone, or an ARN."""
    if text == names["region"]:
        return "{region}"
    arns = re.compile(rf"(arn:[\w-]+:[\w-]+:){re.escape(names['region'])}(?=:)")
    return arns.sub(r"\1{region}", text).replace(names["account"], "{account}")


def _variants(text: str, words: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield a text with placeholders for words: with each by itself first, then with several of them.

    A word that is the whole of a value is the environment's by chance: an attribute of type S.
    """
    may = [it for it in words if it[1] != text or it[0] == "env"]
    for pair in may:
        yield from _candidates(text, *pair)
    for number, pair in enumerate(may[:-1]):
        for it in _candidates(text, *pair):
            yield from _variants(it, may[number + 1 :])


def _candidates(text: str, placeholder: str, word: str) -> Iterator[str]:
    """Yield a text with a placeholder for a word, in as many places as there are and in fewer."""
    places = [it.start() for it in re.finditer(re.escape(word), text)][:_MOST_PLACES]
    for number in range(len(places), 0, -1):
        for chosen in combinations(places, number):
            replaced = text
            for place in reversed(chosen):
                replaced = f"{replaced[:place]}{{{placeholder}}}{replaced[place + len(word) :]}"
            yield replaced
