"""The runbook's health checks: what they print of a healthy and an ill account, and what they end with."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from selftest.applied.environment import Applied
from selftest.applied.fixtures import only
from selftest.front_door import REPOSITORY, neutral_variables
from selftest.stacks.bbws import BBWS
from selftest.stacks.bbws.faults import FAULTS

SCRIPTS = REPOSITORY / "scripts"
CHECKS = ("all", "dynamodb", "s3")
FAULT = {fault.name: fault for fault in FAULTS}
HEALTHY = "  ✓ All systems healthy\n"


def check(
    name: str, *arguments: str, variables: Mapping[str, str], scripts: Path = SCRIPTS
) -> subprocess.CompletedProcess[str]:
    """Run a health check from another folder than the repository's."""
    command = [str(scripts / f"health-check-{name}.sh"), *arguments]
    path = {"PATH": f"{Path(sys.executable).parent}:{neutral_variables()['PATH']}"}
    return subprocess.run(
        command, cwd=scripts.parent.parent, env={**variables, **path}, capture_output=True, text=True
    )


@only(BBWS, "dev")
def test_a_healthy_account_ends_with_0_in_the_form_of_the_runbook(applied: Applied) -> None:
    ended = {name: check(name, "dev", variables=applied.variables) for name in CHECKS}
    assert {name: run.returncode for name, run in ended.items()} == dict.fromkeys(CHECKS, 0)
    assert "  BBWS Infrastructure Health Check - dev Environment\n" in ended["all"].stdout
    assert HEALTHY in ended["all"].stdout
    for name, title in (("dynamodb", "DynamoDB"), ("s3", "S3")):
        first, last = f"=== {title} Health Check for dev Environment ===\n", "=== Health Check Complete ===\n"
        assert ended[name].stdout.startswith(first)
        assert last in ended[name].stdout
        assert ended[name].stdout.partition(last)[0] in ended["all"].stdout
    assert "Checking table: bbws-tenants-dev\n  ✓ Table exists\n" in ended["dynamodb"].stdout
    assert "Checking 12 stored objects\n  ✓ Template is in the bucket\n" in ended["s3"].stdout
    assert "✗" not in ended["all"].stdout


@only(BBWS, "dev")
def test_dev_is_checked_where_no_environment_is_given(applied: Applied) -> None:
    assert "Health Check for dev Environment" in check("s3", variables=applied.variables).stdout


@pytest.mark.parametrize(
    ("applied", "fault", "told"),
    [
        ("bbws/dev", "point in time recovery is off", "  ✗ Point in time recovery is enabled: "),
        ("bbws/dev", "a table is missing", "  ✗ Table exists: "),
        ("bbws/dev", "a template is missing", "  ✗ Template is in the bucket: "),
        ("bbws/dev", "versioning is suspended", "  ✗ Versioning is enabled: "),
    ],
    indirect=["applied"],
)
def test_what_is_unhealthy_is_told_and_ends_with_1(applied: Applied, fault: str, told: str) -> None:
    planted = FAULT[fault]
    concerned = {identifier.split("-")[1] for identifier, _ in planted.fails}
    ill = "dynamodb" if concerned & {"ddb", "bkp"} else "s3"
    with planted.planted(applied) as endpoint:
        variables = applied.variables | {"AWS_ENDPOINT_URL": endpoint}
        ended = {name: check(name, "dev", variables=variables) for name in CHECKS}
    assert {name: run.returncode for name, run in ended.items()} == {"all": 1, "dynamodb": 0, "s3": 0} | {
        ill: 1
    }
    assert told in ended[ill].stdout
    assert told in ended["all"].stdout
    assert "  ✗ Some systems unhealthy\n" in ended["all"].stdout
    assert f"    - {'DynamoDB' if ill == 'dynamodb' else 'S3'}: UNHEALTHY\n" in ended["all"].stdout
    assert HEALTHY not in ended["all"].stdout
    assert "    type      " in ended["all"].stdout


@pytest.mark.parametrize("name", CHECKS)
def test_an_environment_that_does_not_exist_is_one_line(name: str) -> None:
    run = check(name, "sitt", variables=neutral_variables())
    assert (run.returncode, run.stdout) == (4, "")
    told = (
        "nothing was checked: unknown --env 'bbws/sitt' (did you mean bbws/sit?); valid: dev, bbws/dev, sit, "
    )
    assert run.stderr.startswith(told)
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize("name", CHECKS)
def test_it_says_how_it_is_used(name: str) -> None:
    run = check(name, "--help", variables=neutral_variables())
    assert (run.returncode, run.stderr) == (0, "")
    assert "[ENVIRONMENT]" in run.stdout


@only(BBWS, "dev")
def test_missing_credentials_are_told_and_what_to_do(applied: Applied) -> None:
    variables = {name: it for name, it in applied.variables.items() if not name.startswith("AWS_ACCESS")}
    run = check("all", "dev", variables={**variables, "AWS_SECRET_ACCESS_KEY": ""})
    assert (run.returncode, run.stdout) == (4, "")
    assert run.stderr.startswith("nothing was checked: environment bbws/dev needs credentials of account ")
    assert "aws sso login" in run.stderr


def test_a_checkout_without_pytest_is_told_how_to_install_it(tmp_path: Path) -> None:
    scripts = Path(shutil.copytree(SCRIPTS, tmp_path / "checkout" / "scripts"))
    bare = [sys.executable, "-m", "venv", "--without-pip", str(scripts.parent / ".venv")]
    subprocess.run(bare, check=True)
    run = check("all", "dev", variables=neutral_variables(), scripts=scripts)
    assert (run.returncode, run.stdout) == (3, "")
    assert run.stderr == (
        "nothing was checked: pytest and boto3 are not installed here; install them: make .venv/run\n"
    )
