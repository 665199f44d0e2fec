"""What a test reads of its models while it runs, through their methods too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.sources.source import Source
from plumbline.suite.subjects import Examination
from plumbline.values.unknown import Undetermined
from selftest.mutations.suite import hold
from selftest.stacks.proven import STACKS

_SEEN = "_seen_by_a_proof"
_DECIDES_NOTHING = {place for proven in STACKS for place in proven.explained("DECIDES_NOTHING")}


class _Watching:
    """Evidence whose models note which of their fields are read."""

    def __init__(self, evidence: Source) -> None:
        self._evidence = evidence
        self.seen: dict[Subject, list[str]] = {}

    def read(self, subject: Subject) -> Kind:
        model = self._evidence.read(subject).model_copy().answers_only({})
        object.__setattr__(model, "__class__", _watched(type(model)))
        model.__dict__[_SEEN] = self.seen.setdefault(subject, [])
        return model


@cache
def _watched(kind: type[Kind]) -> type[Kind]:
    fields = {*kind.model_fields, *kind.__private_attributes__} - Kind.__private_attributes__.keys()

    class Watched(kind):  # type: ignore[misc, valid-type]
        def __getattribute__(self, name: str) -> Any:
            if name in fields:
                object.__getattribute__(self, "__dict__")[_SEEN].append(name)
            return super().__getattribute__(name)

    return Watched


def read_fields(examination: Examination, evidence: Source) -> dict[Subject, list[str]]:
    """Return the fields that a test reads of each of its subjects, each once, as far as it comes.

    It passes, but for what a plan cannot decide.
    """
    watching = _Watching(evidence)
    with suppress(Undetermined):
        hold(examination, watching)
    return {subject: list(dict.fromkeys(seen)) for subject, seen in watching.seen.items()}


def deciding_fields(name: str, examination: Examination, evidence: Source) -> Iterator[tuple[Subject, str]]:
    """Yield the fields that the outcome of a passing test depends on; `name` is the invariant it asserts."""
    for subject, fields in read_fields(examination, evidence).items():
        for field in fields:
            if (name, f"{subject.kind.noun}.{field}") not in _DECIDES_NOTHING:
                yield subject, field
