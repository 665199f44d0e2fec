"""Words by which names tell an environment without saying what it is called: `d` in `acme-d-orders`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from plumbline.commands.init.filled_in import Different, Names, joined, located

_LEAD, _TAIL = "lead", "tail"
"""The placeholders of what an environment is called with what parts it from the rest, where another has none:
`{lead}orders` is `dev-orders` and `orders`, `orders{tail}` is `orders-dev` and `orders`."""
_OTHER = "word"
"""The placeholder of words that have nothing to do with what the environments are called."""
_WORDS = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9]+")


def with_own_words(names: Names, called: Iterable[Mapping[str, str]]) -> Names:
    """Return the placeholders with those that make one name of what resources are called in all environments.

    A word that tells the environments apart in a single name may do so by chance, as a random suffix does: it
    has to stand in two names, unless it is the environment's in other letters or with fewer.
    """
    counted = Counter(words for row in called for words in _telling(row, names))
    found = {env: dict(its) for env, its in names.items()}
    for words, number in counted.most_common():
        spelt = _spelt(dict(zip(names, words, strict=True)))
        if spelt not in next(iter(found.values())) and (number > 1 or spelt != _OTHER):
            for env, word in zip(names, words, strict=True):
                found[env][spelt] = word
    return found


def _telling(called: Mapping[str, str], names: Names) -> set[tuple[str, ...]]:
    """Return the words of all environments in which names differ, beside what these are called.

    There are none where names differ in more than words.
    """
    if called.keys() != names.keys() or not all(called.values()):
        return set()
    try:
        joined(called, names)
    except Different:
        if words := _lacking(called, names):
            return {words}
        told = [_WORDS.findall(located(called[env], names[env])) for env in names]
        apart = {it for it in zip(*told, strict=False) if len({*it}) > 1} - {tuple(names)}
        are_words = all(it.isalnum() for words in apart for it in words)
        return apart if len({*map(len, told)}) == 1 and are_words else set()
    return set()


def _lacking(called: Mapping[str, str], names: Names) -> tuple[str, ...] | None:
    """Return by what names tell all environments but those that have no word there, if they do."""
    told = {env: located(called[env], names[env]) for env in names}
    for pattern in (r"(?<![A-Za-z0-9]){}[-_./]", r"[-_./]{}(?![A-Za-z0-9])"):
        ways = [dict(_without(told[env], re.compile(pattern.format(re.escape(env))))) for env in names]
        for rest in ways[0].keys() & told.values():
            if all(rest in it for it in ways) and any(words := tuple(it[rest] for it in ways)):
                return words
    return None


def _without(text: str, word: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield a text by itself, and without each place where such a word stands, with what stands there."""
    yield text, ""
    for it in word.finditer(text):
        yield f"{text[: it.start()]}{text[it.end() :]}", it[0]


def _spelt(words: Mapping[str, str]) -> str:
    """Return the placeholder of the words of environments: how they are made of what these are called."""
    if not all(words.values()):
        return _LEAD if any(it[:1].isalnum() for it in words.values()) else _TAIL
    ways: dict[str, Callable[[str, str], bool]] = {
        "title": lambda env, word: word == env.title(),
        "upper": lambda env, word: word == env.upper(),
        "short": _shortens,
    }
    return next((it for it, way in ways.items() if all(way(*pair) for pair in words.items())), _OTHER)


def _shortens(environment: str, word: str) -> bool:
    """Return whether a word has the first letter of another one, and none that this has not in that order."""
    letters = iter(environment.lower())
    return word[0].lower() == environment[0].lower() and all(it in letters for it in word.lower())
