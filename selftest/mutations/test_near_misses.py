"""Every near miss leaves every invariant as it was, on every source that it changes."""

from pathlib import Path

import pytest

from plumbline.sources.source import Source
from selftest.hostile.sandbox import needs_sandbox
from selftest.mutations.all import near_misses
from selftest.mutations.mutation import DEPLOYED, NearMiss
from selftest.mutations.suite import pairs
from selftest.mutations.worlds import Account, edited_files, edited_repository, edited_source, suite
from selftest.recorded.kept import SORTS
from selftest.stacks.proven import STACKS, Proven, every_stack


def missing(*sources: str) -> pytest.MarkDecorator:
    """Return the parametrization by the near misses on one of these sources."""
    return pytest.mark.parametrize(
        ("proven", "near_miss", "source"),
        [
            pytest.param(proven, near_miss, source, id=f"{near_miss.misses}-{source}")
            for proven in STACKS
            for near_miss, source in near_misses(proven)
            if source in sources
        ],
    )


def spared(proven: Proven, near_miss: NearMiss, source: str, evidence: Source) -> None:
    """Assert that everything holds, and that nothing is left open."""
    not_held = suite(proven, near_miss.environment, source).not_held(evidence)
    open_ = proven.explained("OPEN_IN_PLANS") if source == "plan" else {}
    assert not_held.keys() == open_.keys(), (near_miss.why, not_held)


@pytest.mark.sampled(one_in=10)
@missing("hcl")
def test_of_the_source(proven: Proven, near_miss: NearMiss, source: str, tmp_path: Path) -> None:
    spared(proven, near_miss, source, edited_source(proven, near_miss.edits, tmp_path / "terraform"))


@missing(*SORTS)
def test_of_a_plan_or_state(proven: Proven, near_miss: NearMiss, source: str, tmp_path: Path) -> None:
    edited = edited_files(proven, near_miss.environment, source, near_miss.edits, tmp_path)
    spared(proven, near_miss, source, edited)


@needs_sandbox
@missing("repository")
def test_of_the_repository(proven: Proven, near_miss: NearMiss, source: str, tmp_path: Path) -> None:
    spared(proven, near_miss, source, edited_repository(proven, near_miss.edits, tmp_path / "checkout"))


@pytest.mark.sampled(one_in=10)
@missing(*DEPLOYED)
@pytest.mark.usefixtures("in_this_process")
def test_of_the_account(proven: Proven, near_miss: NearMiss, source: str) -> None:
    account = Account(proven, near_miss.environment)
    account.change(near_miss.edits)
    assert account.fallen(source) == {}, near_miss.why


@every_stack
def test_each_misses_an_invariant_that_is_asserted(proven: Proven) -> None:
    assert {it.misses for it, _ in near_misses(proven)} <= {name for name, _ in pairs(proven)}
