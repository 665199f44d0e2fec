"""`quantified` says what the words of a statement say: of every one, of these only, of none."""

import re
from collections.abc import Iterator

import pytest

from selftest.stacks.proven import Proven, of_each

_REASON = re.compile(r", (?:since|so) ")
"""What begins the half of a statement that gives a reason; it asserts nothing."""
_WORDS = {
    "every": r"every|each|all",
    "only": r"only(?! if)|no other",
    "none": r"no(?! other)|none|never",
}


def said(statement: str) -> str | None:
    """Return what the first quantifying word of a statement says, or None where it has none."""
    asserted = _REASON.split(statement.lower())[0]
    found = {name: re.search(rf"\b(?:{words})\b", asserted) for name, words in _WORDS.items()}
    places = {name: match.start() for name, match in found.items() if match}
    return min(places, key=lambda name: places[name], default=None)


@pytest.mark.parametrize(
    ("statement", "quantified"),
    [
        ("Every table bills on demand.", "every"),
        ("Each rule, and no other, is on.", "every"),
        ("The policies name only that account.", "only"),
        ("No other region holds one.", "only"),
        ("The log had no ERROR line in all of the window.", "none"),
        ("It goes on only if it is confirmed.", None),
        ("The recorder records, since every rule depends on it.", None),
        ("The bucket exists and notices nothing.", None),
    ],
)
def test_the_first_word_that_counts_is_taken(statement: str, quantified: str | None) -> None:
    assert said(statement) == quantified


def every_invariant(proven: Proven) -> Iterator[tuple[str]]:
    """The invariants of a stack."""
    return ((name,) for name in proven.runbook.invariants)


@of_each("name", every_invariant)
def test_an_invariant_is_quantified_as_its_statement_says(proven: Proven, name: str) -> None:
    invariant = proven.runbook.invariants[name]
    assert invariant.quantified == said(invariant.statement)
