"""All mutations."""

from collections.abc import Iterator

from selftest.mutations import account, backup, dynamodb, replication, s3, terraform
from selftest.mutations.mutation import Mutation

MUTATIONS: list[Mutation] = [
    mutation
    for module in (account, dynamodb, backup, s3, replication, terraform)
    for mutation in module.MUTATIONS
]


def on_each_source() -> Iterator[tuple[Mutation, str]]:
    """Yield every mutation with every source that it changes."""
    for mutation in MUTATIONS:
        for source in mutation.sources:
            yield mutation, source
