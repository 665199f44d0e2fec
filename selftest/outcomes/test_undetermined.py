"""A value that the evidence does not give is never a verdict: the tests that need it are undetermined."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.values.unknown import Identity, Unknown
from selftest.mutations.suite import Suite
from selftest.mutations.worlds import suite
from selftest.outcomes.places import Leaf, another, leaves
from selftest.outcomes.reads import deciding_fields, read_fields
from selftest.outcomes.snapshot import Snapshot, conforming, everywhere, places
from selftest.stacks.proven import Proven, every_stack

ORIGIN = "aws_kms_key.planted.arn"

pytestmark = pytest.mark.usefixtures("in_this_process")


def reading(tests: Suite, evidence: Snapshot) -> dict[tuple[Subject, str], set[str]]:
    """Return the tests that depend on each field."""
    found: dict[tuple[Subject, str], set[str]] = {}
    for test, examination in tests.examined.items():
        for place in deciding_fields(tests.name(test), examination, evidence):
            found.setdefault(place, set()).add(test)
    return found


def without(model: Kind, field: str) -> Kind:
    """Return the model with an unknown value of this field."""
    if field in type(model).model_fields:
        return model.model_copy(update={field: Unknown(ORIGIN)})
    if "_variables" not in type(model).__private_attributes__:  # a method of what its fields say
        return model.model_copy(
            update=dict.fromkeys(set(type(model).model_fields) - {"name"}, Unknown(ORIGIN))
        )
    copied: Any = model.model_copy().answers_only({})
    if field == "_configuration":
        outputs = dict.fromkeys(copied._configuration.outputs, Unknown(ORIGIN))
        copied._configuration = replace(copied._configuration, outputs=outputs, with_chosen=None)
        return copied  # type: ignore[no-any-return]
    variables = {
        name: replace(variable, value=Unknown(ORIGIN), acceptance=lambda _: Unknown(ORIGIN))
        for name, variable in copied._variables.items()
    }
    copied._variables = variables
    return copied  # type: ignore[no-any-return]


def is_unknown(model: Kind, field: str) -> bool:
    """Return whether nobody knows the field as it is, but a name that AWS will choose."""
    value = vars(model).get(field)
    return isinstance(value, Unknown) and not isinstance(value, Identity)


@pytest.mark.sampled(one_in=10)
@everywhere
def test_an_unknown_field_leaves_exactly_its_tests_undetermined(
    proven: Proven, environment: str, source: str
) -> None:
    tests, evidence = suite(proven, environment, source), conforming(proven, environment, source)
    told_of, as_it_is = tests.reading(evidence), dict(tests.each(tests.examined, evidence))
    for (subject, field), readers in reading(tests, evidence).items():
        if is_unknown(evidence.read(subject), field):
            continue
        spoiled = evidence.replacing(subject, without(evidence.read(subject), field))
        assert readers <= {*told_of[subject]}
        for test, end in tests.each(told_of[subject], spoiled):
            if test in readers:
                assert end.outcome == "undetermined", (test, field)
                assert ORIGIN in end.reason or end == as_it_is[test], (test, field)
            else:
                assert end == as_it_is[test], (test, field)


@everywhere
def test_every_test_can_be_undetermined(proven: Proven, environment: str, source: str) -> None:
    tests, evidence = suite(proven, environment, source), conforming(proven, environment, source)
    assert tests.examined.keys() - set().union(*reading(tests, evidence).values()) == set()


@pytest.mark.sampled(one_in=10)
@everywhere
def test_an_unknown_part_of_a_field_decides_nothing_that_its_value_could(
    proven: Proven, environment: str, source: str
) -> None:
    tests, evidence = suite(proven, environment, source), conforming(proven, environment, source)
    chance = random.Random(1)
    for (subject, field), readers in reading(tests, evidence).items():
        for leaf in unknowable_parts(evidence.read(subject), field):
            unknown = dict(tests.each(readers, evidence.having(subject, field, leaf.put(Unknown(ORIGIN)))))
            assert {it.outcome for it in unknown.values()} <= {"undetermined", "passed"}, (field, leaf.label)
            passed = [test for test, it in unknown.items() if it.outcome == "passed"]
            flipped = evidence.having(subject, field, leaf.put(another(leaf, chance)))
            for test, end in tests.each(passed, flipped):
                assert end.outcome == "passed", (test, field, leaf.label)


def unknowable_parts(model: Kind, field: str) -> Iterator[Leaf]:
    """Yield the places inside a field at which its model takes a value that nobody knows."""
    if field not in type(model).model_fields:
        return
    for leaf in leaves(type(model).model_fields[field].annotation, getattr(model, field)):
        try:
            type(model)(**{"name": model.name, field: leaf.put(Unknown(ORIGIN))})
        except ValidationError:
            continue
        yield leaf


@every_stack
def test_what_is_said_to_decide_nothing_is_read(proven: Proven) -> None:
    """That it decides nothing is proven above: no test but those that depend on a field is undetermined."""
    read = {
        (suite(proven, *place).name(test), f"{subject.kind.noun}.{field}")
        for place in places(proven)
        for test, examination in suite(proven, *place).examined.items()
        for subject, fields in read_fields(examination, conforming(proven, *place)).items()
        for field in fields
    }
    assert proven.explained("DECIDES_NOTHING").keys() - read == set()
