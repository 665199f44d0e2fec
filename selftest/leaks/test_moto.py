"""A run on moto asks nobody outside its own process, whatever AWS account the caller has set up."""

import subprocess
import sys

import pytest

from selftest.front_door import REPOSITORY, neutral_variables, run_suite
from selftest.leaks.no_network import FORBIDDEN

SOMEBODY = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "planted-in-the-secret-key",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
    "AWS_PROFILE": "production",
    "AWS_EC2_METADATA_DISABLED": "false",
}


@pytest.mark.parametrize("account", [{}, SOMEBODY], ids=["nobody", "somebody"])
def test_a_run_on_moto_connects_to_nobody(account: dict[str, str]) -> None:
    variables = neutral_variables() | account
    run = run_suite("--env", "bbws/prod", "-p", "selftest.leaks.no_network", variables=variables)
    assert run.exit_code == 0, run.output
    assert {outcome.source for outcome in run.those("passed")} == {"hcl", "repository", "moto"}


def test_the_guard_sees_a_connection() -> None:
    watch = "from selftest.leaks import no_network; no_network.pytest_configure()"
    connect = "import socket; socket.create_connection(('127.0.0.1', 9))"
    finished = subprocess.run([sys.executable, "-c", f"{watch}; {connect}"], cwd=REPOSITORY, check=False)
    assert finished.returncode == FORBIDDEN
