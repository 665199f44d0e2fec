"""Real files with a few characters or lines wrong, as a slip of the hand or a bad merge leaves them."""

import random
from collections.abc import Callable, Iterator

SLIPS = "{}[]:\"'#&*!|>%@`,-= \t\n\x00\ufeffé0"


def mutants(text: str, number: int, seed: int) -> Iterator[str]:
    """Yield broken versions of a text; the same seed gives the same ones."""
    chance = random.Random(seed)
    for _ in range(number):
        broken = text
        for _ in range(chance.randint(1, 3)):
            broken = chance.choice(_WAYS)(broken, chance)
        yield broken


def _drop_character(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _add_character(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(SLIPS) + text[at:]


def _cut_off(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(1, len(text))]


def _double_line(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    return "".join([*lines[:at], lines[at], *lines[at:]])


def _drop_line(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    return "".join(lines[:at] + lines[at + 1 :]) or "\n"


def _swap_words(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    one, other = chance.randrange(len(words)), chance.randrange(len(words))
    words[one], words[other] = words[other], words[one]
    return " ".join(words)


_WAYS: list[Callable[[str, random.Random], str]] = [
    _drop_character,
    _add_character,
    _cut_off,
    _double_line,
    _drop_line,
    _swap_words,
]
