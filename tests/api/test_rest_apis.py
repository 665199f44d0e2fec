"""REST APIs of API Gateway."""

import pytest


@pytest.mark.invariant("api.protected")
def test_route_asks_who_calls(rest_api, expected):
    assert rest_api.not_protected(expected.protected, expected.authorized_by) == []


@pytest.mark.invariant("api.throttled")
def test_stage_limits_the_rate_of_requests(rest_api, expected):
    assert rest_api.not_throttled(expected.throttled) == []


@pytest.mark.invariant("api.stages")
def test_api_has_no_stage_besides_these(rest_api, expected):
    assert rest_api.stages_beyond(expected.stages) == []


@pytest.mark.invariant("api.access-logs")
def test_stage_logs_each_request_to_its_group(rest_api, expected):
    assert rest_api.access_logs.items() >= expected.access_logs.items()
