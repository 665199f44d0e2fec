"""What a stack's mutations say of themselves is so, and the page tells it."""

from selftest.mutations.all import on_each_source
from selftest.mutations.edits import Edit, Happened
from selftest.mutations.matrix import COMMAND, page, path
from selftest.mutations.suite import pairs
from selftest.stacks.proven import Proven, every_stack


@every_stack
def test_every_mutation_is_about_an_invariant_that_its_source_answers(proven: Proven) -> None:
    proven_pairs = {(mutation.kills, source) for mutation, source in on_each_source(proven)}
    assert proven_pairs - set(pairs(proven)) == set()


@every_stack
def test_what_falls_with_a_mutation_is_asserted_and_explained(proven: Proven) -> None:
    asserted = {name for name, _ in pairs(proven)}
    companions = [it for mutation in proven.mutations for it in mutation.falls_with.items()]
    assert {name for name, _ in companions} <= asserted
    assert all(why for _, why in companions)


@every_stack
def test_no_mutation_is_written_twice(proven: Proven) -> None:
    told = [(it.environment, *map(_whole, it.edits), it.sources) for it in proven.mutations]
    assert [it for at, it in enumerate(told) if it in told[:at]] == []


def _whole(edit: Edit) -> Edit | str:
    """Return an edit with all that it says, which its text cuts short; what happens is told by its text."""
    return str(edit) if isinstance(edit, Happened) else edit


@every_stack
def test_the_page_of_the_kill_matrix_is_up_to_date(proven: Proven) -> None:
    written = path(proven).read_text() if path(proven).is_file() else ""
    assert written == page(proven), f"{path(proven)} is missing or stale; run: {COMMAND}"
