"""Placeholders put back into texts, so that those of two environments can be compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Identity, Placeholder

_ALWAYS = ("env", "account", "region")
_SHORT = 12
"""How many digits a number has at least that is not to be met by chance."""


def putting_back(
    own: Mapping[str, str], others: Mapping[str, str], called: Mapping[str, str] | None = None
) -> Callable[[Any], Any]:
    """Return what puts the placeholders of an environment back into the texts of a value, and into its keys.

    They stand there as whole words, the longest first: `dev` in `device` is none. Of placeholders that come
    to the same in one of the two environments nobody knows which one is meant: they are put back as one. What
    comes to the same in both is left as it is, and so is a short number, unless it names the environment, and
    a letter that is all of a text by chance: an attribute of type S.

    `called` are whole names that stand for something before any word in them does. One that is a word may be
    that of a sentence: it is a name where it is all of a text, or between the signs of an ARN.
    """
    differing = {name: it for name, it in own.items() if others.get(name, it) != it and _is_telling(name, it)}
    names = {it: _together(name, differing, others) for name, it in differing.items()}
    stands_for = {it: f"{{{name}}}" for it, name in names.items()} | dict(called or {})
    letters = {it for name, it in differing.items() if len(it) == 1 and name not in _ALWAYS}
    if not stands_for:
        return lambda value: value
    one_word = [it for it in called or () if it.isalnum()]
    longer = [it for it in called or () if not it.isalnum()]
    each = (*_either(longer, r"\w-"), *_either(one_word, r"^/:\"'*"), *_either(names, "A-Za-z0-9"))
    found = re.compile("|".join(each))

    def put_back(text: str) -> str:
        return text if text in letters else found.sub(lambda it: stands_for[it[0]], text)

    return lambda value: mapped(value, put_back)


def _either(texts: Iterable[str], signs: str) -> Iterator[str]:
    """Yield the pattern of any of some texts, the longest first, that none of these signs stands beside."""
    if any_of := "|".join(map(re.escape, sorted(texts, key=len, reverse=True))):
        yield f"(?<![{signs}])(?:{any_of})(?![{signs}])"


def _is_telling(name: str, value: str) -> bool:
    return bool(value) and (name in _ALWAYS or not value.isdigit() or len(value) >= _SHORT)


def _together(name: str, own: Mapping[str, str], others: Mapping[str, str]) -> str:
    """Return the name under which a placeholder is put back: with all that cannot be told from it."""
    found = [name]
    for it in found:
        more = [other for other in own if any(of.get(it) == of.get(other) for of in (own, others))]
        found += [other for other in more if other not in found]
    return "|".join(sorted(found, key=[*own].index))


def mapped(value: Any, text: Callable[[str], Any]) -> Any:
    """Return a value with each text in it made something else; a key stays a text."""
    match value:
        case str():
            return text(value)
        case list() | tuple():
            return [mapped(it, text) for it in value]
        case SomeOf():
            return SomeOf(mapped(value.members, text), value.reason)
        case Mapping():
            return {_key(key, text): mapped(it, text) for key, it in value.items()}
        case BaseModel():
            return value.model_copy(update={name: mapped(it, text) for name, it in value})
        case Identity():
            return value.elsewhere(text)
    return value


def _key(key: Any, text: Callable[[str], Any]) -> Any:
    made = mapped(key, text)
    return key if isinstance(made, Placeholder) else made
