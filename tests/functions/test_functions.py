"""Lambda functions."""

import pytest


@pytest.mark.invariant("lambda.exists")
def test_function_exists(function, expected):
    assert function.name == expected.name


@pytest.mark.invariant("lambda.state")
def test_function_is_active_and_its_last_update_succeeded(function, expected):
    assert function.state == expected.state
    assert function.last_update_status == expected.last_update_status


@pytest.mark.invariant("lambda.role")
def test_function_runs_as_its_role(function, expected):
    assert function.role == expected.role


@pytest.mark.invariant("lambda.reserved")
def test_function_reserves_nothing_or_enough(function, expected):
    assert function.can_run(expected.least_reserved)


@pytest.mark.invariant("lambda.concurrency")
def test_account_runs_enough_functions_at_a_time(lambda_settings, expected):
    assert lambda_settings.concurrent_executions >= expected.least_concurrent_executions


@pytest.mark.invariant("lambda.unreserved")
def test_account_leaves_enough_to_functions_that_reserve_nothing(lambda_settings, expected):
    assert lambda_settings.unreserved_concurrent_executions >= expected.least_unreserved


@pytest.mark.invariant("lambda.runtime")
def test_runtime_is_of_the_family_and_supported(function, expected):
    assert function.runtime_family == expected.runtime_family
    assert function.runtime_ends > expected.supported_on


@pytest.mark.invariant("lambda.log-group")
def test_function_logs_to_its_group(function, expected):
    assert function.log_group == expected.log_group


@pytest.mark.invariant(
    "lambda.may-log",
    reads=["role.trust", "role.inline_policies", "role.attached_policies", "role.permissions_boundary"],
)
def test_function_may_write_to_its_log_group(function, role):
    assert function.role == role.arn
    assert function.kept_from_its_log(role) == []


@pytest.mark.invariant("lambda.no-url")
def test_function_has_no_url_of_its_own(function, expected):
    assert function.url_authorized_by == expected.url_authorized_by


@pytest.mark.invariant("lambda.address")
def test_terraform_declares_the_function_at_its_address(function, expected):
    assert function.address == expected.address


@pytest.mark.invariant("lambda.follows-source")
def test_function_is_uploaded_anew_when_its_source_changes(function, expected):
    assert function.follows_source == expected.follows_source


@pytest.mark.invariant("lambda.timeout")
def test_function_runs_no_longer_than_it_may(function, expected):
    assert function.timeout <= expected.most_seconds


@pytest.mark.invariant("lambda.least-timeout")
def test_function_has_the_time_that_it_needs(function, expected):
    assert function.timeout >= expected.least_seconds


@pytest.mark.invariant("lambda.memory")
def test_function_has_enough_memory(function, expected):
    assert function.memory_size >= expected.least_memory


@pytest.mark.invariant("lambda.by-variable")
def test_settings_of_a_function_are_those_of_their_variables(function, expected):
    assert function.not_by(expected.set_by) == []


@pytest.mark.invariant("lambda.tracing")
def test_function_traces_requests(function, expected):
    assert function.tracing == expected.tracing


@pytest.mark.invariant("lambda.aliases")
def test_alias_stands_for_a_published_version(function, expected):
    assert function.unpublished(expected.published_aliases) == []


@pytest.mark.invariant("lambda.publishes")
def test_every_change_of_the_function_is_published(function, expected):
    assert function.publish == expected.publish


@pytest.mark.invariant("lambda.versions")
def test_function_has_a_version_to_go_back_to(function, expected):
    assert len(function.versions) >= expected.least_versions


@pytest.mark.invariant("lambda.provisioned")
def test_instances_of_a_published_version_are_asked_for(function, expected):
    assert function.not_provisioned(expected.least_kept_ready) == []


@pytest.mark.invariant("lambda.provisioned-ready")
def test_instances_that_are_asked_for_are_ready(function, expected):
    assert function.not_ready(expected.least_kept_ready) == []


@pytest.mark.invariant("lambda.provisioned-for-api")
def test_instances_are_asked_for_of_what_the_api_calls(function, rest_api, expected):
    assert function.kept_cold(rest_api.asked_for, expected.least_kept_ready) == []


@pytest.mark.invariant("lambda.by-api-alone")
def test_api_gateway_invokes_function_for_its_api_and_for_no_other(function, rest_api):
    assert function.refused(rest_api.asked_for) == []
    assert function.lets_in_besides(rest_api.execution_arn) == []
