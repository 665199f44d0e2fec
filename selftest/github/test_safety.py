"""The workflows may do no more than they have to, and install nothing that nobody has pinned."""

from __future__ import annotations

import functools
import importlib.metadata
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from plumbline.aws.authorization import actions, only_reads
from plumbline.policy import Policy, decide
from selftest.front_door import REPOSITORY
from selftest.stacks.bbws import BBWS

WORKFLOWS = {
    it.name: yaml.safe_load(it.read_text()) for it in (REPOSITORY / ".github/workflows").glob("*.yml")
}
ACTIONS = {
    it.parent.name: yaml.safe_load(it.read_text())
    for it in (REPOSITORY / ".github/actions").glob("*/action.yml")
}
LOCKS = {
    "requirements.lock": ("requirements.txt", "requirements-build.txt"),
    "requirements-dev.lock": ("requirements.txt", "requirements-dev.txt", "requirements-build.txt"),
}
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)", re.MULTILINE)
ENVIRONMENTS = pytest.mark.parametrize("environment", BBWS.environments)
ROLES = ("reader", "deployer")


@functools.cache
def roles(environment: str) -> dict[str, dict[str, Any]]:
    """What the reference Terraform says of IAM in an environment, by address."""
    folder = "terraform/bbws/iam"
    given = [f"--var=environment={environment}", f"--var-file={folder}/{environment}.tfvars"]
    printed = subprocess.run(
        [sys.executable, "-m", "plumbline", "resources", f"--terraform={folder}", *given, "--json"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return {it["address"]: it["values"] for it in json.loads(printed.stdout)["resources"]}


def policies(role: str, environment: str) -> list[Policy]:
    """The policies that a role is given: its own, and those that are attached to it."""
    name, found = f"bbws-terraform-{role}-{environment}", roles(environment)
    own = [address for address, values in found.items() if values.get("role") == name]
    holders = [address.replace("aws_iam_role_policy_attachment", "aws_iam_policy") for address in own]
    return [Policy.read(found[address]["policy"], address) for address in holders]


def granted(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every action that a policy allows, with the resources of its statement."""
    for statement in policy.statements:
        for pattern in statement.actions:
            service, _, name = pattern.partition(":")
            shape = re.compile(name.replace("*", ".*"))
            for action in actions(service):
                if shape.fullmatch(action):
                    yield from ((f"{service}:{action}", resource) for resource in statement.resources)


@ENVIRONMENTS
def test_the_reader_changes_nothing(environment: str) -> None:
    found = [it for policy in policies("reader", environment) for it in granted(policy)]
    assert found
    assert {action for action, _ in found if not only_reads(action)} == set()


@ENVIRONMENTS
def test_the_reader_may_read_all_that_an_apply_reads_again(environment: str) -> None:
    """But for what is stored: of objects it reads the states and the templates."""
    reader = policies("reader", environment)
    found = [it for policy in policies("deployer", environment) for it in granted(policy)]
    of_settings = {it for it in found if only_reads(it[0]) and is_of(*it) and not it[0].startswith("s3:Get")}
    assert len(of_settings) > 20
    for action, resource in of_settings:
        assert decide(reader, action, resource.replace("*", "x")) == "allowed", f"{action} on {resource}"


def is_of(action: str, resource: str) -> bool:
    """Whether an action can be granted on a resource: the two are of one service."""
    return resource == "*" or resource.split(":")[2] == action.partition(":")[0]


@ENVIRONMENTS
def test_the_reader_may_do_what_the_tests_of_a_deployment_ask(environment: str) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "plumbline", "policy", "--stack=bbws", f"--env={environment}"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    reader = policies("reader", environment)
    for statement in json.loads(printed.stdout)["Statement"]:
        for action in statement["Action"]:
            for resource in statement["Resource"]:
                if action != "sts:GetCallerIdentity":  # which no policy can refuse
                    assert decide(reader, action, resource.replace("*", "x")) == "allowed", (
                        f"{action} {resource}"
                    )


@ENVIRONMENTS
@pytest.mark.parametrize("role", ROLES)
def test_a_role_admits_jobs_of_its_own_alone(environment: str, role: str) -> None:
    trust = Policy.read(roles(environment)[f"aws_iam_role.{role}"]["assume_role_policy"], role)
    [statement] = trust.statements
    [subjects] = [keys for operator, keys in statement.conditions.items() if operator == "StringEquals"]
    claims = {name.rpartition(":")[2]: values for name, values in subjects.items()}
    assert claims["aud"] == ["sts.amazonaws.com"]
    ends = {subject.split(":", 2)[2] for subject in claims["sub"]}
    assert ends == ({f"environment:{environment}"} if role == "deployer" else {"ref:refs/heads/main"})


def steps(job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The steps of a job, those of the actions beside it included, with what each is given filled in."""
    for step in job.get("steps", []):
        yield step
        name = str(step.get("uses", "")).removeprefix("./.github/actions/")
        if name in ACTIONS:
            values = {key: it.get("default", "") for key, it in ACTIONS[name].get("inputs", {}).items()}
            values |= step.get("with", {})
            inner = {"steps": [_filled(it, values) for it in ACTIONS[name]["runs"]["steps"]]}
            yield from steps(inner)


def _filled(step: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    text = json.dumps(step)
    for name, value in values.items():
        text = text.replace(f"${{{{ inputs.{name} }}}}", json.dumps(str(value))[1:-1])
    filled: dict[str, Any] = json.loads(text)
    return filled


def test_only_the_job_that_applies_runs_as_the_deployer() -> None:
    deploying = set()
    for name, workflow in WORKFLOWS.items():
        for key, job in workflow["jobs"].items():
            taken = [it.get("with", {}) for it in steps(job) if it.get("uses", "").endswith("/credentials")]
            given = [it.get("role", "reader") for it in taken]
            assert set(given) <= {*ROLES}
            if "deployer" in given:
                deploying.add((name, key))
                assert job["environment"] == "${{ inputs.environment }}"
    assert deploying == {("terraform-apply.yml", "apply")}


def test_a_plan_is_kept_for_a_day_and_takes_no_lock() -> None:
    kept = [
        step["with"]["retention-days"]
        for workflow in WORKFLOWS.values()
        for job in workflow["jobs"].values()
        for step in steps(job)
        if step.get("uses", "").startswith("actions/upload-artifact@")
    ]
    assert kept == [1]
    assert WORKFLOWS["terraform-plan.yml"]["jobs"]["plan"]["env"] == {"TF_CLI_ARGS_plan": "-lock=false"}


def test_everything_that_is_installed_has_a_hash() -> None:
    commands = [
        line.strip()
        for job in (
            *(job for workflow in WORKFLOWS.values() for job in workflow["jobs"].values()),
            *(action["runs"] for action in ACTIONS.values()),
        )
        for step in job.get("steps", [])
        for line in [*str(step.get("run", "")).splitlines(), *made(str(step.get("run", "")))]
        if "pip install" in line
    ]
    assert len(commands) == 6
    for command in commands:
        locked = re.search(r"--require-hashes -r (requirements(?:-dev)?\.lock)$", command)
        assert locked or command.endswith("--no-deps --no-build-isolation --no-index -e ."), command


def made(run: str) -> list[str]:
    """The lines of the Makefile's recipe that a step begins with."""
    if not run.startswith("make "):
        return []
    target = run.split()[1]
    recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    assert recipe, target
    return recipe[1].splitlines()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_what_is_pinned_and_what_that_needs(lock: str) -> None:
    entries = dict(_entries((REPOSITORY / lock).read_text()))
    asked = [pin for file in LOCKS[lock] for pin in PINNED.findall((REPOSITORY / file).read_text())]
    assert {name: entries[canonicalize_name(name)] for name, _ in asked} == dict(asked)
    for name in entries:
        for line in _needed(name):
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                assert canonicalize_name(needed.name) in entries, f"{name} needs {line}"


def _needed(name: str) -> list[str]:
    try:
        return importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:  # installed where the lock file is
        return []


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """The name and the version of each entry; each has a hash, and none says where it comes from."""
    assert "://" not in text
    for entry in re.split(r"\n(?=\w)", text.strip()):
        name, version = re.match(r"([\w.-]+)(?:\[[\w,]+\])?==(\S+)", entry).groups()  # type: ignore[union-attr]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), name
        yield canonicalize_name(name), version


def test_what_builds_our_own_package_is_in_the_lock_file() -> None:
    needed = re.search(r'requires = \["hatchling==(\S+)"\]', (REPOSITORY / "pyproject.toml").read_text())
    assert needed
    assert dict(_entries((REPOSITORY / "requirements.lock").read_text()))["hatchling"] == needed[1]
