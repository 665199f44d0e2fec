"""What scripts and code do."""

import pytest


@pytest.mark.invariant("health-check.notices")
def test_health_check_ends_wrong_when_something_is_wrong(health_check_script, expected):
    assert health_check_script.unnoticed == expected.unnoticed


@pytest.mark.invariant("lambda.template-keys")
def test_code_names_only_templates_that_there_are(lambda_sources, expected):
    assert lambda_sources.other_keys_than(expected.keys) == []
