"""What is expected and empty is refused, wherever anything would hold that way."""

from collections.abc import Iterator
from dataclasses import replace
from inspect import getsource
from itertools import product

import pytest
from pydantic import ValidationError

from plumbline.expectations.stack import expectation
from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import kinds
from plumbline.sources.source import Source
from plumbline.suite.subjects import Examination
from plumbline.values.unknown import Missing, NoData, ReadError, Undetermined
from selftest.mutations.suite import hold
from selftest.mutations.worlds import suite
from selftest.outcomes.snapshot import conforming
from selftest.stacks.proven import Proven, of_each

SAYS_SOMETHING = {
    ("alarm", "recorded_with"): "then what is recorded by more dimensions alone is still found",
    ("authorization", "roles_and_policies"): "another sentence takes it for all that may be there",
    ("runbook_record", "no_contact"): "then each of the roles has somebody",
}
"""What may be empty although a sentence of it holds of anything then, and why."""


def _passes(it: Examination, evidence: Source) -> bool:
    try:
        hold(it, evidence)
    except (AssertionError, Undetermined, Missing, ReadError, NoData):
        return False
    return True


def _holds_of_anything(it: Examination, evidence: Source) -> Iterator[str]:
    """Yield the fields that may be empty, and that a sentence asks for nothing of where they are."""
    expected, kind = it.subject.expected, it.subject.kind
    for field, value in expected.items():
        may_be = field not in kind.expects_some and (kind.noun, field) not in SAYS_SOMETHING
        if may_be and isinstance(value, list | dict) and f"expected.{field}" in getsource(it.function):
            emptied = replace(it.subject, expected={**expected, field: type(value)()})
            if value and _passes(replace(it, subject=emptied), evidence):
                yield field


@pytest.mark.sampled(one_in=12)
@of_each("environment, source", lambda it: product(it.environments, ("hcl", "repository", "live")))
@pytest.mark.usefixtures("in_this_process")
def test_what_holds_of_anything_where_it_is_empty_may_not_be(
    proven: Proven, environment: str, source: str
) -> None:
    evidence = conforming(proven, environment, source)
    examined = suite(proven, environment, source).examined.items()
    found = {test: fields for test, it in examined if (fields := [*_holds_of_anything(it, evidence)])}
    assert found == {}, "name them in `expects_some` of their kind"


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda it: it.noun)
def test_what_may_not_be_empty_is_refused_where_it_is(kind: type[Kind]) -> None:
    assert {*kind.expects_some} <= {*expectation(kind).model_fields}
    for field in kind.expects_some:
        assert any("at least 1 item" in _refusal(kind, {field: empty}) for empty in ([], {})), field


def _refusal(kind: type[Kind], said: dict[str, object]) -> str:
    with pytest.raises(ValidationError) as refusal:
        expectation(kind).model_validate(said)
    return str(refusal.value)
