"""Whatever is changed in a field that some test reads, a test notices; what may change is listed with why."""

import os
import random
import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import product

from plumbline.expectations.stack import Subject
from selftest.mutations.worlds import suite
from selftest.outcomes.explained import MAY_CHANGE
from selftest.outcomes.places import flips
from selftest.outcomes.reads import read_fields
from selftest.outcomes.snapshot import conforming
from selftest.stacks.proven import STACKS, Proven, every_stack, of_each

SEED = int(os.environ.get("FLIP_SEED", "20261120"))


def places(proven: Proven) -> Iterator[tuple[str, str]]:
    """Yield where something is written down; it is deployed by the same rules."""
    return product(proven.environments, ("hcl", "repository"))


def read_anywhere(proven: Proven, environment: str, source: str) -> Iterator[tuple[Subject, str]]:
    """Yield every field of a subject that some test of the source reads, each once."""
    evidence = conforming(proven, environment, source)
    examinations = suite(proven, environment, source).examinations
    reads = (read_fields(it, evidence) for it in examinations)
    yield from dict.fromkeys(
        (subject, field)
        for read in reads
        for subject, fields in read.items()
        for field in fields
        if field in subject.kind.model_fields
    )


def survivors(proven: Proven, environment: str, source: str) -> Iterator[str]:
    """Yield what was changed and let every test about its resource pass."""
    evidence, tests = conforming(proven, environment, source), suite(proven, environment, source)
    for subject, field in read_anywhere(proven, environment, source):
        # each field by itself: what is drawn for one hangs on no other
        chance = random.Random(f"{SEED} {subject.name} {subject.kind.noun}.{field}")
        annotation = subject.kind.model_fields[field].annotation
        for flip in flips(annotation, getattr(evidence.read(subject), field), chance):
            ends = tests.ends(evidence.having(subject, field, flip.value), about=subject)
            if all(end.outcome == "passed" for end in ends.values()):
                yield f"{subject.kind.noun}.{field}{flip.label}"


@cache
def survived(proven: Proven) -> frozenset[str]:
    """Return what of a stack was changed and let every test pass."""
    return frozenset(flip for place in places(proven) for flip in survivors(proven, *place))


def matched(keys: Collection[str], flips: Collection[str]) -> tuple[set[str], set[str]]:
    """Return the keys and the flips that belong to each other; `*` stands for any name in a key."""
    pairs = [(key, re.compile(re.escape(key).replace(r"\*", ".*"))) for key in keys]
    found = [(key, flip) for key, pattern in pairs for flip in flips if pattern.fullmatch(flip)]
    return {key for key, _ in found}, {flip for _, flip in found}


@every_stack
def test_a_change_of_a_field_is_noticed_or_explained(proven: Proven) -> None:
    print(f"seed {SEED}")
    own = proven.explained("MAY_CHANGE").keys()
    so, explained = matched(own, survived(proven))
    assert survived(proven) - MAY_CHANGE.keys() - explained == set()
    assert own - so == set(), "explained, and yet noticed"


def test_what_is_explained_of_every_stack_is_so_in_some() -> None:
    print(f"seed {SEED}")
    assert MAY_CHANGE.keys() - frozenset().union(*map(survived, STACKS)) == set(), (
        "explained, and yet noticed"
    )


@of_each("environment, source", places)
def test_every_change_is_of_a_field_that_the_source_gives(
    proven: Proven, environment: str, source: str
) -> None:
    examined = len(suite(proven, environment, source).examinations)
    assert len(list(read_anywhere(proven, environment, source))) > examined / 2 > 0
