"""Runbook and tests name each other exactly, and every asserted invariant is examined where it applies."""

from collections import Counter

import pytest

from plumbline.suite.run import SOURCES
from plumbline.suite.sentences import asserted, marks
from selftest.front_door import REPOSITORY
from selftest.mutations.suite import RUNBOOK, STACK, Suite

TESTS = REPOSITORY / "tests"
FILES = sorted(TESTS.rglob("test_*.py"))


def numbered(prefix: str, *numbers: int) -> set[str]:
    """Return catalogue ids: `numbered("ddb", 1)` is `bbws-ddb-01`."""
    return {f"bbws-{prefix}-{number:02}" for number in numbers}


SPINE = (
    numbered("acct", 1)
    | numbered("ddb", 1, 2, *range(5, 13), 15, 17, 19, 20)
    | numbered("bkp", *range(1, 6))
    | numbered("s3", 1, 2, 4, 5, *range(7, 15))
    | numbered("rep", *range(1, 6), 8, 9, 15)
    | numbered("tf", 1, 2, 3, 10, 11)
)


def test_every_sentence_is_asserted_by_exactly_one_test() -> None:
    counted = Counter(name for file in FILES for name in marks(file))
    assert [name for name, number in counted.items() if number > 1] == []
    assert set(counted) == asserted(TESTS)


def test_every_sentence_is_one_of_the_runbook() -> None:
    wanted = {test for invariant in RUNBOOK.invariants.values() for test in invariant.tests}
    assert asserted(TESTS) == wanted


def test_the_spine_of_the_runbook_is_asserted() -> None:
    tested = {identifier for identifier, invariant in RUNBOOK.invariants.items() if invariant.tests}
    assert SPINE - tested == set()


@pytest.mark.parametrize("environment", STACK.environments)
def test_every_asserted_invariant_is_examined_in_each_of_its_environments(environment: str) -> None:
    examined = {it.id for source in SOURCES for it in Suite(environment, source).examinations}
    applying = {
        identifier
        for identifier, invariant in RUNBOOK.invariants.items()
        if invariant.tests and environment in (invariant.environments or STACK.environments)
    }
    assert examined == applying


@pytest.mark.parametrize("environment", STACK.environments)
def test_every_resource_that_an_invariant_names_is_examined(environment: str) -> None:
    examined = {
        (it.id, it.subject.key) for source in SOURCES for it in Suite(environment, source).examinations
    }
    present = STACK.subjects(environment)
    named = {
        (identifier, key)
        for identifier, invariant in RUNBOOK.invariants.items()
        if invariant.tests and environment in (invariant.environments or STACK.environments)
        for key in invariant.of or []
        if key in present
    }
    assert named - examined == set()
