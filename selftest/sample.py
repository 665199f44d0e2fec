"""Which cases a run tries of the proofs that walk hundreds: all, or with --sample those that a commit draws.

Every process of a run draws the same ones, and so does whoever tries the commit again; others draw others.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TypeVar

import pytest

from selftest.front_door import REPOSITORY

SEED = "PLUMBLINE_SEED"
"""The environment variable that draws another sample, or an earlier one again."""
MARK = "sampled"
ONE_IN = (
    dict.fromkeys(("init", "input", "live", "order", "outcomes", "reports", "stacks"), 10)
    | dict.fromkeys(("applied", "github", "hostile", "leaks", "repository", "terraform"), 4)
    | {"kinds": 2}
)
"""Of the proofs of each module in these folders that are not marked, one in so many.

Most of the first start the suite for each case, which takes seconds; the others do so now and then.
"""
_Drawn = TypeVar("_Drawn")


@cache
def seed() -> str:
    """What draws the samples: what the variable says, or the commit; without git it is always the same."""
    asked = ["git", "rev-parse", "--short=12", "HEAD"]
    if given := os.environ.get(SEED):
        return given
    try:
        return subprocess.run(
            asked, cwd=REPOSITORY, capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "no commit"


def drawn(of: str, among: Sequence[_Drawn], number: int) -> list[_Drawn]:
    """Return so many of these, in their order; `of` says what they are, so that not all samples are alike."""
    places = random.Random(f"{seed()} {of}").sample(range(len(among)), min(number, len(among)))
    return [among[place] for place in sorted(places)]


def sampled(items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """Return what a sample leaves out: of each proof and stack all cases but one in so many.

    A heavy proof is taken with one in so many of all stacks together. Of a proof that walks applied
    environments it is all but one, for all proofs the same: Terraform applies it once.
    """
    groups: dict[tuple[str, int], list[pytest.Item]] = defaultdict(list)
    left_out: set[pytest.Item] = set()
    for item in items:
        if (place := _of_all_places(item)) and place != _one_place():
            left_out.add(item)
        else:
            groups[_group(item)].append(item)
    for (of, one_in), cases in groups.items():
        left_out |= {*cases} - {*drawn(of, cases, -(-len(cases) // one_in))}
    return left_out


def _group(item: pytest.Item) -> tuple[str, int]:
    """Return what a case is drawn from, and one in how many of that is."""
    heavy, proof = item.get_closest_marker("heavy"), item.nodeid.partition("[")[0]
    if mark := item.get_closest_marker(MARK):
        return f"{proof} {'' if heavy else _stack(item)}", int(mark.kwargs["one_in"])
    module = proof.partition("::")[0]
    _, folder, *_ = (*module.split("/"), "")
    return module, 1 if heavy else ONE_IN.get(folder, 1)


def _parameters(item: pytest.Item) -> dict[str, object]:
    return dict(item.callspec.params) if hasattr(item, "callspec") else {}


def _stack(item: pytest.Item) -> str:
    """Return the stack that a case is about, where it says so."""
    return str(_parameters(item).get("proven", ""))


def _of_all_places(item: pytest.Item) -> str:
    """Return the applied environment of a case whose proof does not choose any; else nothing."""
    place = str(_parameters(item).get("applied", ""))
    chosen = (it.args[0] for it in item.iter_markers("parametrize"))
    return "" if "applied" in chosen else place


@cache
def _one_place() -> str:
    from selftest.applied.ahead import PLACES

    return drawn("applied environments", list(PLACES), 1)[0]
