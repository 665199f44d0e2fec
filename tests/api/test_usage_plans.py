"""API keys, and the usage plans that let them in."""

import pytest


@pytest.mark.invariant("api.key-enabled")
def test_api_key_is_enabled(api_key, expected):
    assert api_key.enabled == expected.enabled


@pytest.mark.invariant("api.key-in-plan")
def test_api_key_belongs_to_the_usage_plan(api_key, usage_plan):
    assert usage_plan.has_key(api_key.id)


@pytest.mark.invariant("api.plan-covers")
def test_usage_plan_covers_the_stage(usage_plan, rest_api, expected):
    assert usage_plan.covers(rest_api.id, expected.stage)


@pytest.mark.invariant("api.plan-takes-requests")
def test_usage_plan_is_not_switched_off(usage_plan):
    assert usage_plan.switched_off == []
