"""How builds of an Amplify application ended."""

import pytest


@pytest.mark.invariant("amplify.latest-job")
def test_latest_job_succeeded(amplify_jobs, expected):
    assert amplify_jobs.latest == expected.latest


@pytest.mark.invariant("amplify.rollback")
def test_there_is_an_earlier_job_to_go_back_to(amplify_jobs, expected):
    assert amplify_jobs.earlier_successes >= expected.least_earlier_successes
