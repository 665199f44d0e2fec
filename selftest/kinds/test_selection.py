"""What is found by what it is, is the one that has these values; a kind's list and its call say the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.core.base_backend import BackendDict

from plumbline.aws.reads import Aws, Reply
from plumbline.expectations.stack import selection
from plumbline.kinds.cloudwatch import Alarm
from plumbline.kinds.facet import own_fields
from plumbline.kinds.function_layers import Layer
from plumbline.kinds.functions import Function
from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import kinds
from plumbline.kinds.selection import Selection, selectable
from plumbline.sources.moto.account import account
from plumbline.values.counting import AtLeast
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Missing, Placeholder, ReadError, Undetermined
from selftest.kinds.models import ACCOUNT, LAYER, MODELS, REGION
from selftest.kinds.network_models import IN_A_VPC, prepared

SELECTABLE = [kind for kind in kinds().values() if selectable(kind)]
each_kind = pytest.mark.parametrize("kind", SELECTABLE, ids=lambda kind: kind.noun)


def holding(*models: Kind) -> Aws:
    """Return an account in moto that holds these resources."""
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    if any(type(it) in (*IN_A_VPC, Function) for it in models):
        prepared(aws)
    Layer(name=LAYER).create(aws)
    for model in models:
        model.create(aws)
    return aws.within(models[0].lies_in) if models[0].lies_in else aws


def values(model: Kind, *facets: type[Any]) -> dict[str, Any]:
    """Return what an account says of a resource in some facets."""
    found = {name: getattr(model, name) for facet in facets for name in own_fields(facet)}
    return {name: value for name, value in found.items() if not _is_open(value)}


def _is_open(value: Any) -> bool:
    """Return whether a value, or the size of what it has, may be another one."""
    of = value.values() if isinstance(value, dict) else [value]
    return any(isinstance(it, Placeholder | SomeOf | AtLeast) for it in (value, *of))


@pytest.mark.sampled(one_in=8)
@each_kind
@given(data=st.data())
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_resource_is_found_by_everything_that_it_is(kind: type[Kind], data: st.DataObject) -> None:
    model = data.draw(MODELS[kind])
    aws = holding(model)
    read = kind.from_aws(aws, model.name)
    core, *others = kind.facets()
    by_core = {name: it for name, it in values(read, core).items() if name not in kind.selected_by}
    everything = {**by_core, **values(read, *others)}
    for found_by in (by_core, everything):
        assert Selection(kind, found_by).in_account(aws) == model.name
    other = Selection(kind, {**everything, next(iter(everything)): "something else"})
    with pytest.raises(Missing):
        other.in_account(aws)


@each_kind
def test_whatever_is_said_to_select_by_is_a_key_and_a_method(kind: type[Kind]) -> None:
    keys = selection(kind).model_fields.keys()
    assert kind.selected_by.keys() <= keys
    assert all(callable(getattr(kind, method)) for method in kind.selected_by.values())
    assert "name" not in keys


@each_kind
def test_an_answer_without_a_list_is_no_empty_list(kind: type[Kind]) -> None:
    class Nothing:
        region, account = REGION, ACCOUNT

        def read(self, *_: object, **__: object) -> Any:
            return Reply("lists", REGION, dict, (), ())

    with pytest.raises(ReadError, match="not what the API describes"):
        Selection(kind, {}).in_account(Nothing())  # type: ignore[arg-type]


def test_several_are_named_and_none_is_chosen() -> None:
    first, second = (Alarm(name=name, namespace="Shop", metric_name="Errors") for name in ("a", "b"))
    with pytest.raises(Undetermined, match=r"there are 2, a, b; say more of it under `select`"):
        Selection(Alarm, {"namespace": "Shop"}).in_account(holding(first, second))
