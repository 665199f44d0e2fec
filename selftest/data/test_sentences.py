"""Runbook and tests name each other exactly, and every asserted invariant is examined where it applies."""

from collections import Counter

from plumbline.suite.finding import SOURCES
from plumbline.suite.sentences import asserted, marks
from selftest.front_door import REPOSITORY
from selftest.mutations.worlds import suite
from selftest.stacks.proven import STACKS, Proven, every_environment

TESTS = REPOSITORY / "tests"
FILES = sorted(TESTS.rglob("test_*.py"))


def test_every_sentence_is_asserted_by_exactly_one_test() -> None:
    counted = Counter(name for file in FILES for name in marks(file))
    assert [name for name, number in counted.items() if number > 1] == []
    assert set(counted) == asserted(TESTS)


def test_the_sentences_are_those_of_the_runbooks() -> None:
    wanted = {
        test
        for proven in STACKS
        for invariant in proven.runbook.invariants.values()
        for test in invariant.tests
    }
    assert asserted(TESTS) == wanted


def applying(proven: Proven, environment: str) -> dict[str, list[str]]:
    """Return the asserted invariants of an environment, each with the resources that it names."""
    return {
        identifier: [
            key
            for key, subject in proven.stack.subjects(environment).items()
            if invariant.speaks_of(key, subject.groups)
        ]
        for identifier, invariant in proven.runbook.invariants.items()
        if invariant.tests and environment in (invariant.environments or proven.environments)
    }


@every_environment
def test_every_asserted_invariant_is_examined_in_each_of_its_environments(
    proven: Proven, environment: str
) -> None:
    tests = [suite(proven, environment, source) for source in SOURCES]
    examined = {it.id for each in tests for it in each.examinations}
    assert examined == applying(proven, environment).keys()


@every_environment
def test_every_resource_that_an_invariant_names_is_examined(proven: Proven, environment: str) -> None:
    tests = [suite(proven, environment, source) for source in SOURCES]
    examined = {(it.id, it.subject.key) for each in tests for it in each.examinations}
    present = proven.stack.subjects(environment)
    named = {
        (name, key) for name, keys in applying(proven, environment).items() for key in keys if key in present
    }
    assert named - examined == set()
