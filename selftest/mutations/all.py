"""The mutations of a stack, and its near misses, on each source that they change."""

from collections.abc import Iterator

from selftest.mutations.mutation import Mutation, NearMiss
from selftest.stacks.proven import Proven


def on_each_source(proven: Proven) -> Iterator[tuple[Mutation, str]]:
    """Yield every mutation with every source that it changes."""
    for mutation in proven.mutations:
        for source in mutation.sources:
            yield mutation, source


def near_misses(proven: Proven) -> Iterator[tuple[NearMiss, str]]:
    """Yield every near miss with every source that it changes."""
    for near_miss in proven.near_misses:
        for source in near_miss.sources:
            yield near_miss, source
