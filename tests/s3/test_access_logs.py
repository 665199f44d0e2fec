"""The logs of who asked for what."""

import pytest


@pytest.mark.invariant("s3.access-logging")
def test_access_is_logged_to_the_log_bucket(bucket, log_bucket, expected):
    assert bucket.logs_to == log_bucket.name
    assert bucket.log_prefix == expected.log_prefix


@pytest.mark.invariant("s3.log-delivery")
def test_access_logs_arrive_in_the_log_bucket(bucket, log_bucket):
    assert log_bucket.region == bucket.region
    assert log_bucket.refuses_logs_of(bucket.name, bucket.log_prefix) == []
