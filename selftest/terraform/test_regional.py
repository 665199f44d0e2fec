"""What the provider answers of each region without asking AWS is recorded from it."""

from __future__ import annotations

import json

import pytest

from plumbline.terraform.regional import BY_TYPE, RECORD, TYPES, answer
from selftest.terraform import oracle, record_regional


def test_every_type_has_a_record() -> None:
    assert json.loads(RECORD.read_text("utf-8")).keys() == BY_TYPE.keys()


@pytest.mark.parametrize("type", sorted(TYPES))
def test_a_region_that_is_not_recorded_is_not_guessed(type: str) -> None:
    assert answer(type, {}, "eu-west-1", "aws") is not None
    assert answer(type, {}, "eu-nowhere-1", "aws") is None
    assert answer(type, {}, None, "aws") is None


@pytest.mark.heavy
@pytest.mark.skipif(not oracle.is_available(), reason="needs terraform, and TF_PLUGIN_DIR for its provider")
def test_the_record_is_what_the_provider_answers() -> None:
    assert record_regional.answers() == json.loads(RECORD.read_text("utf-8"))
