"""What becomes of the objects in a bucket."""

import pytest


@pytest.mark.invariant("s3.lifecycle")
def test_objects_move_to_cheaper_storage_in_order(bucket, expected):
    assert bucket.stages_of(expected.stages) == expected.stages


@pytest.mark.invariant("s3.lifecycle-days")
def test_objects_move_and_expire_on_their_days(bucket, expected):
    assert bucket.course_of(expected.course) == expected.course


@pytest.mark.invariant("s3.enabled-rule")
def test_some_rule_is_enabled(bucket):
    assert bucket.enabled_rules


@pytest.mark.invariant("s3.filtered-rules")
def test_every_rule_says_in_a_filter_which_objects_it_is_for(bucket):
    assert bucket.unfiltered_rules == []


@pytest.mark.invariant("s3.untouched")
def test_no_rule_does_anything_to_these_objects(bucket, expected):
    assert bucket.rules_for(expected.untouched) == []


@pytest.mark.invariant("s3.never-expired")
def test_these_objects_never_expire(bucket, expected):
    assert bucket.expires(expected.never_expired) == []


@pytest.mark.invariant("s3.old-versions")
def test_old_versions_are_removed(bucket, expected):
    assert bucket.keeps_versions(expected.versions_removed) == []


@pytest.mark.invariant("s3.every-old-version")
def test_every_old_version_is_removed(bucket, expected):
    assert bucket.keeps_any_version(expected.versions_removed) == []


@pytest.mark.invariant("s3.delete-markers")
def test_delete_markers_go_when_no_version_is_left(bucket, expected):
    assert bucket.keeps_markers(expected.markers_removed) == []


@pytest.mark.invariant("s3.incomplete-uploads")
def test_uploads_that_nobody_completes_are_aborted(bucket, expected):
    assert bucket.keeps_uploads(expected.uploads_aborted) == []
