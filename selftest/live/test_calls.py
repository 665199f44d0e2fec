"""A live run makes each call once, whatever the number of its processes, and they all see the same."""

from collections import Counter

import pytest

from selftest.applied.environment import Applied
from selftest.applied.fixtures import only
from selftest.front_door import SuiteRun, run_suite
from selftest.live.endpoint import Request, endpoint
from selftest.stacks.bbws import BBWS


def observed(account: Applied, *arguments: str) -> tuple[SuiteRun, Counter[Request]]:
    """A live run, and what it asked of the account."""
    with endpoint(account.endpoint) as stands:
        variables = account.variables | {"AWS_ENDPOINT_URL": stands.url}
        run = run_suite(
            f"--env={account.proven}/{account.environment}", "--live", *arguments, variables=variables
        )
    return run, Counter(stands.requests)


@only(BBWS, "dev")
@pytest.mark.parametrize("processes", ["2", "4"])
def test_several_processes_make_the_calls_of_one_each_once(applied: Applied, processes: str) -> None:
    alone, calls = observed(applied, "-n", "0")
    together, calls_together = observed(applied, "-n", processes)
    assert [str(call) for call, times in calls.items() if times > 1] == []
    assert calls_together == calls
    assert together.outcomes == alone.outcomes
    assert alone.exit_code == together.exit_code == 0


@only(BBWS, "prod")
def test_no_call_is_made_twice_across_regions(applied: Applied) -> None:
    run, calls = observed(applied)
    assert run.exit_code == 0, run.output
    assert [str(call) for call, times in calls.items() if times > 1] == []
    assert {call.region for call in calls if call.service == "s3"} == {"af-south-1", "eu-west-1"}


@only(BBWS, "dev")
def test_a_run_of_one_test_asks_only_about_its_resource(applied: Applied) -> None:
    run, calls = observed(applied, "-k", "point_in_time_recovery and tenants")
    assert run.exit_code == 0, run.output
    asked = {call.operation: call.body for call in calls if call.service == "dynamodb"}
    assert "DescribeContinuousBackups" in asked
    assert all(b"bbws-tenants-dev" in body for body in asked.values())
    assert {call.service for call in calls} == {"sts", "dynamodb"}


@only(BBWS, "dev")
def test_listing_the_tests_calls_nothing(applied: Applied) -> None:
    run, calls = observed(applied, "--collect-only")
    assert run.exit_code == 0, run.output
    assert not calls
