"""Whatever is changed in a field that some test reads, a test notices; what may change is listed with why."""

import os
import random
from collections.abc import Iterator

import pytest

from plumbline.expectations.stack import Subject
from selftest.mutations.suite import STACK
from selftest.mutations.worlds import suite
from selftest.outcomes.explained import MAY_CHANGE
from selftest.outcomes.places import flips
from selftest.outcomes.reads import read_fields
from selftest.outcomes.snapshot import conforming

PLACES = [(environment, source) for environment in STACK.environments for source in ("hcl", "repository")]
"""What is written down; it is deployed by the same rules."""
SEED = int(os.environ.get("FLIP_SEED", "20261120"))


def read_anywhere(environment: str, source: str) -> Iterator[tuple[Subject, str]]:
    """Yield every field of a subject that some test of the source reads, each once."""
    evidence = conforming(environment, source)
    examinations = suite(environment, source).examinations
    reads = (read_fields(it, evidence) for it in examinations)
    yield from dict.fromkeys(
        (subject, field)
        for read in reads
        for subject, fields in read.items()
        for field in fields
        if field in subject.kind.model_fields
    )


def survivors(environment: str, source: str) -> Iterator[str]:
    """Yield what was changed and let every test about its resource pass."""
    evidence, tests, chance = conforming(environment, source), suite(environment, source), random.Random(SEED)
    for subject, field in read_anywhere(environment, source):
        annotation = subject.kind.model_fields[field].annotation
        for flip in flips(annotation, getattr(evidence.read(subject), field), chance):
            ends = tests.ends(evidence.having(subject, field, flip.value), about=subject)
            if all(end.outcome == "passed" for end in ends.values()):
                yield f"{subject.kind.noun}.{field}{flip.label}"


def test_a_change_of_a_field_is_noticed_or_explained() -> None:
    print(f"seed {SEED}")
    survived = {flip for place in PLACES for flip in survivors(*place)}
    assert survived - MAY_CHANGE.keys() == set()
    assert MAY_CHANGE.keys() - survived == set(), "explained, and yet noticed"


@pytest.mark.parametrize(("environment", "source"), PLACES)
def test_every_change_is_of_a_field_that_the_source_gives(environment: str, source: str) -> None:
    assert len(list(read_anywhere(environment, source))) > 50
