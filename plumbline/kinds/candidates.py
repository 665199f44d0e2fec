"""What a Terraform variable is tried with: names that are no environment, and entries of a number."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from plumbline.kinds.pattern_members import members
from plumbline.values.unknown import Unknown

if TYPE_CHECKING:
    from plumbline.terraform.model import Variable

_OFTEN = ("staging", "production", "test", "qa", "uat", "preprod", "stage", "prd", "int", "sandbox", "demo")
"""How environments are often called: what a variable may accept too that was copied from elsewhere."""
_CHARACTERS = string.ascii_lowercase + string.digits + "-_"
_WORD = re.compile(r"[A-Za-z0-9]+")
_LONGER_WORD = re.compile(r"[A-Za-z0-9_-]+")
_PATTERN = re.compile(r"[][(){}?*+|^$.\\]")
"""What stands in a pattern, and in no name."""
_MOST_WORDS = 200
"""A rule that comes across more words than that reads a file of them."""


def names_besides(names: Sequence[str], words: Iterable[str]) -> list[str]:
    """Return what may be accepted and is none of these names, each once; the likeliest first.

    `words` are what the rules of the variable come across: lists of names, patterns of regular expressions.
    """
    told = list(words)[:_MOST_WORDS]
    within = [word for text in told for form in (_WORD, _LONGER_WORD) for word in form.findall(text)]
    found = [
        *("", *(name.upper() for name in names), *_OFTEN, *told, *within),
        *(other for name in names for other in _letter_cases(name)),
        *(other for name in names for other in _longer(name)),
        *(f"{name}{word}" for name in names for word in within),
        *(f"{word}{name}" for name in names for word in within),
        *(f"{name}{word}x" for name in names for word in told),
        *(f"x{word}{name}" for name in names for word in told),
    ]
    if patterns := [text for text in told if _PATTERN.search(text)]:
        found += (other for name in names for other in _one_changed(name))
        found += (other for pattern in patterns for other in members(pattern))
    return [name for name in dict.fromkeys(found) if name not in names]


def _letter_cases(name: str) -> Iterator[str]:
    yield from (name.lower(), name.title(), name.swapcase(), name[:1].swapcase() + name[1:])
    yield name[:-1] + name[-1:].swapcase()


def _longer(name: str) -> Iterator[str]:
    """Yield a name with something before or behind it: what a pattern without anchors lets through."""
    for more in ("x", "1", " ", "\n", "\t", "X", "01", "-1", "-x", "_x", ".x", "/x", "-", "_", name):
        yield from (name + more, more + name, f"x{more}{name}", f"{name}{more}x")


def _one_changed(name: str) -> Iterator[str]:
    """Yield a name with one character left out, doubled or replaced: what a pattern may take for it."""
    for place, character in enumerate(name):
        before, behind = name[:place], name[place + 1 :]
        yield before + behind
        yield before + 2 * character + behind
        yield from (before + other + behind for other in _CHARACTERS)


def shown(name: str | None) -> str:
    """Return a name as a card has it; null is none."""
    return "null (no value)" if name is None else name


def entries_like(declared: Variable, number: int) -> Iterator[Any]:
    """Yield lists, or maps, of so many entries like the variable's first, under names of their own.

    The names are made in several ways, since a rule may ask for letters alone or for no hyphen. Where
    there is no entry, each is `Unknown`.
    """
    as_map = isinstance(declared.value, dict) or _is_map(declared.type)
    held = list(declared.value.items() if isinstance(declared.value, dict) else enumerate(_listed(declared)))
    key, first = held[0] if held else ("entry", Unknown("an entry of an empty list"))
    for name in (_numbered, _lettered, _underscored, _counted):
        if as_map:
            yield {name(str(key), n): _named(first, name, n) for n in range(number)}
        else:
            yield [_named(first, name, n) for n in range(number)]


def _listed(declared: Variable) -> list[Any]:
    return list(declared.value) if isinstance(declared.value, Iterable) else []


def _is_map(type_: str) -> bool:
    return re.match(r"(?:optional\s*\(\s*)?map\b", type_) is not None


def _named(entry: Any, name: Any, number: int) -> Any:
    if isinstance(entry, dict) and isinstance(entry.get("name"), str):
        return {**entry, "name": name(entry["name"], number)}
    return name(entry, number) if isinstance(entry, str) else entry


def _numbered(name: str, number: int) -> str:
    return f"{name}-{number}"


def _lettered(name: str, number: int) -> str:
    first, second = divmod(number, 26)
    return f"{string.ascii_lowercase[first % 26]}{string.ascii_lowercase[second]}-{name}"


def _underscored(name: str, number: int) -> str:
    return _lettered(name, number).replace("-", "_")


def _counted(name: str, number: int) -> str:
    return _underscored(name, number).replace("_", "")
