"""What survives is listed with its reason: the edits of what changed since, and a sample, are tried."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator

import pytest

from selftest.sample import SEED, drawn, seed
from selftest.stacks.proven import Proven, every_stack, of_each
from selftest.stacks.registry import shown, survivors
from selftest.survivors.kept import COMMAND, EQUIVALENT, FORMS, Kept, key, read
from selftest.survivors.sweep import SORTS, Edit, Sort, edits, hashes, swept

SAMPLE: dict[Sort, int] = {"terraform": 40, "account": 20}
"""How many edits are tried of what has not changed: ten seconds."""
MOST: dict[Sort, int] = {"terraform": 700, "account": 350}
"""How many edits are tried of what changed, in two minutes; more of them is a sweep."""


every_sort = of_each("sort", lambda _: [(sort,) for sort in SORTS])


@pytest.mark.sampled(one_in=1)
@pytest.mark.heavy
@every_sort
def test_no_edit_of_what_changed_survives_without_a_reason(proven: Proven, sort: Sort) -> None:
    """Every run tries these, whatever its sample is: the commit is what changed them."""
    kept, changed, _ = _edits(proven, sort)
    parts = ", ".join(sorted({it.part for it in changed}))
    assert len(changed) <= MOST[sort], (
        f"too much of {proven} changed to be tried here ({parts}): run {COMMAND}"
    )
    _assert_reasoned(proven, sort, kept, changed, "what changed")


@pytest.mark.sampled(one_in=3)
@pytest.mark.heavy
@every_sort
def test_no_edit_survives_without_a_reason(proven: Proven, sort: Sort) -> None:
    kept, _, unchanged = _edits(proven, sort)
    sample = drawn(f"edits of {proven}, {sort}", unchanged, SAMPLE[sort])
    _assert_reasoned(proven, sort, kept, sample, "what has not changed")


@pytest.mark.sampled(one_in=3)
@pytest.mark.heavy
@every_sort
def test_what_is_listed_for_a_hole_still_survives(proven: Proven, sort: Sort) -> None:
    kept, changed, unchanged = _edits(proven, sort)
    holes = [it for it in (*changed, *unchanged) if key(it) in kept.holes]
    surviving = [*swept_alone(proven, holes)]
    noticed = [key(it) for it in holes if it not in surviving]
    assert not noticed, f"a sentence notices by now, take it off {shown(survivors(proven))}: {noticed}"


def _edits(proven: Proven, sort: Sort) -> tuple[Kept, list[Edit], list[Edit]]:
    """Return the list of a stack, and its edits: of what changed since it was swept, and all others."""
    kept = read(proven)
    if kept.not_swept and not kept.swept:
        pytest.skip(f"{proven}, {sort}: no edit was ever tried: {kept.not_swept}: run {COMMAND}")
    every = edits(proven, sort)
    now = hashes(proven, sort, every)
    if kept.not_swept:
        warnings.warn(f"{proven}: {kept.not_swept}: run {COMMAND}", stacklevel=1)
        every = [it for it in every if it.part in kept.swept]
    changed = [it for it in every if kept.swept.get(it.part) != now[it.part]]
    return kept, changed, [it for it in every if kept.swept.get(it.part) == now[it.part]]


def _assert_reasoned(proven: Proven, sort: Sort, kept: Kept, tried: list[Edit], of: str) -> None:
    told = f"{proven}, {sort}: tried {len(tried)} edits of {of}"
    warnings.warn(told, stacklevel=1)  # which every run shows at its end, also that of many processes
    new = list(_new(kept, swept_alone(proven, tried)))
    assert not new, _told(proven, new)


def swept_alone(proven: Proven, tried: list[Edit]) -> Iterator[Edit]:
    """Yield the edits that survive, tried in this process."""
    return (edit for edit, outcome in swept(proven, tried, 1) if outcome.fate == "survives")


def _new(kept: Kept, surviving: Iterable[Edit]) -> Iterator[Edit]:
    return (it for it in surviving if not kept.reasons.get(key(it)))


def _told(proven: Proven, new: list[Edit]) -> str:
    listed = "\n".join(f"  {it.shown}: {it.way}" for it in new)
    return (
        f"{len(new)} edits of {proven} turn nothing red ({SEED}={seed()}):\n{listed}\n"
        f"Mend the sentence that should notice it. Where none should, run {COMMAND}, which writes it down in "
        f"{shown(survivors(proven))}, and give it its reason there: {FORMS}"
    )


@every_stack
def test_everything_that_is_listed_has_a_reason(proven: Proven) -> None:
    unreasoned = read(proven).unreasoned
    assert not unreasoned, f"write in {shown(survivors(proven))} {FORMS} for:\n" + "\n".join(unreasoned)


@every_stack
def test_the_list_is_as_long_as_its_numbers_say(proven: Proven) -> None:
    kept = read(proven)
    same = sum(reason == EQUIVALENT for reason in kept.reasons.values())
    assert (same, len(kept.reasons) - same) == (kept.counted("equivalent"), kept.counted("survives"))
