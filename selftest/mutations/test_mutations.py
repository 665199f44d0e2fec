"""Every mutation turns exactly the invariants red that it says, on every source that it changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from plumbline.sources.recorded import Recorded
from selftest.hostile.sandbox import needs_sandbox
from selftest.mutations.all import on_each_source
from selftest.mutations.mutation import DEPLOYED, Mutation
from selftest.mutations.worlds import (
    Account,
    declared,
    fallen_in_files,
    fallen_in_repository,
    fallen_in_source,
    repository,
    suite,
)
from selftest.recorded.kept import SORTS, environments, recorded
from selftest.stacks.proven import STACKS, Proven, every_environment, of_each


def changing(*sources: str) -> pytest.MarkDecorator:
    """Return the parametrization by the mutations that change one of these sources."""
    return pytest.mark.parametrize(
        ("proven", "mutation"),
        [
            pytest.param(proven, mutation, id=f"{mutation.kills}-{'-'.join(mutation.sources)}")
            for proven in STACKS
            for mutation in proven.mutations
            if {*sources} & {*mutation.sources}
        ],
    )


def of_files() -> Iterator[object]:
    """Yield the mutations of plans and states, once for each of both."""
    for proven in STACKS:
        for mutation, source in on_each_source(proven):
            if source in SORTS:
                yield pytest.param(proven, mutation, source, id=f"{mutation.kills}-{source}")


kept = of_each(
    "environment, sort", lambda proven: [(name, sort) for name in environments(proven) for sort in SORTS]
)


@every_environment
def test_the_reference_source_satisfies_every_invariant(proven: Proven, environment: str) -> None:
    tests, evidence = suite(proven, environment, "hcl"), declared(proven)
    assert tests.fallen(evidence) == {}
    assert tests.undetermined(evidence) == frozenset()


@kept
def test_the_plans_and_states_made_of_it_satisfy_every_invariant(
    proven: Proven, environment: str, sort: str
) -> None:
    tests, evidence = suite(proven, environment, sort), Recorded(recorded(proven, environment, sort))
    assert tests.fallen(evidence) == {}
    open_ = proven.explained("OPEN_IN_PLANS").keys() if sort == "plan" else ()
    assert tests.undetermined(evidence) == frozenset(open_)


@needs_sandbox
@every_environment
def test_its_repository_satisfies_every_invariant(proven: Proven, environment: str) -> None:
    tests = suite(proven, environment, "repository")
    assert tests.fallen(repository(proven)) == {}
    assert tests.undetermined(repository(proven)) == frozenset()


@pytest.mark.sampled(one_in=6)
@every_environment
@pytest.mark.usefixtures("in_this_process")
def test_the_account_made_of_it_satisfies_every_invariant(proven: Proven, environment: str) -> None:
    account = Account(proven, environment)
    assert account.fallen("moto") == {}
    assert account.fallen("live") == {}


@pytest.mark.sampled(one_in=12)
@changing("hcl")
def test_an_edit_of_the_source_turns_exactly_its_invariant_red(
    proven: Proven, mutation: Mutation, tmp_path: Path
) -> None:
    fallen = fallen_in_source(proven, mutation.environment, mutation.edits, tmp_path / "terraform")
    assert fallen.keys() == mutation.fallen, fallen


@pytest.mark.sampled(one_in=16)
@pytest.mark.parametrize(("proven", "mutation", "sort"), list(of_files()))
def test_an_edit_of_a_plan_or_state_turns_exactly_its_invariant_red(
    proven: Proven, mutation: Mutation, sort: str, tmp_path: Path
) -> None:
    fallen = fallen_in_files(proven, mutation.environment, sort, mutation.edits, tmp_path)
    assert fallen.keys() == mutation.fallen, fallen


@pytest.mark.sampled(one_in=12)
@needs_sandbox
@changing("repository")
def test_an_edit_of_the_repository_turns_exactly_its_invariant_red(
    proven: Proven, mutation: Mutation, tmp_path: Path
) -> None:
    fallen = fallen_in_repository(proven, mutation.environment, mutation.edits, tmp_path / "checkout")
    assert fallen.keys() == mutation.fallen, fallen


@pytest.mark.sampled(one_in=25)
@changing(*DEPLOYED)
@pytest.mark.usefixtures("in_this_process")
@pytest.mark.heavy
def test_a_change_of_the_account_turns_exactly_its_invariant_red(proven: Proven, mutation: Mutation) -> None:
    account = Account(proven, mutation.environment)
    account.change(mutation.edits)
    for source in mutation.sources:
        fallen = account.fallen(source)
        assert fallen.keys() == mutation.fallen, (source, fallen)
