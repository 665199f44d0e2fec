"""What is kept of a model in an evidence file gives the model again, whatever is not known of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.kinds.kind import Kind
from plumbline.values.encoding import decoded, encoded
from plumbline.values.unknown import (
    Identity,
    Missing,
    NoData,
    ReadError,
    Undetermined,
    Unexamined,
    Unknown,
    Unmeasured,
    Unreadable,
)
from selftest.kinds.agreement import differences
from selftest.kinds.models import MODELS

ERROR = ReadError(
    "denied", cause="dynamodb:DescribeTable", advice="allow it", denied="dynamodb:DescribeTable"
)
PLACEHOLDERS = [
    Unknown("aws_kms_key.main.policy"),
    Identity("root", "aws_kms_key.main", "arn"),
    Unexamined("only deployed"),
    Unmeasured("no data"),
    Unreadable(ERROR),
]
ABSENCES = [
    ReadError("main.tf:1: no", cause="main.tf", by_root=True),
    Missing("object a", "in b", holder="b"),
    NoData("no datapoints"),
    Undetermined("no root"),
]


def kept(value: object) -> object:
    return decoded(json.loads(json.dumps(encoded(value))))


@pytest.mark.parametrize("kind", MODELS, ids=lambda kind: kind.noun)
@given(data=st.data())
def test_a_model_is_given_again(kind: type[Kind], data: st.DataObject) -> None:
    model = data.draw(MODELS[kind])
    again = kind.of("", kept(model))
    assert encoded(again) == encoded(model)
    assert differences(again, model) == {}


@pytest.mark.sampled(one_in=12)
@pytest.mark.parametrize("placeholder", PLACEHOLDERS, ids=lambda it: type(it).__name__)
@pytest.mark.parametrize("kind", MODELS, ids=lambda kind: kind.noun)
@given(data=st.data())
def test_a_field_that_is_not_known_is_not_known_again(
    kind: type[Kind], placeholder: object, data: st.DataObject
) -> None:
    field = data.draw(st.sampled_from(sorted(kind.model_fields.keys() - {"name"})))
    fields = {**dict(data.draw(MODELS[kind])), field: placeholder}
    again = kind.of("", kept(kind.of("", fields)))
    assert encoded(again) == encoded(kind.of("", fields))
    assert type(getattr(again, field)) is type(placeholder)


@pytest.mark.parametrize("absence", ABSENCES, ids=lambda it: type(it).__name__)
def test_why_there_is_no_resource_is_given_again(absence: Exception) -> None:
    again = kept(absence)
    assert type(again) is type(absence)
    assert vars(again) == vars(absence)
