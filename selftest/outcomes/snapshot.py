"""Evidence that was read once, and that a proof may replace piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.sources.once import outcome
from plumbline.sources.recorded import Recorded
from plumbline.sources.source import Source
from selftest.mutations.worlds import Account, declared, repository
from selftest.recorded.kept import SORTS, environments, recorded
from selftest.stacks.proven import Proven, of_each


def places(proven: Proven) -> Iterator[tuple[str, str]]:
    """Yield where there is conforming evidence: environments and sources."""
    yield from product(proven.environments, ("hcl", "repository", "moto", "live"))
    yield from product(environments(proven), SORTS)


everywhere = of_each("environment, source", places)


class Snapshot:
    """The model of each subject, or the reason why there is none."""

    def __init__(self, models: Mapping[Subject, Kind | Exception]) -> None:
        self._models = models

    def read(self, subject: Subject) -> Kind:
        """Return the model. Raises the reason why there is none."""
        model = self._models[subject]
        if isinstance(model, Exception):
            raise model
        return model

    def replacing(self, subject: Subject, model: Kind | Exception) -> Snapshot:
        """Return the same evidence with another model of this subject."""
        return Snapshot({**self._models, subject: model})

    def having(self, subject: Subject, field: str, value: Any) -> Snapshot:
        """Return the same evidence with another value of this field."""
        return self.replacing(subject, self.read(subject).model_copy(update={field: value}).answers_only({}))


@cache
def conforming(proven: Proven, environment: str, source: str) -> Snapshot:
    """Return the evidence that the reference Terraform gives; live needs `in_this_process`."""
    return taken(proven, environment, _evidence(proven, environment, source))


def taken(proven: Proven, environment: str, evidence: Source) -> Snapshot:
    """Read every subject of an environment."""
    subjects = proven.stack.subjects(environment).values()
    return Snapshot({subject: outcome(evidence, subject) for subject in subjects})


def _evidence(proven: Proven, environment: str, source: str) -> Source:
    if source == "hcl":
        return declared(proven)
    if source == "repository":
        return repository(proven)
    if source in SORTS:
        return Recorded(recorded(proven, environment, source))
    return Account(proven, environment).read(source)
