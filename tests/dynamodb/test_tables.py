"""The tables."""

import pytest


@pytest.mark.invariant("dynamodb.exists")
def test_table_exists(table, expected):
    assert table.name == expected.name


@pytest.mark.invariant("dynamodb.status")
def test_table_is_active(table, expected):
    assert table.status == expected.status


@pytest.mark.invariant("dynamodb.key-schema")
def test_table_has_its_keys(table, expected):
    assert table.hash_key == expected.hash_key
    assert table.range_key == expected.range_key
    assert table.attributes.items() >= expected.attributes.items()


@pytest.mark.invariant("dynamodb.billing-mode")
def test_table_bills_on_demand(table, expected):
    assert table.billing_mode == expected.billing_mode


@pytest.mark.invariant("dynamodb.no-provisioned-capacity")
def test_table_and_indexes_declare_no_capacity(table, expected):
    assert table.provisioned_capacity == expected.provisioned_capacity


@pytest.mark.invariant("dynamodb.point-in-time-recovery")
def test_point_in_time_recovery_is_enabled(table, expected):
    assert table.point_in_time_recovery == expected.point_in_time_recovery


@pytest.mark.invariant("dynamodb.tags")
def test_table_carries_the_standard_tags(table, expected):
    assert table.tags.items() >= expected.tags.items()


@pytest.mark.invariant("dynamodb.shared-tags")
def test_tags_that_are_the_same_everywhere_come_from_one_place(table, expected):
    assert not set(table.literal_tags) & set(expected.shared_tags)


@pytest.mark.invariant("dynamodb.prevent-destroy")
def test_terraform_refuses_to_destroy_the_table(table, expected):
    assert table.prevent_destroy == expected.prevent_destroy


@pytest.mark.invariant("dynamodb.deletion-protection")
def test_table_is_protected_from_deletion(table, expected):
    assert table.deletion_protection_enabled == expected.deletion_protection_enabled


@pytest.mark.invariant("dynamodb.restore-window")
def test_table_can_be_restored_until_a_short_time_ago(table, expected):
    assert table.minutes_since_restorable is not None
    assert table.minutes_since_restorable <= expected.most_minutes_since_restorable


@pytest.mark.invariant("dynamodb.time-to-live")
def test_items_expire_by_their_attribute(table, expected):
    assert table.expires_by == expected.expires_by


@pytest.mark.invariant("dynamodb.contributor-insights")
def test_cloudwatch_tells_what_is_asked_for_most(table, expected):
    assert table.contributor_insights == expected.contributor_insights
