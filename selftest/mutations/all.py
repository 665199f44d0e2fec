"""The mutations of a stack, on each source that they change."""

from collections.abc import Iterator

from selftest.mutations.mutation import Mutation
from selftest.stacks.proven import Proven


def on_each_source(proven: Proven) -> Iterator[tuple[Mutation, str]]:
    """Yield every mutation with every source that it changes."""
    for mutation in proven.mutations:
        for source in mutation.sources:
            yield mutation, source
