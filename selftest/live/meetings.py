"""Live runs that meet an endpoint on a bad day."""

from selftest.applied.environment import Applied
from selftest.front_door import SuiteRun, run_suite
from selftest.live.endpoint import Interference, endpoint


def meeting(account: Applied, interference: Interference, attempts: int = 2) -> SuiteRun:
    """A live run that meets this endpoint; every other read goes to the account."""
    with endpoint(account.endpoint, interference) as stands:
        variables = account.variables | {"AWS_ENDPOINT_URL": stands.url, "AWS_MAX_ATTEMPTS": str(attempts)}
        return run_suite(f"--env={account.proven}/{account.environment}", "--live", variables=variables)


def assert_unreadable(run: SuiteRun, identifiers: set[str]) -> None:
    """These invariants are errors, all others pass, and nobody sees a traceback."""
    assert run.invariants("error") == identifiers, run.output
    assert run.those("failed", "skipped") == []
    assert run.exit_code == 1
    assert "Traceback" not in run.output
