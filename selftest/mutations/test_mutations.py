"""Every mutation turns exactly the invariants red that it says, on every source that it changes."""

from pathlib import Path

import pytest

from plumbline.sources.recorded import Recorded
from selftest.mutations.all import MUTATIONS, on_each_source
from selftest.mutations.mutation import Mutation
from selftest.mutations.suite import STACK, recorded
from selftest.mutations.worlds import (
    REFERENCE,
    Account,
    declared,
    fallen_in_files,
    fallen_in_repository,
    fallen_in_source,
    repository,
    suite,
)
from selftest.recorded.kept import ENVIRONMENTS, SORTS

OF_SOURCE = [mutation for mutation in MUTATIONS if mutation.sources == ("hcl",)]
OF_FILES = [
    pytest.param(mutation, source, id=f"{mutation.kills}-{source}")
    for mutation, source in on_each_source()
    if source in SORTS
]
OF_REPOSITORY = [mutation for mutation in MUTATIONS if mutation.sources == ("repository",)]
OF_ACCOUNT = [mutation for mutation in MUTATIONS if {"moto", "live"}.intersection(mutation.sources)]

every_environment = pytest.mark.parametrize("environment", STACK.environments)


def named(mutation: Mutation) -> str:
    """Return how reports name a mutation."""
    return f"{mutation.kills}-{'-'.join(mutation.sources)}"


@every_environment
def test_the_reference_source_satisfies_every_invariant(environment: str) -> None:
    tests, evidence = suite(environment, "hcl"), declared(REFERENCE)
    assert tests.fallen(evidence) == {}
    assert tests.undetermined(evidence) == frozenset()


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("sort", SORTS)
def test_the_plans_and_states_made_of_it_satisfy_every_invariant(environment: str, sort: str) -> None:
    tests, evidence = suite(environment, sort), Recorded(recorded(environment, sort))
    assert tests.fallen(evidence) == {}
    assert tests.undetermined(evidence) == frozenset()


@every_environment
def test_this_repository_satisfies_every_invariant(environment: str) -> None:
    tests = suite(environment, "repository")
    assert tests.fallen(repository()) == {}
    assert tests.undetermined(repository()) == frozenset()


@every_environment
@pytest.mark.usefixtures("server")
def test_the_account_made_of_it_satisfies_every_invariant(environment: str) -> None:
    account = Account(environment)
    assert account.fallen("moto") == {}
    assert account.fallen("live") == {}


@pytest.mark.parametrize("mutation", OF_SOURCE, ids=named)
def test_an_edit_of_the_source_turns_exactly_its_invariant_red(mutation: Mutation, tmp_path: Path) -> None:
    fallen = fallen_in_source(mutation.environment, mutation.edits, tmp_path / "terraform")
    assert fallen.keys() == mutation.fallen, fallen


@pytest.mark.parametrize(("mutation", "sort"), OF_FILES)
def test_an_edit_of_a_plan_or_state_turns_exactly_its_invariant_red(
    mutation: Mutation, sort: str, tmp_path: Path
) -> None:
    fallen = fallen_in_files(mutation.environment, sort, mutation.edits, tmp_path)
    assert fallen.keys() == mutation.fallen, fallen


@pytest.mark.parametrize("mutation", OF_REPOSITORY, ids=named)
def test_an_edit_of_the_repository_turns_exactly_its_invariant_red(
    mutation: Mutation, tmp_path: Path
) -> None:
    fallen = fallen_in_repository(mutation.environment, mutation.edits, tmp_path / "checkout")
    assert fallen.keys() == mutation.fallen, fallen


@pytest.mark.parametrize("mutation", OF_ACCOUNT, ids=named)
@pytest.mark.usefixtures("server")
@pytest.mark.heavy
def test_a_change_of_the_account_turns_exactly_its_invariant_red(mutation: Mutation) -> None:
    account = Account(mutation.environment)
    account.change(mutation.edits)
    for source in mutation.sources:
        fallen = account.fallen(source)
        assert fallen.keys() == mutation.fallen, (source, fallen)
