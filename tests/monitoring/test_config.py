"""What AWS Config records and judges."""

import pytest


@pytest.mark.invariant("config.recording")
def test_recorder_records_tables_and_buckets(config_recorder, expected):
    assert config_recorder.recording == expected.recording
    assert config_recorder.records(expected.recorded_types)


@pytest.mark.invariant("config.delivery")
def test_recorder_could_deliver_what_it_recorded(config_recorder, expected):
    assert config_recorder.delivered == expected.delivered


@pytest.mark.invariant("config.rule")
def test_config_rule_judges_the_resources(config_rule, expected):
    assert config_rule.source_identifier in expected.one_of
    assert config_rule.covers(expected.judges)


@pytest.mark.invariant("config.tags")
def test_config_rule_requires_the_standard_tags(config_rule, expected):
    assert set(config_rule.required_tags) >= set(expected.required_tags)


@pytest.mark.invariant("config.compliant")
def test_config_rule_finds_nothing_wrong(config_rule, expected):
    assert config_rule.compliance == expected.compliance
