"""REST APIs of API Gateway."""

import pytest


@pytest.mark.invariant("api.protected")
def test_route_asks_who_calls(rest_api, expected):
    assert rest_api.not_protected(expected.protected, expected.authorized_by) == []


@pytest.mark.invariant("api.throttled")
def test_stage_limits_the_rate_of_requests(rest_api, expected):
    assert rest_api.not_throttled(expected.throttled) == []


@pytest.mark.invariant("api.least-throttle")
def test_stage_takes_as_many_requests_as_it_must(rest_api, expected):
    assert rest_api.throttled_below(expected.least_rates, expected.least_bursts) == []


@pytest.mark.invariant("api.stages")
def test_api_has_no_stage_besides_these(rest_api, expected):
    assert rest_api.stages_beyond(expected.stages) == []


@pytest.mark.invariant("api.access-logs")
def test_stage_logs_each_request_to_its_group(rest_api, expected):
    assert rest_api.access_logs.items() >= expected.access_logs.items()


@pytest.mark.invariant("api.keys-required")
def test_route_answers_nobody_without_an_api_key(rest_api, expected):
    assert rest_api.without_key(expected.keyed) == []
    assert rest_api.api_key_source == expected.api_key_source


@pytest.mark.invariant("api.deployed")
def test_stage_serves_a_deployment(rest_api, expected):
    assert rest_api.not_deployed(expected.stages) == []


@pytest.mark.invariant("api.preflight")
def test_preflight_lets_pages_of_other_origins_ask(rest_api, expected):
    assert rest_api.not_let_in(expected.cross_origin, expected.cors) == []


@pytest.mark.invariant("api.preflight-open")
def test_preflight_asks_for_neither_key_nor_token(rest_api, expected):
    assert rest_api.asked_of_preflight(expected.cross_origin) == []


@pytest.mark.invariant("api.readable")
def test_answers_can_be_read_by_pages_of_other_origins(rest_api, expected):
    assert rest_api.unreadable_elsewhere(expected.readable, expected.proxied, expected.origins) == []


@pytest.mark.invariant("api.readable-refusals")
def test_refusals_can_be_read_by_pages_of_other_origins(rest_api, expected):
    assert rest_api.unreadable_refusals(expected.refusals, expected.origins) == []


@pytest.mark.invariant("api.takes-requests")
def test_stage_is_not_switched_off(rest_api, expected):
    assert rest_api.switched_off(expected.stages) == []


@pytest.mark.invariant("api.every-route-protected")
def test_every_route_asks_who_calls(rest_api, expected):
    assert rest_api.open_to_anybody(expected.authorized_by, expected.public) == []


@pytest.mark.invariant("api.takes-tokens")
def test_authorizers_take_tokens_of_the_user_pool(rest_api, user_pool):
    assert rest_api.refusing(user_pool.arn) == []


@pytest.mark.invariant("api.takes-no-other-tokens")
def test_authorizers_take_tokens_of_no_other_user_pool(rest_api, user_pool):
    assert rest_api.taking_besides(user_pool.arn) == []


@pytest.mark.invariant("api.validated")
def test_requests_are_looked_at_before_they_are_handed_on(rest_api):
    assert rest_api.unvalidated == []


@pytest.mark.invariant("api.integration-timeout")
def test_every_route_is_waited_for_as_long(rest_api, expected):
    assert rest_api.not_waited_for(expected.integration_timeout) == []


@pytest.mark.invariant("api.execution-logging")
def test_stage_logs_what_becomes_of_requests(rest_api, expected):
    assert rest_api.not_logged(expected.stages) == []


@pytest.mark.invariant("api.execution-log")
def test_stage_has_its_execution_log(rest_api, expected):
    assert rest_api.without_execution_log(expected.stages) == []


@pytest.mark.invariant("api.detailed-metrics")
def test_requests_are_counted_by_method(rest_api, expected):
    assert rest_api.not_measured(expected.stages) == []


@pytest.mark.invariant(
    "api.log-role",
    reads=["role.trust", "role.inline_policies", "role.attached_policies", "role.permissions_boundary"],
)
def test_api_gateway_has_a_role_to_write_logs_as(api_gateway_settings, role):
    assert api_gateway_settings.log_role == role.arn
    assert api_gateway_settings.kept_out(role) == []
