"""A resource that does not exist is one failure; the other tests about it skip, and no other test changes."""

from collections import Counter

import pytest

from plumbline.values.unknown import Missing
from selftest.input.conftest import tree
from selftest.input.tree import Tree
from selftest.mutations.worlds import suite
from selftest.outcomes.snapshot import conforming, everywhere
from selftest.stacks.proven import Proven

__all__ = ["tree"]


@everywhere
@pytest.mark.usefixtures("in_this_process")
def test_a_missing_resource_is_one_failure(proven: Proven, environment: str, source: str) -> None:
    tests = suite(proven, environment, source)
    evidence = conforming(proven, environment, source)
    for subject in proven.stack.subjects(environment).values():
        gone = evidence.replacing(subject, Missing(f"{subject.kind.noun} {subject.name}", "here"))
        about = tests.ends(gone, about=subject)
        ends = Counter(end.outcome for end in about.values())
        assert ends == Counter(failed=1, missing=len(about) - 1) or not about, (subject, ends)
        held = {test for test, it in tests.examined.items() if subject in it.subject.held_against}
        others = {test: end for test, end in tests.ends(gone).items() if test not in {*about, *held}}
        assert {test: end for test, end in others.items() if end.outcome != "passed"} == {}


def test_what_source_declares_and_moto_has_not_got_there_is_a_failure_of_moto(tree: Tree) -> None:
    """A table in another region than its stack says is in source, and not where moto is asked."""
    tree.edit("terraform/bbws/dynamodb/providers.tf", "var.region", '"eu-west-1"')
    run = tree.run("--env=sit", "tests/dynamodb/test_tables.py", "-k", "ddb-01 or ddb-15")
    failed = [it for it in run.those("failed") if it.source == "moto"]
    assert len(failed) == 3
    assert {it.verdict for it in run.outcomes.values() if it.source == "hcl"} == {"passed"}
    assert run.exit_code == 1
