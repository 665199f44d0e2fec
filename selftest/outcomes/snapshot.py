"""Evidence that was read once, and that a proof may replace piece by piece."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.sources.recorded import Recorded
from plumbline.sources.source import Source
from plumbline.values.unknown import Missing, ReadError, Undetermined
from selftest.mutations.suite import STACK, recorded
from selftest.mutations.worlds import REFERENCE, Account, declared, repository
from selftest.recorded.kept import ENVIRONMENTS, SORTS

PLACES = [
    *(
        (environment, source)
        for environment in STACK.environments
        for source in ("hcl", "repository", "moto", "live")
    ),
    *((environment, sort) for environment in ENVIRONMENTS for sort in SORTS),
]
"""Where there is conforming evidence: environments and sources."""


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
def conforming(environment: str, source: str) -> Snapshot:
    """Return the evidence that the reference Terraform gives; live needs the `server`."""
    return taken(environment, _evidence(environment, source))


def taken(environment: str, evidence: Source) -> Snapshot:
    """Read every subject of an environment."""
    subjects = STACK.subjects(environment).values()
    return Snapshot({subject: _outcome(evidence, subject) for subject in subjects})


def _evidence(environment: str, source: str) -> Source:
    if source == "hcl":
        return declared(REFERENCE)
    if source == "repository":
        return repository()
    if source in SORTS:
        return Recorded(recorded(environment, source))
    return Account(environment).read(source)


def _outcome(evidence: Source, subject: Subject) -> Kind | Exception:
    try:
        return evidence.read(subject)
    except (Missing, ReadError, Undetermined) as reason:
        return reason
