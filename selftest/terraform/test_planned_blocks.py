"""Which planned block is one that is written out, where dynamic blocks stand beside it."""

from __future__ import annotations

from typing import Any

import pytest

from plumbline.terraform.planned import MadeFrom

FIRST, OTHER = ({"name": {"constant_value": it}, "arn": {"references": [f"a.{it}"]}} for it in ("x", "y"))
COMPUTED = {"name": {"references": ["local.name"]}, "arn": {"references": ["a.z"]}}


def named(*names: str) -> list[dict[str, Any]]:
    """Blocks as a plan has them."""
    return [{"name": it} for it in names]


@pytest.mark.parametrize(
    ("written", "planned", "found"),
    [
        pytest.param([FIRST], named("x", "d"), [[FIRST], []], id="the one of its name"),
        pytest.param([FIRST, OTHER], named("d", "y", "x"), [[], [OTHER], [FIRST]], id="each of its name"),
        pytest.param([FIRST], named("x", "x"), [[], []], id="of two of the name nobody knows which"),
        pytest.param([COMPUTED], named("x", "d"), [[], []], id="a name that is computed may be any"),
        pytest.param([FIRST, FIRST], named("x", "d", "e"), [[], [], []], id="two that are one in a set"),
        pytest.param([FIRST], named("d", "e"), [[], []], id="a name that the provider has changed"),
        pytest.param([FIRST, OTHER], named("x", "y"), [[FIRST, OTHER]] * 2, id="as many: any of them"),
    ],
)
def test_a_block_that_is_written_out_is_found_by_what_is_written_in_it(
    written: list[Any], planned: list[Any], found: list[list[Any]]
) -> None:
    made = MadeFrom([{"rule": written}], lambda name, expression: None).blocks("rule", planned)
    assert [[*it.candidates] for it in made] == found
