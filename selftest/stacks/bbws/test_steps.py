"""What the steps of the workflows run, run here: with a `terraform` that notes what it is asked."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from selftest.front_door import REPOSITORY

TERRAFORM = """#!/bin/bash
echo "$*" >> "$CALLS"
case "$*" in *" show -json "*) echo '{}' ;; esac
"""
ROOTS = sorted(
    file.parent.relative_to(REPOSITORY).as_posix() for file in REPOSITORY.glob("terraform/bbws/*/versions.tf")
)
WORKFLOWS = ".github/workflows"


def steps(file: str, job: str = "") -> list[dict[str, Any]]:
    """Return the steps of a job of a workflow, or of a composite action."""
    data = yaml.safe_load((REPOSITORY / file).read_text())
    found: list[dict[str, Any]] = (data["jobs"][job] if job else data["runs"])["steps"]
    return [step for step in found if "run" in step]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout with a `terraform` of its own."""
    shutil.copytree(
        REPOSITORY / "terraform", tmp_path / "terraform", ignore=shutil.ignore_patterns(".terraform*")
    )
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "terraform").write_text(TERRAFORM)
    (tmp_path / "bin" / "terraform").chmod(0o755)
    return tmp_path


def run(tree: Path, step: dict[str, Any], **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub runs it: with `bash -e`, and its `env` given."""
    assert set(step.get("env", {})) == set(variables)
    surroundings = {
        "PATH": f"{tree / 'bin'}:{os.environ['PATH']}",
        "CALLS": str(tree / "calls"),
        "GITHUB_OUTPUT": str(tree / "output"),
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=tree,
        env=surroundings | variables,
        capture_output=True,
        text=True,
    )


def calls(tree: Path) -> list[str]:
    return (tree / "calls").read_text().splitlines()


def test_every_root_is_initialised_with_the_backend_of_the_environment(tree: Path) -> None:
    [step] = steps(".github/actions/terraform/action.yml")
    assert run(tree, step, ENVIRONMENT="sit").returncode == 0
    backend = "backends/sit.s3.tfbackend"
    assert calls(tree) == [f"-chdir={root} init -input=false -backend-config={backend}" for root in ROOTS]
    assert all((REPOSITORY / root / backend).is_file() for root in ROOTS)


def test_every_root_is_planned_and_shown_for_the_environment(tree: Path) -> None:
    [step] = steps(f"{WORKFLOWS}/terraform-plan.yml", "plan")
    assert run(tree, step, ENVIRONMENT="sit").returncode == 0
    planned = "plan -input=false -var environment=sit -var-file=sit.tfvars -out=tfplan-sit.binary"
    assert calls(tree) == [
        f"-chdir={root} {command}" for root in ROOTS for command in (planned, "show -json tfplan-sit.binary")
    ]
    assert all((REPOSITORY / root / "sit.tfvars").is_file() for root in ROOTS)
    files = "".join(f"--plan={tree / root}/tfplan-sit.json " for root in ROOTS)
    assert (tree / "output").read_text() == f"options={files}\n"


def test_exactly_what_was_planned_is_applied(tree: Path) -> None:
    [step] = steps(f"{WORKFLOWS}/terraform-apply.yml", "apply")
    assert run(tree, step, ENVIRONMENT="prod").returncode == 0
    assert calls(tree) == [f"-chdir={root} apply -input=false tfplan-prod.binary" for root in ROOTS]


def test_an_apply_that_fails_stops_the_others(tree: Path) -> None:
    (tree / "bin" / "terraform").write_text(f"{TERRAFORM}exit 1\n")
    [step] = steps(f"{WORKFLOWS}/terraform-apply.yml", "apply")
    assert run(tree, step, ENVIRONMENT="prod").returncode == 1
    assert len(calls(tree)) == 1


def test_every_root_is_validated_without_its_backend(tree: Path) -> None:
    step = steps(f"{WORKFLOWS}/validate-schemas.yml", "terraform")[-1]
    assert run(tree, step).returncode == 0
    commands = ("init -backend=false -input=false", "validate")
    assert calls(tree) == [f"-chdir={root} {command}" for root in ROOTS for command in commands]


@pytest.mark.parametrize(
    ("confirmation", "status"),
    [("deploy-sit", 0), ("deploy-prod", 1), ("deploy", 1), ("", 1), ("deploy-sit ", 1)],
)
def test_only_the_right_confirmation_goes_on(tree: Path, confirmation: str, status: int) -> None:
    [step] = steps(f"{WORKFLOWS}/terraform-apply.yml", "confirm")
    ended = run(tree, step, CONFIRMATION=confirmation, ENVIRONMENT="sit")
    assert ended.returncode == status
    assert ("must read deploy-sit" in ended.stdout) == bool(status)


@pytest.mark.parametrize("who", ["reader", "deployer"])
def test_a_role_is_the_one_of_the_account(tree: Path, who: str) -> None:
    [step] = steps(".github/actions/credentials/action.yml")
    accounts = yaml.safe_load((REPOSITORY / "fixtures/stacks/bbws.yaml").read_text())["environments"]
    for environment, settings in accounts.items():
        (tree / "output").unlink(missing_ok=True)
        assert run(tree, step, ENVIRONMENT=environment, ROLE=who).returncode == 0
        role = f"arn:aws:iam::{settings['account']}:role/bbws-terraform-{who}-{environment}"
        assert (tree / "output").read_text() == f"role={role}\n"


@pytest.mark.parametrize(
    ("environment", "who", "told"),
    [("uat", "reader", "There is no environment 'uat'"), ("dev", "admin", "There is no role 'admin'")],
)
def test_there_is_no_other_environment_and_no_other_role(
    tree: Path, environment: str, who: str, told: str
) -> None:
    [step] = steps(".github/actions/credentials/action.yml")
    ended = run(tree, step, ENVIRONMENT=environment, ROLE=who)
    assert ended.returncode == 1
    assert told in ended.stdout
    assert not (tree / "output").exists()


def test_every_environment_that_is_tested_is_named_with_its_stack() -> None:
    named = [
        (file.name, step["with"]["environment"].partition("/")[0])
        for file in sorted((REPOSITORY / WORKFLOWS).glob("*.yml"))
        for job in yaml.safe_load(file.read_text())["jobs"].values()
        for step in job.get("steps", [])
        if step.get("uses", "").endswith("/plumbline") and "environment" in step.get("with", {})
    ]
    assert named == [
        (f"{name}.yml", "bbws") for name in ("backup-check", "terraform-apply", "terraform-plan")
    ]
