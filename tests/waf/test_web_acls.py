"""What AWS WAF lets through to an API, and whom it blocks."""

import pytest


@pytest.mark.invariant("waf.exists")
def test_web_acl_exists_in_the_region(web_acl, expected):
    assert web_acl.scope == expected.scope


@pytest.mark.invariant("waf.association")
def test_requests_to_the_api_pass_through_the_web_acl(web_acl, expected):
    assert web_acl.protects(expected.api, expected.stage)


@pytest.mark.invariant("waf.blocked-addresses")
def test_web_acl_blocks_the_addresses_of_the_set(web_acl, ip_set):
    assert web_acl.blocks(ip_set.arn)


@pytest.mark.invariant("waf.addresses")
def test_set_holds_addresses_that_rules_of_a_region_can_refer_to(ip_set, expected):
    assert ip_set.scope == expected.scope
    assert ip_set.ip_address_version == expected.ip_address_version


@pytest.mark.invariant("waf.no-example-addresses")
def test_set_holds_no_address_of_an_example(ip_set, expected):
    assert ip_set.of_ranges(expected.none_of_ranges) == []


@pytest.mark.invariant("waf.logging")
def test_requests_are_logged_to_the_log_group(web_acl, log_group):
    assert web_acl.logs_to(log_group.arn)
    assert web_acl.logs_blocked


@pytest.mark.invariant("waf.alarm")
def test_alarm_is_on_the_metric_that_the_web_acl_publishes(alarm, web_acl, expected):
    assert web_acl.metrics_enabled
    assert alarm.watches(expected.namespace, expected.metric_name)
    assert alarm.is_of({**web_acl.published_as, **expected.some_dimensions})
