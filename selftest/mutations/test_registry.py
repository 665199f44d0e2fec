"""Every invariant that the suite asserts can fail on every source that answers it, and the page says how."""

from selftest.mutations.all import MUTATIONS, on_each_source
from selftest.mutations.matrix import COMMAND, PAGE, page
from selftest.mutations.suite import pairs


def test_every_invariant_has_a_mutation_on_each_of_its_sources() -> None:
    proven = {(mutation.kills, source) for mutation, source in on_each_source()}
    assert set(pairs()) - proven == set()


def test_every_mutation_is_about_an_invariant_that_its_source_answers() -> None:
    proven = {(mutation.kills, source) for mutation, source in on_each_source()}
    assert proven - set(pairs()) == set()


def test_what_falls_with_a_mutation_is_asserted_and_explained() -> None:
    asserted = {name for name, _ in pairs()}
    companions = [(name, why) for mutation in MUTATIONS for name, why in mutation.falls_with.items()]
    assert {name for name, _ in companions} <= asserted
    assert all(why for _, why in companions)


def test_no_mutation_is_written_twice() -> None:
    told = [(mutation.environment, *map(str, mutation.edits), mutation.sources) for mutation in MUTATIONS]
    assert len(told) == len(set(told))


def test_the_page_of_the_kill_matrix_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), f"run: {COMMAND}"
