"""What a stack expects is asked by some invariant: what nobody asks only looks like a check."""

import pytest

from plumbline.expectations.stack import Subject
from plumbline.suite.run import SOURCES
from selftest.mutations.suite import STACK, Suite


def place(subject: Subject) -> tuple[str, str]:
    """Return what tells the subjects of an environment apart: a root may have the key of a bucket."""
    return subject.kind.noun, subject.key


@pytest.mark.parametrize("environment", STACK.environments)
def test_every_expectation_is_read_by_a_test_of_that_resource(environment: str) -> None:
    asked = {
        (*place(it.subject), field)
        for source in SOURCES
        for it in Suite(environment, source).examinations
        for field in it.reads.get("expected", ())
    }
    expected = {
        (*place(subject), field)
        for subject in STACK.subjects(environment).values()
        for field in subject.expected
    }
    assert expected - asked == set()


@pytest.mark.parametrize("environment", STACK.environments)
def test_every_resource_is_looked_at_by_some_test(environment: str) -> None:
    looked_at = {
        place(subject)
        for source in SOURCES
        for it in Suite(environment, source).examinations
        for subject in it.arguments.values()
    }
    assert {place(subject) for subject in STACK.subjects(environment).values()} == looked_at
