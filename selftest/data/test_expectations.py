"""What a stack expects is asked by some invariant: what nobody asks only looks like a check."""

from plumbline.expectations.stack import Subject
from plumbline.suite.finding import SOURCES
from selftest.mutations.worlds import suite
from selftest.stacks.proven import Proven, every_environment


def place(subject: Subject) -> tuple[str, str]:
    """Return what tells the subjects of an environment apart: a root may have the key of a bucket."""
    return subject.kind.noun, subject.key


@every_environment
def test_every_expectation_is_read_by_a_test_of_that_resource(proven: Proven, environment: str) -> None:
    asked = {
        (*place(it.subject), field)
        for source in SOURCES
        for it in suite(proven, environment, source).examinations
        for field in it.reads.get("expected", ())
    }
    expected = {
        (*place(subject), field)
        for subject in proven.stack.subjects(environment).values()
        for field in {*subject.expected} - {*subject.kind.implied}
    }
    assert expected - asked == set()


@every_environment
def test_every_resource_is_looked_at_by_some_test(proven: Proven, environment: str) -> None:
    looked_at = {
        place(subject)
        for source in SOURCES
        for it in suite(proven, environment, source).examinations
        for subject in it.arguments.values()
    }
    assert {place(subject) for subject in proven.stack.subjects(environment).values()} == looked_at
