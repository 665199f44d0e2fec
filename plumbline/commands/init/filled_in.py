"""Values of several environments as one: with `{env}`, `{account}` and `{region}` where they differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from plumbline.values.filling import fill

Names = Mapping[str, Mapping[str, str]]
"""What `{env}`, `{account}`, `{region}` and the words of their own are in each environment."""
_GIVEN = frozenset({"stack", "env", "account", "region"})
"""The placeholders that every stack has."""
_MOST_PLACES = 10_000
"""How many places of a text are looked at for words of the environment."""


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
    alike = next(iter(told.values()))
    candidate = alike if len({*told.values()}) == 1 else _template(told, names)
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


def _template(told: Mapping[str, str], names: Names) -> str:
    """Return the one text that these are once their words are filled in. Raises `Different`.

    It is put together from the left, with a placeholder wherever all have its word. A word that is the whole
    of a value is the environment's by chance: an attribute of type S.
    """
    first = max(told, key=lambda env: len(telling_words(names[env])))
    order = [first, *(env for env in told if env != first)]
    texts = [told[env] for env in order]
    may = {it: word for it, word in telling_words(names[first]).items() if it == "env" or word != texts[0]}
    words = {it: [names[env].get(it, "") for env in order] for it in may}
    starts = re.compile("|".join(map(re.escape, may.values())))
    waiting: list[tuple[tuple[int, ...], _Made | None]] = [((0,) * len(texts), None)]
    seen: set[tuple[int, ...]] = set()
    while waiting and len(seen) < _MOST_PLACES:
        at, made = waiting.pop()
        if all(place == len(text) for place, text in zip(at, texts, strict=True)):
            return _written(made)
        if at not in seen:
            seen.add(at)
            waiting += reversed([*_goes_on(at, made, texts, words, starts)])
    raise Different


class _Made(NamedTuple):
    """A piece of a text, and what stands before it."""

    piece: str
    before: _Made | None


def _goes_on(
    at: tuple[int, ...],
    made: _Made | None,
    texts: Sequence[str],
    words: Mapping[str, Sequence[str]],
    starts: re.Pattern[str],
) -> Iterator[tuple[tuple[int, ...], _Made]]:
    """Yield where all texts go on from some places, and with what: a placeholder, or else what all have."""
    for placeholder, own in words.items():
        if all(text.startswith(word, place) for text, word, place in zip(texts, own, at, strict=True)):
            yield (
                tuple(place + len(word) for place, word in zip(at, own, strict=True)),
                _Made(f"{{{placeholder}}}", made),
            )
    following = starts.search(texts[0], at[0] + 1)
    piece = texts[0][at[0] : following.start() if following else None]
    if piece and all(text.startswith(piece, place) for text, place in zip(texts, at, strict=True)):
        yield tuple(place + len(piece) for place in at), _Made(piece, made)


def _written(made: _Made | None) -> str:
    pieces = []
    while made:
        pieces.append(made.piece)
        made = made.before
    return "".join(reversed(pieces))
