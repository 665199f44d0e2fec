"""How a comparison ends: nothing differs only where something was compared."""

from __future__ import annotations

import pytest

from plumbline.report.apart import DIFFERENT, NOT_KNOWN, SAME, Told
from plumbline.sources.differences import Alone, Comparison, Difference

ALONE = Comparison(alone=(Alone("table carts", 0), Alone("table carts", 1)))
DIFFERS = Comparison(differences=(Difference("table carts", "status", ("a", "b"), ("", "")),))


@pytest.mark.parametrize(
    ("comparison", "meant", "ends"),
    [
        (Comparison(), None, NOT_KNOWN),
        (Comparison(), ALONE, NOT_KNOWN),
        (Comparison(compared=1), ALONE, SAME),
        (Comparison(), Comparison(compared=1), SAME),
        (Comparison(), DIFFERS, SAME),
        (ALONE, None, DIFFERENT),
        (DIFFERS, ALONE, DIFFERENT),
    ],
)
def test_what_is_alone_as_it_is_meant_to_be_is_no_comparison(
    comparison: Comparison, meant: Comparison | None, ends: int
) -> None:
    told = Told("parity", ("a", "b"), ("only a", "only b"), comparison, meant)
    assert told.exit_code == ends
    assert ("nothing to compare" in told.verdict) == (ends == NOT_KNOWN)
