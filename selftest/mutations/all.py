"""All mutations: those of every module under invariants/."""

import importlib
import pkgutil
from collections.abc import Iterator

from selftest.mutations import invariants
from selftest.mutations.mutation import Mutation

MUTATIONS: list[Mutation] = [
    mutation
    for module in pkgutil.iter_modules(invariants.__path__)
    for mutation in importlib.import_module(f"{invariants.__name__}.{module.name}").MUTATIONS
]


def on_each_source() -> Iterator[tuple[Mutation, str]]:
    """Yield every mutation with every source that it changes."""
    for mutation in MUTATIONS:
        for source in mutation.sources:
            yield mutation, source
